"""Work that several callers want at the same time is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

__all__ = ["SingleFlight"]

_Key = TypeVar("_Key", bound=Hashable)
_Made = TypeVar("_Made")


class SingleFlight(Generic[_Key, _Made]):
    """Shares what is under way by key. For one event loop; what is done is not remembered."""

    def __init__(self) -> None:
        self._under_way: dict[_Key, asyncio.Task[_Made]] = {}

    def __contains__(self, key: _Key) -> bool:
        return key in self._under_way

    def __len__(self) -> int:
        return len(self._under_way)

    async def do(self, key: _Key, work: Callable[[], Coroutine[Any, Any, _Made]]) -> _Made:
        """Return what ``work`` makes, or what an earlier call with this key is making.

        Raises what it raises, to every caller. A caller that gives up does not end it.
        """
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(work(), name="single flight")
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(task)

    def _land(self, key: _Key, done: asyncio.Task[_Made]) -> None:
        self._under_way.pop(key, None)
        if not done.cancelled():
            done.exception()  # looked at, even where every caller has given up
