"""What the tables of the state need of the database that they are in, whichever it is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection

from bot.state.connection_use import ConnectionUse

__all__ = ["CHANNEL", "StateBusy", "StateDatabase", "StateError"]


CHANNEL = "sourcier_changes"
"""Where PostgreSQL calls whoever listens for changes."""


class StateError(Exception):
    """The state cannot be used. ``str(error)`` says why and what to do."""


class StateBusy(StateError):
    """Others hold the state for longer than a call waits for it."""


class StateDatabase(Protocol):
    """A database that is at the schema of today.

    A connection is had for one call, so that any thread may call at any time. Both methods raise
    StateError for what the database cannot do, StateBusy where others hold it for too long, and
    let pass whatever else is raised within. With ``patient`` they take much longer to give up,
    for what nobody waits for.
    """

    def reading(self, *, patient: bool = False) -> AbstractContextManager[Connection]:
        """Yield a connection that sees one committed state throughout."""
        ...

    def writing(
        self, *servers: int | None, patient: bool = False
    ) -> AbstractContextManager[Connection]:
        """Yield a connection whose changes are committed together at the end, or not at all.

        Whoever else writes something of one of ``servers`` (``None``: of direct messages) waits
        until then: what is read within is still so when it is written.
        """
        ...

    def listen(self, seconds: float) -> None:
        """Wait for so many seconds, until another process may have changed something, or until
        ``stop_listening``. For one thread at a time. A database that is away, or that calls
        nobody, is waited for to the end; nothing is raised."""
        ...

    def stop_listening(self) -> None:
        """Let ``listen`` return within a moment, now and whenever it is called."""
        ...

    def connection_use(self) -> ConnectionUse:
        """Return how its connections are used; does not block."""
        ...

    def close(self) -> None:
        """Let go of all connections: of one that is in use, when its call ends."""
        ...
