"""Where facts are asked for: lists from the index, words and beginnings of words from memory."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import date

from knowledge.facts.timeline import deduplicated_timeline
from knowledge.index import FactFilter, IndexReader, IndexStatistics, ReaderPool
from knowledge.model import Fact, FactKind, FactPage
from knowledge.model.errors import KnowledgeError
from knowledge.retrieval.fact_index import MAX_FACTS, FactHint, FactIndex
from knowledge.retrieval.ranking import NO_HINTS

__all__ = ["FactSearch"]

_SAYING_THE_SAME = 4
"""Dated facts that are read for each event of a timeline: several may tell of one."""

_log = logging.getLogger(__name__)


class FactSearch:
    """Answers look-ups of facts. Safe to use from several threads."""

    def __init__(self, readers: ReaderPool) -> None:
        self._readers = readers
        self._lock = threading.Lock()
        self._built: tuple[tuple[str, int, int], FactIndex] = (("", -1, -1), FactIndex(()))
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

        Never raises, and waits for nothing: while a newer index is read it tells of the older.
        """
        try:
            self._refresh_aside()
            with self._lock:
                _, index = self._built
            return tuple(index.find(text, kind=kind, is_typing=True)[: max(limit, 0)])
        except Exception:  # noqa: BLE001 - a member who is typing is to see no error
            _log.exception("Facts could not be suggested.")
            return ()

    def refresh(self) -> None:
        """Read the index's facts into memory, where those there are of an older one."""
        with self._readers.snapshot() as (reader, statistics):
            self._index(reader, statistics)

    def hints(
        self, question: str, reader: IndexReader, statistics: IndexStatistics
    ) -> Mapping[int, FactHint]:
        """Return what curated facts say of a question, by the rowids of their paragraphs."""
        if not reader.has_curated_facts():
            return NO_HINTS  # without reading all facts into memory first
        return self._index(reader, statistics).hints(question)

    def _index(self, reader: IndexReader, statistics: IndexStatistics) -> FactIndex:
        with self._lock:
            state, index = self._built
        if state == statistics.facts_state:
            return index
        with self._building:  # once, however many questions wait for it
            with self._lock:
                state, index = self._built
            if state != statistics.facts_state:
                index = FactIndex(reader.indexed_facts(MAX_FACTS), index.read)
                with self._lock:
                    self._built = (statistics.facts_state, index)
        return index

    def _refresh_aside(self) -> None:
        """Have the facts read in another thread where the index is a newer one."""
        try:
            with self._readers.snapshot() as (_, statistics), self._lock:
                if self._built[0] == statistics.facts_state:
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
