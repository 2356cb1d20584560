"""The way from a message to its answer: question, ranked passages, quotations, verdict."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

from knowledge.answers.answering import NOTHING_FOUND, cite, judge
from knowledge.answers.outright import NOTHING_DECIDED, decide_outright
from knowledge.answers.quoting import quote
from knowledge.index import IndexReader, IndexStatistics, ReaderPool
from knowledge.model import Answer, Verdict
from knowledge.neural.reader import Reader
from knowledge.questions.follow_ups import answer_follow_up
from knowledge.questions.message import question_in
from knowledge.retrieval.facts import FactSearch
from knowledge.retrieval.reranking import RERANKED, rerank
from knowledge.retrieval.retriever import Ranking, Retriever
from knowledge.text.detection import detect_language

__all__ = ["Answerer"]


_DECIDED_AMONG = 10
"""Passages among which the shape of a text may decide."""


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

    def ask(self, question: str, follows: str | None, limit: int) -> Answer:
        """Answer the question in a message: see ``knowledge.base.KnowledgeBase.ask``."""
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

    def rank(self, question: str, limit: int) -> Ranking:
        """Return the passages for a question with all that an answer is made and judged from."""
        with self._readers.snapshot() as (reader, statistics):
            return self._rank(question, reader, statistics, limit)

    def _answer(
        self, question: str, reader: IndexReader, statistics: IndexStatistics, limit: int
    ) -> Answer:
        ranking = self._rank(question, reader, statistics, max(limit, _DECIDED_AMONG))
        ranking, outright = decide_outright(ranking)
        citations = tuple(
            cite(scored, quote(ranking.query, scored, NOTHING_DECIDED if place else outright))
            for place, scored in enumerate(ranking.found[:limit])
        )
        bounds = () if outright.bound is None else (outright.bound,)
        judgement = judge(ranking, bounds) if citations else NOTHING_FOUND
        return Answer(
            question=question,
            language=ranking.query.language,
            verdict=judgement.verdict,
            confidence=judgement.confidence,
            citations=citations,
            elapsed_ms=0.0,
            evidence=judgement.evidence,
            reader=ranking.reader,
        )

    def _rank(
        self, question: str, reader: IndexReader, statistics: IndexStatistics, limit: int
    ) -> Ranking:
        hints = self._facts.hints(question, reader, statistics)
        if self._reader is None:
            return self._retriever.rank(question, reader, statistics, limit, hints)
        ranking = self._retriever.rank(question, reader, statistics, max(limit, RERANKED), hints)
        read = rerank(ranking, self._reader, self._seconds)
        return replace(read, found=read.found[:limit])
