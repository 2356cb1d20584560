"""How much a server may keep: articles in use, and uploads that wait to be confirmed."""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, func, select

from bot.state.article_versions import ArticleStatus
from bot.state.schema import ARTICLES

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

_C = ARTICLES.c

LENGTH = func.length(_C.text) + func.length(_C.facts) + func.length(_C.questions)
"""The characters of a version, with those of the files beside it."""


class ArticlesFull(Exception):
    """A server has no room for a further article."""


def make_room(connection: Connection, server: int, characters: int) -> None:
    """Let older uploads that were not confirmed give way to such as have so many characters."""
    batch = func.coalesce(_C.batch, _C.id)
    is_offered = and_(_C.server == server, _C.status == ArticleStatus.OFFERED)
    waiting = select(batch, func.sum(LENGTH)).where(is_offered).group_by(batch)
    rows = connection.execute(waiting.order_by(batch.desc())).all()
    for position, (first, length) in enumerate(rows, start=2):
        characters += length
        if position > MAX_OFFERS or characters > MAX_CHARACTERS:
            connection.execute(delete(ARTICLES).where(is_offered, batch == first))


def require_room(connection: Connection, server: int) -> None:
    """Let a server keep no more than it may. Raises ArticlesFull."""
    query = select(func.count(), func.coalesce(func.sum(LENGTH), 0)).where(
        _C.server == server, _C.status == ArticleStatus.CURRENT
    )
    count, characters = connection.execute(query).one()
    if count > MAX_ARTICLES or characters > MAX_CHARACTERS:
        raise ArticlesFull
