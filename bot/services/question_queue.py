"""A queue: so many questions are served at once, so many may wait, in the order they came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

__all__ = ["QuestionQueue", "QueueFull"]


class QueueFull(Exception):
    """As many are waiting as may wait."""


class QuestionQueue:
    """Serves ``at_once`` and lets ``room`` more wait. For one event loop."""

    def __init__(self, at_once: int, room: int) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._room = room
        self.waiting = 0

    @property
    def is_busy(self) -> bool:
        """Whether whoever comes now has to wait."""
        return self._turns.locked()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Wait for one's turn and have it. Raises QueueFull at once where nobody more may wait."""
        if self._turns.locked() and self.waiting >= self._room:
            raise QueueFull
        self.waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._turns.release()
