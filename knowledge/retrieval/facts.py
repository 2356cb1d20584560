"""Where facts are asked for: lists from the index, words and beginnings of words from memory."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from knowledge.facts.timeline import deduplicated_timeline
from knowledge.index import FactFilter, IndexReader, IndexStatistics, ReaderPool
from knowledge.model import Fact, FactKind, FactPage
from knowledge.model.errors import KnowledgeError
from knowledge.retrieval.fact_index import FactHint, FactIndex
from knowledge.retrieval.fact_postings import FactPostings
from knowledge.retrieval.ranking import NO_HINTS

__all__ = ["MAX_FACTS", "FactSearch"]

MAX_FACTS = 20_000
"""Facts that are looked up by their words: those written by hand, then by article."""

_SAYING_THE_SAME = 4
"""Dated facts that are read for each event of a timeline: several may tell of one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Read:
    """Facts in memory, and the figures of the index that they are of; ``None``: of none yet."""

    statistics: IndexStatistics | None
    index: FactIndex

    def is_of(self, statistics: IndexStatistics) -> bool:
        """Whether they are those of an index."""
        known = self.statistics
        return known is not None and known.facts_state == statistics.facts_state

    def caught_up(self, reader: IndexReader, statistics: IndexStatistics) -> FactPostings | None:
        """Return the facts that reading all anew would give, by reading those of the articles that
        have changed since; ``None`` where these are too many or not known.

        So are they while articles of one of both indexes lack facts: those join it by and by.
        """
        known, facts = self.statistics, self.index.facts
        if known is None or known.lacks_facts or statistics.lacks_facts:
            return None
        if (known.identity, known.facts_joined) != (statistics.identity, statistics.facts_joined):
            return None
        changes = reader.changes(known.index_version, statistics.index_version)
        if changes is None:
            return None
        new = reader.facts_of(changes.articles)
        kept = [one for one in facts.ordered if one.indexed.article not in changes.articles]
        if len(facts.ordered) == MAX_FACTS:  # further ones are not in memory
            last = facts.ordered[-1].order
            new = [one for one in new if one.order <= last]
            new += reader.indexed_facts(max(MAX_FACTS - len(kept) - len(new), 0), last)
        new.sort(key=lambda one: one.order)
        beyond: set[int] = set()
        while len(kept) + len(new) > MAX_FACTS:
            if new and (not kept or new[-1].order > kept[-1].order):
                new.pop()
            else:
                beyond.add(kept.pop().indexed.id)
        gone = [
            at
            for at, one in facts.by_id.items()
            if one.indexed.article in changes.articles or at in beyond
        ]
        return facts.changed(gone, new)


class FactSearch:
    """Answers look-ups of facts. Safe to use from several threads.

    Facts are read into memory when a look-up by words first needs them, or a question to an index
    that has some written by hand; whoever needs them meanwhile waits. Of an index that few articles
    have changed since, only the facts of these are read again.
    """

    def __init__(self, readers: ReaderPool) -> None:
        self._readers = readers
        self._lock = threading.Lock()
        self._read = _Read(None, FactIndex(FactPostings.of(())))
        self._building = threading.Lock()
        self._refreshing = threading.Lock()

    def find(self, text: str | None, wanted: FactFilter, *, limit: int, offset: int) -> FactPage:
        """Return a page of facts: those that ``text`` means, best first, else in their order.

        Raises IndexUnavailable where the index is gone.
        """
        with self._readers.snapshot() as (reader, statistics):
            if text is None or not text.strip():
                facts = reader.facts(wanted, limit=limit, offset=offset)
                return FactPage(facts, offset, reader.count_facts(wanted))
            index = self._index(reader, statistics)
        found = index.find(text, kind=wanted.kind, origin=wanted.origin, article=wanted.article)
        return FactPage(tuple(found[offset : offset + limit]), offset, len(found))

    def fact(self, identifier: str) -> Fact | None:
        """Return the fact of an identifier, ``None`` where no article has it (any more)."""
        with self._readers.snapshot() as (reader, _):
            return reader.fact(identifier)

    def timeline(
        self, start: date | None, end: date | None, limit: int | None = None
    ) -> tuple[Fact, ...]:
        """Return the dates that have a day from ``start`` to ``end``, earliest first, each once.

        At most ``limit`` of them, and then only a few times as many facts are read.
        """
        wanted = FactFilter(start=start, end=end)
        rows = -1 if limit is None else _SAYING_THE_SAME * limit
        with self._readers.snapshot() as (reader, _):
            return deduplicated_timeline(reader.timeline(wanted, limit=rows))[:limit]

    def of_passage(self, passage: str) -> tuple[Fact, ...]:
        """Return the facts of a paragraph, in the order of its text."""
        with self._readers.snapshot() as (reader, _):
            return reader.facts(FactFilter(passage=passage))

    def suggest(self, text: str, kind: FactKind | None, limit: int) -> tuple[Fact, ...]:
        """Return at most ``limit`` facts that ``text`` may become, best first, from memory.

        Never raises. While a newer index is read it tells of the older, and waits for nothing where
        there is one.
        """
        try:
            if self._read.statistics is None:
                with suppress(KnowledgeError):
                    self.refresh()
            else:
                self._refresh_aside()
            with self._lock:
                index = self._read.index
            return tuple(index.find(text, kind=kind, is_typing=True)[: max(limit, 0)])
        except Exception:  # noqa: BLE001 - a member who is typing is to see no error
            _log.exception("Facts could not be suggested.")
            return ()

    def refresh(self) -> None:
        """Read the index's facts into memory, where those there are of an older one."""
        with self._readers.snapshot() as (reader, statistics):
            self._index(reader, statistics)

    def begin_with(self, other: FactSearch) -> None:
        """Have in memory what another has, of an earlier version of the index."""
        self._read = other._read

    def catch_up(self) -> None:
        """Bring the facts in memory up to date, where any were read."""
        if self._read.statistics is not None:
            self.refresh()

    def hints(
        self, question: str, reader: IndexReader, statistics: IndexStatistics
    ) -> Mapping[int, FactHint]:
        """Return what curated facts say of a question, by the rowids of their paragraphs."""
        if not reader.has_curated_facts():
            return NO_HINTS  # without reading all facts into memory first
        return self._index(reader, statistics).hints(question)

    def _index(self, reader: IndexReader, statistics: IndexStatistics) -> FactIndex:
        with self._lock:
            read = self._read
        if read.is_of(statistics):
            return read.index
        with self._building:  # once, however many questions wait for it
            with self._lock:
                read = self._read
            if not read.is_of(statistics):
                facts = read.caught_up(reader, statistics) or FactPostings.of(
                    reader.indexed_facts(MAX_FACTS), read.index.facts.read()
                )
                read = _Read(statistics, FactIndex(facts))
                with self._lock:
                    self._read = read
        return read.index

    def _refresh_aside(self) -> None:
        """Have the facts read in another thread where the index is a newer one."""
        try:
            with self._readers.snapshot() as (_, statistics), self._lock:
                if self._read.is_of(statistics):
                    return
        except KnowledgeError:
            return  # what is in memory still holds
        if self._refreshing.acquire(blocking=False):
            threading.Thread(target=self._refresh_once, daemon=True).start()

    def _refresh_once(self) -> None:
        try:
            self.refresh()
        except KnowledgeError as error:
            _log.warning("The facts could not be read: %s", error)
        finally:
            self._refreshing.release()
