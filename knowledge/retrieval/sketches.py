"""Which passages of a large index may be near a question, by a bit for each number of a vector.

Whether a number is above its mean over the passages, as one bit: of two vectors at an angle, the
share of the bits that differ grows with the angle (sign random projections: Charikar, "Similarity
Estimation Techniques from Rounding Algorithms", STOC 2002; here the encoder's own axes take the
place of random ones). All passages are looked through, 48 bytes each;
whoever asks then compares the vectors themselves of the few that are left. Nothing has to be built
or kept up to date but the bits, and no passage is out of reach, as it may be in a graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sketches"]

_WORD_BITS = 64


@dataclass(frozen=True, slots=True)
class Sketches:
    """The bits of passages: column i of ``bits`` belongs to passage ``rowids[i]``. ``middle``: the
    mean of their vectors."""

    rowids: NDArray[np.int64]
    bits: NDArray[np.uint64]
    middle: NDArray[np.float32]

    @classmethod
    def of(cls, blocks: Iterable[tuple[NDArray[np.int64], NDArray[np.float32]]]) -> Sketches:
        """Make them of blocks of passages, each with its rowids and its vectors, one a row. The
        mean is that of the first block."""
        rowids: list[NDArray[np.int64]] = []
        bits: list[NDArray[np.uint64]] = []
        middle = np.zeros(0, dtype=np.float32)
        for own, vectors in blocks:
            if not rowids:
                middle = vectors.mean(axis=0, dtype=np.float32)
            rowids.append(own)
            bits.append(_bits(vectors - middle))
        if not rowids:
            return cls(np.zeros(0, np.int64), np.zeros((0, 0), np.uint64), middle)
        # A word of all passages lies together, as they are compared.
        columns = np.ascontiguousarray(np.concatenate(bits).T)
        return cls(np.concatenate(rowids), columns, middle)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[int]:
        """Return the ``limit`` passages whose bits differ least from those of ``vector``, the
        nearest first."""
        if not len(self.rowids):
            return []
        [asked] = _bits((vector - self.middle)[None])
        differing = np.zeros(len(self.rowids), dtype=np.uint16)
        for column, word in zip(self.bits, asked, strict=True):
            differing += np.bitwise_count(column ^ word)
        least = min(limit, len(self.rowids))
        chosen = np.argpartition(differing, least - 1)[:least]
        return self.rowids[chosen[np.argsort(differing[chosen], kind="stable")]].tolist()


def _bits(vectors: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return which numbers are positive, a row of whole words for each vector."""
    missing = -vectors.shape[1] % _WORD_BITS
    signs = np.pad(vectors > 0, ((0, 0), (0, missing)))
    return np.packbits(signs, axis=1).view(np.uint64)
