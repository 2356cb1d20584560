"""What members are waiting for right now, so that the bot can end after it and not in its midst."""

from __future__ import annotations

import asyncio
from typing import Any

__all__ = ["RunningWork"]


class RunningWork:
    """The tasks that answer commands, clicks, forms and messages. For one event loop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def join(self) -> None:
        """Count the task that this is called in, until it has ended."""
        task = asyncio.current_task()
        if task is not None and task not in self._tasks:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float) -> int:
        """Wait until all of it has ended, for so long at most; return how much has not."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._tasks and (left := end - loop.time()) > 0:
            await asyncio.wait(set(self._tasks), timeout=left)
        return len(self._tasks)
