"""Turns at reading: short jobs of many questions on all cores, the most promising first."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import count
from os import cpu_count
from typing import Generic, TypeVar

from knowledge.thread_priority import lower_thread_priority

__all__ = ["Job", "Turns"]

_WEIGHT = 0.1  # of the last job in what a unit of work is expected to take
_HOPE = 0.95  # of what a unit took is expected each time that a job was not begun for it

T = TypeVar("T")


class Job(Generic[T]):
    """A call that takes ``size`` units of work; the lower its ``rank``, the sooner it is done."""

    __slots__ = ("rank", "run", "size")

    def __init__(self, rank: int, size: int, run: Callable[[], T]) -> None:
        self.rank, self.size, self.run = rank, size, run


class Turns:
    """Does jobs on as many threads as there are cores. Safe to use from several threads.

    Those of the lowest rank come first, whoever gave them, and of one rank those that came first:
    each question has its first passage read before any has its third. A job that would end after
    its deadline is not begun, so that what is late costs nobody else anything.

    ``seconds``: what a unit of work is expected to take until some was done. ``threads``: how many
    jobs are done at once. ``steps_back``: how far the threads stand back for others (``nice``).
    """

    def __init__(self, seconds: float, threads: int | None = None, *, steps_back: int = 0) -> None:
        self._seconds = seconds
        self._waiting: list[tuple[int, int, Callable[[], None]]] = []
        self._arrivals = count()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(
            threads or cpu_count(), "reading", lower_thread_priority, (steps_back,)
        )

    def do(self, jobs: Sequence[Job[T]], seconds: float | None = None) -> list[T | None]:
        """Return what the jobs give, in order, after ``seconds`` at most: ``None`` for one that
        they are not enough for. What one of them raises is raised."""
        # The monotonic time of the preview is one of its own, and not that of our threads.
        late = None if seconds is None else time.perf_counter() + seconds
        futures = [self._enter(job, late) for job in jobs]
        done, _ = wait(futures, timeout=seconds)
        for future in futures:
            future.cancel()  # nobody waits for it any more
        return [future.result() if future in done else None for future in futures]

    def _enter(self, job: Job[T], late: float | None) -> Future[T | None]:
        future: Future[T | None] = Future()

        def turn() -> None:
            if not future.set_running_or_notify_cancel():
                return
            begun = time.perf_counter()
            if late is not None and begun + job.size * self._seconds > late:
                self._seconds *= _HOPE
                future.set_result(None)
                return
            try:
                found = job.run()
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                future.set_exception(error)
                return
            spent = (time.perf_counter() - begun) / max(job.size, 1)
            self._seconds += _WEIGHT * (spent - self._seconds)
            future.set_result(found)

        with self._lock:
            heapq.heappush(self._waiting, (job.rank, next(self._arrivals), turn))
        self._threads.submit(self._next)
        return future

    def _next(self) -> None:
        with self._lock:
            _, _, turn = heapq.heappop(self._waiting)
        turn()
