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

from knowledge.semantic.encoder import Encoder
from knowledge.semantic.similarity import Similarity
from knowledge.store import IndexReader, IndexStatistics, StoredVector

__all__ = ["MAX_COMPARED", "NEAREST", "SemanticSearch"]

NEAREST = 20
"""Passages that are considered for their meaning, whatever their words."""

MAX_COMPARED = 60_000
"""Vectors that are all compared with a question: some ten thousand passages, about 90 MB."""


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


class SemanticSearch:
    """Compares questions with the passages of an index. Safe to use from several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._cached: tuple[tuple[str, int], _Vectors] | None = None
        self._lock = threading.Lock()

    def similarities(
        self,
        question: str,
        reader: IndexReader,
        statistics: IndexStatistics,
        found: Sequence[int],
    ) -> Mapping[int, Similarity]:
        """Return how near ``question`` is to the ``NEAREST`` passages and to ``found``.

        By rowid. Empty where the index does not have the vectors of this encoder (yet). In an
        index of more than ``MAX_COMPARED`` vectors only ``found`` are compared.
        """
        model = self._encoder.model
        if statistics.embedded != model or not question.strip():
            return {}
        query = np.frombuffer(self._encoder.encode_query(question), dtype="<f4")
        if statistics.windows > MAX_COMPARED:
            vectors = _Vectors.stack(reader.vectors(model, found), self._encoder.dimension)
        else:
            vectors = self._all(reader, statistics)
        if not len(vectors.rowids):
            return {}
        cosines = vectors.matrix @ query
        rowids, owners = np.unique(vectors.rowids, return_inverse=True)
        whole = np.full(len(rowids), -1.0, dtype=np.float32)
        best = np.full(len(rowids), -1.0, dtype=np.float32)
        is_whole = vectors.positions == 0
        np.maximum.at(whole, owners[is_whole], cosines[is_whole])
        np.maximum.at(best, owners[~is_whole], cosines[~is_whole])
        nearest = np.argsort(-(whole + best), kind="stable")[:NEAREST]
        wanted = {int(rowids[i]) for i in nearest} | set(found)
        chosen = np.isin(vectors.rowids, np.array(sorted(wanted), dtype=np.int64))
        return _by_passage(vectors.rowids[chosen], vectors.positions[chosen], cosines[chosen])

    def _all(self, reader: IndexReader, statistics: IndexStatistics) -> _Vectors:
        model = self._encoder.model
        with self._lock:
            if self._cached is None or self._cached[0] != statistics.state:
                stacked = _Vectors.stack(reader.vectors(model), self._encoder.dimension)
                self._cached = (statistics.state, stacked)
            return self._cached[1]


def _by_passage(
    rowids: NDArray[np.int64], positions: NDArray[np.int64], cosines: NDArray[np.float32]
) -> dict[int, Similarity]:
    whole: dict[int, float] = {}
    parts: dict[int, list[float]] = {}
    for rowid, position, cosine in zip(
        rowids.tolist(), positions.tolist(), cosines.tolist(), strict=True
    ):
        if position == 0:
            whole[rowid] = cosine
        else:
            parts.setdefault(rowid, []).append(cosine)
    return {
        rowid: Similarity(cosine, tuple(parts.get(rowid, ()))) for rowid, cosine in whole.items()
    }
