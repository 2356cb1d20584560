"""How the connections to a state are used, for whoever watches the bot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TypeVar

__all__ = ["ConnectionUse", "ConnectionWatch"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ConnectionUse:
    """``in_use``: calls that have a connection; ``free``: connections that are open for the next.

    ``had``: calls that ever had one, after ``waited`` seconds altogether, in which it was free,
    made, or let in by who held the database. ``refused``: calls that had none.
    """

    in_use: int = 0
    free: int = 0
    had: int = 0
    waited: float = 0.0
    refused: int = 0


class ConnectionWatch:
    """Counts calls, in whatever thread they are made."""

    def __init__(self) -> None:
        self._use = ConnectionUse()
        self._lock = threading.Lock()

    @contextmanager
    def counted(self, connect: Callable[[], AbstractContextManager[T]]) -> Generator[T]:
        """Count a call: ``connect`` makes what yields its connection, or raises, and is refused."""
        begun = perf_counter()
        is_connected = False
        try:
            with connect() as connection:
                is_connected = True
                self._add(in_use=1, had=1, waited=perf_counter() - begun)
                yield connection
        finally:
            if is_connected:
                self._add(in_use=-1)
            else:
                self._add(refused=1)

    def use(self, *, free: int = 0) -> ConnectionUse:
        """Return what was counted until now."""
        return replace(self._use, free=free)

    def _add(self, *, in_use: int = 0, had: int = 0, waited: float = 0.0, refused: int = 0) -> None:
        with self._lock:
            before = self._use
            self._use = ConnectionUse(
                in_use=before.in_use + in_use,
                had=before.had + had,
                waited=before.waited + waited,
                refused=before.refused + refused,
            )
