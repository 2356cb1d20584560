"""What the reader's and the writer's connections share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from sqlite_utils import Database

from knowledge.model.errors import IndexUnavailable, ReindexInProgress

__all__ = ["LOCK_WAIT_SECONDS", "Connection", "execute", "explained"]

LOCK_WAIT_SECONDS = 5.0
_MAX_SQL_PARAMETERS = 500


def execute(db: Database, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:
    """Execute one statement."""
    return db.execute(sql, parameters)  # pyright: ignore[reportUnknownMemberType]


def explained(path: Path, error: sqlite3.Error) -> IndexUnavailable | ReindexInProgress:
    """Return what an error of SQLite means for whoever uses the index at ``path``."""
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return ReindexInProgress("Another process is rebuilding the index. Try again shortly.")
    if code.startswith("SQLITE_CANTOPEN"):
        if path.exists():
            return IndexUnavailable(f"The index {path} cannot be opened. Check its permissions.")
        return IndexUnavailable(f"There is no index at {path}. Run “sourcier index”.")
    if code.startswith("SQLITE_FULL"):
        return IndexUnavailable(f"The disk is full: the index {path} was left as it is.")
    if code.startswith("SQLITE_READONLY"):
        return IndexUnavailable(f"The index {path} cannot be written. Check its permissions.")
    if code.startswith("SQLITE_IOERR"):
        return IndexUnavailable(f"The index {path} cannot be read or written ({error}).")
    return IndexUnavailable(
        f"The index {path} cannot be used ({error}). It holds derived data only: delete the file "
        "and run “sourcier index”."
    )


class Connection:
    """A connection to the index at ``path``."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def _execute(self, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:
        return execute(self._db, sql, parameters)

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
        for start in range(0, len(values), _MAX_SQL_PARAMETERS):
            part = values[start : start + _MAX_SQL_PARAMETERS]
            marks = ", ".join("?" for _ in part)
            yield from self._rows(sql.format(marks=marks), [*parameters, *part])

    def _insert(self, table: str, values: Mapping[str, object]) -> int:
        columns = ", ".join(f'"{column}"' for column in values)
        marks = ", ".join("?" for _ in values)
        cursor = self._execute(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values())
        )
        return cast(int, cursor.lastrowid)
