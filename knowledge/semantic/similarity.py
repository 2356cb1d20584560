"""How near a passage is to a question in meaning."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Similarity"]


@dataclass(frozen=True, slots=True)
class Similarity:
    """Cosines of a question with a passage: the whole paragraph, and each sentence in order."""

    paragraph: float
    sentences: tuple[float, ...]

    @property
    def best_sentence(self) -> float:
        """The nearest sentence's cosine."""
        return max(self.sentences, default=self.paragraph)
