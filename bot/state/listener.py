"""A connection that PostgreSQL calls when something has changed. Needs the extra “postgres”."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from bot.state.database import CHANNEL

__all__ = ["Listener"]

_TURN_SECONDS = 0.5
"""How soon it is noticed that nobody listens any more."""

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 10.0


class Listener:
    """Listens on a connection of its own, beside those of the pool. For one thread at a time.

    A connection that was lost is made again, with growing pauses between the attempts. It may have
    missed a call, so that ``listen`` returns when it is there.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        """``connect`` returns a new connection or raises psycopg.Error."""
        self._connect = connect
        self._connection: psycopg.Connection[Any] | None = None
        self._pause = _FIRST_PAUSE_SECONDS
        self._next_attempt = 0.0
        self._is_over = threading.Event()
        self._listening = threading.Lock()

    def listen(self, seconds: float) -> None:
        """Wait for so many seconds, until the database calls, or until ``stop``."""
        with self._listening:
            self._listen(time.monotonic() + seconds)

    def stop(self) -> None:
        """Let ``listen`` return soon, now and whenever it is called."""
        self._is_over.set()

    def close(self) -> None:
        """Stop, and let go of the connection once ``listen`` has returned."""
        self.stop()
        with self._listening:
            self._let_go()

    def _listen(self, end: float) -> None:
        while not self._is_over.is_set() and (left := end - time.monotonic()) > 0:
            if self._connection is None:
                self._is_over.wait(min(left, self._next_attempt - time.monotonic()))
                if self._reconnected():
                    return
            elif self._is_called(self._connection, min(left, _TURN_SECONDS)):
                return

    def _is_called(self, connection: psycopg.Connection[Any], seconds: float) -> bool:
        try:
            return bool(list(connection.notifies(timeout=seconds, stop_after=1)))
        except psycopg.Error:
            self._let_go()
            self._next_attempt = time.monotonic() + _FIRST_PAUSE_SECONDS
            return False

    def _reconnected(self) -> bool:
        """Connect if it is time to, and return whether that was done."""
        if self._is_over.is_set() or time.monotonic() < self._next_attempt:
            return False
        try:
            connection = self._connect()
            try:
                connection.autocommit = True
                connection.execute(SQL("listen {}").format(Identifier(CHANNEL)))
            except psycopg.Error:
                connection.close()
                raise
        except psycopg.Error:
            # Not all processes come back to the server at the same moment.
            self._next_attempt = time.monotonic() + self._pause * random.uniform(0.5, 1.0)  # noqa: S311
            self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)
            return False
        self._connection, self._pause = connection, _FIRST_PAUSE_SECONDS
        return True

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
