"""What the index holds of a text: its content words as terms, where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from knowledge.language import is_stop_word, stems, tokenize
from knowledge.model import Span

__all__ = ["ENGINE_VERSION", "IndexedWord", "analyse"]

ENGINE_VERSION = 1
"""Counts every change to what is stored for an article; an older index is analysed again."""


@dataclass(frozen=True, slots=True)
class IndexedWord:
    """A content word: its folded form, the terms it is found by, and where it stands."""

    folded: str
    terms: tuple[str, ...]
    span: Span


@lru_cache(maxsize=4_096)
def analyse(text: str, language: str) -> tuple[IndexedWord, ...]:
    """Return the content words of ``text`` in order, by the rules of ``language`` (ISO 639-1)."""
    return tuple(
        IndexedWord(token.folded, stems(token, language), token.span)
        for token in tokenize(text)
        if not is_stop_word(token.folded, language)
    )
