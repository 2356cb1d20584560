"""``KnowledgeBase``: the engine's one door."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Self

from knowledge.answers.answerer import MAX_CITATIONS
from knowledge.answers.answering import cite_search_hit, cite_whole
from knowledge.files.permissions import side_files
from knowledge.index import FactFilter, copy_index, discard_damaged, says_index
from knowledge.live.live_index import LiveIndex
from knowledge.live.opening import make_ready, warm_up
from knowledge.model import (
    Answer,
    Article,
    ArticleSummary,
    Citation,
    Fact,
    FactKind,
    FactOrigin,
    FactPage,
    IndexSize,
    IndexStatus,
    ReindexProgress,
    ReindexReport,
    SearchPage,
    Strictness,
)
from knowledge.model.errors import KnowledgeError
from knowledge.model.trials import GoldenQuestion, SelfTest
from knowledge.neural.encoder import Encoder
from knowledge.neural.reader.protocol import Reader
from knowledge.retrieval.retriever import Ranking

__all__ = ["BUNDLED_ARTICLES", "MAX_FOUND", "READING_SECONDS", "KnowledgeBase"]

BUNDLED_ARTICLES = Path(__file__).parent / "articles"
MAX_FOUND = 100
MAX_RELATED = 4
READING_SECONDS = 0.6
"""How long passages may be read for a question that somebody waits for: on two idle cores a tenth
of it is enough."""


class KnowledgeBase:
    """Articles indexed in one SQLite file, and the questions that they answer.

    Safe to call from any thread; a reindex that runs meanwhile is seen whole or not at all.
    Every method blocks; an event loop calls them through ``asyncio.to_thread``. A context
    manager: closed at its end, and at the latest when nobody holds it any more.
    """

    def __init__(
        self,
        database: Path,
        articles: Sequence[Path],
        encoder: Encoder | None = None,
        reader: Reader | None = None,
        reading_seconds: float | None = None,
        *,
        indexing_processes: int | None = None,
    ) -> None:
        """Use ``KnowledgeBase.open``."""
        self._index = LiveIndex(database, encoder, reader, processes=indexing_processes)
        self._articles = tuple(articles)
        self._reading_seconds = reading_seconds
        self._answerer = self._index.answerer(reading_seconds)
        weakref.finalize(self, self._index.readers.close)

    @classmethod
    def open(
        cls,
        database: Path,
        articles: Sequence[Path] = (BUNDLED_ARTICLES,),
        encoder: Encoder | None = None,
        reader: Reader | None = None,
        *,
        encode: bool = True,
        warm_up: bool = True,
        aside: bool = False,
        reading_seconds: float | None = None,
        indexing_processes: int | None = None,
        progress: Callable[[ReindexProgress], None] | None = None,
        report: Callable[[ReindexReport], None] | None = None,
    ) -> KnowledgeBase:
        """Open ``database``; where there is none, build it from ``articles`` (files, directories).
        One that is damaged is deleted and built again; a file that is no index is left alone.

        With an ``encoder``, vectors that the index lacks are computed first; without ``encode``,
        the next reindex does that, and until then answers go by words. With a ``reader``, the
        first passages are read for the answer; in ``reading_seconds``, if given, or not at all.
        Without ``warm_up``, what only some questions need (all words, all facts) is read into
        memory when the first of them is asked: for who asks once. With ``aside`` it is read in
        another thread, and a question that needs it before waits for it, others do not.
        The words of very many new articles are read by ``indexing_processes``, this one among them,
        by default one a core.
        ``progress`` is called in this thread while something is built; what it raises ends that.
        ``report`` is called with what a build did, and what it could not read.

        Raises IndexUnavailable where the file cannot be used, ArticleError where it had to be
        built and nothing could be read, and ReindexInProgress where it is to be brought up to
        date while another process writes to it.
        """
        base = cls(
            database,
            articles,
            encoder,
            reader,
            reading_seconds,
            indexing_processes=indexing_processes,
        )
        make_ready(
            base._index,
            articles,
            reading_seconds,
            encode=encode,
            warm_up=warm_up,
            aside=aside,
            progress=progress,
            report=report,
        )
        return base

    @classmethod
    def open_to_ask(
        cls,
        database: Path,
        encoder: Encoder | None = None,
        reader: Reader | None = None,
        *,
        aside: bool = False,
        reading_seconds: float | None = None,
    ) -> KnowledgeBase:
        """Open an index that another process of ours makes and keeps, for questions alone: whatever
        becomes of it, it is not written to. What they need is read into memory, and the models are
        loaded; for the rest see ``open``. Raises IndexUnavailable where there is none.
        """
        base = cls(database, (), encoder, reader, reading_seconds)
        try:
            warm_up(base._index, reading_seconds, aside=aside)
        except KnowledgeError:
            base.close()
            raise
        return base

    def open_beside(
        self, database: Path, articles: Sequence[Path], *, fill: bool = False
    ) -> KnowledgeBase:
        """Open another base with this one's models and reader.

        It begins as a copy of this one's index; where ``database`` is there already it is taken as
        it is. ``articles``, files and directories, are what its next reindex reads: until then it
        answers from what was copied, unless that reindex is to ``fill`` it first; where that fails
        nothing is left of the copy. ``database`` lies where nothing but such files may be, so that
        what is no database there is one that was damaged: it makes room for a new copy. Raises
        IndexUnavailable, and what ``reindex`` does.
        """
        is_new = not says_index(database)
        if is_new:
            discard_damaged(database, is_ours=True)
            copy_index(self.database, database)
        base = KnowledgeBase.open(
            database,
            articles,
            self._index.encoder,
            self._index.reader,
            encode=False,
            aside=True,
            reading_seconds=self._reading_seconds,
            indexing_processes=self._index.processes,
        )
        if is_new and fill:
            try:
                base.reindex(force=True)
            except BaseException:
                base.close()
                for path in (database, *side_files(database)):
                    path.unlink(missing_ok=True)
                raise
        return base

    @property
    def database(self) -> Path:
        """The index's file."""
        return self._index.database

    @property
    def sources(self) -> tuple[Path, ...]:
        """The files and directories that a reindex reads where it is given none."""
        return self._articles

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection. Nothing may be asked afterwards."""
        self._index.close()

    def reindex(
        self,
        articles: Sequence[Path] | None = None,
        *,
        rebuild: bool = False,
        force: bool = False,
        progress: Callable[[ReindexProgress], None] | None = None,
    ) -> ReindexReport:
        """Make the database hold exactly ``articles`` (by default those given to ``open``).

        One transaction: questions see the old index until the new one is whole, and where it has
        golden questions, until these were asked of both. Articles that have not changed are
        skipped unless ``rebuild``. ``progress`` is called in this thread after each article and
        golden question; what it raises gives the reindex up: before the new index is whole it
        leaves the old one as it was, afterwards its vectors for the next reindex.

        Raises ReindexWorse where fewer golden questions would be answered rightly than before,
        unless ``force``: nobody has seen the new index then. Raises ReindexInProgress at once while
        another reindex of this object runs, or where another process is writing; ArticleError where
        nothing could be read; IndexUnavailable.
        """
        from knowledge.live.replacing import replace_index  # slow to import

        sources = self._articles if articles is None else articles
        return replace_index(self._index, sources, rebuild=rebuild, force=force, progress=progress)

    def rehearse(
        self,
        articles: Sequence[Path],
        *,
        progress: Callable[[ReindexProgress], None] | None = None,
    ) -> ReindexReport:
        """Return what ``reindex`` would report of ``articles``, golden questions and all.

        The index stays as it is, and nobody sees the other one. ``progress``, and what is raised:
        as with ``reindex``, but for ReindexWorse.
        """
        from knowledge.live.replacing import replace_index  # slow to import

        return replace_index(
            self._index, articles, rebuild=False, force=True, progress=progress, rehearsing=True
        )

    def selftest(self, progress: Callable[[ReindexProgress], None] | None = None) -> SelfTest:
        """Ask the golden questions that are kept with the articles.

        ``progress`` is called in this thread after each; what it raises ends the test.
        """
        from knowledge.evaluation.selftest import try_questions  # slow to import

        return try_questions(self.questions(), self._index.ask_patiently, progress)

    def questions(self) -> tuple[GoldenQuestion, ...]:
        """Return the golden questions that are kept with the articles, by slug."""
        with self._index.readers.snapshot() as (reader, _):
            return reader.questions()

    @property
    def reader_model(self) -> str | None:
        """The name and version of what reads passages, ``None`` where nothing does."""
        reader = self._index.reader
        return None if reader is None else reader.model

    @property
    def seems_lost(self) -> bool:
        """Whether the index was found missing or damaged; the next reindex makes it again."""
        return self._index.readers.seems_lost

    @property
    def lacks_vectors(self) -> bool:
        """Whether there are models, and the index has not had the vectors of any yet.

        Raises IndexUnavailable.
        """
        return self._index.encoder is not None and self.status().embedded is None

    @property
    def reindexing(self) -> bool:
        """Whether a reindex of this object is running."""
        return self._index.replacing.locked()

    def ask(
        self,
        question: str,
        *,
        follows: str | None = None,
        limit: int = MAX_CITATIONS,
        strictness: Strictness = Strictness.BALANCED,
    ) -> Answer:
        """Answer the question in a message. Any text may be given, and gives no exception.

        ``follows``: the message before it in a conversation, with which it is read together where
        it needs that and the answer gains by it. ``limit``: citations at most, from 1.
        ``strictness``: how sure it has to be to be claimed. Where nothing is asked (a greeting,
        thanks, an order to the bot) nothing is cited. Raises IndexUnavailable where the index is
        gone.
        """
        return self._answerer.ask(question, follows, limit, strictness)

    def related(self, answer: Answer, *, limit: int = MAX_RELATED) -> tuple[str, ...]:
        """Return questions that lead on from an answer, the most related first: of those written
        down with the articles, in the language of the one that was asked, none of them that one
        again or answered by its passage. Whether they are answered for sure is for ``ask`` to tell.
        Raises IndexUnavailable where the index is gone.
        """
        return self._index.related.of(answer, limit)

    def rank(self, question: str, *, limit: int = MAX_CITATIONS) -> Ranking:
        """Return the passages for a question with all that an answer is made and judged from.

        For whoever fits models to it; ``ask`` is for everybody else.
        """
        return self._answerer.rank(question, limit)

    def search(self, words: str, *, limit: int = 10, offset: int = 0) -> SearchPage:
        """Return the passages that have any of ``words``, best first, a page at a time.

        At most ``MAX_FOUND`` are found. Raises IndexUnavailable where the index is gone.
        """
        with self._index.readers.snapshot() as (reader, statistics):
            found = self._index.retriever.search(words, reader, statistics, MAX_FOUND).found
        page = found[offset : offset + limit]
        return SearchPage(tuple(cite_search_hit(scored) for scored in page), offset, len(found))

    def articles(self) -> tuple[ArticleSummary, ...]:
        """Return what is indexed, by slug."""
        with self._index.readers.snapshot() as (reader, _):
            return reader.articles()

    def article(self, slug: str) -> Article:
        """Return a whole article. Raises ArticleNotFound."""
        with self._index.readers.snapshot() as (reader, _):
            return reader.article(slug)

    def passage(self, passage: str) -> Citation | None:
        """Return the paragraph that has this stable id, cited whole (score 0, nothing marked).

        ``None`` where no article has it any more: it was changed or removed.
        """
        with self._index.readers.snapshot() as (reader, _):
            found = reader.passage(passage)
        return None if found is None else cite_whole(found)

    def facts(
        self,
        text: str | None = None,
        *,
        kind: FactKind | None = None,
        origin: FactOrigin | None = None,
        article: str | None = None,
        limit: int = 10,
        offset: int = 0,
    ) -> FactPage:
        """Return a page of the facts that ``text`` means, best first; without, in their order.

        Words of French and English find the facts of either; typos are allowed. Of more than
        ``knowledge.retrieval.facts.MAX_FACTS`` facts, text finds the curated and the first.
        """
        wanted = FactFilter(kind=kind, origin=origin, article=article)
        return self._index.facts.find(text, wanted, limit=limit, offset=offset)

    def fact(self, identifier: str) -> Fact | None:
        """Return the fact that has this stable id; ``None`` where no article has it any more."""
        return self._index.facts.fact(identifier)

    def facts_cited(self, citation: Citation) -> tuple[Fact, ...]:
        """Return the facts whose words lie wholly inside a citation's snippet."""
        found = self._index.facts.of_passage(citation.passage)
        return tuple(fact for fact in found if citation.span.contains(fact.span))

    def timeline(
        self, start: date | None = None, end: date | None = None, *, limit: int | None = None
    ) -> tuple[Fact, ...]:
        """Return the dated events that have a day from ``start`` to ``end``, earliest first."""
        return self._index.facts.timeline(start, end, limit)

    def suggest(self, text: str, kind: FactKind | None = None, limit: int = 25) -> tuple[Fact, ...]:
        """Return at most ``limit`` facts for what a member has typed so far, from memory.

        Never raises; while a reindex runs, and until its facts are read, from the older index. Only
        where facts were never read it waits for them.
        """
        return self._index.facts.suggest(text, kind, limit)

    def group_alike(self, questions: Sequence[str]) -> tuple[tuple[int, ...], ...]:
        """Return which questions ask the same, by ``knowledge.evaluation.grouping``."""
        from knowledge.evaluation.grouping import group_alike  # slow to import

        return group_alike(questions, self._index.encoder)

    def status(self) -> IndexStatus:
        """Return what the database holds."""
        with self._index.readers.snapshot() as (reader, _):
            return reader.status()

    def size(self) -> IndexSize:
        """Return how large the index is, part by part. Reads through its whole file."""
        with self._index.readers.snapshot() as (reader, _):
            return reader.size()
