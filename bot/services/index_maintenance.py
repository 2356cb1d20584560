"""Which index is brought up to date when: at start, on request, and after another has changed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.services.index_changes import IndexChanges
from bot.services.knowledge_bases import KnowledgeBases
from bot.services.metrics import Metrics, ReindexResult
from bot.services.reindexing import Reindex, ReindexStopped
from bot.services.repeating import Repeating
from bot.state import StateError
from knowledge import KnowledgeBase, KnowledgeError, ReindexProgress, ReindexReport, ReindexWorse

__all__ = ["HEAL_SECONDS", "TIDY_SECONDS", "IndexMaintenance"]

HEAL_SECONDS = 30.0
"""How often it is looked whether an index was lost: members are told to come back in a minute."""

TIDY_SECONDS = 6 * 3_600.0
"""How often it is looked whose index has not been used."""

_log = logging.getLogger(__name__)


class IndexMaintenance:
    """Begins reindexes, and ends those that are running before the bot ends."""

    def __init__(self, bases: KnowledgeBases, metrics: Metrics) -> None:
        self._bases = bases
        self._metrics = metrics
        self.changes = IndexChanges()
        self._reindexes: list[Reindex] = []
        self._refreshing: asyncio.Task[None] | None = None
        self._healing = Repeating(HEAL_SECONDS, self._heal)
        self._tidying = Repeating(TIDY_SECONDS, self._tidy)
        self._is_ending = False
        self._tell: Callable[[], None] | None = None

    @property
    def is_ending(self) -> bool:
        """Whether the bot is about to end, so that nothing long may be begun or gone on with."""
        return self._is_ending

    def start(self, *, is_up_to_date: bool) -> None:
        """Bring every index up to date aside; the common one unless it ``is_up_to_date``.

        From then on, an index that turns out to be lost is made again.
        """
        work = self._refresh_all(is_up_to_date=is_up_to_date)
        self._refreshing = asyncio.create_task(work, name="refresh")
        self._healing.start()
        self._tidying.start()

    def tell_others(self, call: Callable[[], None] | None) -> None:
        """Have ``call`` called after each change of the common index that this process was the
        first to make, which must not raise; ``None``: nothing."""
        self._tell = call

    async def stop(self) -> None:
        """Give up the reindexes that are running, and wait for their end."""
        self._is_ending = True
        self._healing.cancel()
        self._tidying.cancel()
        await asyncio.gather(*(reindex.stop() for reindex in self._reindexes))
        if self._refreshing is not None:
            await asyncio.wait({self._refreshing})

    def moment_of(self, base: KnowledgeBase) -> ReindexProgress | None:
        """Return how far a reindex of a base is, ``None`` where none runs, or it has just begun."""
        running = (one for one in self._reindexes if one.is_of(base) and not one.ended)
        return next((one.latest for one in running), None)

    def start_reindex(
        self, knowledge: KnowledgeBase | None = None, *, force: bool = False
    ) -> Reindex:
        """Begin a reindex, by default of the common articles. It ends at the latest with the bot.

        A server's base is to be had from ``KnowledgeBases.write_out``, which puts its articles
        where the reindex reads them. ``force``: see ``KnowledgeBase.reindex``.
        """
        base = knowledge or self._bases.common
        reindex = self._started(base, force=force)
        if base is self._bases.common and self._tell is not None:
            reindex.when_changed(self._tell)
        return reindex

    def _started(self, base: KnowledgeBase, *, force: bool) -> Reindex:
        begun = time.perf_counter()
        reindex = self._begun(Reindex(base, force=force))
        server = self._bases.server_of(base)
        reindex.when_changed(lambda: self.changes.note(server))
        reindex.when_ended(
            lambda ended: self._metrics.reindexed(_result(ended), time.perf_counter() - begun)
        )
        return reindex

    def start_rehearsal(self, knowledge: KnowledgeBase, sources: Sequence[Path]) -> Reindex:
        """Begin to find out what a reindex of ``sources`` would do."""
        return self._begun(Reindex(knowledge, rehearsed=sources))

    def _begun(self, reindex: Reindex) -> Reindex:
        self._reindexes = [one for one in self._reindexes if not one.ended]
        if self._is_ending:
            reindex.give_up()
        self._reindexes.append(reindex)
        return reindex

    def give_up(self) -> None:
        """Let no reindex hold up the end of the program."""
        self._is_ending = True
        for reindex in self._reindexes:
            reindex.give_up()

    async def refresh_servers(self, *, but: int | None = None) -> None:
        """Bring the indexes of servers that keep articles up to date with these and the common.

        One that cannot be is logged, and answers as before. ``but``: one that has been already.
        """
        await asyncio.to_thread(self._bases.discard_strangers)
        for server in self._bases.indexed():
            if self._is_ending:
                return
            if server != but:
                await self._refresh(server)

    async def refresh_others(self, server: int | None) -> None:
        """Bring every other index up to date after that which a server is answered from."""
        if self._bases.has_own(server):
            await self._refresh(None)
        await self.refresh_servers(but=server)

    async def follow(self, server: int | None) -> None:
        """Bring an index up to date with articles that another process has changed, and after the
        common one (``None``) those of servers. The other has judged the change, and told of it.

        Does nothing for servers that are not of this process. Raises StateError, KnowledgeError,
        OSError and ReindexStopped: then the index is as it was.
        """
        if server is not None and not self._bases.is_ours(server):
            return
        had_own = self._bases.has_own(server)
        base = await self._written_out(server)
        if base is not None:
            await self._started(base, force=True).report()
        elif had_own:
            self.changes.note(server)
        if server is None:
            await self.refresh_servers()

    async def _refresh_all(self, *, is_up_to_date: bool) -> None:
        """Bring every index up to date at start, the common one first."""
        if not is_up_to_date:
            await self._refresh(None)
        await self.refresh_servers()

    async def _heal(self) -> None:
        """Make an index again that somebody met with and that was missing or damaged."""
        for server in self._bases.lost():
            if not self._is_ending:
                await self._refresh(server)

    async def _tidy(self) -> None:
        """Delete what nobody uses; where that fails it is tried again later."""
        try:
            await asyncio.to_thread(self._bases.discard_unused)
        except OSError as error:
            _log.warning("Indexes that nobody uses were not deleted: %s", error)

    async def _refresh(self, server: int | None) -> None:
        """Bring an index up to date. What it holds already is served whatever happens."""
        try:
            base = await self._written_out(server)
            if base is not None:
                await self.start_reindex(base).report()
        except ReindexStopped:
            _log.info("The reindex was given up; the index is as it was")
        except (KnowledgeError, StateError) as error:
            _log.warning("The index was not brought up to date: %s", error)
        except Exception:  # noqa: BLE001 - nobody waits for this task, so that it ends here
            _log.exception("The index was not brought up to date")

    async def _written_out(self, server: int | None) -> KnowledgeBase | None:
        """Return the base to be reindexed, whose articles are where the reindex reads them."""
        if server is None:
            return self._bases.common
        return await asyncio.to_thread(self._bases.write_out, server)


def _result(ended: ReindexReport | BaseException) -> ReindexResult:
    """Return how a reindex ended, by what it returned or raised."""
    match ended:
        case ReindexReport():
            is_changed = ended.added or ended.changed or ended.removed
            return ReindexResult.CHANGED if is_changed else ReindexResult.UNCHANGED
        case ReindexWorse():
            return ReindexResult.ROLLED_BACK
        case ReindexStopped() | asyncio.CancelledError():
            return ReindexResult.STOPPED
        case _:
            return ReindexResult.FAILED
