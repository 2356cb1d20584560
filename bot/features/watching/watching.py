"""Marks the bot's own messages when the articles change what they quote.

What is due is told by the table of what messages quote and by the index alone, so that a change is
noticed whoever made it, and a restart loses nothing. No answer waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import date

from discord.ext import commands

from bot.features.watching.marking import MarkingQueue
from bot.features.watching.overtaken import overtaken, stamp_of
from bot.features.watching.phrases import PHRASES
from bot.interactions.feature import Feature
from bot.services.registry import Services
from bot.services.repeating import Repeating
from bot.services.threads import STATE, WATCHING
from bot.state import StateError
from bot.state.watched import Watched
from knowledge import KnowledgeError

__all__ = ["LOOK_SECONDS", "Watching"]

_log = logging.getLogger(__name__)

LOOK_SECONDS = 600.0
"""How often it is looked for changes that no reindex of the bot's own has told of."""


class Watching(Feature):
    """Keeps watch over what was quoted."""

    phrases = PHRASES

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        super().__init__(bot, services)
        self._queue = MarkingQueue(bot, services)
        self._looked: dict[int, tuple[str, int]] = {}
        """By server the index and the latest message, where nothing was found to be due."""
        self._repeating = Repeating(LOOK_SECONDS, self._begin)
        self._work: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Begin to keep watch, over what has changed since the last run, too."""
        self.services.indexes.changes.tell(self._go_on)
        self._repeating.start()

    async def cog_unload(self) -> None:
        """Stop. What is due is found again at the next start."""
        self.services.indexes.changes.tell(None)
        self._repeating.cancel()
        if self._work is not None:
            self._work.cancel()

    async def _begin(self) -> None:
        self._go_on()

    def _go_on(self) -> None:
        """Have it looked what is due, unless that is being done."""
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._watch(), name="watching")

    async def _watch(self) -> None:
        """Look and mark until nothing is due that can be done now."""
        await self.bot.wait_until_ready()
        goes_on = True
        while goes_on:
            try:
                goes_on = await self._look()
            except* StateError as errors:
                goes_on = False
                _log.warning("Answers are not watched at the moment: %s", errors.exceptions[0])
            except* Exception:  # noqa: BLE001 - nobody waits for this task, so that it ends here
                goes_on = False
                _log.exception("Answers are not watched at the moment")
            goes_on = goes_on or bool(self.services.indexes.changes)

    async def _look(self) -> bool:
        """Mark what is due, the newest first, as much as the queue takes; return whether to look
        again at once. Raises StateError."""
        changed = self.services.indexes.changes.take()
        today = await STATE.run(self.services.state.today)
        due: dict[int, tuple[int, tuple[Watched, ...]]] = {}
        latest = await STATE.run(self.services.state.watched.latest, today)
        for server, newest in latest.items():
            try:
                found = await self._due_on(server, newest, today, is_changed=server in changed)
            except KnowledgeError as error:
                self._looked.pop(server, None)
                _log.warning("The answers of a server are not watched at the moment: %s", error)
                continue
            due |= {message: (server, quoted) for message, quoted in found.items()}
        return await self._queue.work_off(due) if due else False

    async def _due_on(
        self, server: int, newest: int, today: date, *, is_changed: bool
    ) -> dict[int, tuple[Watched, ...]]:
        """Return the messages of a server that have to be looked at, each with what it quotes."""
        bases, looked = self.services.bases, self._looked.get(server)
        settings = await self.services.server_settings.of(server)
        if not settings.watch_answers or self.bot.get_guild(server) is None:
            self._looked.pop(server, None)
            return {}
        is_closed = bases.has_own(server) and bases.at_hand(server) is None
        if is_closed and not is_changed and looked is not None and looked[1] == newest:
            return {}  # it has not been changed, and opening it would close another's
        knowledge = await bases.knowledge_for(server)
        stamp = await WATCHING.run(stamp_of, knowledge)
        if stamp is None or looked == (stamp, newest):
            return {}
        watched = await STATE.run(self.services.state.watched.of, server, today)
        due = await WATCHING.run(overtaken, knowledge, watched)
        if not due:
            self._looked[server] = (stamp, newest)
        return due
