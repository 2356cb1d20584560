"""Messages that are looked at again and marked, at a pace that Discord and readers can bear."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping
from typing import TypeAlias

import aiohttp
import discord
from discord.ext import commands

from bot.features.watching.marks import Changes, marked
from bot.features.watching.overtaken import Versions, stamp_of
from bot.services.registry import Services
from bot.services.threads import STATE, WATCHING
from bot.state import StateError
from bot.state.watched import Watched
from knowledge import KnowledgeError

__all__ = ["MAX_IN_A_CHANNEL", "MAX_QUEUED", "PACE_SECONDS", "MarkingQueue"]

_log = logging.getLogger(__name__)

PACE_SECONDS = 1.0
"""Between two messages of a channel."""

MAX_QUEUED, MAX_IN_A_CHANNEL = 500, 60
"""Messages that are gone through, in all and of one channel, before it is looked again which are
the newest."""

_AT_ONCE = 4
"""Channels of which a message is in work at the same time."""

_MESSAGE_GONE = frozenset({10008, 50005})
_CHANNEL_GONE = frozenset({10003, 50001})
"""Discord's error codes: unknown message, another's message; unknown channel, no access."""

_SERVER_ERROR, _TOO_MANY_REQUESTS = 500, 429

Due: TypeAlias = Mapping[int, tuple[int, tuple[Watched, ...]]]
"""By message its server and what it quotes."""


class _ChannelGone(Exception):
    """Nothing in a channel can be read or changed any more."""


class MarkingQueue:
    """Marks messages, channel by channel the newest first. A message that is no more, or cannot be
    changed, is forgotten."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._free: dict[int, float] = {}
        """By channel when the next message of it may be gone through, by the loop's clock."""
        self._changes = Changes()
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def work_off(self, due: Due) -> bool:
        """Go through the newest messages; return whether all went well, so that others may follow.

        Raises StateError.
        """
        channels: defaultdict[int, list[int]] = defaultdict(list)
        for message in sorted(due, reverse=True)[:MAX_QUEUED]:
            in_channel = channels[due[message][1][0].channel]
            if len(in_channel) < MAX_IN_A_CHANNEL:
                in_channel.append(message)
        async with asyncio.TaskGroup() as group:
            works = [
                group.create_task(self._in_channel(one, messages, due))
                for one, messages in channels.items()
            ]
        return all(work.result() for work in works)

    async def _in_channel(self, channel: int, messages: list[int], due: Due) -> bool:
        went_well = True
        try:
            for message in messages:
                await self._rested(channel)
                server, quoted = due[message]
                if not (await self._services.server_settings.of(server)).watch_answers:
                    break
                async with self._places:
                    went_well &= await self._tried(server, channel, message, quoted)
        except _ChannelGone:
            await STATE.run(self._services.state.watched.forget_channel, channel)
        return went_well

    async def _rested(self, channel: int) -> None:
        """Wait until the last message of a channel is ``PACE_SECONDS`` ago."""
        clock = asyncio.get_running_loop()
        now = clock.time()
        self._free = {one: moment for one, moment in self._free.items() if moment > now}
        wait = self._free.get(channel, now) - now
        if wait > 0:
            await asyncio.sleep(wait)
        self._free[channel] = clock.time() + PACE_SECONDS

    async def _tried(
        self, server: int, channel: int, message: int, quoted: tuple[Watched, ...]
    ) -> bool:
        """Mark a message or forget it; return ``False`` where it has to be tried again later.

        Raises _ChannelGone and StateError.
        """
        try:
            await self._mark(server, channel, message, quoted)
        except discord.HTTPException as error:
            if error.code in _CHANNEL_GONE:
                raise _ChannelGone from error
            if error.status >= _SERVER_ERROR or error.status == _TOO_MANY_REQUESTS:
                _log.warning("An answer was not marked, which is tried again: %s", error)
                return False
            if error.code not in _MESSAGE_GONE:  # such as one in an archived thread
                _log.info("An answer cannot be marked: %s", error)
        except (KnowledgeError, aiohttp.ClientError, OSError) as error:
            _log.warning("An answer was not marked, which is tried again: %s", error)
            return False
        except StateError:
            raise
        except Exception:  # noqa: BLE001 - one message that is not understood costs itself alone
            _log.exception("An answer cannot be marked")
        else:
            return True
        await STATE.run(self._services.state.watched.forget_message, message)
        return True

    async def _mark(
        self, server: int, channel: int, message: int, quoted: tuple[Watched, ...]
    ) -> None:
        knowledge = await self._services.bases.knowledge_for(server)
        if await WATCHING.run(stamp_of, knowledge) is None:
            return
        # Before the message is looked at: if there is a reindex meanwhile, it is due again.
        seen = await WATCHING.run(_seen, Versions(knowledge), quoted)
        place = self._bot.get_partial_messageable(channel, guild_id=server)
        fetched = await place.fetch_message(message)
        made = await WATCHING.run(
            marked, knowledge, fetched, self._services.catalogue, self._changes, seen
        )
        if made.view is not None:
            await fetched.edit(view=made.view, allowed_mentions=discord.AllowedMentions.none())
            _log.info("An answer was marked: the articles have changed what it quotes")
        gone = [one for one in seen if one not in made.quoted]
        await STATE.run(self._services.state.watched.see, message, seen, gone)


def _seen(versions: Versions, quoted: tuple[Watched, ...]) -> dict[str, str | None]:
    return {one.passage: versions.of(one) for one in quoted}
