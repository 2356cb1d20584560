"""How much a server may keep: articles in use, and uploads that wait to be confirmed."""

from __future__ import annotations

from sqlite_utils import Database

from bot.state.article_versions import ArticleStatus

__all__ = [
    "LENGTH",
    "MAX_ARTICLES",
    "MAX_CHARACTERS",
    "MAX_OFFERS",
    "ArticlesFull",
    "make_room",
    "require_room",
]

MAX_ARTICLES = 200
"""Articles in use on a server."""

MAX_CHARACTERS = 10_000_000
"""Characters of a server's articles in use."""

MAX_OFFERS = 10
"""Uploads of a server that wait to be confirmed, those that came together as one: older ones give
way, as they do where all together have more than ``MAX_CHARACTERS``."""

LENGTH = "length(text) + length(facts) + length(questions)"
"""The characters of a version, with those of the files beside it."""


class ArticlesFull(Exception):
    """A server has no room for a further article."""


def make_room(database: Database, server: int, characters: int) -> None:
    """Let older uploads that were not confirmed give way to such as have so many characters."""
    rows = database.conn.execute(
        f"select coalesce(batch, id), sum({LENGTH}) from articles "
        "where server = ? and status = ? group by 1 order by 1 desc",
        (server, ArticleStatus.OFFERED),
    ).fetchall()
    for position, (batch, length) in enumerate(rows, start=2):
        characters += length
        if position > MAX_OFFERS or characters > MAX_CHARACTERS:
            database.conn.execute(
                "delete from articles where server = ? and status = ? and coalesce(batch, id) = ?",
                (server, ArticleStatus.OFFERED, batch),
            )


def require_room(database: Database, server: int) -> None:
    """Let a server keep no more than it may. Raises ArticlesFull."""
    count, characters = database.conn.execute(
        f"select count(*), coalesce(sum({LENGTH}), 0) from articles "
        "where server = ? and status = ?",
        (server, ArticleStatus.CURRENT),
    ).fetchone()
    if count > MAX_ARTICLES or characters > MAX_CHARACTERS:
        raise ArticlesFull
