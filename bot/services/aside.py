"""What is written into the state aside: nobody waits for it, and nothing fails by it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from bot.services.threads import STATE
from bot.state import StateError

__all__ = ["MAX_WAITING", "Aside"]

_log = logging.getLogger(__name__)

MAX_WAITING = 1_000
"""Works that wait; further ones are lost, since members are not to wait for them."""


class Aside:
    """Does works of one kind, whose writing goes one after the other.

    ``lost`` is what the log says of a work that was not done.
    """

    def __init__(self, name: str, lost: str) -> None:
        self._name = name
        self._lost = lost
        self._at_work: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin a work, unless too many wait."""
        if len(self._at_work) >= MAX_WAITING:
            _log.warning("%s: too many wait", self._lost)
            return
        task = asyncio.create_task(self._do(work), name=self._name)
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def write(self, change: Callable[[], None]) -> None:
        """Run what changes the state in its thread. Raises StateError."""
        async with self._writing:
            await STATE.run(change)

    async def finish(self) -> None:
        """Wait for what was begun."""
        await asyncio.gather(*self._at_work)

    async def _do(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        except StateError as error:
            _log.warning("%s: %s", self._lost, error)
        except Exception:  # noqa: BLE001 - nobody waits for this task, so that it ends here
            _log.exception(self._lost)
