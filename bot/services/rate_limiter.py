"""How fast members may ask: by member, and by channel for all of them together."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TypeAlias

from discord import app_commands
from discord.app_commands import Cooldown
from discord.ext import commands

__all__ = ["PER_CHANNEL", "PER_MEMBER", "RateLimiter", "TooFast"]

PER_MEMBER = (10, 30.0)
PER_CHANNEL = (600, 30.0)
"""Questions and commands in so many seconds. A whole server that asks at once is no flood."""

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
    """Counts what is asked, by when it was sent: what waits in the queue is not held against it."""

    def __init__(
        self,
        per_member: tuple[float, float] = PER_MEMBER,
        per_channel: tuple[float, float] = PER_CHANNEL,
    ) -> None:
        self._members: _Buckets = commands.CooldownMapping(Cooldown(*per_member), _itself)
        self._channels: _Buckets = commands.CooldownMapping(Cooldown(*per_channel), _itself)
        self._told: dict[int, int] = {}

    def require(self, member: int, channel: int, sent: datetime) -> None:
        """Count one more. Raises TooFast, and then it does not count."""
        now = sent.timestamp()
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
        again_at = math.ceil(now + wait)
        self._told = {key: until for key, until in self._told.items() if until > now}
        is_known = member in self._told
        self._told.setdefault(member, again_at)
        raise TooFast(again_at, is_channel=waits[0] < wait, is_known=is_known)
