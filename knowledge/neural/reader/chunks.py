"""What is read at once of a passage: a few whole sentences."""

from __future__ import annotations

from knowledge.model import Span
from knowledge.text.sentences import sentences

__all__ = ["MAX_CHUNK", "chunks"]

MAX_CHUNK = 480
"""Characters of a chunk at most."""


def chunks(text: str, most: int = MAX_CHUNK) -> tuple[Span, ...]:
    """Return chunks of at most ``most`` characters, in order: whole sentences, each chunk but
    the first from the last sentence of the one before (where that leaves room for another); a
    sentence longer than a chunk is cut between words, each part a fifth into the one before."""
    parts = [part for sentence in sentences(text) for part in _parts(text, sentence, most)]
    found: list[Span] = []
    first = 0
    while first < len(parts):
        last = first
        while last + 1 < len(parts) and parts[last + 1].end - parts[first].start <= most:
            last += 1
        found.append(Span(parts[first].start, parts[last].end))
        if last + 1 == len(parts):
            break
        overlaps = last > first and parts[last + 1].end - parts[last].start <= most
        first = last if overlaps else last + 1
    return tuple(found)


def _parts(text: str, sentence: Span, most: int) -> list[Span]:
    parts: list[Span] = []
    start = sentence.start
    while sentence.end - start > most:
        space = text.rfind(" ", start + most * 4 // 5, start + most)
        end = space if space > 0 else start + most
        parts.append(Span(start, end))
        back = text.find(" ", end - most // 5, end)
        start = back + 1 if back > 0 else end
    parts.append(Span(start, sentence.end))
    return parts
