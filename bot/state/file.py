"""One SQLite file for what the bot must remember: how it is opened, and its migrations.

A connection lives as long as one call, so that any thread may call at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.state.sentences import WHY_NO_STATE, explained
from knowledge import (
    STATE_ID,
    FileKind,
    beside,
    give_name,
    identify,
    make_directory,
    narrow_database,
    remove_side_files,
)

__all__ = ["StateBusy", "StateError", "StateFile", "migrate", "unknown_migrations"]

_BUSY_SECONDS = 1.5
"""How long a call waits for a file that another process holds: Discord waits three seconds."""

_START_SECONDS = 10.0
"""How long a start does, for which nobody waits."""

_LOG_MILLISECONDS = 100
_HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_migrations = Migrations("sourcier.state")


@_migrations(name="001_synced_commands")
def _synced_commands(database: Database) -> None:
    database.table("synced_commands").create(
        {"application": int, "fingerprint": str}, pk="application", not_null={"fingerprint"}
    )


@_migrations(name="002_server_settings")
def _server_settings(database: Database) -> None:
    database.table("server_settings").create(
        {"server": int, "settings": str}, pk="server", not_null={"settings"}
    )


@_migrations(name="003_articles")
def _articles(database: Database) -> None:
    table = database.table("articles")
    table.create(
        {
            "id": int,
            "server": int,
            "slug": str,
            "title": str,
            "text": str,
            "status": str,
            "changed_at": float,
        },
        pk="id",
        not_null={"server", "slug", "title", "text", "status", "changed_at"},
    )
    table.create_index(["server", "status", "slug"])


@_migrations(name="004_feedback")
def _feedback(database: Database) -> None:
    table = database.table("feedback")
    table.create(
        {
            "id": int,
            "server": int,
            "message": int,
            "member": int,
            "passages": str,
            "verdict": str,
            "vote": str,
            "reason": str,
            "day": str,
        },
        pk="id",
        not_null={"passages", "verdict", "vote", "day"},
    )
    table.create_index(["message", "member"], unique=True)
    table.create_index(["member"])
    table.create_index(["server", "day"])


@_migrations(name="005_unanswered")
def _unanswered(database: Database) -> None:
    table = database.table("unanswered")
    table.create(
        {"id": int, "server": int, "question": str, "times": int, "last_asked": str},
        pk="id",
        not_null={"server", "question", "times", "last_asked"},
    )
    table.create_index(["server", "question"], unique=True)


@_migrations(name="006_reports")
def _reports(database: Database) -> None:
    database.table("reports").create(
        {"id": str, "server": int, "made_at": str, "colour": int, "pages": str},
        pk="id",
        not_null={"server", "made_at", "colour", "pages"},
    )
    database.table("reports").create_index(["server", "made_at"])


@_migrations(name="007_application_id")
def _application_id(database: Database) -> None:
    database.conn.execute(f"pragma application_id = {STATE_ID}")


@_migrations(name="008_clock")
def _clock(database: Database) -> None:
    database.table("clock").create(
        {"id": int, "trusted": float, "doubted_since": float, "doubted": float},
        pk="id",
        not_null={"trusted"},
    )
    # The latest of what there is tells what time it was when the bot last ran.
    database.conn.execute(
        """
        insert into clock (id, trusted) select 1, max(moment) from (
            select cast(strftime('%s', max(day)) as real) as moment from feedback
            union all select cast(strftime('%s', max(last_asked)) as real) from unanswered
            union all select cast(strftime('%s', max(made_at)) as real) from reports
            union all select max(changed_at) from articles
        ) having max(moment) is not null
        """
    )


@_migrations(name="009_articles_beside")
def _articles_beside(database: Database) -> None:
    """Facts and golden questions of an article, and which uploads came together."""
    table = database.table("articles")
    for column in ("facts", "questions"):
        table.add_column(column, str, not_null_default="")
    table.add_column("batch", int)


@_migrations(name="010_watched")
def _watched(database: Database) -> None:
    table = database.table("watched")
    table.create(
        {
            "id": int,
            "server": int,
            "channel": int,
            "message": int,
            "passage": str,
            "article": str,
            "seen": str,
            "day": str,
        },
        pk="id",
        not_null={"server", "channel", "message", "passage", "article", "day"},
    )
    table.create_index(["message", "passage"], unique=True)
    table.create_index(["server", "message"])


@_migrations(name="010_answer_counts")
def _answer_counts(database: Database) -> None:
    """How often something was answered or quoted on a day: never by whom, nor what was asked."""
    table = database.table("answer_counts")
    table.create(
        {"id": int, "server": int, "day": str, "kind": str, "passage": str, "times": int},
        pk="id",
        not_null={"server", "day", "kind", "passage", "times"},
    )
    table.create_index(["server", "day", "kind", "passage"], unique=True)


@_migrations(name="011_answered_by")
def _answered_by(database: Database) -> None:
    """Which version of an article answers a question, so that undoing it brings that back."""
    database.table("unanswered").add_column("answered_by", int)


def migrate(database: Database) -> None:
    """Bring a state to the latest schema."""
    _migrations.apply(database)


def unknown_migrations(database: Database) -> list[str] | None:
    """Return the migrations that a newer version applied to a state; ``None``: it is none."""
    applied = [one.name for one in _migrations.applied(database)]
    with closing(sqlite3.connect(":memory:")) as empty:
        known = {one.name for one in _migrations.pending(Database(empty))}
    return [name for name in applied if name not in known] if applied else None


class StateError(Exception):
    """The state file cannot be used. ``str(error)`` says why and what to do."""


class StateBusy(StateError):
    """Another process holds the state file for longer than a call waits for it."""


class StateFile:
    """A SQLite file that is brought to the latest schema when it is opened.

    Raises StateError, like everything that is done through ``connection``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            _make_ready(path)
        except (sqlite3.Error, OSError) as error:
            raise StateError(explained(path, error)) from error
        self._is_logged = True  # what a killed process left in the write-ahead log
        with self.connection(_START_SECONDS) as database:
            migrate(database)
            # Nobody who reads waits for a process that writes. Where that cannot be had, such as
            # on a disk that does not share memory, the state works as before.
            database.conn.execute("pragma journal_mode = wal")

    @contextmanager
    def connection(self, patience: float | None = None) -> Generator[Database]:
        """Yield a connection for one call. What is written is committed by sqlite-utils.

        Raises StateBusy where another process holds the file for longer than ``patience`` seconds,
        by default as long as a member may wait.
        """
        try:
            # Of a file that was deleted meanwhile no empty one may be left for the next start.
            address = f"{self.path.resolve().as_uri()}?mode=rw"
            timeout = _BUSY_SECONDS if patience is None else patience
            with closing(sqlite3.connect(address, timeout=timeout, uri=True)) as connection:
                # What was deleted is overwritten: whoever asked to be forgotten is, in the file.
                connection.execute("pragma secure_delete = on")
                yield Database(connection)
                self._empty_log(connection)
        except (sqlite3.Error, OSError) as error:
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
