"""A reindex in a thread of its own, watched from the event loop."""

from __future__ import annotations

import asyncio
import logging
import time
import weakref
from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial
from pathlib import Path

from bot.services.threads import UPKEEP
from knowledge import KnowledgeBase, NoteKind, ReindexProgress, ReindexReport, ReindexWorse

__all__ = ["Reindex", "ReindexStopped", "log_report"]

_log = logging.getLogger(__name__)

_CALL_SECONDS = 0.1


def log_report(report: ReindexReport) -> None:
    """Write to the log what a reindex did, what it could not read and what it left out."""
    _log.info(
        "Index version %d in %.0f ms: %d articles added, %d changed, %d removed, %d kept",
        report.index_version,
        report.elapsed_ms,
        len(report.added),
        len(report.changed),
        len(report.removed),
        len(report.kept),
    )
    for problem in report.problems:
        _log.warning("Not indexed: %s", problem)
    for note in report.notes:
        is_loss = note.kind in (NoteKind.ORPHAN, NoteKind.STALE)
        _log.log(logging.WARNING if is_loss else logging.DEBUG, "Left out: %s", note)


class ReindexStopped(Exception):
    """The bot is ending: the reindex was given up and the index is as it was."""


class Reindex:
    """One run of ``KnowledgeBase.reindex``; the old index answers questions meanwhile.

    Must be made in the event loop, where it begins at once. With ``rehearsed`` sources it is a run
    of ``KnowledgeBase.rehearse``.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        *,
        force: bool = False,
        rehearsed: Sequence[Path] | None = None,
    ) -> None:
        self._base = weakref.ref(knowledge)  # kept open by nothing that has ended
        self._loop = asyncio.get_running_loop()
        self._latest: ReindexProgress | None = None
        self._moved = asyncio.Event()
        self._next_call = 0.0
        self._stopped = False
        work = (
            self._run(knowledge, force=force)
            if rehearsed is None
            else UPKEEP.run(partial(knowledge.rehearse, rehearsed, progress=self._progressed))
        )
        self._task = asyncio.create_task(work, name="reindex")
        self._task.add_done_callback(lambda _: self._moved.set())

    async def _run(self, knowledge: KnowledgeBase, *, force: bool) -> ReindexReport:
        reindex = partial(knowledge.reindex, force=force, progress=self._progressed)
        try:
            report = await UPKEEP.run(reindex)
        except ReindexWorse as worse:
            before, after = worse.comparison.before.hits, worse.comparison.after.hits
            _log.warning("Rolled back: golden questions answered rightly %d -> %d", before, after)
            raise
        log_report(report)
        return report

    def _progressed(self, progress: ReindexProgress) -> None:
        # In the reindex's thread. Its transaction is rolled back by what is raised here.
        if self._stopped:
            raise ReindexStopped
        self._latest = progress
        # A corpus may have a million articles: the event loop is not called for each.
        if (now := time.monotonic()) >= self._next_call:
            self._next_call = now + _CALL_SECONDS
            self._loop.call_soon_threadsafe(self._moved.set)

    @property
    def ended(self) -> bool:
        """Whether the reindex has been done, has failed, or was given up."""
        return self._task.done()

    def is_of(self, knowledge: KnowledgeBase) -> bool:
        """Whether it is one of this base."""
        return self._base() is knowledge

    @property
    def latest(self) -> ReindexProgress | None:
        """How far it is, ``None`` before that can be told."""
        return self._latest

    def when_changed(self, call: Callable[[], None]) -> None:
        """Have ``call`` called in the event loop once the index has been changed, if it is."""

        def ended(how: ReindexReport | BaseException) -> None:
            if isinstance(how, ReindexReport) and (how.added or how.changed or how.removed):
                call()

        self.when_ended(ended)

    def when_ended(self, call: Callable[[ReindexReport | BaseException], None]) -> None:
        """Have ``call`` called in the event loop at the end, with what was done or was raised."""

        def ended(task: asyncio.Task[ReindexReport]) -> None:
            error = asyncio.CancelledError() if task.cancelled() else task.exception()
            call(task.result() if error is None else error)

        self._task.add_done_callback(ended)

    async def progress(self) -> AsyncGenerator[ReindexProgress]:
        """Yield how far it is from time to time, until it has ended."""
        while True:
            await self._moved.wait()
            self._moved.clear()
            if self.ended:
                return
            if self._latest is not None:
                yield self._latest

    async def report(self) -> ReindexReport:
        """Return what was done, once it is. Raises what the reindex raised."""
        return await asyncio.shield(self._task)

    def give_up(self) -> None:
        """End as soon as may be; ``report`` then raises ReindexStopped."""
        self._stopped = True

    async def stop(self) -> None:
        """Give up and wait for the thread, so that nothing writes after the bot has ended."""
        self.give_up()
        await asyncio.wait({self._task})
