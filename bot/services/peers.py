"""What other processes change in the state that they share with this one."""

from __future__ import annotations

import asyncio
import logging

from bot.services.index_maintenance import IndexMaintenance
from bot.services.reindexing import ReindexStopped
from bot.services.server_settings import ServerSettingsCache
from bot.services.threads import LISTENING, STATE
from bot.services.told_version import ToldVersion
from bot.state import Matter, State, StateError
from knowledge import KnowledgeError, ReindexInProgress

__all__ = ["SWEEP_SECONDS", "Peers"]

SWEEP_SECONDS = 3.0
"""How often it is looked for what no call told of, or was missed: a change is everywhere within
five seconds."""

_log = logging.getLogger(__name__)


class Peers:
    """Takes up what others change, and tells them of the common articles. For one event loop.

    What cannot be done while the state is away is done when it is back; until then, what was known
    last holds.
    """

    def __init__(
        self,
        state: State,
        settings: ServerSettingsCache,
        indexes: IndexMaintenance,
        told: ToldVersion,
    ) -> None:
        self._state = state
        self._settings = settings
        self._indexes = indexes
        self._told = told
        self._changed_settings: set[int] = set()
        self._changed_articles: set[int | None] = set()
        self._failing: set[int | None] = set()
        self._is_untold = False
        self._is_away = False
        self._is_ending = False
        self._following: asyncio.Task[None] | None = None
        self._indexing: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Follow from now on what is news to ``state.changes``, and tell of common articles."""
        self._indexes.tell_others(self._common_changed)
        self._following = asyncio.create_task(self._follow(), name="peers")

    async def stop(self) -> None:
        """Follow no more, and wait for the end of what is under way.

        Reindexes are to be given up before.
        """
        self._is_ending = True
        self._indexes.tell_others(None)
        self._state.stop_listening()
        tasks = (self._following, self._indexing, self._telling)
        if under_way := [task for task in tasks if task is not None]:
            await asyncio.wait(under_way)

    async def _follow(self) -> None:
        self._is_untold |= await asyncio.to_thread(self._told.is_untold)
        while not self._is_ending:
            try:
                await self._look()
            except Exception:  # noqa: BLE001 - nobody waits for this task, which must go on
                _log.exception("What other processes change was not taken up")
            await LISTENING.run(self._state.listen, SWEEP_SECONDS)

    async def _look(self) -> None:
        """Tell what is untold yet and take up what is new, as far as the state can be used."""
        try:
            await self._tell()
            await self._take_up_news()
        except StateError as error:
            if not self._is_away:
                _log.warning("What other processes change is not seen at the moment: %s", error)
            self._is_away = True
        else:
            if self._is_away:
                _log.info("What other processes change is seen again")
            self._is_away = False

    async def _take_up_news(self) -> None:
        """Raises StateError; what could not be taken up is at the next call."""
        for change in await STATE.run(self._state.changes.news):
            if change.matter is Matter.ARTICLES:
                self._changed_articles.add(change.server)
            elif change.server is not None:
                self._changed_settings.add(change.server)
        if self._changed_articles and (self._indexing is None or self._indexing.done()):
            # Aside: settings hold at once, however long indexes take.
            self._indexing = asyncio.create_task(self._index(), name="indexing for peers")
        failure: StateError | None = None
        for server in tuple(self._changed_settings):
            try:
                await self._settings.renew(server)
                self._changed_settings.discard(server)
            except StateError as error:  # of one server, perhaps: a newer version wrote them
                failure = error
        if failure is not None:
            raise failure

    async def _index(self) -> None:
        """Bring the indexes up to date whose articles have changed, the common one first."""
        for server in sorted(self._changed_articles, key=lambda one: one or 0):
            if self._is_ending:
                return
            self._changed_articles.discard(server)  # one more change meanwhile is one to take up
            try:
                await self._indexes.follow(server)
                if server is None and not self._is_untold:
                    await asyncio.to_thread(self._told.keep, self._told.current())
            except ReindexStopped:
                return
            except (StateError, KnowledgeError, OSError) as error:
                self._changed_articles.add(server)
                if server not in self._failing and not isinstance(error, ReindexInProgress):
                    _log.warning("What another process has changed is not indexed yet: %s", error)
                self._failing.add(server)
            else:
                self._failing.discard(server)

    def _common_changed(self) -> None:
        self._is_untold = True
        self._telling = asyncio.create_task(self._tell_or_later(), name="telling peers")

    async def _tell_or_later(self) -> None:
        try:
            await self._tell()
        except StateError:
            _log.debug("The others are told of the common articles later", exc_info=True)

    async def _tell(self) -> None:
        """Tell the others of changed common articles. Raises StateError, and is then to be called
        again."""
        if not self._is_untold:
            return
        self._is_untold = False
        version = await asyncio.to_thread(self._told.current)
        try:
            await STATE.run(self._state.changes.note_common_articles)
        except StateError:
            self._is_untold = True
            raise
        await asyncio.to_thread(self._told.keep, version)
