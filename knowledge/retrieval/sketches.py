"""Which passages of a large index may be near a question, by two bits for each number of a vector.

Whether a number is above its mean over the passages, as one bit: of two vectors at an angle, the
share of the bits that differ grows with the angle (sign random projections: Charikar, "Similarity
Estimation Techniques from Rounding Algorithms", STOC 2002; here the encoder's own axes take the
place of random ones). All passages are looked through by these. Another bit, whether it is far from
the mean, makes a coarse vector of each; those of the passages that differ least are compared with
the question's own numbers, which are not made coarse (asymmetric distances, looked up by bytes:
Jégou et al., "Product Quantization for Nearest Neighbor Search", 2011). Whoever asks then compares
the vectors themselves of the few that are left. That is 96 bytes a passage; nothing has to be built
or kept up to date but the bits, and no passage is out of reach, as it may be in a graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sketches"]

_WORD_BITS = 64
_CODED = 4
"""Numbers that a byte tells of: their signs, and which of them are far from the mean."""

_BY_SIGNS = 5_000
_BY_SIGNS_SHARE = 20
"""Passages that differ least by their signs and are compared by both bits: so many, and one in so
many of all."""


@dataclass(frozen=True, slots=True)
class Sketches:
    """The bits of passages: column i of ``signs`` and row i of ``far`` belong to passage
    ``rowids[i]``. ``middle``: the mean of their vectors; ``steps``: how far from it a number is
    that is near it, and one that is far, in the mean."""

    rowids: NDArray[np.int64]
    signs: NDArray[np.uint64]
    far: NDArray[np.uint8]
    middle: NDArray[np.float32]
    steps: tuple[float, float]

    @classmethod
    def of(cls, blocks: Iterable[tuple[NDArray[np.int64], NDArray[np.float32]]]) -> Sketches:
        """Make them of blocks of passages, each with its rowids and its vectors, one a row. What is
        far, and the means, go by the first block."""
        rowids: list[NDArray[np.int64]] = []
        signs: list[NDArray[np.uint8]] = []
        far: list[NDArray[np.uint8]] = []
        middle = np.zeros(0, dtype=np.float32)
        bar, steps = 0.0, (0.0, 0.0)
        for own, vectors in blocks:
            if not rowids:
                middle = vectors.mean(axis=0, dtype=np.float32)
                bar, steps = _steps(np.abs(vectors - middle))
            apart = vectors - middle
            rowids.append(own)
            signs.append(_bits(apart > 0))
            far.append(_bits(np.abs(apart) > bar))
        if not rowids:
            nothing = np.zeros((0, 0), np.uint8)
            return cls(np.zeros(0, np.int64), nothing.view(np.uint64), nothing, middle, steps)
        # A word of all passages lies together, as they are compared.
        columns = np.ascontiguousarray(np.concatenate(signs).view(np.uint64).T)
        return cls(np.concatenate(rowids), columns, np.concatenate(far), middle, steps)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[int]:
        """Return the ``limit`` passages that are nearest to ``vector`` as far as their bits tell,
        the nearest first."""
        size = len(self.rowids)
        if not size:
            return []
        by_signs = min(size, max(limit, _BY_SIGNS, size // _BY_SIGNS_SHARE))
        differing = self._differing(vector)
        chosen = np.argpartition(differing, by_signs - 1)[:by_signs]
        products = self._products(vector, chosen)
        order = np.argsort(-products, kind="stable")[:limit]
        return self.rowids[chosen[order]].tolist()

    def _differing(self, vector: NDArray[np.float32]) -> NDArray[np.uint16]:
        """Return how many signs of each passage are not those of ``vector``."""
        [asked] = _bits((vector - self.middle)[None] > 0).view(np.uint64)
        differing = np.zeros(len(self.rowids), dtype=np.uint16)
        for column, word in zip(self.signs, asked, strict=True):
            differing += np.bitwise_count(column ^ word)
        return differing

    def _products(
        self, vector: NDArray[np.float32], chosen: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """Return the dot products of ``vector`` with the coarse vectors of passages."""
        words = np.ascontiguousarray(self.signs[:, chosen].T)
        signs = np.ascontiguousarray(words.view(np.uint8).T)
        far = np.ascontiguousarray(self.far[chosen].T)
        codes = ((signs & 0xF0) | (far >> _CODED)), ((signs << _CODED) | (far & 0x0F))
        padded = np.zeros(8 * len(signs), dtype=np.float32)
        padded[: len(vector)] = vector
        # What each byte that can be adds, for every place of one.
        tables = padded.reshape(-1, _CODED) @ _coarse(self.steps).T
        products = np.zeros(len(chosen), dtype=np.float32)
        for half, rows in enumerate(codes):
            for table, row in zip(tables[half::2], rows, strict=True):
                products += table.take(row)
        return products


def _steps(apart: NDArray[np.float32]) -> tuple[float, tuple[float, float]]:
    """Return from where on a number is far from its mean, and the means of both sorts."""
    bar = float(np.median(apart))
    is_far = apart > bar
    near = float(apart.mean(where=~is_far))
    return bar, (near, float(apart.mean(where=is_far)) if is_far.any() else near)


def _coarse(steps: tuple[float, float]) -> NDArray[np.float32]:
    """Return the numbers that each byte stands for, a row a byte."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    near, far = steps
    signs = np.where(bits[:, :_CODED], np.float32(1), np.float32(-1))
    return signs * np.where(bits[:, _CODED:], np.float32(far), np.float32(near))


def _bits(what: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return bits, a row of whole words for each row of truths."""
    missing = -what.shape[1] % _WORD_BITS
    return np.packbits(np.pad(what, ((0, 0), (0, missing))), axis=1)
