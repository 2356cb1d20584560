"""``KnowledgeBase``: the engine's one door."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from knowledge import indexing
from knowledge.analysis import ENGINE_VERSION
from knowledge.answering import NOTHING_FOUND, cite, cite_search_hit, cite_whole, judge
from knowledge.confidence import evidence, load_models
from knowledge.conversation import question_in
from knowledge.detection import detect_language
from knowledge.errors import IndexUnavailable, ReindexInProgress
from knowledge.followups import answer_follow_up
from knowledge.model import (
    Answer,
    Article,
    ArticleSummary,
    Citation,
    IndexStatus,
    ReindexProgress,
    ReindexReport,
    SearchPage,
    Verdict,
)
from knowledge.retrieval.lexical import ScoredPassage, Scoring
from knowledge.retrieval.query import (
    MAX_QUESTION_CHARACTERS,
    Query,
    SimilarTerms,
    read_query,
)
from knowledge.retrieval.ranking import Compare, rank
from knowledge.retrieval.spelling import Speller
from knowledge.semantic.encoder import NO_ENCODERS, Encoder, Encoders
from knowledge.semantic.encoding import encode_index
from knowledge.store import (
    IndexReader,
    IndexStatistics,
    IndexWriter,
    ReaderPool,
    is_migrated,
    open_for_reading,
    open_for_writing,
)

__all__ = [
    "BUNDLED_ARTICLES",
    "MAX_CITATIONS",
    "MAX_FOUND",
    "KnowledgeBase",
]

BUNDLED_ARTICLES = Path(__file__).parent / "articles"
MAX_CITATIONS = 5
MAX_FOUND = 100
_WARM_UP = "Combien de mots нет ?"
"""Asked when a base is opened: it loads what the first question would wait for."""


if TYPE_CHECKING:
    from knowledge.semantic.search import SemanticSearch
    from knowledge.semantic.words import WordMeanings


def _semantic_search(encoders: Encoders) -> SemanticSearch:
    from knowledge.semantic.search import SemanticSearch  # needs numpy, as encoders do

    return SemanticSearch(encoders)


def _word_meanings(encoder: Encoder) -> WordMeanings:
    from knowledge.semantic.words import WordMeanings  # needs numpy, as encoders do

    return WordMeanings(encoder)


class KnowledgeBase:
    """Articles indexed in one SQLite file, and the questions that they answer.

    Safe to call from any thread; a reindex that runs meanwhile is seen whole or not at all.
    Every method blocks; an event loop calls them through ``asyncio.to_thread``. A context
    manager: closed at its end.
    """

    def __init__(
        self, database: Path, articles: Sequence[Path], encoders: Encoders = NO_ENCODERS
    ) -> None:
        """Use ``KnowledgeBase.open``."""
        self._encoders = encoders
        self._semantic = _semantic_search(encoders) if encoders else None
        likeness = encoders.likeness
        self._meanings = None if likeness is None else _word_meanings(likeness)
        self._database = database
        self._articles = tuple(articles)
        self._models = load_models()
        self._readers = ReaderPool(database)
        self._reindex_lock = threading.Lock()
        self._speller_lock = threading.Lock()
        self._speller: tuple[tuple[str, int], Speller] = (("", -1), Speller(()))

    @classmethod
    def open(
        cls,
        database: Path,
        articles: Sequence[Path] = (BUNDLED_ARTICLES,),
        encoders: Encoders = NO_ENCODERS,
        *,
        encode: bool = True,
    ) -> KnowledgeBase:
        """Open ``database``; where there is none, build it from ``articles`` (files, directories).

        With ``encoders``, vectors that the index lacks are computed first; without ``encode``,
        the next reindex does that, and until then answers go by words.

        Raises IndexUnavailable where the file cannot be used, and ArticleError where it had to be
        built and nothing could be read.
        """
        base = cls(database, articles, encoders)
        base._make_usable(encode=encode)
        base.ask(_WARM_UP)
        return base

    def _make_usable(self, *, encode: bool) -> None:
        """Build the index where there is none, migrate it, bring an older engine's up to date.

        An index that is ready is not written to: its file may be read-only.
        """
        model = self._encoders.model
        if self._database.exists() and is_migrated(self._database):
            with self._readers.snapshot() as (_, statistics):
                if statistics.engine_version > ENGINE_VERSION:
                    raise IndexUnavailable(
                        f"The index {self._database} was written by a newer version. Update "
                        "Sourcier, or delete the file and run “sourcier index”."
                    )
                is_ready = statistics.engine_version == ENGINE_VERSION and (
                    statistics.index_version > 0
                    and (not encode or model in (None, statistics.embedded))
                )
            if is_ready:
                return
        writer = open_for_writing(self._database)
        try:
            if writer.index_version() == 0:  # cut short before its first build was whole
                indexing.reindex(writer, self._articles, encoders=self._encoders)
            elif writer.engine_version() != ENGINE_VERSION:
                with closing(open_for_reading(self._database)) as reader:
                    indexing.bring_up_to_date(writer, reader, self._encoders)
            if encode:
                self._encode(writer, None)
        finally:
            writer.close()

    def _encode(
        self, writer: IndexWriter, progress: Callable[[ReindexProgress], None] | None
    ) -> None:
        """Give the index the vectors of this base's models, where it lacks them."""
        if self._encoders and writer.embedded() != self._encoders.model:
            with closing(open_for_reading(self._database)) as reader:
                encode_index(writer, reader, self._encoders, progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection. Nothing may be asked afterwards."""
        self._readers.close()

    def reindex(
        self,
        articles: Sequence[Path] | None = None,
        *,
        rebuild: bool = False,
        progress: Callable[[ReindexProgress], None] | None = None,
    ) -> ReindexReport:
        """Make the database hold exactly ``articles`` (by default those given to ``open``).

        One transaction: questions see the old index until the new one is whole. Articles that
        have not changed are skipped unless ``rebuild``. ``progress`` is called in this thread
        after each article; what it raises gives the reindex up and leaves the index as it was.

        Raises ReindexInProgress at once while another reindex of this object runs, or where
        another process is writing; ArticleError where nothing could be read; IndexUnavailable.
        """
        if not self._reindex_lock.acquire(blocking=False):
            raise ReindexInProgress("A reindex is running already. Wait until it is done.")
        try:
            writer = open_for_writing(self._database)
            try:
                sources = self._articles if articles is None else articles
                report = indexing.reindex(
                    writer, sources, rebuild=rebuild, encoders=self._encoders, progress=progress
                )
                self._encode(writer, progress)
            finally:
                writer.close()
            with self._readers.snapshot() as (reader, statistics):
                self._speller_of(reader, statistics)  # not with the next member's question
            return report
        finally:
            self._reindex_lock.release()

    @property
    def reindexing(self) -> bool:
        """Whether a reindex of this object is running."""
        return self._reindex_lock.locked()

    def ask(
        self, question: str, *, follows: str | None = None, limit: int = MAX_CITATIONS
    ) -> Answer:
        """Answer the question in a message. Any text may be given, and gives no exception.

        ``follows``: the message before it in a conversation, with which it is read together where
        it needs that and the answer gains by it. ``limit``: citations at most, from 1. Where
        nothing is asked (a greeting, thanks, an order to the bot) nothing is cited. Raises
        IndexUnavailable where the index is gone.
        """
        started = time.perf_counter()
        asked = question_in(question)
        with self._readers.snapshot() as (reader, statistics):
            answer = partial(self._answer, reader=reader, statistics=statistics, limit=limit)
            if asked is None:
                language = detect_language(question)
                found = Answer(question, language, Verdict.UNANSWERED, 0.0, (), 0.0)
            elif follows is None:
                found = answer(asked)
            else:
                found = answer_follow_up(asked, follows, answer)
        elapsed_ms = 1000 * (time.perf_counter() - started)
        return replace(found, question=question, elapsed_ms=elapsed_ms)

    def _answer(
        self, question: str, reader: IndexReader, statistics: IndexStatistics, limit: int
    ) -> Answer:
        query, ranked = self._rank(question, reader, statistics, max(limit, 2))
        citations = tuple(cite(query, scored) for scored in ranked[:limit])
        judgement = NOTHING_FOUND
        if citations:
            span = citations[0].span
            judgement = judge(query, ranked, span, statistics.passages, self._models)
        return Answer(
            question=question,
            language=query.language,
            verdict=judgement.verdict,
            confidence=judgement.confidence,
            citations=citations,
            elapsed_ms=0.0,
            evidence=judgement.evidence,
        )

    def evidence(self, question: str) -> tuple[Mapping[str, float], Citation | None]:
        """Return the features that the confidence in an answer is made of, and its first citation.

        Empty and ``None`` where nothing is found.
        """
        with self._readers.snapshot() as (reader, statistics):
            query, ranked = self._rank(question, reader, statistics, 2)
        if not ranked:
            return {}, None
        citation = cite(query, ranked[0])
        return evidence(query, ranked, citation.span, statistics.passages), citation

    def search(self, words: str, *, limit: int = 10, offset: int = 0) -> SearchPage:
        """Return the passages that have any of ``words``, best first, a page at a time.

        At most ``MAX_FOUND`` are found. Raises IndexUnavailable where the index is gone.
        """
        with self._readers.snapshot() as (reader, statistics):
            scoring = Scoring(candidates=MAX_FOUND)
            query = self._read(words, reader, statistics, None)
            ranked = rank(query, reader, statistics, scoring, MAX_FOUND, compare=None)
        page = ranked[offset : offset + limit]
        return SearchPage(tuple(cite_search_hit(scored) for scored in page), offset, len(ranked))

    def articles(self) -> tuple[ArticleSummary, ...]:
        """Return what is indexed, by slug."""
        with self._readers.snapshot() as (reader, _):
            return reader.articles()

    def article(self, slug: str) -> Article:
        """Return a whole article. Raises ArticleNotFound."""
        with self._readers.snapshot() as (reader, _):
            return reader.article(slug)

    def passage(self, passage: str) -> Citation | None:
        """Return the paragraph that has this stable id, cited whole (score 0, nothing marked).

        ``None`` where no article has it any more: it was changed or removed.
        """
        with self._readers.snapshot() as (reader, _):
            found = reader.passage(passage)
        return None if found is None else cite_whole(found)

    def status(self) -> IndexStatus:
        """Return what the database holds."""
        with self._readers.snapshot() as (reader, _):
            return reader.status()

    def _read(
        self,
        text: str,
        reader: IndexReader,
        statistics: IndexStatistics,
        similar_terms: SimilarTerms | None,
    ) -> Query:
        speller = self._speller_of(reader, statistics)
        language = detect_language(text[:MAX_QUESTION_CHARACTERS])
        return read_query(
            text, language, statistics.languages, reader.term_counts, speller, similar_terms
        )

    def _rank(
        self, question: str, reader: IndexReader, statistics: IndexStatistics, limit: int
    ) -> tuple[Query, list[ScoredPassage]]:
        compare: Compare | None = None
        similar_terms: SimilarTerms | None = None
        if statistics.embedded is not None and statistics.embedded == self._encoders.model:
            if self._meanings is not None:
                similar_terms = partial(
                    self._meanings.similar_terms, reader=reader, statistics=statistics
                )
            if self._semantic is not None:
                text = question[:MAX_QUESTION_CHARACTERS]
                compare = partial(self._semantic.similarities, text, reader, statistics)
        query = self._read(question, reader, statistics, similar_terms)
        return query, rank(query, reader, statistics, Scoring(), limit, compare)

    def _speller_of(self, reader: IndexReader, statistics: IndexStatistics) -> Speller:
        with self._speller_lock:
            state, speller = self._speller
            if state != statistics.state:
                speller = Speller(reader.vocabulary())
                self._speller = (statistics.state, speller)
            return speller
