"""The tables of the state, as all statements name them.

What makes them is beside: ``file_migrations`` for SQLite, ``server_migrations`` for PostgreSQL.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects import postgresql, sqlite

__all__ = [
    "ANSWER_COUNTS",
    "ARTICLES",
    "CHANGES",
    "CLOCK",
    "COPIED",
    "FEEDBACK",
    "REPORTS",
    "SERVER_SETTINGS",
    "SYNCED_COMMANDS",
    "TABLES",
    "UNANSWERED",
    "WATCHED",
    "Insertion",
    "insert_into",
]


class _Words(TypeDecorator[str]):
    """Text. PostgreSQL has no place for the character NUL: it becomes U+FFFD, as in articles."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:  # noqa: ARG002
        """Return what is written of a text."""
        return None if value is None else value.replace("\0", "\ufffd")

    def process_result_value(self, value: str | None, dialect: object) -> str | None:  # noqa: ARG002
        """Return what is read of a text that was written in any way."""
        return None if value is None else value.replace("\0", "\ufffd")


_TABLES: Final = MetaData()


def _key(name: str = "id") -> Column[int]:
    return Column(name, BigInteger, primary_key=True)


def _number(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=optional)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _words(name: str, *, optional: bool = False) -> Column[str]:
    return Column(name, _Words, nullable=optional)


def _seconds(name: str, *, optional: bool = False) -> Column[float]:
    return Column(name, Double, nullable=optional)


SYNCED_COMMANDS: Final = Table(
    "synced_commands",
    _TABLES,
    Column("application", BigInteger, primary_key=True, autoincrement=False),
    _words("fingerprint"),
)
SERVER_SETTINGS: Final = Table(
    "server_settings",
    _TABLES,
    Column("server", BigInteger, primary_key=True, autoincrement=False),
    _words("settings"),
)
ARTICLES: Final = Table(
    "articles",
    _TABLES,
    _key(),
    _number("server"),
    _words("slug"),
    _words("title"),
    _words("text"),
    _words("status"),
    _seconds("changed_at"),
    _words("facts"),
    _words("questions"),
    _number("batch", optional=True),
)
FEEDBACK: Final = Table(
    "feedback",
    _TABLES,
    _key(),
    _number("server", optional=True),
    _number("message", optional=True),
    _number("member", optional=True),
    _words("passages"),
    _words("verdict"),
    _words("vote"),
    _words("reason", optional=True),
    _words("day"),
)
UNANSWERED: Final = Table(
    "unanswered",
    _TABLES,
    _key(),
    _number("server"),
    _words("question"),
    _count("times"),
    _words("last_asked"),
    _number("answered_by", optional=True),
)
REPORTS: Final = Table(
    "reports",
    _TABLES,
    Column("id", _Words, primary_key=True),
    _number("server"),
    _words("made_at"),
    _count("colour"),
    _words("pages"),
)
CLOCK: Final = Table(
    "clock",
    _TABLES,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    _seconds("trusted"),
    _seconds("doubted_since", optional=True),
    _seconds("doubted", optional=True),
)
WATCHED: Final = Table(
    "watched",
    _TABLES,
    _key(),
    _number("server"),
    _number("channel"),
    _number("message"),
    _words("passage"),
    _words("article"),
    _words("seen", optional=True),
    _words("day"),
)
ANSWER_COUNTS: Final = Table(
    "answer_counts",
    _TABLES,
    _key(),
    _number("server"),
    _words("day"),
    _words("kind"),
    _words("passage"),
    _count("times"),
)
CHANGES: Final = Table(
    "changes",
    _TABLES,
    Column("matter", _Words, primary_key=True),
    Column("server", BigInteger, primary_key=True, autoincrement=False),
    _number("position"),
    _words("origin"),
)

TABLES: Final = tuple(_TABLES.tables.values())
"""All of them. No row needs one of another: ``answered_by`` may name an article that is gone."""

COPIED: Final = tuple(table for table in TABLES if table is not CHANGES)
"""What a copy of a state has: all but what its processes tell each other at the moment."""


Insertion: TypeAlias = sqlite.Insert | postgresql.Insert


def insert_into(connection: Connection, table: Table) -> Insertion:
    """Return an insertion that can say what to do ``on conflict``.

    Both databases have that in the same words; SQLAlchemy has a construct for each.
    """
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
