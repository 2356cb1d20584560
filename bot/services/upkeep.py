"""Long work in threads of its own, so that no member ever waits for one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

__all__ = ["AT_ONCE", "run"]

AT_ONCE = 2
"""Reindexes and self-tests, of all servers, at the same time. Further ones wait for their turn."""

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="upkeep")

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


async def run(work: Callable[_Given, _Made], *args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
    """Do ``work``, which takes up to minutes, and return what it returns. Raises what it raises."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, partial(work, *args, **kwargs))
