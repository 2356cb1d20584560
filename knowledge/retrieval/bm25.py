"""BM25 of every passage for a question, from the postings of its terms.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, over stemmed
terms, with headings and titles as a second field. Nothing is left out, however frequent: a block of
65,536 passages is scored at once, in some microseconds a term.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
        self._blocks: dict[int, NDArray[np.float32]] = {}
        terms = list(dict.fromkeys(form.term for term in query.terms for form in term.forms))
        if not terms:
            return
        lengths = reader.lengths()
        for block, postings in reader.postings(terms):
            if postings:
                self._blocks[block] = self._scored(query, postings, lengths[block])

    def of(self, rowid: int) -> float:
        """Return the score of a passage; 0 where it has no word of the question."""
        block, place = divmod(rowid, BLOCK)
        scores = self._blocks.get(block)
        return float(scores[place]) if scores is not None and place < len(scores) else 0.0

    def best(self, limit: int) -> list[int]:
        """Return the rowids of the ``limit`` best passages that have any word of the question, best
        first; of equal ones the first."""
        scores, rowids = np.empty(0, np.float32), np.empty(0, np.int64)
        least = np.float32(0)
        for block, own in self._blocks.items():
            places = np.flatnonzero(own > least)
            scores = np.concatenate((scores, own[places]))
            rowids = np.concatenate((rowids, places + block * BLOCK))
            if len(scores) > limit:
                least = np.partition(scores, -limit)[-limit]
                kept = scores >= least
                scores, rowids = scores[kept], rowids[kept]
        return rowids[np.lexsort((rowids, -scores))[:limit]].tolist()

    def _scored(
        self, query: Query, postings: Mapping[str, Postings], lengths: NDArray[np.uint16]
    ) -> NDArray[np.float32]:
        b = self._constants.b
        norms = np.float32(1 - b) + np.float32(b / self._mean_length) * lengths
        scores = np.zeros(len(lengths), dtype=np.float32)
        for term in query.terms:
            present = [form for form in term.forms if form.term in postings]
            if len(present) == 1:
                own = postings[present[0].term]
                scores[own.places] += term.weight * self._values(present[0], own, norms)
            elif present:
                best = np.zeros(len(lengths), dtype=np.float32)
                for form in present:
                    own = postings[form.term]
                    values = self._values(form, own, norms)
                    best[own.places] = np.maximum(best[own.places], values)
                scores += term.weight * best
        return scores

    def _values(
        self, form: TermForm, postings: Postings, norms: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return what a term is worth in each passage that has it."""
        k1 = self._constants.k1
        frequency = _SAID[postings.codes] / norms[postings.places]
        frequency += np.float32(self._constants.context) * _CONTEXT[postings.codes]
        worth = form.weight * idf(form, self._passages) * (k1 + 1)
        frequency *= np.float32(worth) / (frequency + np.float32(k1))
        return frequency


_CODES: Sequence[int] = range(256)
_SAID = np.array([code & COUNTED for code in _CODES], dtype=np.float32)
_CONTEXT = np.array([bool(code & IN_CONTEXT) for code in _CODES], dtype=np.float32)
