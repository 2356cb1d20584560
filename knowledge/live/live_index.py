"""An index with what answers from it."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from knowledge.answers.answerer import MAX_CITATIONS, Answerer
from knowledge.answers.related import RelatedQuestions
from knowledge.index import IndexMark, IndexWriter, OneReader, ReaderPool, open_for_reading
from knowledge.model import Answer, ReindexProgress
from knowledge.model.errors import KnowledgeError
from knowledge.neural.encoder import Encoder
from knowledge.neural.reader import Reader
from knowledge.retrieval.facts import FactSearch
from knowledge.retrieval.retriever import Retriever

__all__ = ["LiveIndex"]

_log = logging.getLogger(__name__)

_MANY_PASSAGES = 20_000
"""From so many on, what is in memory of an index makes a full garbage collection long."""


class LiveIndex:
    """One index, the models, if any, and what of the index is in memory.

    Safe to use from several threads. ``readers``: where it is read, if not from the file as it was
    last committed. ``processes``: see ``knowledge.indexing.reindexing.reindex``.
    """

    def __init__(
        self,
        database: Path,
        encoder: Encoder | None,
        reader: Reader | None,
        readers: ReaderPool | None = None,
        processes: int | None = None,
    ) -> None:
        self.database = database
        self.processes = processes
        self.encoder = encoder
        self.reader = reader
        self.readers = ReaderPool(database) if readers is None else readers
        self.retriever = Retriever(encoder)
        self.facts = FactSearch(self.readers)
        self.related = RelatedQuestions(self.readers)
        self.replacing = threading.Lock()
        """Held while it is replaced."""
        self.left_as: IndexMark | None = None
        """How the last reindex of this object left the file, which was whole then."""
        self._warming: threading.Thread | None = None

    def warm_up(self) -> None:
        """Read into memory what some questions need, and would wait for. Raises
        IndexUnavailable."""
        with self.readers.snapshot() as (reader, statistics):
            self.retriever.prepare(reader, statistics)
        self.facts.refresh()
        if statistics.passages >= _MANY_PASSAGES:
            _leave_to_counting()

    def warm_up_aside(self) -> None:
        """Do so in another thread; a question that needs it meanwhile waits for that alone."""
        self._warming = threading.Thread(target=self._warm_up_or_tell, name="warm-up", daemon=True)
        self._warming.start()

    def _warm_up_or_tell(self) -> None:
        try:
            self.warm_up()
        except KnowledgeError as error:  # the question that needs it meets with it, too
            _log.warning("The index could not be read into memory: %s", error)

    def close(self) -> None:
        """Close every connection, when what reads the index aside has ended."""
        if self._warming is not None:
            self._warming.join()
        self.readers.close()

    def catch_up(self) -> None:
        """Bring what is in memory up to date; what no question has needed yet is not read. Raises
        IndexUnavailable."""
        with self.readers.snapshot() as (reader, statistics):
            self.retriever.catch_up(reader, statistics)
        self.facts.catch_up()

    def answerer(self, seconds: float | None) -> Answerer:
        """Return what answers with this much time for reading a question's passages; ``None``: all
        that it takes."""
        return Answerer(self.readers, self.retriever, self.facts, self.reader, seconds)

    def ask_patiently(self, question: str) -> Answer:
        """Answer with all the time that reading takes: where answers are compared, how busy the
        machine is must not decide."""
        return self.answerer(None).ask(question, None, MAX_CITATIONS)

    def uncommitted(self, writer: IndexWriter) -> LiveIndex:
        """Return the same of what ``writer`` has not committed, for its thread.

        It begins with what this one has in memory. Nothing of it comes into the memory of this one:
        if it is rolled back, its version will be another's.
        """
        readers = OneReader(self.database, writer.reading())
        other = LiveIndex(self.database, self.encoder, self.reader, readers)
        other.retriever.begin_with(self.retriever)
        other.facts.begin_with(self.facts)
        return other

    def bring_up_to_date(
        self, writer: IndexWriter, progress: Callable[[ReindexProgress], None] | None
    ) -> None:
        """Analyse again what an older engine indexed, from the text that the index holds."""
        from knowledge.indexing.reindexing import bring_up_to_date  # slow to import

        with closing(open_for_reading(self.database)) as reader:
            bring_up_to_date(writer, reader, self.encoder, progress, processes=self.processes)

    def encode(
        self, writer: IndexWriter, progress: Callable[[ReindexProgress], None] | None
    ) -> None:
        """Give the index the vectors of the encoder, where it lacks them."""
        from knowledge.indexing.vectors import encode_index  # slow to import

        encoder = self.encoder
        if encoder is not None and writer.embedded() != encoder.model:
            with closing(open_for_reading(self.database)) as reader:
                encode_index(writer, reader, encoder, progress)


def _leave_to_counting() -> None:
    """Have what is in memory now looked at no more by the collector of cycles, which stopped one
    question in some dozens for a fifth of a second to look through millions of words and facts.

    They have no cycles: what counts references frees them. What has, and is not in use any more,
    is collected first, also where it was left alone before.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
