"""What the admins of each server have set, from memory, so that no question waits for the disk."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import discord

from bot.server_settings import SETTINGS, ServerSettings
from bot.server_settings.kinds import Channels, OneChannel, Role
from bot.services.metrics import Lookups
from bot.services.single_flight import SingleFlight
from bot.services.threads import STATE
from bot.state.servers import ServerSettingsTable

__all__ = ["MAX_REMEMBERED", "MAY_BE_GONE", "ServerSettingsCache", "still_there"]

MAX_REMEMBERED = 1_000
"""Servers whose settings are in memory; those asked for least lately are read again."""

MAY_BE_GONE = tuple(
    name for name, kind in SETTINGS.items() if isinstance(kind, Channels | OneChannel | Role)
)
"""The settings whose values may be deleted in Discord: channels and roles."""

_DEFAULTS = ServerSettings()


def still_there(settings: ServerSettings, server: discord.Guild | None) -> ServerSettings:
    """Return a server's settings without channels and roles that were deleted after the choice.

    All of them where the server is not known, or Discord does not tell of it at the moment.
    """
    if server is None or server.unavailable:
        return settings
    left: dict[str, object] = {}
    for name in MAY_BE_GONE:
        chosen: Any = getattr(settings, name)
        if isinstance(SETTINGS[name], Channels):
            left[name] = frozenset[int](filter(server.get_channel, chosen))
        elif chosen is not None:
            is_channel = isinstance(SETTINGS[name], OneChannel)
            found = server.get_channel(chosen) if is_channel else server.get_role(chosen)
            left[name] = None if found is None else chosen
    return settings.model_copy(update=left)


class ServerSettingsCache:
    """The settings of the servers, read once from ``table`` and changed nowhere but here.

    No server waits for another one: where the state is slow or locked, each waits for its own.
    """

    def __init__(self, table: ServerSettingsTable) -> None:
        self._table = table
        self.lookups = Lookups()
        self._known: OrderedDict[int, ServerSettings] = OrderedDict()
        self._reading: SingleFlight[int, None] = SingleFlight()
        self._changing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def of(self, server: int | None) -> ServerSettings:
        """Return a server's settings; the defaults for ``None``. Raises StateError."""
        if server is None:
            return _DEFAULTS
        self.lookups.note(is_hit=server in self._known)
        while server not in self._known:
            await self._reading.do(server, partial(self._read, server))
        self._known.move_to_end(server)
        return self._known[server]

    def at_hand(self, server: int | None) -> ServerSettings | None:
        """Return a server's settings as far as they are in memory; the defaults for ``None``."""
        return _DEFAULTS if server is None else self._known.get(server)

    async def _read(self, server: int) -> None:
        read = await STATE.run(self._table.of, server)
        self._remember(server, self._known.get(server, read))  # a change came meanwhile

    def _remember(self, server: int, settings: ServerSettings) -> None:
        self._known[server] = settings
        while len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)

    async def renew(self, server: int) -> None:
        """Read again what another process has changed, where it is in memory or on its way there.

        Raises StateError, and then what was known last still holds.
        """
        async with self._changing.setdefault(server, asyncio.Lock()):
            if server in self._known or server in self._reading:
                self._remember(server, await STATE.run(self._table.of, server))

    async def change(self, server: int, **changes: object) -> ServerSettings:
        """Change some of a server's settings, named as the fields. They hold at once.

        Raises StateError, and then nothing has changed.
        """
        async with self._changing.setdefault(server, asyncio.Lock()):
            changed = await STATE.run(self._table.change, server, **changes)
            self._remember(server, changed)
        return changed
