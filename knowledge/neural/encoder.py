"""Text to vectors: what a model has to offer that brings questions to passages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

__all__ = ["Encoder"]


class Encoder(Protocol):
    """A model that puts questions and passages of any language into one space.

    Vectors are packed: little-endian 16-bit floats, ``dimension`` of them, of length one, so that
    the dot product is the cosine. Safe to use from several threads.
    """

    @property
    def model(self) -> str:
        """Name and version: another one whenever vectors are."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers a vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of questions, in order."""
        ...

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> list[bytes]:
        """Return the vectors of passages, in order.

        ``progress`` is called in this thread with how many more are done; what it raises ends the
        encoding.
        """
        ...
