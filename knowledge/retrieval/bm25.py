"""BM25 of every passage for a question, from the postings of its terms.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, over stemmed
terms, with headings and titles as a second field. Nothing is left out, however frequent: a block of
65,536 passages is scored at once, in some microseconds a term.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge.index import (
    BLOCK,
    COUNTED,
    IN_CONTEXT,
    IndexReader,
    IndexStatistics,
    Postings,
)
from knowledge.questions.query import Query, QueryTerm, TermForm

__all__ = ["Bm25", "PassageScores", "idf", "idf_weight", "total_idf_weight"]


@dataclass(frozen=True, slots=True)
class Bm25:
    """Constants of the score."""

    k1: float = 1.2
    b: float = 0.75
    context: float = 0.8
    """What a heading or a title counts, against a mention in the paragraph."""


def idf(form: TermForm, passages: int) -> float:
    """Return the inverse document frequency of a term (Lucene's form, never negative)."""
    count = min(form.passages, passages)
    return math.log(1 + (passages - count + 0.5) / (count + 0.5))


def idf_weight(term: QueryTerm, passages: int) -> float:
    """Return what a word of the question is worth at most among ``passages`` passages.

    A word that the index does not know is worth as much as the rarest one.
    """
    if not term.forms:
        return term.weight * math.log(1 + (passages + 0.5) / 0.5)
    return term.weight * max(form.weight * idf(form, passages) for form in term.forms)


def total_idf_weight(query: Query, passages: int) -> float:
    """Return what the words of a question are worth together (idf weights); never 0."""
    return sum(idf_weight(term, passages) for term in query.terms) or 1.0


class PassageScores:
    """What each passage of an index scores for a question."""

    def __init__(
        self, query: Query, reader: IndexReader, statistics: IndexStatistics, constants: Bm25
    ) -> None:
        self._constants = constants
        self._passages = statistics.passages
        self._mean_length = max(statistics.mean_length, 1)
        self._blocks: dict[int, _Scored] = {}
        terms = list(dict.fromkeys(form.term for term in query.terms for form in term.forms))
        if not terms:
            return
        room = _Room()
        for block, lengths, postings in reader.postings(terms, statistics.state):
            if postings:
                self._blocks[block] = self._scored(query, postings, lengths, room)

    def of(self, rowids: Sequence[int]) -> dict[int, float]:
        """Return the scores of passages, by rowid; 0 where one has no word of the question."""
        found = dict.fromkeys(rowids, 0.0)
        asked = np.array(rowids, dtype=np.intp)
        for block, own in self._blocks.items():
            places = asked[asked // BLOCK == block] - block * BLOCK
            at = np.searchsorted(own.places, places)
            at[at == len(own.places)] = 0
            is_there = own.places[at] == places
            rows = (places[is_there] + block * BLOCK).tolist()
            found |= zip(rows, own.scores[at[is_there]].tolist(), strict=True)
        return found

    def best(self, limit: int) -> list[int]:
        """Return the rowids of the ``limit`` best passages that have any word of the question, best
        first; of equal ones the first."""
        scores, rowids = np.empty(0, np.float32), np.empty(0, np.intp)
        least = np.float32(0)
        for block, own in self._blocks.items():
            better = np.flatnonzero(own.scores > least)
            scores = np.concatenate((scores, own.scores[better]))
            rowids = np.concatenate((rowids, own.places[better] + block * BLOCK))
            if len(scores) > limit:
                least = np.partition(scores, -limit)[-limit]
                kept = scores >= least
                scores, rowids = scores[kept], rowids[kept]
        return rowids[np.lexsort((rowids, -scores))[:limit]].tolist()

    def _scored(
        self,
        query: Query,
        postings: Mapping[str, Postings],
        lengths: NDArray[np.uint16],
        room: _Room,
    ) -> _Scored:
        """Score a block in ``room``, which is left as it was: all zeros."""
        total, best = room.total, room.best
        for term in query.terms:
            valued = [
                self._values(term.weight * form.weight, form, postings[form.term], lengths)
                for form in term.forms
                if form.term in postings
            ]
            if len(valued) == 1:
                places, values = valued[0]
                np.add.at(total, places, values)
                continue
            for places, values in valued:
                best[places] = np.maximum(best[places], values)
            for places, _ in valued:  # once where a passage has several forms
                np.add.at(total, places, best[places])
                best[places] = 0
        places = np.flatnonzero(total > 0)
        scores = total[places]
        total[places] = 0
        return _Scored(places, scores)

    def _values(
        self, weight: float, form: TermForm, postings: Postings, lengths: NDArray[np.uint16]
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return where the passages are that have a term, and what it is worth in each."""
        k1, b = self._constants.k1, self._constants.b
        places, codes = postings.places.astype(np.intp), postings.codes
        norms = lengths.take(places) * np.float32(b / self._mean_length)
        norms += np.float32(1 - b)
        frequency = (codes & COUNTED).astype(np.float32)
        frequency /= norms
        if codes.max() >= IN_CONTEXT:
            frequency += np.float32(self._constants.context) * (codes >= IN_CONTEXT)
        worth = weight * idf(form, self._passages) * (k1 + 1)
        frequency *= np.float32(worth) / (frequency + np.float32(k1))
        return places, frequency


@dataclass(frozen=True, slots=True)
class _Scored:
    """The passages of a block that have a word of the question, ascending, and their scores."""

    places: NDArray[np.intp]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Room:
    """Memory for the sums of a block and for the best form of a word; all zeros between uses:
    to have new memory for each block takes longer than to score it."""

    total: NDArray[np.float32] = field(default_factory=lambda: np.zeros(BLOCK, dtype=np.float32))
    best: NDArray[np.float32] = field(default_factory=lambda: np.zeros(BLOCK, dtype=np.float32))
