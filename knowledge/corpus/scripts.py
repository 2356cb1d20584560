"""What HTML raises (``<sup>``) and lowers (``<sub>``) in plain text: “10⁶”, “1er”, “CO₂”."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["ScriptedText", "superscript", "without_hints"]

_SUPERSCRIPTS = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
)
_SUBSCRIPTS = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)

_HINTS = re.compile("[\u00ad\u2060\ufeff]+")

_PLAIN = re.compile(r"[^\W\d_]{2,4}|[eE]")
_AFTER_ORDINAL = re.compile(r"(?:\d|(?<!\w)[IVXLC]+)\Z")
_AFTER_INITIAL = re.compile(r"(?<!\w)[A-ZÀ-Þn]\Z")
_ENDS_HIGH = re.compile(r"[²³¹⁰⁴-⁹ᵃ-ᶻ]\Z")
_LOOKED_BACK = 12


class ScriptedText:
    """The text of something with tags in it, put together piece by piece."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[tuple[str, int]] = []

    def add(self, text: str) -> None:
        """Add what comes next."""
        if text:
            self._parts.append(text)

    def tag(self, name: str, *, is_end: bool) -> None:
        """Begin or end ``sup`` or ``sub``; other tags, and ends of what did not begin, do nothing.

        Of what is raised inside something raised, the outer counts.
        """
        if name not in ("sup", "sub"):
            return
        if not is_end:
            self._open.append((name, len(self._parts)))
        elif self._open and self._open[-1][0] == name:
            _, first = self._open.pop()
            if not self._open:
                inside = "".join(self._parts[first:])
                del self._parts[first:]
                self.add(_scripted(name, inside, self._before()))

    def _before(self) -> str:
        text = ""
        for part in reversed(self._parts):
            text = part[-_LOOKED_BACK:] + text
            if len(text) >= _LOOKED_BACK:
                break
        return text[-_LOOKED_BACK:]

    def text(self) -> str:
        """Return all that was added, without signs that show nothing: hints where words part."""
        return without_hints("".join(self._parts))


def superscript(text: str) -> str:
    """Return text with its figures raised."""
    return text.translate(_SUPERSCRIPTS) if text.isdecimal() and text.isascii() else text


def without_hints(text: str) -> str:
    """Return text without soft hyphens and the like, which part words for whoever searches them."""
    return _HINTS.sub("", text)


def _scripted(name: str, inside: str, before: str) -> str:
    """Return what is raised or lowered behind ``before`` so that it stays apart from that.

    The ends of ordinals and abbreviations (“1er”, “21st”, “Mme”) are letters like others; what
    stands in brackets is kept as it is (“1904[2]”), and what Unicode has no small signs for is
    put into brackets: “x^(3/2)”.
    """
    text = unicodedata.normalize("NFC", inside.strip())
    if not text:
        return inside
    if name == "sup" and _PLAIN.fullmatch(text):
        is_abbreviation = len(text) > 1 and _AFTER_INITIAL.search(before)
        if is_abbreviation or _AFTER_ORDINAL.search(before):
            return text
    if text[0] in "[(" and text[-1] in "])":
        return text
    tight = re.sub(r"(?<=[,;])\s+", "", text)
    signs = _SUPERSCRIPTS if name == "sup" else _SUBSCRIPTS
    small = tight.translate(signs)
    if all(a != b or a in ",;*†‡§" for a, b in zip(tight, small, strict=True)):
        # Two marks of notes beside each other are two.
        return f",{small}" if _ENDS_HIGH.search(before) and small[0].isalnum() else small
    if not re.search(r"\s", text) and len(text) <= 8:
        return f"{'^' if name == 'sup' else '_'}({text})"
    return f" {text}"
