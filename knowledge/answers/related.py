"""Questions that lead on from an answer: those that somebody has written down with the articles.

Golden questions, headings that ask, and other wordings of curated facts that are questions. They
are read into memory once an index version, so that finding some takes a millisecond or two. That
may take a second: meanwhile there are none, and nobody waits.
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from knowledge.index import FactFilter, IndexReader, ReaderPool
from knowledge.model import Answer, Citation, FactOrigin
from knowledge.model.articles import QUESTION_MARKS
from knowledge.questions.content_words import content_words
from knowledge.text.detection import detect_language
from knowledge.text.tokens import stems, tokenize

__all__ = ["MAX_KNOWN", "RelatedQuestions"]

MAX_KNOWN = 2_000
"""Questions that are read of each sort: golden ones, headings, wordings of facts."""

_ALIKE = 0.75
"""The share of their words that two questions have in common from which they ask the same: “of
wheat” and “of corn” are two questions, however long the rest is."""

_SAME_SECTION = 0.5
_LEAST = 0.4
"""What standing in the same section counts, and how much a question must have in all: that, or two
fifths of its words in common with what was asked."""


@dataclass(frozen=True)
class _Known:
    """A question that is written down, and the passages that answer it, in a section."""

    question: str
    language: str | None
    article: str
    section: str | None
    passages: frozenset[str]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its content words, stemmed."""
        return _words(self.question, self.language)


@dataclass(frozen=True)
class _Pool:
    """What is known of an index, and how many of the questions have each word."""

    state: tuple[str, int]
    known: tuple[_Known, ...]
    counts: Counter[str]

    def worth(self, words: Iterable[str]) -> float:
        """Return what words are worth together: the fewer questions have one, the more."""
        total = len(self.known)
        return sum(math.log(1 + total / (1 + self.counts[word])) for word in words)


_NOTHING = _Pool(("", -1), (), Counter())


class RelatedQuestions:
    """Finds them. Safe to use from several threads."""

    def __init__(self, readers: ReaderPool) -> None:
        self._readers = readers
        self._lock = threading.Lock()
        self._pool = _NOTHING

    def of(self, answer: Answer, limit: int) -> tuple[str, ...]:
        """Return questions in the language of one that was answered, the most related first.

        Each is of the same section as the first citation or has words of what was asked; none is
        what was asked, is answered by the same passage, or asks the same as another of them.
        Raises IndexUnavailable where the index is gone.
        """
        if not answer.citations:
            return ()
        pool, cited = self._pool_of_today(), answer.citations[0]
        asked = _words(answer.question, answer.language)
        related = [
            (nearness, at)
            for at, one in enumerate(pool.known)
            if _is_wanted(one, answer, cited)
            and (nearness := _nearness(pool, one, asked, cited)) >= _LEAST
        ]
        related.sort(key=lambda pair: (-pair[0], pair[1]))
        return tuple(_distinct([pool.known[at] for _, at in related], asked, limit))

    def _pool_of_today(self) -> _Pool:
        """Return what is known of the index as it is; nothing while another thread reads that."""
        with self._readers.snapshot() as (reader, statistics):
            pool = self._pool
            if pool.state == statistics.state:
                return pool
            if not self._lock.acquire(blocking=False):
                return _NOTHING
            try:
                known = tuple(_read(reader))
                counts = Counter(word for one in known for word in set(one.words))
                self._pool = pool = _Pool(statistics.state, known, counts)
                return pool
            finally:
                self._lock.release()


def _is_wanted(one: _Known, answer: Answer, cited: Citation) -> bool:
    return cited.passage not in one.passages and answer.language in (None, one.language)


def _nearness(pool: _Pool, one: _Known, asked: Sequence[str], cited: Citation) -> float:
    shared = pool.worth(set(one.words) & set(asked)) / (pool.worth(set(one.words)) or 1.0)
    is_beside = (one.article, _place(one.section)) == (cited.article, _place(cited.section))
    return shared + _SAME_SECTION * is_beside


def _place(section: str | None) -> str | None:
    """Return the path of a section; of one that a question heads, of what that stands in, so that
    the questions of a list stand together."""
    if section is None or not _asks(section):
        return section
    return section.rpartition(" › ")[0] or None


def _distinct(related: Iterable[_Known], asked: Sequence[str], limit: int) -> Iterator[str]:
    """Yield the first questions that neither ask what was asked nor the same as one before."""
    taken = [set(asked)]
    passages: set[str] = set()
    for one in related:
        words = set(one.words)
        if one.passages & passages or any(_is_alike(words, other) for other in taken):
            continue
        taken.append(words)
        passages |= one.passages
        yield one.question
        if len(taken) > limit:
            return


def _words(text: str, language: str | None) -> tuple[str, ...]:
    found = content_words(list(tokenize(text)))
    return tuple(stems(token, language or "")[0] for token in found)


def _is_alike(one: set[str], other: set[str]) -> bool:
    every = one | other
    return not every or len(one & other) >= _ALIKE * len(every)


def _read(reader: IndexReader) -> Iterator[_Known]:
    yield from _golden(reader)
    for one in reader.asking_headings(MAX_KNOWN):
        passages = frozenset([one.passage])
        yield _Known(one.question, one.language, one.article, one.section, passages)
    yield from _wordings(reader)


def _golden(reader: IndexReader) -> Iterator[_Known]:
    asking = [one for one in reader.questions()[:MAX_KNOWN] if one.gold and _asks(one.question)]
    for slug, questions in groupby(asking, key=attrgetter("article")):
        article = reader.article(slug)
        paragraphs = [(paragraph, _plain(paragraph.text)) for paragraph in article.paragraphs]
        for one in questions:
            golds = list(map(_plain, one.gold))
            answering = [
                paragraph for paragraph, text in paragraphs if any(gold in text for gold in golds)
            ]
            if answering:
                language = one.language or detect_language(one.question)
                section = article.section_of(answering[0])
                passages = frozenset(paragraph.id for paragraph in answering)
                yield _Known(one.question, language, one.article, section, passages)


def _wordings(reader: IndexReader) -> Iterator[_Known]:
    """Yield the wordings of curated facts that are questions."""
    for fact in reader.facts(FactFilter(origin=FactOrigin.CURATED), limit=MAX_KNOWN):
        asking = [text for text in (*fact.statements.values(), *fact.aliases) if _asks(text)]
        found = reader.passage(fact.passage) if asking else None
        for text in dict.fromkeys(asking if found is not None else ()):
            section = None if found is None else found.section
            passages = frozenset([fact.passage])
            yield _Known(text, detect_language(text), fact.article, section, passages)


def _asks(text: str) -> bool:
    return text.endswith(QUESTION_MARKS)


def _plain(text: str) -> str:
    """Return text with its white space alike: articles have no-break spaces."""
    return " ".join(text.split())
