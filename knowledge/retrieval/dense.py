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

from knowledge.index import IndexReader, IndexStatistics, StoredVector, sentence_of, stacked
from knowledge.neural.encoder import Encoder
from knowledge.retrieval.similarity import Similarity

__all__ = ["MAX_COMPARED", "NEAREST", "DenseSearch"]

NEAREST = 20
"""Passages that meaning may bring in, whatever their words."""

MAX_COMPARED = 60_000
"""Chunks that are all compared with a question: some ten thousand passages, about 90 MB."""


@dataclass(frozen=True, slots=True)
class _Vectors:
    """Stacked vectors: row i belongs to chunk ``positions[i]`` of passage ``rowids[i]``."""

    matrix: NDArray[np.float32]
    rowids: NDArray[np.int64]
    positions: NDArray[np.int64]

    @classmethod
    def stack(cls, stored: Sequence[StoredVector], dimension: int) -> _Vectors:
        return cls(
            stacked((vector.packed for vector in stored), dimension),
            np.array([vector.rowid for vector in stored], dtype=np.int64),
            np.array([vector.position for vector in stored], dtype=np.int64),
        )


@dataclass(frozen=True, slots=True)
class _Compared:
    """A question's cosines with vectors."""

    vectors: _Vectors
    cosines: NDArray[np.float32]

    def nearest(self) -> list[int]:
        """Return the passages whose whole and best sentence are nearest, best first."""
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
    """Compares questions with the passages of an index. Safe to use from several threads.

    The vectors of the whole index are kept for as long as they are the same.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._cached: tuple[tuple[str, int, int], _Vectors] | None = None
        self._lock = threading.Lock()

    def nearness(self, word: str, texts: Sequence[str]) -> float:
        """Return the cosine of a word with the nearest of ``texts``; -1 for no text."""
        packed = self._encoder.encode_queries([word, *texts])
        asked, *said = (np.frombuffer(one, dtype="<f2").astype(np.float32) for one in packed)
        return max((float(asked @ one) for one in said), default=-1.0)

    def similarities(
        self,
        question: str,
        reader: IndexReader,
        statistics: IndexStatistics,
        found: Sequence[int],
    ) -> Mapping[int, Similarity]:
        """Return how near ``question`` is to ``found`` and to the ``NEAREST`` passages, by rowid;
        those that have no vectors yet are left out.

        Where the index has more than ``MAX_COMPARED`` chunks, only ``found`` are compared.
        """
        if not question.strip():
            return {}
        among = found if statistics.chunks > MAX_COMPARED else None
        if among is not None and not among:
            return {}
        vectors = self._vectors(reader, statistics, among)
        if not len(vectors.rowids):
            return {}
        [packed] = self._encoder.encode_queries([question])
        asked = np.frombuffer(packed, dtype="<f2").astype(np.float32)
        compared = _Compared(vectors, vectors.matrix @ asked)
        cosines = compared.by_passage(sorted({*found, *compared.nearest()}))
        # Of a passage that is being encoded, its sentences may be there first.
        return {rowid: _similarity(own) for rowid, own in cosines.items() if 0 in own}

    def _vectors(
        self, reader: IndexReader, statistics: IndexStatistics, rowids: Sequence[int] | None
    ) -> _Vectors:
        """Return the vectors of the passages ``rowids``, of all for ``None``."""
        model, dimension = self._encoder.model, self._encoder.dimension
        if rowids is not None:
            return _Vectors.stack(reader.vectors(model, rowids), dimension)
        state = (*statistics.state, statistics.encoded)
        with self._lock:
            if self._cached is None or self._cached[0] != state:
                self._cached = (state, _Vectors.stack(reader.vectors(model), dimension))
            return self._cached[1]


def _similarity(cosines: Mapping[int, float]) -> Similarity:
    sentences = tuple(cosine for position, cosine in sorted(cosines.items()) if position > 0)
    return Similarity(cosines[0], sentences)
