"""How fast members may ask: by member, and by channel for all of them together.

It is counted by a clock of the process that nobody can set, so that neither a machine whose clock
is put right nor a Discord whose clock is another one keeps anybody waiting.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from discord import app_commands
from discord.app_commands import Cooldown
from discord.ext import commands

__all__ = [
    "PEOPLE_PER_CHANNEL",
    "PEOPLE_PER_MEMBER",
    "PER_CHANNEL",
    "PER_MEMBER",
    "RateLimiter",
    "TooFast",
]

PER_MEMBER = (10, 30.0)
PER_CHANNEL = (600, 30.0)
"""Questions and commands in so many seconds. A whole server that asks at once is no flood."""

PEOPLE_PER_MEMBER = (3, 600.0)
PEOPLE_PER_CHANNEL = (30, 600.0)
"""Questions to a person, who has to read each, in so many seconds."""

_Buckets: TypeAlias = "commands.CooldownMapping[int]"


class TooFast(app_commands.CheckFailure):
    """Asked too fast. ``again_at``: when one may ask again (seconds since 1970).

    ``is_channel``: all in the channel together did. ``is_known``: whoever asked was told before.
    """

    def __init__(self, again_at: int, *, is_channel: bool, is_known: bool) -> None:
        super().__init__("Asked too fast.")
        self.again_at = again_at
        self.is_channel = is_channel
        self.is_known = is_known


def _itself(key: int) -> int:
    return key


class RateLimiter:
    """Counts what is asked, as it comes in: what waits in the queue is not held against it.

    ``clock`` counts seconds, from anywhere above zero, and never goes back.
    """

    def __init__(
        self,
        per_member: tuple[float, float] = PER_MEMBER,
        per_channel: tuple[float, float] = PER_CHANNEL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._members: _Buckets = commands.CooldownMapping(Cooldown(*per_member), _itself)
        self._channels: _Buckets = commands.CooldownMapping(Cooldown(*per_channel), _itself)
        self._told: dict[int, float] = {}

    def require(self, member: int, channel: int, sent: datetime) -> None:
        """Count one more. Raises TooFast, and then it does not count.

        ``sent``: when it was, by Discord's clock, from which members are told when to ask again.
        """
        now = self._clock()
        buckets = [
            bucket
            for mapping, key in ((self._members, member), (self._channels, channel))
            if (bucket := mapping.get_bucket(key, now)) is not None
        ]
        waits = [bucket.get_retry_after(now) for bucket in buckets]
        wait = max(waits)
        if not wait:
            for bucket in buckets:
                bucket.update_rate_limit(now)
            return
        self._told = {key: until for key, until in self._told.items() if until > now}
        is_known = member in self._told
        self._told.setdefault(member, now + wait)
        again_at = math.ceil(sent.timestamp() + wait)
        raise TooFast(again_at, is_channel=waits[0] < wait, is_known=is_known)
