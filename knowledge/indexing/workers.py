"""Work on articles in several processes of our own, in order, while this one reads and writes.

Each is a program (``knowledge.indexing.worker``) that is asked through its standard input: nothing
of the process that begins it is run again, on any system, and it ends with that process.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from knowledge.corpus.conversion.apart import own_environment

__all__ = ["INLINE", "MAX_WORKERS", "in_order"]

INLINE = 2_000
"""Paragraphs that are worked on in this process before others are begun: some seconds' work."""

MAX_WORKERS = 4
"""One that writes has enough to do with these; each takes some 100 MB."""

_BATCH = 100
"""Paragraphs that are handed over together."""

_AHEAD = 3
"""Batches a process that are read before they can be written: what bounds the memory."""

_Item = TypeVar("_Item")
_Job = TypeVar("_Job")
_Made = TypeVar("_Made")


def in_order(
    items: Iterable[_Item],
    job_of: Callable[[_Item], _Job | None],
    size_of: Callable[[_Job], int],
    work: Callable[[_Job], _Made],
) -> Generator[tuple[_Item, _Made | None]]:
    """Yield items in order with what ``work`` makes of their jobs, ``None`` where they have none.

    ``size_of``: the paragraphs of a job. Beyond the first ``INLINE``, work is done in as many other
    processes as there are cores, and items are read ahead. ``work`` is a function of a module; jobs
    and what is made of them can be pickled. To be closed, by which the processes end.
    """
    reading = ((item, job_of(item)) for item in items)
    done = 0
    for item, job in reading:
        yield item, None if job is None else work(job)
        done += 0 if job is None else size_of(job)
        if done >= INLINE:
            break
    else:
        return
    count = min(os.cpu_count() or 1, MAX_WORKERS)
    with _Workers(count) as workers:
        waiting: deque[tuple[list[tuple[_Item, _Job | None]], Future[list[_Made]]]] = deque()
        for batch in _batches(reading, size_of):
            jobs = [job for _, job in batch if job is not None]
            waiting.append((batch, workers.submit(work, jobs)))
            if len(waiting) > _AHEAD * count:
                yield from _done(*waiting.popleft())
        for last in waiting:
            yield from _done(*last)


def _batches(
    reading: Iterable[tuple[_Item, _Job | None]], size_of: Callable[[_Job], int]
) -> Iterator[list[tuple[_Item, _Job | None]]]:
    batch: list[tuple[_Item, _Job | None]] = []
    size = 0
    for item, job in reading:
        batch.append((item, job))
        size += 0 if job is None else size_of(job)
        if size >= _BATCH or len(batch) >= 10 * _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _done(
    batch: Iterable[tuple[_Item, _Job | None]], future: Future[list[_Made]]
) -> Iterator[tuple[_Item, _Made | None]]:
    made = iter(future.result())
    for item, job in batch:
        yield item, None if job is None else next(made)


class _Workers:
    """Processes that work, each begun when it is first needed. They end with the context."""

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="working")
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._all = [_Worker() for _ in range(count)]
        for worker in self._all:
            self._idle.put(worker)

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._all:
            worker.end()
        self._threads.shutdown()
        for worker in self._all:
            worker.end()  # one that was just being begun

    def submit(self, work: Callable[[_Job], _Made], jobs: Sequence[_Job]) -> Future[list[_Made]]:
        return self._threads.submit(self._work, work, jobs)

    def _work(self, work: Callable[[_Job], _Made], jobs: Sequence[_Job]) -> list[_Made]:
        worker = self._idle.get()
        try:
            return worker.ask(work, jobs)
        finally:
            self._idle.put(worker)


class _Worker:
    """One process. Where it cannot be begun or has ended, the work is done in this one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._has_failed = False

    def ask(self, work: Callable[[_Job], _Made], jobs: Sequence[_Job]) -> list[_Made]:
        if not jobs:
            return []
        if not self._has_failed:
            try:
                return cast("list[_Made]", self._asked((work, jobs)))
            except (OSError, EOFError, pickle.UnpicklingError, ValueError):
                self._has_failed = True
        return [work(job) for job in jobs]

    def _asked(self, question: object) -> Any:  # noqa: ANN401 - as it was made
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "knowledge.indexing.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=own_environment(),
            )
        given, said = self._process.stdin, self._process.stdout
        assert given is not None  # noqa: S101 - both are pipes
        assert said is not None  # noqa: S101
        pickle.dump(question, given, pickle.HIGHEST_PROTOCOL)
        given.flush()
        return pickle.load(said)  # noqa: S301 - our own program wrote it

    def end(self) -> None:
        self._has_failed = True
        process = self._process
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what was not taken any more
                        pipe.close()
