"""How near a passage is to a question in meaning."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Similarity"]


@dataclass(frozen=True, slots=True)
class Similarity:
    """Cosines of a question with a passage: ``paragraph`` for the whole under its heading,
    ``sentences`` for each in order, the nearest wording of it."""

    paragraph: float
    sentences: tuple[float, ...] = ()

    @property
    def best_sentence(self) -> float:
        """The nearest sentence's cosine; a paragraph without sentences stands for its own."""
        return max(self.sentences, default=self.paragraph)
