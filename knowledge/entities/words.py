"""The words of a text as the entity finders read them: numbers whole, signs apart."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from knowledge.model import Span
from knowledge.text.tokens import fold

__all__ = ["Word", "is_joined", "words_of"]

_MAX_WORDS = 20_000
"""What is read of a text: far more than any paragraph, so that hostile input has a bound."""

_LEXER = re.compile(
    r"""
    (?P<latin>[a-zA-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]++(?![^\W\d_]|[\u0300-\u036f]))
    | (?P<number>
        (?<!\d)\d{1,3}(?P<separator>[\ \u00a0\u202f\u2009.,'’])\d{3}(?:(?P=separator)\d{3})*(?!\d)
        (?:[.,]\d+)?
      | \d+(?:[.,]\d+)?
    )
    | (?P<raised>[⁺⁻]?[⁰¹²³⁴-⁹]+(?:,[⁰¹²³⁴-⁹]+)* | (?<=\d)[ᵃᵇᶜᵈ](?!\w))
    | (?P<word>[^\W\d_](?:[^\W\d_⁰¹²³⁴-⁹]|[\u0300-\u036f])*(?:(?<![^\W\d_]{3})[²³](?!\w))?)
    | (?P<sign>[^\w\s])
    """,
    re.VERBOSE,
)


class Word(NamedTuple):
    """A word, number or sign of a text, and where it stands.

    ``folded``: lower case, no accents, of a number as written; ``lower``: with accents.
    ``is_capital``: it starts with a capital. ``gap``: what stands between it and the one before:
    white space (" "), a hyphen ("-"), an apostrophe ("'"), nothing ("") or the end of a line (".").
    """

    folded: str
    lower: str
    start: int
    end: int
    kind: str
    is_capital: bool
    gap: str

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.kind == "number"

    @property
    def is_word(self) -> bool:
        """Whether it is written in letters."""
        return self.kind == "word"


_JOINTS = {"-": "-", "‐": "-", "‑": "-", "–": "–", "'": "'", "’": "'", "ʼ": "'"}


@lru_cache(maxsize=50_000)
def _read(word: str) -> tuple[str, str, bool]:
    """Return a word folded and in lower case, and whether it starts with a capital."""
    return fold(word), word.lower(), word[0].isupper()


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words, numbers and signs of ``text``, in order.

    Hyphens and apostrophes inside words are no words of their own: they are the next one's gap.
    Nor is what is raised: a power of ten is one number ("10⁶", "4×10³"), a note's mark nothing.
    """
    found: list[Word] = []
    previous_end, joint = 0, ""
    for match in _LEXER.finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        written = text[start:end]
        is_tight = start == previous_end
        if kind == "latin":
            kind = "word"
        elif kind == "separator":
            kind = "number"
        elif kind == "raised":
            if is_tight and not joint:
                _raise(found, written, end)
            previous_end = end
            continue
        elif written in _JOINTS and is_tight and bool(found) and text[end : end + 1].isalnum():
            joint, previous_end = _JOINTS[written], end
            continue
        gap = joint if is_tight else _space(text, previous_end, start)
        if kind == "word":
            folded, lower, is_capital = _read(written)
        else:
            folded, lower, is_capital = written, written.lower(), written[0].isupper()
        found.append(Word(folded, lower, start, end, kind or "sign", is_capital, gap))
        previous_end, joint = end, ""
        if len(found) >= _MAX_WORDS:
            break
    return tuple(found)


def _space(text: str, start: int, end: int) -> str:
    return " " if text.find("\n", start, end) < 0 else "."


def _raise(found: list[Word], written: str, end: int) -> None:
    """Make a power of ten, and what it multiplies, one number; a mark of a note changes nothing."""
    exponent = unicodedata.normalize("NFKC", written).replace("\u2212", "-")
    if not found or found[-1].folded != "10" or not re.fullmatch(r"[+-]?\d{1,2}", exponent):
        return
    power, places = Decimal(10) ** int(exponent), 1
    if len(found) > 2 and found[-2].folded in ("×", "·", "⋅") and found[-3].is_number:
        factor = found[-3].folded.replace(",", ".")
        if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", factor):
            power, places = Decimal(factor) * power, 3
    first = found[-places]
    value = f"{power.normalize():f}"
    found[-places:] = [first._replace(folded=value, lower=value, end=end)]


def is_joined(word: Word) -> bool:
    """Whether a word belongs to the one before: white space, a hyphen or an apostrophe between."""
    return word.gap in (" ", "-", "'") and word.kind != "sign"
