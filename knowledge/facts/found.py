"""What the extractors share: a fact before it has its place in an article, and its one line."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.entities import AnalysedText
from knowledge.model import FactKind, Span
from knowledge.text.sentences import clauses

__all__ = ["Found", "words_around"]

_MAX_CHARACTERS = 180


@dataclass(frozen=True, slots=True)
class Found:
    """A fact in a paragraph's text. See ``knowledge.model.Fact``; ``label`` opens its statement."""

    kind: FactKind
    span: Span
    label: str
    value: float | tuple[float, float] | str | None = None
    unit: str | None = None
    counted: str | None = None
    approx: str | None = None
    date_start: str | None = None
    date_end: str | None = None
    precision: str | None = None
    is_year_inferred: bool = False
    role: str | None = None
    speaker: str | None = None


def words_around(text: AnalysedText, place: Span) -> str:
    """Return the slice of a text that tells what ``place`` is about, in one line.

    Its sentence, or as many clauses of it around the place as fit.
    """
    sentence = text.sentence_at(place)
    start, end = place.start, place.end
    parts = clauses(text.text, sentence)
    if sentence.end - sentence.start <= _MAX_CHARACTERS:
        start, end = sentence.start, max(sentence.end, end)
    else:
        inside = [i for i, part in enumerate(parts) if part.start < end and start < part.end]
        low, high = (inside[0], inside[-1]) if inside else (0, -1)
        if inside:
            start, end = min(start, parts[low].start), max(end, parts[high].end)
        while True:
            before = parts[low - 1].start if low > 0 else None
            after = parts[high + 1].end if 0 <= high < len(parts) - 1 else None
            if after is not None and after - start <= _MAX_CHARACTERS:
                high, end = high + 1, after
            elif before is not None and end - before <= _MAX_CHARACTERS:
                low, start = low - 1, before
            else:
                break
    return " ".join(_cut(text.text, start, end, place).strip(" ,;:–—").split())


def _cut(text: str, start: int, end: int, place: Span) -> str:
    """Return a slice of at most the characters of a line, whole words, with the place in it."""
    limit = max(_MAX_CHARACTERS, place.end - place.start)
    if end - start > limit:
        spare = (limit - (place.end - place.start)) // 2
        low, high = max(start, place.start - spare), min(end, place.end + spare)
        while low > start and low < place.start and not text[low - 1].isspace():
            low += 1
        while high < end and high > place.end and not text[high].isspace():
            high -= 1
        start, end = low, high
    return text[start:end]
