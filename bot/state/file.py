"""One SQLite file for what the bot must remember: how it is opened and asked."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError
from sqlite_utils import Database

from bot.state.connection_use import ConnectionUse, ConnectionWatch
from bot.state.database import StateBusy, StateError
from bot.state.file_migrations import migrate, unknown_migrations
from bot.state.sentences import WHY_NO_STATE, explained, newer
from knowledge import (
    FileKind,
    beside,
    give_name,
    identify,
    make_directory,
    narrow_database,
    remove_side_files,
)

__all__ = ["StateFile"]

_BUSY_SECONDS = 1.5
"""How long a call waits for a file that another process holds: Discord waits three seconds."""

_START_SECONDS = 10.0
"""How long a start does, and what else nobody waits for."""

_LOG_MILLISECONDS = 100
_HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class StateFile:
    """A SQLite file that is brought to the latest schema when it is opened (a ``StateDatabase``).

    There is one writer at a time, of whatever server, since every change begins by taking the
    write lock. Raises StateError, like ``reading`` and ``writing``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            _make_ready(path)
        except (sqlite3.Error, OSError) as error:
            raise StateError(explained(path, error)) from error
        self._is_over = threading.Event()
        self._watch = ConnectionWatch()
        self._is_logged = True  # what a killed process left in the write-ahead log
        # Each call has a connection of its own: one costs next to nothing, and keeps no file open.
        self._engine = create_engine(
            "sqlite://", creator=self._connect, poolclass=NullPool, hide_parameters=True
        )
        with self._in_words(), closing(self._connect(_START_SECONDS)) as connection:
            if unknown := unknown_migrations(Database(connection)):
                raise StateError(newer(str(path), ", ".join(unknown)))
            connection.isolation_level = "DEFERRED"  # as migrations begin their transactions
            migrate(Database(connection))
            # Nobody who reads waits for a process that writes. Where that cannot be had, such as
            # on a disk that does not share memory, the state works as before.
            connection.execute("pragma journal_mode = wal")
            self._empty_log(connection)

    @contextmanager
    def reading(self, *, patient: bool = False) -> Generator[Connection]:
        """Yield a connection that sees one committed state throughout."""
        begun = partial(self._begun, "begin", patient)
        with self._watch.counted(begun) as connection:
            yield connection

    @contextmanager
    def writing(self, *_servers: int | None, patient: bool = False) -> Generator[Connection]:
        """Yield a connection whose changes are committed together at the end, or not at all.

        Whoever else writes, of whatever server, waits until then.
        """
        begun = partial(self._begun, "begin immediate", patient)
        with self._watch.counted(begun) as connection:
            yield connection

    def listen(self, seconds: float) -> None:
        """Wait for so many seconds, or until ``stop_listening``: a file calls nobody."""
        self._is_over.wait(seconds)

    def stop_listening(self) -> None:
        """Let ``listen`` return at once, now and whenever it is called."""
        self._is_over.set()

    def connection_use(self) -> ConnectionUse:
        """Return how many calls are at the file: each opens it anew and keeps nothing open."""
        return self._watch.use()

    def close(self) -> None:
        """Do nothing: no connection outlives its call."""

    @contextmanager
    def _begun(self, begin: str, patient: bool) -> Generator[Connection]:  # noqa: FBT001
        with self._in_words(), self._engine.connect() as connection:
            if patient:
                connection.exec_driver_sql(f"pragma busy_timeout = {round(_START_SECONDS * 1_000)}")
            connection.exec_driver_sql(begin)
            yield connection
            connection.commit()
            self._empty_log(cast(sqlite3.Connection, connection.connection.driver_connection))

    def _connect(self, patience: float | None = None) -> sqlite3.Connection:
        """Return a connection that begins no transaction by itself, and waits for others for so
        many seconds, by default as long as a member may wait."""
        # Of a file that was deleted meanwhile no empty one may be left for the next start.
        address = f"{self.path.resolve().as_uri()}?mode=rw"
        timeout = _BUSY_SECONDS if patience is None else patience
        connection = sqlite3.connect(address, timeout=timeout, uri=True, isolation_level=None)
        # What was deleted is overwritten: whoever asked to be forgotten is, in the file.
        connection.execute("pragma secure_delete = on")
        return connection

    @contextmanager
    def _in_words(self) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, DBAPIError) as raised:
            is_wrapped = isinstance(raised, DBAPIError)
            error = cast(sqlite3.Error, raised.orig) if is_wrapped else raised
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _HELD:
                raise StateBusy(explained(self.path, error)) from error
            raise StateError(explained(self.path, error)) from error

    def _empty_log(self, connection: sqlite3.Connection) -> None:
        """Bring what was written from the log into the file: what was deleted lingers in neither.

        Where somebody is reading just then, the next call does it.
        """
        if not connection.total_changes and not self._is_logged:
            return
        try:
            connection.execute(f"pragma busy_timeout = {_LOG_MILLISECONDS}")
            (is_held, *_) = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
            self._is_logged = bool(is_held)
        except sqlite3.Error:  # what was to be written is written
            self._is_logged = True


def _make_ready(path: Path) -> None:
    """Have a state that is its owner's alone; make it, whole or not at all, where there is none.

    Raises StateError where something else lies there, which is not touched; sqlite3.Error, OSError.
    """
    kind = identify(path)
    if kind in WHY_NO_STATE:
        raise StateError(f"{path} {WHY_NO_STATE[kind]}")
    if kind is FileKind.ABSENT:
        target = path.resolve()
        make_directory(target.parent)
        with beside(target) as copy:
            with closing(sqlite3.connect(copy)) as connection:
                migrate(Database(connection))
            remove_side_files(target)
            with suppress(FileExistsError):  # another process was first
                give_name(copy, target)
    narrow_database(path)
