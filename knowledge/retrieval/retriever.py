"""A question to ranked passages: reading, candidates, comparison, fusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from knowledge.index import IndexReader, IndexStatistics
from knowledge.model import ReaderUse
from knowledge.neural.encoder import Encoder
from knowledge.questions.limits import MAX_INDEX_LANGUAGES, MAX_QUESTION_CHARACTERS
from knowledge.questions.query import Query, read_query
from knowledge.retrieval.bm25 import total_idf_weight
from knowledge.retrieval.dense import DenseSearch
from knowledge.retrieval.fact_index import FactHint
from knowledge.retrieval.index_speller import IndexSpeller
from knowledge.retrieval.lexical import ScoredPassage, Scoring
from knowledge.retrieval.ranking import NO_HINTS, Compare, rank
from knowledge.text.detection import detect_language
from knowledge.text.spelling import Suggestion, allowed_typos

__all__ = ["Ranking", "Retriever"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A question as the index reads it, and the passages for it, best first.

    ``passages`` is the size of the index. ``reader``: see ``Answer``.
    """

    query: Query
    found: tuple[ScoredPassage, ...]
    passages: int
    reader: ReaderUse | None = None

    @property
    def idf_weight(self) -> float:
        """What the question's words are worth together (idf weights); never 0."""
        return total_idf_weight(self.query, self.passages)


class Retriever:
    """Finds passages. Safe to use from several threads.

    What it keeps of an index (spelling, vectors) is read when it is first needed, and brought up to
    date or read again when the index has changed.
    """

    def __init__(self, encoder: Encoder | None) -> None:
        self._model = None if encoder is None else encoder.model
        self._dense = None if encoder is None else DenseSearch(encoder)
        self._speller = IndexSpeller()

    def nearness(self, word: str, texts: Sequence[str]) -> float:
        """Return the cosine of a word with the nearest of ``texts``; 1 without a model to tell."""
        return 1.0 if self._dense is None else self._dense.nearness(word, texts)

    def rank(
        self,
        question: str,
        reader: IndexReader,
        statistics: IndexStatistics,
        limit: int,
        hints: Mapping[int, FactHint] = NO_HINTS,
    ) -> Ranking:
        """Return the ``limit`` best passages for a question, by words, meaning and curated facts
        (``hints``: see ``knowledge.retrieval.ranking.rank``)."""
        compare: Compare | None = None
        if self._dense is not None and statistics.encoding == self._model:
            text = question[:MAX_QUESTION_CHARACTERS]
            compare = partial(self._dense.similarities, text, reader, statistics)
        query = self._read(question, reader, statistics)
        found = rank(query, reader, statistics, Scoring(), limit, compare, hints)
        return Ranking(query, tuple(found), statistics.passages)

    def search(
        self, words: str, reader: IndexReader, statistics: IndexStatistics, limit: int
    ) -> Ranking:
        """Return the ``limit`` best passages that have any of ``words``."""
        query = self._read(words, reader, statistics)
        found = rank(query, reader, statistics, Scoring(candidates=limit), limit, None)
        return Ranking(query, tuple(found), statistics.passages)

    def prepare(self, reader: IndexReader, statistics: IndexStatistics) -> None:
        """Read what some questions would wait for."""
        self._speller.of(reader, statistics)

    def begin_with(self, other: Retriever) -> None:
        """Have in memory the words that another has, of an earlier version of the index."""
        self._speller.begin_with(other._speller)

    def catch_up(self, reader: IndexReader, statistics: IndexStatistics) -> None:
        """Read what has changed of what is in memory."""
        if self._speller.is_read:
            self.prepare(reader, statistics)

    def _read(self, text: str, reader: IndexReader, statistics: IndexStatistics) -> Query:
        def suggest(word: str) -> tuple[Suggestion, ...]:
            """Correct a word; only one that may have typos has the vocabulary read."""
            speller = self._speller.of(reader, statistics) if allowed_typos(word) else None
            return () if speller is None else speller.suggest(word)

        likely = statistics.languages[:MAX_INDEX_LANGUAGES]
        language = detect_language(text[:MAX_QUESTION_CHARACTERS], likely=likely)
        return read_query(text, language, statistics.languages, reader.term_counts, suggest)
