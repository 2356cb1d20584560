"""What the processes that share a state tell each other: whose settings or articles have changed.

A row a matter says when it changed last, by position. It is written in the transaction of the
change itself, so that nothing is told that did not happen, and nothing that happened goes untold:
whoever misses the call of PostgreSQL finds the row.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import BigInteger, ColumnElement, Connection, Text, cast, func, select

from bot.state.database import CHANNEL, StateDatabase
from bot.state.schema import CHANGES, insert_into

__all__ = ["Change", "ChangesTable", "Matter", "Noted"]

_COMMON = 0
"""Takes the place of a server's id, for what all have in common."""

_NOBODY = ""
"""The origin of a change that is news to every process."""

_C = CHANGES.c


class Matter(StrEnum):
    """What has changed."""

    SETTINGS = "settings"
    ARTICLES = "articles"


@dataclass(frozen=True, slots=True)
class Change:
    """``server`` is ``None`` for what all have in common."""

    matter: Matter
    server: int | None


@dataclass(frozen=True, slots=True)
class Noted:
    """A change that was noted; ``origin`` tells it from all others."""

    matter: str
    server: int
    origin: str


class ChangesTable:
    """The table ``changes``. Methods block for a moment and raise StateError.

    What was noted through this object, and is known to be committed, is no news to it: where a
    connection is lost in the midst of a commit, nobody knows what became of it but who reads again.

    In PostgreSQL a position is the id of the transaction that notes, and each look begins at the
    oldest that was still under way at the look before: one that is committed late is not missed.
    A file has one writer at a time, and its positions are counted.
    """

    def __init__(self, database: StateDatabase) -> None:
        self._database = database
        self._own: dict[tuple[str, int], str] = {}
        self._start: int | None = None
        self._seen: dict[tuple[str, int], int] = {}

    def note(self, connection: Connection, matter: Matter, server: int | None) -> Noted:
        """Note a change in the transaction that makes it, which writes of ``server``.

        What is returned is to be handed to ``confirm`` once the transaction was committed.
        """
        key = (matter.value, server or _COMMON)
        query = select(_C.position, _C.origin).where(_C.matter == key[0], _C.server == key[1])
        before = connection.execute(query).one_or_none()
        # What another has noted here and was not looked at yet must stay news.
        is_known = (
            before is None or before.origin == self._own.get(key) or self._knows(key, before[0])
        )
        noted = Noted(*key, origin=uuid.uuid4().hex)
        insertion = insert_into(connection, CHANGES).values(
            matter=key[0],
            server=key[1],
            position=select(_position(connection)).scalar_subquery(),
            origin=noted.origin if is_known else _NOBODY,
        )
        new = {name: insertion.excluded[name] for name in ("position", "origin")}
        connection.execute(
            insertion.on_conflict_do_update(index_elements=[_C.matter, _C.server], set_=new)
        )
        if _is_postgresql(connection):
            connection.execute(select(func.pg_notify(CHANNEL, "")))
        return noted

    def confirm(self, noted: Noted) -> None:
        """Let what was noted, and has been committed, be no news here."""
        self._own[noted.matter, noted.server] = noted.origin

    def note_common_articles(self) -> None:
        """Note that the articles that all have in common were indexed anew."""
        with self._database.writing(None) as connection:
            noted = self.note(connection, Matter.ARTICLES, None)
        self.confirm(noted)

    def news(self) -> Sequence[Change]:
        """Return what others have changed since the last call, each matter once.

        The first call returns nothing: from then on it is looked.
        """
        with self._database.reading() as connection:
            end = connection.execute(select(_end(connection))).scalar_one()
            start = end if self._start is None else self._start
            query = select(_C.matter, _C.server, _C.position, _C.origin).where(
                _C.position >= start,
                _C.matter.in_(list(Matter)),  # a newer version may have more
            )
            rows = connection.execute(query).all()
        news = [
            Change(Matter(row.matter), row.server or None)
            for row in rows
            if self._start is not None
            and row.origin != self._own.get((row.matter, row.server))
            and self._seen.get((row.matter, row.server)) != row.position
        ]
        self._seen = {(row.matter, row.server): row.position for row in rows}
        self._start = end
        return news

    def _knows(self, key: tuple[str, int], position: int) -> bool:
        """Whether a change was looked at, or was there before it was looked for the first time."""
        return self._start is None or position < self._start or self._seen.get(key) == position


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _position(connection: Connection) -> ColumnElement[int]:
    """Return the position of what is noted now."""
    if _is_postgresql(connection):
        return _number(func.pg_current_xact_id())
    return func.coalesce(func.max(_C.position), 0) + 1


def _end(connection: Connection) -> ColumnElement[int]:
    """Return the position from which on there may be what is not seen now."""
    if _is_postgresql(connection):
        return _number(func.pg_snapshot_xmin(func.pg_current_snapshot()))
    return _position(connection)


def _number(transaction: ColumnElement[int]) -> ColumnElement[int]:
    """Return the id of a transaction as a number, which PostgreSQL has no direct way for."""
    return cast(cast(transaction, Text), BigInteger)
