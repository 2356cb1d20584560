"""How near a question is to passages, by the cosines of their vectors.

Exact search: every vector is compared while there are few enough, otherwise only those of the
passages that words have found.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import IndexReader, IndexStatistics, StoredVector, sentence_of
from knowledge.neural.encoders import Encoder, Encoders
from knowledge.retrieval.similarity import Similarity

__all__ = ["MAX_COMPARED", "NEAREST", "DenseSearch"]

NEAREST = 20
"""Passages that each model may bring in, whatever their words."""

MAX_COMPARED = 60_000
"""Windows that are all compared with a question: some ten thousand passages, about 90 MB."""


@dataclass(frozen=True, slots=True)
class _Vectors:
    """Stacked vectors: row i belongs to window ``positions[i]`` of passage ``rowids[i]``."""

    matrix: NDArray[np.float32]
    rowids: NDArray[np.int64]
    positions: NDArray[np.int64]

    @classmethod
    def stack(cls, stored: Sequence[StoredVector], dimension: int) -> _Vectors:
        packed = b"".join(vector.packed for vector in stored)
        return cls(
            np.frombuffer(packed, dtype="<f4").reshape(len(stored), dimension),
            np.array([vector.rowid for vector in stored], dtype=np.int64),
            np.array([vector.position for vector in stored], dtype=np.int64),
        )


class _Space:
    """The vectors of one model: those of the whole index are kept for as long as it is the same."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._cached: tuple[tuple[str, int], _Vectors] | None = None
        self._lock = threading.Lock()

    def vectors(
        self, reader: IndexReader, statistics: IndexStatistics, rowids: Sequence[int] | None
    ) -> _Vectors:
        """Return the vectors of the passages ``rowids``, of all for ``None``."""
        model, dimension = self.encoder.model, self.encoder.dimension
        if rowids is not None:
            return _Vectors.stack(reader.vectors(model, rowids), dimension)
        with self._lock:
            if self._cached is None or self._cached[0] != statistics.state:
                stacked = _Vectors.stack(reader.vectors(model), dimension)
                self._cached = (statistics.state, stacked)
            return self._cached[1]


@dataclass(frozen=True, slots=True)
class _Compared:
    """A question's cosines with vectors."""

    vectors: _Vectors
    cosines: NDArray[np.float32]

    def nearest(self) -> list[int]:
        """Return the passages whose best windows of each sort are nearest, best first."""
        rowids, owners = np.unique(self.vectors.rowids, return_inverse=True)
        is_whole = self.vectors.positions == 0
        total = np.zeros(len(rowids), dtype=np.float32)
        for sort in (is_whole, ~is_whole):
            best = np.full(len(rowids), -1.0, dtype=np.float32)
            np.maximum.at(best, owners[sort], self.cosines[sort])
            total += best
        return rowids[np.argsort(-total, kind="stable")[:NEAREST]].tolist()

    def by_passage(self, rowids: Sequence[int]) -> dict[int, dict[int, float]]:
        """Return these passages' cosines: 0 is the whole, a sentence has its best wording's."""
        chosen = np.isin(self.vectors.rowids, np.array(rowids, dtype=np.int64))
        found: dict[int, dict[int, float]] = {}
        for rowid, position, cosine in zip(
            self.vectors.rowids[chosen].tolist(),
            self.vectors.positions[chosen].tolist(),
            self.cosines[chosen].tolist(),
            strict=True,
        ):
            own, sentence = found.setdefault(rowid, {}), sentence_of(position)
            own[sentence] = max(cosine, own.get(sentence, -1.0))
        return found


class DenseSearch:
    """Compares questions with the passages of an index. Safe to use from several threads."""

    def __init__(self, encoders: Encoders) -> None:
        self._passages = None if encoders.passages is None else _Space(encoders.passages)
        self._likeness = None if encoders.likeness is None else _Space(encoders.likeness)

    def similarities(
        self,
        question: str,
        reader: IndexReader,
        statistics: IndexStatistics,
        found: Sequence[int],
    ) -> Mapping[int, Similarity]:
        """Return how near ``question`` is to ``found`` and to the ``NEAREST`` passages.

        By rowid. The index has to have the vectors of these models. Where it has more than
        ``MAX_COMPARED`` chunks, only ``found`` are compared.
        """
        if not question.strip():
            return {}
        among = found if statistics.chunks > MAX_COMPARED else None
        if among is not None and not among:
            return {}
        compared = [
            None if space is None else _compare(question, space, reader, statistics, among)
            for space in (self._passages, self._likeness)
        ]
        wanted = set(found)
        for one in compared:
            wanted.update(() if one is None else one.nearest())
        ordered = sorted(wanted)
        passages, likeness = ({} if one is None else one.by_passage(ordered) for one in compared)
        return {
            rowid: _similarity(passages.get(rowid, {}), likeness.get(rowid, {}))
            for rowid in ordered
            if rowid in passages or rowid in likeness
        }


def _compare(
    question: str,
    space: _Space,
    reader: IndexReader,
    statistics: IndexStatistics,
    among: Sequence[int] | None,
) -> _Compared:
    [packed] = space.encoder.encode_queries([question])
    vectors = space.vectors(reader, statistics, among)
    return _Compared(vectors, vectors.matrix @ np.frombuffer(packed, dtype="<f4"))


def _similarity(passage: Mapping[int, float], likeness: Mapping[int, float]) -> Similarity:
    return Similarity(
        passage.get(0),
        tuple(cosine for position, cosine in sorted(passage.items()) if position > 0),
        # A paragraph that reads like a sentence elsewhere has a vector of likeness by chance.
        tuple(cosine for position, cosine in sorted(likeness.items()) if position > 0),
    )
