"""Slices of a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Span"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A slice of some text: character offsets, ``end`` exclusive, never empty."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the slice of ``text`` that this span stands for."""
        return text[self.start : self.end]

    def moved(self, by: int) -> Span:
        """Return the same slice of a text in which it begins ``by`` characters further on."""
        return Span(self.start + by, self.end + by)

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def overlaps_any(self, others: Iterable[Span]) -> bool:
        """Whether at least one of ``others`` shares a character."""
        return any(self.overlaps(other) for other in others)

    def contains_any(self, others: Iterable[Span]) -> bool:
        """Whether at least one of ``others`` lies wholly inside."""
        return any(self.contains(other) for other in others)
