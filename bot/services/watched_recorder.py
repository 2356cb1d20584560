"""Which messages quote what: taken down where a server has its answers watched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from discord import ui

from bot.services.aside import Aside
from bot.services.server_settings import ServerSettingsCache
from bot.state.watched import Quoted, WatchedTable
from bot.ui.quotations import quotations

__all__ = ["WatchedRecorder"]


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
        self._aside = Aside("watched", "An answer is not watched")

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
        if quoted:
            self._aside.start(partial(self._keep, server, channel, message, quoted))

    async def finish(self) -> None:
        """Wait for what is being taken down."""
        await self._aside.finish()

    async def _keep(self, server: int, channel: int, message: int, quoted: list[Quoted]) -> None:
        if not (await self._settings.of(server)).watch_answers:
            return
        await self._aside.write(
            lambda: self._table.note(server, channel, message, quoted, self._today())
        )
