"""BM25 of every passage for a question, from the postings of its terms.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, over stemmed
terms, with headings and titles as a second field. Nothing is left out, however frequent: a stretch
of 262,144 passages is scored at once, in some microseconds a term. Leaving out passages that
frequent words cannot bring among the best (MaxScore) was tried: it takes longer than to add all up.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.index import (
    COUNTED,
    IN_CONTEXT,
    STRETCH,
    IndexReader,
    IndexStatistics,
    JoinedPostings,
    Stretch,
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
        self._mean_length = max(statistics.mean_length, 1)
        self._words = [self._word(term, statistics.passages) for term in query.terms if term.forms]
        self._known: dict[int, float] = {}
        terms = list(dict.fromkeys(form.term for word in self._words for form in word.forms))
        found = reader.postings(terms, statistics.state) if terms else ()
        self._stretches = {one.first: one for one in found}

    def of(self, rowids: Sequence[int]) -> dict[int, float]:
        """Return the scores of passages, by rowid; 0 where one has no word of the question."""
        new = [rowid for rowid in dict.fromkeys(rowids) if rowid not in self._known]
        self._known |= self._of_each(new, self._scores)
        return {rowid: self._known[rowid] for rowid in rowids}

    def worth(self, rowids: Sequence[int]) -> dict[int, float]:
        """Return what the words of the question are worth together (idf weights) that each passage
        has, its headings and titles included, by rowid."""
        return self._of_each(rowids, self._worth_of_words)

    def _of_each(
        self,
        rowids: Sequence[int],
        of_places: Callable[[Stretch, NDArray[np.intp]], NDArray[np.float32]],
    ) -> dict[int, float]:
        """Return what ``of_places`` gives for passages, by rowid; 0 where they have no word."""
        found = dict.fromkeys(rowids, 0.0)
        asked: dict[int, list[int]] = defaultdict(list)
        for rowid in found:
            asked[rowid // STRETCH * STRETCH].append(rowid)
        for first, own in asked.items():
            if first in self._stretches:
                values = of_places(self._stretches[first], np.array(own) - first)
                found |= zip(own, values.tolist(), strict=True)
        return found

    def best(self, limit: int) -> list[int]:
        """Return the rowids of the ``limit`` best passages that have any word of the question, best
        first; of equal ones the first."""
        room = _Room(max((len(one.lengths) for one in self._stretches.values()), default=0))
        scores, rowids = np.empty(0, np.float32), np.empty(0, np.intp)
        least = np.float32(0)
        for first, stretch in self._stretches.items():
            places, better = self._better(stretch, least, room)
            scores = np.concatenate((scores, better))
            rowids = np.concatenate((rowids, places + first))
            if len(scores) > limit:
                least = np.partition(scores, -limit)[-limit]
                kept = scores >= least
                scores, rowids = scores[kept], rowids[kept]
        order = np.lexsort((rowids, -scores))[:limit]
        self._known |= zip(rowids[order].tolist(), scores[order].tolist(), strict=True)
        return rowids[order].tolist()

    def _better(
        self, stretch: Stretch, least: np.float32, room: _Room
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return the passages of a stretch that score more than ``least``, ascending, and what;
        ``room`` is left as it was: all zeros."""
        total = room.total
        for word in self._words:
            valued = [self._everywhere(stretch, form) for form in _forms(stretch, word)]
            if len(valued) == 1:
                np.add.at(total, *valued[0])
            elif valued:
                best = room.best
                for places, values in valued:
                    best[places] = np.maximum(best[places], values)
                for places, _ in valued:  # once where a passage has several forms
                    np.add.at(total, places, best[places])
                    best[places] = 0
        places = np.flatnonzero(total > least)
        scores = total[places]
        total[:] = 0
        return places, scores

    def _everywhere(
        self, stretch: Stretch, form: _Form
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return the places in a stretch that have a term, and what it is worth in each."""
        own = stretch.postings[form.term]
        lengths = stretch.lengths.take(own.places, mode="clip")
        return own.places, self._values(form.most, own.codes, lengths)

    def _scores(self, stretch: Stretch, places: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return what passages of a stretch score."""
        total = np.zeros(len(places), dtype=np.float32)
        lengths = stretch.lengths.take(places, mode="clip")
        for word in self._words:
            best = np.zeros(len(places), dtype=np.float32)
            for form in _forms(stretch, word):
                own = stretch.postings[form.term]
                at, is_there = _standing(own, places)
                values = self._values(form.most, own.codes.take(at), lengths) * is_there
                np.maximum(best, values, out=best)
            total += best
        return total

    def _worth_of_words(self, stretch: Stretch, places: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return what the words are worth that passages of a stretch have."""
        total = np.zeros(len(places), dtype=np.float32)
        for word in self._words:
            has = np.zeros(len(places), dtype=np.bool_)
            for form in _forms(stretch, word):
                has |= _standing(stretch.postings[form.term], places)[1]
            total += word.worth * has
        return total

    def _word(self, term: QueryTerm, passages: int) -> _Word:
        """Return what a word of the question is worth, and each of its forms that a passage says
        without end."""
        k1 = self._constants.k1
        forms = (
            _Form(form.term, np.float32(term.weight * form.weight * idf(form, passages) * (k1 + 1)))
            for form in term.forms
        )
        return _Word(np.float32(idf_weight(term, passages)), tuple(forms))

    def _values(
        self, most: np.float32, codes: NDArray[np.uint8], lengths: NDArray[np.uint16]
    ) -> NDArray[np.float32]:
        """Return what a term is worth in passages of some lengths, by its codes there."""
        k1, b = self._constants.k1, self._constants.b
        norms = lengths * np.float32(b / self._mean_length)
        norms += np.float32(1 - b)
        frequency = (codes & COUNTED).astype(np.float32)
        frequency /= norms
        is_in_context = codes >= IN_CONTEXT
        if is_in_context.any():
            frequency += np.float32(self._constants.context) * is_in_context
        frequency *= most / (frequency + np.float32(k1))
        return frequency


class _Form(NamedTuple):
    """A term that stands for a word of the question, and what it is worth at most."""

    term: str
    most: np.float32


class _Word(NamedTuple):
    """What a word of the question is worth (``idf_weight``), and its forms."""

    worth: np.float32
    forms: tuple[_Form, ...]


def _standing(
    own: JoinedPostings, places: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return where among the postings of a term each place is, and whether it is there."""
    at = np.minimum(np.searchsorted(own.places, places), len(own.places) - 1)
    return at, own.places.take(at) == places


def _forms(stretch: Stretch, word: _Word) -> list[_Form]:
    """Return the forms of a word that any passage of a stretch has."""
    return [form for form in word.forms if form.term in stretch.postings]


class _Room:
    """Memory for the sums of ``size`` passages, and for the best form of a word, which few words
    need; all zeros between uses: to have new memory for each stretch takes longer."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.total = self._zeros()

    @cached_property
    def best(self) -> NDArray[np.float32]:
        """Room for the best form."""
        return self._zeros()

    def _zeros(self) -> NDArray[np.float32]:
        return np.zeros(self._size, dtype=np.float32)
