"""The threads that blocking work is done in: pools by kind, so that no kind waits behind another.

Discord lets a member wait for three seconds and no more. In one pool, a locked state or a slow
index would take every thread, and with it every button. All of them stand back for the event loop,
which needs little and speaks to everybody.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ClassVar, ParamSpec, TypeVar

from knowledge import lower_thread_priority

__all__ = [
    "ANSWERS",
    "EXAMPLES",
    "LISTENING",
    "LOOK_UPS",
    "OPENING",
    "PICTURES",
    "QUESTIONS",
    "STATE",
    "STEPS_BACK",
    "TYPING",
    "UPKEEP",
    "UPLOADS",
    "WATCHING",
    "Threads",
]

STEPS_BACK = 5
"""Steps of ``nice`` between the event loop and work: the loop, waiting for a core as long as each
of a dozen threads, gave a crowd its first word after up to 4 s; so it does after 1.1 s."""

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


class Threads:
    """So many threads for one kind of work; more of it waits, in the order that it came."""

    _at_work: ClassVar[int] = 0
    _counting: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, name: str, at_once: int) -> None:
        self.name, self.at_once = name, at_once
        self._pool = ThreadPoolExecutor(at_once, name, lower_thread_priority, (STEPS_BACK,))

    async def run(
        self, work: Callable[_Given, _Made], *args: _Given.args, **kwargs: _Given.kwargs
    ) -> _Made:
        """Do ``work``, which blocks, and return what it returns. Raises what it raises."""
        context = contextvars.copy_context()
        call = partial(context.run, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._done, call)

    @classmethod
    def at_work(cls) -> int:
        """Return how much work is being done right now, of all kinds, also for nobody any more."""
        return cls._at_work

    @classmethod
    def _done(cls, call: Callable[[], _Made]) -> _Made:
        cls._count(1)
        try:
            return call()
        finally:
            cls._count(-1)

    @classmethod
    def _count(cls, change: int) -> None:
        with cls._counting:
            Threads._at_work += change


QUESTIONS = Threads("questions", 4)
"""Questions to the engine. More at once would only slow each other, and the bot."""

ANSWERS = Threads("answers", 64)
"""Waiting for the processes that answer questions, where there are any."""

LOOK_UPS = Threads("look-ups", 4)
"""What clicks and look-ups read of an index: milliseconds each."""

EXAMPLES = Threads("examples", 1)
"""Looking for questions that are answered: up to seconds for an index."""

TYPING = Threads("typing", 2)
"""What is offered to a member who is typing, which cannot be put off."""

OPENING = Threads("opening", 2)
"""Indexes of servers that are opened: up to seconds each."""

PICTURES = Threads("pictures", 1)
"""Waiting for the process that draws, which draws one picture at a time."""

UPLOADS = Threads("uploads", 2)
"""Waiting for the processes that read uploads: one each, of all servers."""

WATCHING = Threads("watching", 1)
"""Finding out which answers quote what has changed, for which nobody waits."""

STATE = Threads("state", 64)
"""Calls of the state. They wait for a file that another process holds, and cost next to nothing."""

LISTENING = Threads("listening", 1)
"""Waiting for what other processes change: all the time, where there are others."""

UPKEEP = Threads("upkeep", 2)
"""Reindexes and self-tests, of all servers: up to minutes each."""
