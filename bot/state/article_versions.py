"""The versions of a server's articles: what a version is, and when it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, func, select, update

from bot.state.calendar import Moment
from bot.state.schema import ARTICLES

__all__ = [
    "EARLIER_DAYS",
    "MAX_EARLIER",
    "OFFER_HOURS",
    "ArticleStatus",
    "ArticleText",
    "Draft",
    "KeptArticle",
    "forget_old_versions",
]

_C = ARTICLES.c

MAX_EARLIER = 10
"""Earlier versions of an article: older ones give way."""

OFFER_HOURS = 24
"""How long an upload waits to be confirmed."""

EARLIER_DAYS = 30
"""How long an earlier version, or an article that was removed, can be had back."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What a version of an article says: Markdown, and the files of facts and golden questions
    beside it, "" where there are none."""

    markdown: str
    facts: str = ""
    questions: str = ""

    @property
    def characters(self) -> int:
        """How much of a server's room it takes."""
        return len(self.markdown) + len(self.facts) + len(self.questions)


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of an article that is not kept yet.

    ``slug``: that of an article of the server, or how that of a new one begins.
    """

    slug: str
    title: str
    text: ArticleText


class ArticleStatus(StrEnum):
    """What a version of an article is to its server."""

    OFFERED = "offered"
    """Uploaded, not yet confirmed."""
    CURRENT = "current"
    """In use."""
    EARLIER = "earlier"
    """Replaced or removed."""


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """A version of an article, without its text.

    The versions of one article share its ``slug``, which no other article of the server has.
    ``characters``: with those of the files beside it. ``changed_at``: when it took its status, in
    seconds of Unix time.
    """

    id: int
    server: int
    slug: str
    title: str
    status: ArticleStatus
    characters: int
    changed_at: float


def forget_old_versions(connection: Connection, server: int, moment: Moment) -> None:
    """Forget a server's offers and earlier versions that have been kept for long enough, or are
    too many."""
    is_here = _C.server == server
    connection.execute(  # written while the clock was ahead
        update(ARTICLES)
        .where(is_here, _C.changed_at > moment.latest)
        .values(changed_at=moment.latest)
    )
    for status, seconds in (
        (ArticleStatus.OFFERED, OFFER_HOURS * 3_600),
        (ArticleStatus.EARLIER, EARLIER_DAYS * 86_400),
    ):
        connection.execute(
            delete(ARTICLES).where(
                is_here, _C.status == status, _C.changed_at < moment.now - seconds
            )
        )
    age = func.row_number().over(
        partition_by=_C.slug, order_by=(_C.changed_at.desc(), _C.id.desc())
    )
    aged = (
        select(_C.id, age.label("age"))
        .where(is_here, _C.status == ArticleStatus.EARLIER)
        .subquery()
    )
    over = select(aged.c.id).where(aged.c.age > MAX_EARLIER)
    connection.execute(delete(ARTICLES).where(_C.id.in_(over)))
