"""Work that is done again and again, whatever the clock on the wall does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from discord.ext import tasks
from discord.utils import MISSING, utcnow

__all__ = ["Repeating"]

Work: TypeAlias = Callable[[], Awaitable[None]]


class Repeating(tasks.Loop[Any]):
    """A loop of discord.py that does its work at the start and so many seconds after each turn.

    Its own reckons from turn to turn by the clock on the wall: set back by a year it waits for a
    year, set on by one it makes up for every turn that it missed.
    """

    def __init__(self, seconds: float, work: Work) -> None:
        super().__init__(
            work,
            seconds=seconds,
            hours=0,
            minutes=0,
            time=MISSING,
            count=None,
            reconnect=True,
            name=None,
        )
        self._pause = timedelta(seconds=seconds)

    def _try_sleep_until(self, dt: datetime) -> asyncio.Future[Any]:  # noqa: ARG002
        return super()._try_sleep_until(utcnow() + self._pause)
