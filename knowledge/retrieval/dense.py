"""How near a question is to passages, by the cosines of their vectors.

Exact search while there are few enough: every vector is compared. In a larger index, those of the
passages that words have found, and of those that may be near by their sketches.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from knowledge.index import IndexReader, IndexStatistics, StoredVector, sentence_of, stacked
from knowledge.neural.encoder import Encoder
from knowledge.retrieval.similarity import Similarity
from knowledge.retrieval.sketches import Sketches

__all__ = ["MAX_COMPARED", "NEAREST", "DenseSearch"]

NEAREST = 20
"""Passages that meaning may bring in, whatever their words."""

MAX_COMPARED = 60_000
"""Chunks that are all compared with a question: some ten thousand passages, about 90 MB."""

_SKETCHED = 300
_SKETCHED_SHARE = 1_000
"""Passages nearest by their sketches whose vectors are compared: so many, and one in so many of the
index. Of the fifty nearest of 100,000 passages to a question, 965 in 1,000 were among 300."""

_LOOKED_INTO = 60
"""Of these, those whose sentences are compared, too."""

_SKETCHED_AT_ONCE = 10_000
_SKETCHES_LAST_SECONDS = 60.0
"""How long sketches are used while vectors go on joining an index."""


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


@dataclass(frozen=True, slots=True)
class _Sketched:
    """Sketches, and of which index they are: ``state`` and ``encoded`` as in its statistics.
    ``keys``: those of the vectors, in the order of the sketches."""

    state: tuple[str, int]
    encoded: int
    made_at: float
    sketches: Sketches
    keys: NDArray[np.int64]

    def is_good_for(self, statistics: IndexStatistics) -> bool:
        """Whether they are those of an index, or of what it was a moment ago."""
        if self.state != statistics.state:
            return False
        age = time.monotonic() - self.made_at
        return self.encoded == statistics.encoded or age < _SKETCHES_LAST_SECONDS


class DenseSearch:
    """Compares questions with the passages of an index. Safe to use from several threads.

    The vectors of the whole index, or its sketches, are kept for as long as they are the same.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._cached: tuple[tuple[str, int, int], _Vectors] | None = None
        self._lock = threading.Lock()
        self._sketched: _Sketched | None = None
        self._sketching = threading.Lock()

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

        Where the index has more than ``MAX_COMPARED`` chunks, the nearest ones are of those that
        may be near by their sketches.
        """
        if not question.strip():
            return {}
        vectors = None if statistics.chunks > MAX_COMPARED else self._all(reader, statistics)
        if vectors is not None and not len(vectors.rowids):
            return {}  # the question need not be encoded
        [packed] = self._encoder.encode_queries([question])
        asked = np.frombuffer(packed, dtype="<f2").astype(np.float32)
        if vectors is None:
            among = sorted({*found, *self._near(asked, reader, statistics)})
            stored = reader.vectors(self._encoder.model, among)
            vectors = _Vectors.stack(stored, self._encoder.dimension)
        if not len(vectors.rowids):
            return {}
        compared = _Compared(vectors, vectors.matrix @ asked)
        cosines = compared.by_passage(sorted({*found, *compared.nearest()}))
        # Of a passage that is being encoded, its sentences may be there first.
        return {rowid: _similarity(own) for rowid, own in cosines.items() if 0 in own}

    def _all(self, reader: IndexReader, statistics: IndexStatistics) -> _Vectors:
        """Return the vectors of the whole index."""
        model, dimension = self._encoder.model, self._encoder.dimension
        state = (*statistics.state, statistics.encoded)
        with self._lock:
            if self._cached is None or self._cached[0] != state:
                self._cached = (state, _Vectors.stack(reader.vectors(model), dimension))
            return self._cached[1]

    def _near(
        self, asked: NDArray[np.float32], reader: IndexReader, statistics: IndexStatistics
    ) -> list[int]:
        """Return the ``_LOOKED_INTO`` passages whose whole texts are nearest, as far as sketches
        tell."""
        known = self._sketches(reader, statistics)
        limit = max(_SKETCHED, len(known.sketches.rowids) // _SKETCHED_SHARE)
        rowids = known.sketches.nearest(asked, limit)
        keys = known.keys[np.searchsorted(known.sketches.rowids, rowids)].tolist()
        vectors = reader.vectors_of(self._encoder.model, keys)
        near = [(rowid, key) for rowid, key in zip(rowids, keys, strict=True) if key in vectors]
        if not near:
            return []
        cosines = stacked((vectors[key] for _, key in near), self._encoder.dimension) @ asked
        return [near[at][0] for at in np.argsort(-cosines, kind="stable")[:_LOOKED_INTO]]

    def _sketches(self, reader: IndexReader, statistics: IndexStatistics) -> _Sketched:
        """Return the sketches of the index. While they are made anew, others go on with those that
        there were: what these miss or name in vain, the vectors themselves put right."""
        known = self._sketched
        if known is None:
            self._sketching.acquire()
        elif known.is_good_for(statistics) or not self._sketching.acquire(blocking=False):
            return known
        try:
            known = self._sketched  # whoever was waited for may have made them
            if known is None or not known.is_good_for(statistics):
                known = self._sketched = self._made(reader, statistics)
            return known
        finally:
            self._sketching.release()

    def _made(self, reader: IndexReader, statistics: IndexStatistics) -> _Sketched:
        """Make the sketches of all passages that have a vector, some at a time."""
        keys = array("q")

        def blocks() -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
            rows = reader.whole_vectors(self._encoder.model)
            while block := list(islice(rows, _SKETCHED_AT_ONCE)):
                keys.extend(key for _, key, _ in block)
                vectors = stacked((packed for *_, packed in block), self._encoder.dimension)
                yield np.array([rowid for rowid, *_ in block], dtype=np.int64), vectors

        sketches = Sketches.of(blocks())
        own = np.array(keys, dtype=np.int64)
        return _Sketched(statistics.state, statistics.encoded, time.monotonic(), sketches, own)


def _similarity(cosines: Mapping[int, float]) -> Similarity:
    sentences = tuple(cosine for position, cosine in sorted(cosines.items()) if position > 0)
    return Similarity(cosines[0], sentences)
