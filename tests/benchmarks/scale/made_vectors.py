"""Vectors for a large corpus without hours of encoding: mixed from those of some real texts.

They take the same bytes, are of length one and are compared in the same way, so that what meaning
costs can be measured. What it finds cannot be: they say nothing of their texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge import Encoder

__all__ = ["MixingEncoder"]

_MIXED = 3


class MixingEncoder:
    """An encoder whose vectors of questions are real, and those of passages mixed from the vectors
    of ``texts``: which ones, and by how much each, is drawn by the text. See
    ``knowledge.neural.encoder.Encoder``.
    """

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        self._encoder = encoder
        self._texts = texts
        self.model = f"{encoder.model}+made"
        self.dimension = encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of questions, in order."""
        return self._encoder.encode_queries(texts)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> list[bytes]:
        """Return made vectors, one a text, the same at every call."""
        vectors = list(self._mixed(texts))
        if progress is not None:
            progress(len(texts))
        return vectors

    def _mixed(self, texts: Sequence[str]) -> Iterator[bytes]:
        for text in texts:
            digest = hashlib.sha256(text.encode()).digest()
            chance = np.random.default_rng(int.from_bytes(digest[:8], "big"))
            chosen = self._real[chance.integers(len(self._real), size=_MIXED)]
            mixed = chance.random(_MIXED, dtype=np.float32) @ chosen
            yield (mixed / np.linalg.norm(mixed)).astype("<f2").tobytes()

    @cached_property
    def _real(self) -> NDArray[np.float32]:
        packed = self._encoder.encode_passages(self._texts)
        return np.stack([np.frombuffer(one, dtype="<f2") for one in packed]).astype(np.float32)
