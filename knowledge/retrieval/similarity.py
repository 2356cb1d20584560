"""How near a passage is to a question in meaning."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Similarity"]


@dataclass(frozen=True, slots=True)
class Similarity:
    """Cosines of a question with a passage.

    By the model of passages: ``paragraph`` for the whole under its heading, ``sentences`` for
    each in order, the nearest wording of it. ``likeness`` for each sentence by the model of
    likeness. ``None`` and empty where that model is not there.
    """

    paragraph: float | None = None
    sentences: tuple[float, ...] = ()
    likeness: tuple[float, ...] = ()

    @property
    def best_sentence(self) -> float | None:
        """The nearest sentence's cosine; a paragraph without sentences stands for its own."""
        return max(self.sentences, default=self.paragraph)

    @property
    def best_likeness(self) -> float | None:
        """The most alike sentence's cosine."""
        return max(self.likeness, default=None)
