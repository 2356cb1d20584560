"""What can be told of a state without opening it as the bot does: nothing is made or changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlite_utils import Database

from bot.database_url import DatabaseUrl
from bot.state.database import StateError
from bot.state.file_migrations import is_of_today, unknown_migrations
from bot.state.opening import without_driver
from bot.state.sentences import explained, newer, problem_with

__all__ = ["SchemaAge", "StateFindings", "inspect_state"]


class SchemaAge(StrEnum):
    """How the schema of a state stands to that of today."""

    ABSENT = "absent"
    """There is no state yet: the first start makes it."""
    OLDER = "older"
    """The next start brings it up to date."""
    CURRENT = "current"
    NEWER = "newer"
    """A newer version has made it, which alone can use it."""


@dataclass(frozen=True, slots=True)
class StateFindings:
    """What kind of state there is; ``schema`` is ``None`` where it could not be read, and
    ``problem`` says why it cannot be used. ``listeners``: processes that are connected to it to be
    told of each other's changes, ``None`` for a file, which cannot tell."""

    kind: str
    schema: SchemaAge | None = None
    problem: str | None = None
    listeners: int | None = None


def inspect_state(place: Path | DatabaseUrl) -> StateFindings:
    """Look at the state that is in a file or in a database."""
    return _of_file(place) if isinstance(place, Path) else _of_server(place)


def _of_file(path: Path) -> StateFindings:
    kind = f"SQLite {sqlite3.sqlite_version}"
    if (problem := problem_with(path)) is not None:
        return StateFindings(kind, problem=problem)
    if not path.exists():
        return StateFindings(kind, SchemaAge.ABSENT)
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            database = Database(connection)
            if unknown := unknown_migrations(database):
                problem = newer(str(path), ", ".join(unknown))
                return StateFindings(kind, SchemaAge.NEWER, problem)
            age = SchemaAge.CURRENT if is_of_today(database) else SchemaAge.OLDER
    except (sqlite3.Error, OSError) as error:
        return StateFindings(kind, problem=explained(path, error))
    return StateFindings(kind, age)


def _of_server(url: DatabaseUrl) -> StateFindings:
    kind = "PostgreSQL"
    try:
        from bot.state.server import look_at_server  # which the extra alone can import
    except ImportError:
        return StateFindings(kind, problem=without_driver(url))
    try:
        found = look_at_server(url)
    except StateError as error:
        return StateFindings(kind, problem=str(error))
    kind, version = f"{kind} {found.server}", found.schema
    if version is None:
        return StateFindings(kind, SchemaAge.ABSENT, listeners=found.listeners)
    if version > found.today:
        problem = newer(str(url), f"schema {version}, this one knows {found.today}")
        return StateFindings(kind, SchemaAge.NEWER, problem, found.listeners)
    age = SchemaAge.OLDER if version < found.today else SchemaAge.CURRENT
    return StateFindings(kind, age, listeners=found.listeners)
