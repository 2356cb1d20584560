"""What the bot must remember between two runs: precious, apart from the index that is derived.

Every statement of this database is here. A connection lives as long as one call, so that any
thread may call at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

__all__ = ["State", "StateError"]

_BUSY_SECONDS = 5.0

_migrations = Migrations("sourcier.state")


@_migrations(name="001_synced_commands")
def _synced_commands(database: Database) -> None:
    database.table("synced_commands").create(
        {"application": int, "fingerprint": str}, pk="application", not_null={"fingerprint"}
    )


class StateError(Exception):
    """The state file cannot be used. ``str(error)`` says why and what to do."""


class State:
    """The bot's memory in one SQLite file. Methods block for a moment and raise StateError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._connection() as database:
            _migrations.apply(database)

    @contextmanager
    def _connection(self) -> Generator[Database]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS)) as connection:
                yield Database(connection)
        except (sqlite3.Error, OSError) as error:
            raise StateError(
                f"{self.path} cannot be used as the bot's state ({error}): "
                "move it away or point SOURCIER_STATE at another file."
            ) from error

    def synced_commands(self, application: int) -> str | None:
        """Return the fingerprint of the commands that Discord last accepted for an application."""
        with self._connection() as database:
            row = database.conn.execute(
                "select fingerprint from synced_commands where application = ?", (application,)
            ).fetchone()
            return None if row is None else str(row[0])

    def remember_synced_commands(self, application: int, fingerprint: str) -> None:
        """Record that Discord has accepted the commands with this fingerprint."""
        with self._connection() as database:
            database.table("synced_commands").upsert(
                {"application": application, "fingerprint": fingerprint}, pk="application"
            )
