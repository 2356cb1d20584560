"""A whole state copied from a file to a database, or the other way, and compared row by row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text

from bot.database_url import DatabaseUrl
from bot.state.database import StateError
from bot.state.inspection import SchemaAge, inspect_state
from bot.state.opening import open_database
from bot.state.schema import COPIED

__all__ = ["copy_state"]

_ROWS_AT_ONCE = 200
"""Rows in memory at a time: of articles, each may have some megabytes."""


def copy_state(source: Path | DatabaseUrl, target: Path | DatabaseUrl) -> dict[str, int]:
    """Copy all that a state holds to one that is empty, or is made; return the rows by table.

    The source is read as it is at one moment. At the target all rows come in one transaction,
    which is committed when each of them was read again and is what it is at the source. Ids stay
    as they are, and those of new rows go on from there. What the processes that share the source
    tell each other at the moment is nothing to the target, and is left out.

    Raises StateError where there is no source, where the target is not empty, where a row differs,
    or where either cannot be used.
    """
    found = inspect_state(source)
    if found.problem is not None:
        raise StateError(found.problem)
    if found.schema is SchemaAge.ABSENT:
        raise StateError(f"There is no state at {source}.")
    old, new = open_database(source), open_database(target)
    try:
        with old.reading(patient=True) as reading, new.writing(patient=True) as writing:
            _keep_others_out(writing)
            for table in COPIED:
                if writing.execute(select(table).limit(1)).first() is not None:
                    raise StateError(
                        f"{target} is not empty: its table “{table.name}” has rows. "
                        "Copy to a state that no bot has used yet."
                    )
            counts = {table.name: _copy(table, reading, writing) for table in COPIED}
            for table in COPIED:
                _compare(table, reading, writing)
            _count_on(writing)
    finally:
        old.close()
        new.close()
    return counts


def _keep_others_out(writing: Connection) -> None:
    """Let nobody else write until the end; SQLite has no other way."""
    if writing.dialect.name == "postgresql":
        names = ", ".join(table.name for table in COPIED)
        writing.execute(text(f"lock table {names} in share row exclusive mode"))


def _parts(table: Table, connection: Connection) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a table in the order of their keys, some at a time."""
    query = select(table).order_by(*table.primary_key)
    options = {"yield_per": _ROWS_AT_ONCE}
    with connection.execute(query, execution_options=options) as found:
        for part in found.mappings().partitions():
            yield [dict(row) for row in part]


def _copy(table: Table, reading: Connection, writing: Connection) -> int:
    count = 0
    for part in _parts(table, reading):
        writing.execute(insert(table), part)
        count += len(part)
    return count


def _compare(table: Table, reading: Connection, writing: Connection) -> None:
    """Raises StateError where a row is not the same at both."""
    both = (chain.from_iterable(_parts(table, one)) for one in (reading, writing))
    for old, new in zip_longest(*both):
        if old != new:
            row: dict[str, Any] = old or new
            key = ", ".join(str(row[column.name]) for column in table.primary_key)
            raise StateError(
                f"The row {key} of “{table.name}” is not the same after the copy. "
                "Nothing was copied."
            )


def _count_on(writing: Connection) -> None:
    """Let PostgreSQL give further ids after those that there are, as SQLite does by itself."""
    if writing.dialect.name != "postgresql":
        return
    for table in COPIED:
        if table.autoincrement_column is not None:
            writing.execute(
                text(
                    f"select setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) "
                    f"from {table.name} having max(id) is not null"
                )
            )
