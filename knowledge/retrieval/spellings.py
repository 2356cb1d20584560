"""Whether a text spells a word, whatever its case and accents, told for many texts a question."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["has_word", "plain_bytes"]

_MARKS = re.compile("[\u0300-\u036f]+")
_SIGNS = re.compile(r"[^\w\x00-\x7f]+")
_WEST = "cp1252"  # what most texts of Western Europe need, a byte a character
_NARROW_SPACE = "\u202f"


def plain_bytes(text: str) -> bytes:
    """Return a text in UTF-8, in lower case and without accents, its signs beyond ASCII blank.

    Most texts take a tenth of the time of their decomposition by Unicode, which the others get.
    """
    try:
        west = text.replace(_NARROW_SPACE, " ").replace("œ", "oe").encode(_WEST)
    except UnicodeEncodeError:
        return _plain(text).encode()
    plain = west.translate(_PLAIN)
    return _plain(text).encode() if _OTHER in plain else plain


def has_word(plain: bytes, word: bytes) -> bool:
    """Whether a text, as ``plain_bytes`` gives it, has a word in UTF-8, not as a part of another
    one."""
    at = plain.find(word)
    while at >= 0:
        end = at + len(word)
        if not (_is_letter(plain[at - 1 : at]) or _is_letter(plain[end : end + 1])):
            return True
        at = plain.find(word, end)
    return False


def _is_letter(byte: bytes) -> bool:
    """Whether a byte is a letter or a digit, or of one beyond ASCII."""
    return byte.isalnum() or byte > b"\x7f"


def _plain(text: str) -> str:
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()
    return _SIGNS.sub(" ", plain.replace("œ", "oe"))


_OTHER = b"\x1a"
"""Stands for characters of which more or less than one letter is left."""


def _plain_byte(number: int) -> bytes:
    character = bytes([number]).decode(_WEST, "replace")
    if not character.isalnum():
        return character.encode() if character.isascii() else b" "
    plain = _plain(character)
    return plain.encode() if plain.isascii() and len(plain) == 1 else _OTHER


_PLAIN = b"".join(map(_plain_byte, range(256)))
