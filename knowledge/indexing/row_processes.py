"""Rows of many new articles, made on several cores: in this process and in others beside it."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Generic, Self, TypeVar

from knowledge.child_process import ChildProcess, Failed, Ready, passed_on
from knowledge.index import ArticleRows
from knowledge.indexing.row_messages import (
    Articles,
    Made,
    PackedRows,
    RowsOpening,
    sendable,
    unpacked,
)
from knowledge.indexing.rows import rows_of
from knowledge.model import Article

__all__ = ["MAX_PROCESSES", "STEPS_BACK", "RowProcesses", "RowsWanted"]

MAX_PROCESSES = 8
"""Processes that make rows at most, this one among them."""

STEPS_BACK = 10
"""How far the others stand back (``nice``) where the index that is written to can be asked
meanwhile."""

_BATCH = 100
"""Paragraphs of articles that are sent together: a twentieth of a second's work."""

_IN_FLIGHT = 4
"""Batches that a process has at most: what it is at, and enough for as long as this one is busy
with a batch of its own."""

_PATIENCE_SECONDS = 60.0
"""How long a batch is waited for, when nothing else is left to do, before it is made here."""

_MODULE = "knowledge.indexing.row_program"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """An article that was read from ``file``, whose rows are wanted without facts of rules."""

    article: Article
    file: Path


_Read = TypeVar("_Read")


@dataclass(slots=True)
class _Batch(Generic[_Read]):
    """What was read one after the other; ``made``: the rows of those that are wanted, as they are
    made here, ``coming``: as they are made elsewhere, by ``maker``."""

    read: list[tuple[_Read, RowsWanted | None]] = field(
        default_factory=list[tuple[_Read, RowsWanted | None]]
    )
    size: int = 0
    made: list[ArticleRows] | None = None
    coming: Future[Sequence[PackedRows]] | None = None
    maker: _RowMaker | None = None

    @property
    def wanted(self) -> list[RowsWanted]:
        return [wanted for _, wanted in self.read if wanted is not None]

    @property
    def is_ready(self) -> bool:
        return self.coming is None or self.coming.done()


class RowProcesses:
    """Makes rows ahead of their being written, in ``count`` processes, of which this is one; by
    default one a core, ``MAX_PROCESSES`` at most.

    The others are started when there is enough for them, and end with the context, and with this
    process, however that ends. One that ends or fails before is done without: what it was at is
    made here. They hold ``_IN_FLIGHT`` batches each, and some more wait here in order.

    ``with_chunks``: see ``rows_of``. ``steps_back``: how far the others stand back.
    """

    def __init__(self, count: int | None = None, *, with_chunks: bool, steps_back: int = 0) -> None:
        self._others = min(count or _cores(), MAX_PROCESSES) - 1
        self._opening = RowsOpening(steps_back, with_chunks)
        self._makers: list[_RowMaker] = []
        self._is_started = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for maker in self._makers:
            maker.end()
        self._makers.clear()

    def made_ahead(
        self, read: Iterable[tuple[_Read, RowsWanted | None, int]]
    ) -> Iterator[tuple[_Read, ArticleRows | None]]:
        """Yield all that is read, in its order, with the rows that are wanted.

        ``read`` tells of each how many paragraphs it has, and is ahead by some batches of them.
        Raises what ``read`` and ``rows_of`` raise.
        """
        if self._others < 1:
            for one, wanted, _ in read:
                yield one, None if wanted is None else self._made(wanted)
            return
        waiting: deque[_Batch[_Read]] = deque()
        batch: _Batch[_Read] = _Batch()
        for one, wanted, paragraphs in read:
            if wanted is None and not batch.read and not waiting:
                yield one, None
                continue
            batch.read.append((one, wanted))
            batch.size += max(1, paragraphs)
            if batch.size >= _BATCH:
                yield from self._in_front(waiting)
                self._begin(batch)
                waiting.append(batch)
                batch = _Batch()
        self._make(batch)
        waiting.append(batch)
        while waiting:
            yield from self._rows(waiting.popleft())

    def _in_front(
        self, waiting: deque[_Batch[_Read]]
    ) -> Iterator[tuple[_Read, ArticleRows | None]]:
        """Yield what is made and has nothing before it that is not; where too much waits, wait."""
        most = 8 + 2 * _IN_FLIGHT * len(self._makers)
        while waiting and (waiting[0].is_ready or len(waiting) >= most):
            yield from self._rows(waiting.popleft())

    def _begin(self, batch: _Batch[_Read]) -> None:
        """Have the rows of a batch made by who has time for it, or make them here."""
        wanted = batch.wanted
        if wanted and not self._is_started:
            self._is_started = True
            self._start()
        for maker in [*self._makers]:
            if maker.gone is not None:
                self._leave(maker, str(maker.gone))
        maker = next((one for one in self._makers if one.has_time), None)
        if wanted and maker is not None:
            batch.maker = maker
            batch.coming = maker.take(tuple(sendable(one.article) for one in wanted))
        else:
            self._make(batch)

    def _start(self) -> None:
        for _ in range(self._others):
            try:
                self._makers.append(_RowMaker(self._opening))
            except OSError as error:
                _warn(str(error))
                return

    def _make(self, batch: _Batch[_Read]) -> None:
        batch.made = [self._made(wanted) for wanted in batch.wanted]

    def _made(self, wanted: RowsWanted) -> ArticleRows:
        with_chunks = self._opening.with_chunks
        return rows_of(wanted.article, wanted.file, with_facts=False, with_chunks=with_chunks)

    def _rows(self, batch: _Batch[_Read]) -> Iterator[tuple[_Read, ArticleRows | None]]:
        if batch.coming is not None:
            self._receive(batch, batch.coming)
        made = iter(batch.made or ())
        for one, wanted in batch.read:
            yield one, None if wanted is None else next(made)

    def _receive(self, batch: _Batch[_Read], coming: Future[Sequence[PackedRows]]) -> None:
        try:
            rows = coming.result(_PATIENCE_SECONDS)
            batch.made = [
                unpacked(wanted.article, wanted.file, own)
                for wanted, own in zip(batch.wanted, rows, strict=True)
            ]
        except (_Gone, TimeoutError, ValueError) as error:
            if batch.maker is not None:
                why = str(error) or f"nothing was heard of it for {_PATIENCE_SECONDS:.0f} s"
                self._leave(batch.maker, why)
            self._make(batch)

    def _leave(self, maker: _RowMaker, why: str) -> None:
        """Have no more rows made by it."""
        if maker in self._makers:
            self._makers.remove(maker)
            maker.end()
            _warn(why)


def _cores() -> int:
    """Return on how many cores this process may run."""
    if hasattr(os, "sched_getaffinity"):  # Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _warn(why: str) -> None:
    _log.warning("A process that helps with indexing is done without: %s", why)


class _Gone(Exception):
    """A process has ended or failed; ``str(error)`` says how."""


class _RowMaker:
    """Another process that makes rows, as this one sees it."""

    def __init__(self, opening: RowsOpening) -> None:
        """Start it. Raises OSError."""
        self._process = ChildProcess(_MODULE, passed_on())
        self._lock = threading.Lock()
        self._taken: deque[Future[Sequence[PackedRows]]] = deque()
        self._gone: _Gone | None = None
        self._is_ready = False
        # In threads, so that whoever has rows made never waits for the pipes, nor these for each
        # other.
        self._to_say: SimpleQueue[object] = SimpleQueue()
        self._to_say.put(opening)
        for work in (self._speak, self._listen):
            threading.Thread(target=work, name="making rows", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def gone(self) -> _Gone | None:
        """Why it takes no articles any more, ``None`` where it does."""
        with self._lock:
            return self._gone

    @property
    def has_time(self) -> bool:
        """Whether it can be given articles that it will come to soon."""
        with self._lock:
            return self._is_ready and self._gone is None and len(self._taken) < _IN_FLIGHT

    def take(self, articles: tuple[Article, ...]) -> Future[Sequence[PackedRows]]:
        """Have their rows made; they come, in order, or else ``_Gone``."""
        coming: Future[Sequence[PackedRows]] = Future()
        with self._lock:
            if self._gone is None:
                self._taken.append(coming)
            else:
                coming.set_exception(self._gone)
        self._to_say.put(Articles(articles))
        return coming

    def end(self) -> None:
        """End it at once."""
        self._process.end()
        self._to_say.put(None)

    def _speak(self) -> None:
        try:
            while (message := self._to_say.get()) is not None:
                self._process.send(message)
        except (OSError, ValueError):
            self._give_up(_Gone("it has ended"))

    def _listen(self) -> None:
        try:
            while (why := self._understood(self._process.receive())) is None:
                pass
        except (EOFError, OSError, ValueError):
            why = "it has ended"
        self._give_up(_Gone(why))

    def _understood(self, message: object) -> str | None:
        """Take what it says; return why it is of no use any more, ``None`` where it is."""
        match message:
            case Ready():
                with self._lock:
                    self._is_ready = True
            case Made(rows):
                with self._lock:
                    coming = self._taken.popleft()
                coming.set_result(rows)
            case Failed(traceback):
                return traceback
            case other:
                return f"it said {other!r}"
        return None

    def _give_up(self, gone: _Gone) -> None:
        with self._lock:
            self._gone = self._gone or gone
            left, self._taken = [*self._taken], deque()
        for coming in left:
            coming.set_exception(self._gone)
