"""The way from a message to its answer: question, ranked passages, quotations, verdict."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from knowledge.answers.answering import NOTHING_FOUND, Judgement, cite, judge
from knowledge.answers.asked_for import missing_thing
from knowledge.answers.nearby import nearby
from knowledge.answers.outline import answer_with_outline
from knowledge.answers.outright import NOTHING_DECIDED, Outright, decide_outright
from knowledge.answers.quoting import quote
from knowledge.answers.several import answer_each
from knowledge.index import IndexReader, IndexStatistics, ReaderPool
from knowledge.model import Answer, Strictness, Verdict
from knowledge.neural.reader import Reader
from knowledge.questions.contrast import Contrast
from knowledge.questions.limits import MAX_INDEX_LANGUAGES
from knowledge.questions.message import questions_in
from knowledge.questions.outline_request import outline_request
from knowledge.retrieval.facts import FactSearch
from knowledge.retrieval.reranking import RERANKED, rerank
from knowledge.retrieval.retriever import Ranking, Retriever
from knowledge.text.detection import detect_language

__all__ = ["MAX_CITATIONS", "Answerer"]

MAX_CITATIONS = 5
_DECIDED_AMONG = 10
"""Passages among which the shape of a text may decide."""

_SURE_OF_WORDS = 0.5
"""The confidence from which the reader is taken to be sure of the words that it marks, if it takes
the passage to answer: rather than not. Of 1,029 amber answers to the written set ``dev``, asked as
a library, what is marked is the answer in 52 of 100 then (without the questions that are near twins
of answered ones, in 74), and in 17 of 100 others. By how much the likeliest stretch leads the next
one told no more."""


class _Stopwatch:
    """Sums up how long something took that is done several times."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Generator[None]:
        started = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - started


class Answerer:
    """Answers questions from an index. Safe to use from several threads.

    With a ``reader``, the first passages are read for the answer; in ``seconds``, if given, or not
    at all.
    """

    def __init__(
        self,
        readers: ReaderPool,
        retriever: Retriever,
        facts: FactSearch,
        reader: Reader | None,
        seconds: float | None,
    ) -> None:
        self._readers = readers
        self._retriever = retriever
        self._facts = facts
        self._reader = reader
        self._seconds = seconds

    def ask(
        self,
        question: str,
        follows: str | None,
        limit: int,
        strictness: Strictness = Strictness.BALANCED,
    ) -> Answer:
        """Answer the questions in a message: see ``knowledge.base.KnowledgeBase.ask``."""
        started = time.perf_counter()
        reading = _Stopwatch()
        asked = questions_in(question)
        with self._readers.snapshot() as (reader, statistics):
            answer = partial(
                self._answer,
                reader=reader,
                statistics=statistics,
                limit=limit,
                strictness=strictness,
                reading=reading,
            )
            found = self._outline(question, follows, limit, reader, statistics)
            if found is None and asked:
                found = answer_each(asked, follows, limit, answer)
            elif found is None:
                found = _nothing_asked(detect_language(question))
        elapsed_ms = 1000 * (time.perf_counter() - started)
        reading_ms = 1000 * reading.seconds
        return replace(found, question=question, elapsed_ms=elapsed_ms, reading_ms=reading_ms)

    def rank(self, question: str, limit: int) -> Ranking:
        """Return the passages for a question with all that an answer is made and judged from."""
        with self._readers.snapshot() as (reader, statistics):
            return self._rank(question, reader, statistics, limit, _Stopwatch())

    def _outline(
        self,
        message: str,
        follows: str | None,
        limit: int,
        reader: IndexReader,
        statistics: IndexStatistics,
    ) -> Answer | None:
        """Return the outline of an article where a message asks for one."""
        request = outline_request(message)
        if request is None:
            return None

        def nearest(words: str) -> str | None:
            found = self._retriever.rank(words, reader, statistics, 1).found
            return found[0].passage.article if found else None

        found = answer_with_outline(request, reader, limit, nearest, follows)
        language = detect_language(message, likely=statistics.languages[:MAX_INDEX_LANGUAGES])
        return None if found is None else replace(found, language=language)

    def _answer(
        self,
        question: str,
        contrast: Contrast | None = None,
        *,
        reader: IndexReader,
        statistics: IndexStatistics,
        limit: int,
        strictness: Strictness,
        reading: _Stopwatch,
    ) -> Answer:
        ranking = self._rank(question, reader, statistics, max(limit, _DECIDED_AMONG), reading)
        ranking, outright = decide_outright(ranking)
        found = ranking.found[:limit]
        quotes = [
            quote(ranking.query, scored, NOTHING_DECIDED if place else outright, contrast)
            for place, scored in enumerate(found)
        ]
        citations = tuple(map(cite, found, quotes))
        judgement = self._judged(ranking, outright, strictness) if citations else NOTHING_FOUND
        is_said = judgement.verdict is not Verdict.UNANSWERED
        return Answer(
            question=question,
            language=ranking.query.language,
            verdict=judgement.verdict,
            confidence=judgement.confidence,
            citations=citations,
            elapsed_ms=0.0,
            evidence=judgement.evidence,
            reader=ranking.reader,
            is_sure_of_words=(
                judgement.confidence >= _SURE_OF_WORDS and quotes[0].is_sure if quotes else False
            ),
            nearby=nearby(ranking) if citations and not is_said else None,
        )

    def _judged(self, ranking: Ranking, outright: Outright, strictness: Strictness) -> Judgement:
        """Judge the first passage; what looks like an answer is asked for the thing itself."""
        if outright.bound is not None:
            return judge(ranking, strictness, outright.bound)
        judgement = judge(ranking, strictness)
        if judgement.verdict is not Verdict.ANSWERED:
            return judgement
        missing = missing_thing(ranking.query, ranking.found, self._retriever.nearness)
        return judgement if missing is None else judge(ranking, strictness, missing)

    def _rank(
        self,
        question: str,
        reader: IndexReader,
        statistics: IndexStatistics,
        limit: int,
        reading: _Stopwatch,
    ) -> Ranking:
        hints = self._facts.hints(question, reader, statistics)
        if self._reader is None:
            return self._retriever.rank(question, reader, statistics, limit, hints)
        ranking = self._retriever.rank(question, reader, statistics, max(limit, RERANKED), hints)
        with reading.running():
            read = rerank(ranking, self._reader, self._seconds)
        return replace(read, found=read.found[:limit])


def _nothing_asked(language: str | None) -> Answer:
    return Answer("", language, Verdict.UNANSWERED, 0.0, (), 0.0, is_question=False)
