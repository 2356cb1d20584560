"""Which messages quote what: taken down where a server has its answers watched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date

from discord import ui

from bot.services.server_settings import ServerSettingsCache
from bot.services.threads import STATE
from bot.state import StateError
from bot.state.watched import Quoted, WatchedTable
from bot.ui.quotations import quotations

__all__ = ["MAX_WAITING", "WatchedRecorder"]

_log = logging.getLogger(__name__)

MAX_WAITING = 1_000
"""Messages that wait to be taken down; further ones are not watched."""


class WatchedRecorder:
    """Takes down what messages quote, aside: no answer waits for it or fails by it."""

    def __init__(
        self, settings: ServerSettingsCache, table: WatchedTable, today: Callable[[], date]
    ) -> None:
        """``today`` returns the day of what is written down now; it may block and raise
        StateError."""
        self._settings = settings
        self._table = table
        self._today = today
        self._at_work: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()

    def note(
        self, server: int | None, channel: int | None, message: int | None, view: ui.LayoutView
    ) -> None:
        """Take down what a message that was sent with ``view`` quotes, if that can be watched.

        Nothing of a direct message (``server`` is ``None``): its channel is a member's own.
        """
        if server is None or channel is None or message is None:
            return
        quoted = [
            Quoted(one.reference.passage, one.reference.place.article)
            for one in quotations(view)
            if one.reference.place is not None
        ]
        if not quoted:
            return
        if len(self._at_work) >= MAX_WAITING:
            _log.warning("An answer is not watched: too many wait")
            return
        keeping = self._keep(server, channel, message, quoted)
        task = asyncio.create_task(keeping, name="watched")
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def finish(self) -> None:
        """Wait for what is being taken down."""
        await asyncio.gather(*self._at_work)

    async def _keep(self, server: int, channel: int, message: int, quoted: list[Quoted]) -> None:
        try:
            if not (await self._settings.of(server)).watch_answers:
                return
            async with self._writing:
                await STATE.run(
                    lambda: self._table.note(server, channel, message, quoted, self._today())
                )
        except StateError as error:
            _log.warning("An answer is not watched: %s", error)
        except Exception:  # noqa: BLE001 - nobody waits for this task, so that it ends here
            _log.exception("An answer is not watched")
