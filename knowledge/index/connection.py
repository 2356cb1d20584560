"""What the reader's and the writer's connections share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from knowledge.files.identity import FileKind, identify
from knowledge.model.errors import IndexLocked, IndexLost, IndexUnavailable

__all__ = [
    "LOCK_WAIT_SECONDS",
    "MIGRATIONS",
    "Connection",
    "damaged",
    "explained",
    "is_current",
    "require_index",
    "unbuilt",
]

LOCK_WAIT_SECONDS = 5.0
MIGRATIONS = 12
"""How many ``knowledge.index.schema`` has, which is slow to import."""

_MAX_SQL_PARAMETERS = 500


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether an index has the tables of today. Raises ``sqlite3.Error``."""
    made = "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
    if connection.execute(made).fetchone() is None:
        return False
    applied = "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = 'knowledge'"
    (count,) = connection.execute(applied).fetchone()
    return count >= MIGRATIONS


def explained(path: Path, error: sqlite3.Error) -> IndexUnavailable | IndexLocked:
    """Return what an error of SQLite means for whoever uses the index at ``path``."""
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return IndexLocked(
            f"Another program is using the index file {path}, such as another “sourcier index”. "
            "Try again when it is done."
        )
    if code.startswith("SQLITE_CANTOPEN"):
        if path.exists():
            return IndexUnavailable(
                f"The index {path} cannot be opened. Check its permissions.", lasts=True
            )
        return IndexLost(f"There is no index at {path}. Run “sourcier index”.")
    if code.startswith("SQLITE_FULL"):
        return IndexUnavailable(
            f"The disk is full: the index {path} was left as it is. Make room on it.", lasts=True
        )
    if code.startswith("SQLITE_READONLY"):
        return IndexUnavailable(
            f"The index {path} cannot be written. Check its permissions.", lasts=True
        )
    if code.startswith("SQLITE_IOERR"):
        return IndexUnavailable(f"The index {path} cannot be read or written ({error}).")
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "no such table" in str(error):
        return damaged(path, str(error))
    return IndexUnavailable(f"The index {path} cannot be used ({error}).")


def unbuilt(path: Path) -> IndexLost:
    """Return what is said of an index whose first build has not come to its end."""
    return IndexLost(f"The index {path} is not built yet. Run “sourcier index”.")


def damaged(path: Path, reason: str) -> IndexLost:
    """Return what is said of an index that is one no more."""
    return IndexLost(
        f"The index {path} is damaged ({reason}). Run “sourcier index --rebuild”, which makes it "
        "again from the articles."
    )


def require_index(path: Path, *, was_index: bool = False) -> FileKind:
    """Return what lies at the path of an index, where that may become or may be one.

    Raises IndexUnavailable where it is anything else: that is never written to. ``was_index``: this
    process has read an index there, so that what is no database is what has become of it; raises
    IndexLost for that.
    """
    try:
        kind = identify(path)
    except OSError as error:
        raise IndexUnavailable(f"The index {path} cannot be read: {error}.", lasts=True) from error
    if was_index and kind in (FileKind.NO_DATABASE, FileKind.UNREADABLE):
        raise damaged(path, "it is no database any more")
    if kind in _WHY_NOT:
        raise IndexUnavailable(f"{path} {_WHY_NOT[kind]}", lasts=True)
    return kind


_ELSEWHERE = "It was left as it is. Let SOURCIER_DATABASE (or --database) name another file."
_WHY_NOT = {
    FileKind.NO_FILE: f"is no file, so that it cannot be the index. {_ELSEWHERE}",
    FileKind.NO_DATABASE: (
        "is no SQLite file, so that it is not an index or no longer one. It was left as it is. "
        "Move it away if it was the index, or let SOURCIER_DATABASE (or --database) name another "
        "file, then run “sourcier index”."
    ),
    FileKind.STATE: (
        "is no index: it is what the bot must remember (SOURCIER_STATE), which cannot be made "
        f"again. {_ELSEWHERE}"
    ),
    FileKind.FOREIGN: f"is no index of Sourcier: it is another program's database. {_ELSEWHERE}",
    FileKind.UNREADABLE: (
        "is a SQLite file that cannot be read and that may be another program's. It was left as it "
        "is. Move it away if it was the index, or let SOURCIER_DATABASE (or --database) name "
        "another file, then run “sourcier index”."
    ),
}


def _parts(values: Sequence[object]) -> Iterator[tuple[Sequence[object], str]]:
    """Yield values, as many at a time as a statement takes, with a mark for each."""
    for start in range(0, len(values), _MAX_SQL_PARAMETERS):
        part = values[start : start + _MAX_SQL_PARAMETERS]
        yield part, ", ".join("?" for _ in part)


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    """Return the statement that inserts a row: of those there are few."""
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" for _ in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"


class Connection:
    """A connection to the index at ``path``."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _execute(self, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, parameters)

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        cursor = self._execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def _rows_among(
        self, sql: str, values: Sequence[object], parameters: Sequence[object] = ()
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of ``sql``, whose ``{marks}`` stand for ``values``, some at a time.

        ``parameters`` are those before the values.
        """
        for part, marks in _parts(values):
            yield from self._rows(sql.format(marks=marks), [*parameters, *part])

    def _tuples_among(
        self, sql: str, values: Sequence[object], parameters: Sequence[object] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the same as tuples, where there are thousands."""
        for part, marks in _parts(values):
            yield from self._execute(sql.format(marks=marks), [*parameters, *part])

    def _insert(self, table: str, values: Mapping[str, object]) -> int:
        cursor = self._execute(_insertion(table, tuple(values)), list(values.values()))
        return cast(int, cursor.lastrowid)

    def _insert_all(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Insert many rows of these columns with one statement."""
        self._connection.executemany(_insertion(table, tuple(columns)), rows)
