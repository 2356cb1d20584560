"""The versions of a server's articles: what a version is, and when it is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

from bot.state.calendar import Moment

__all__ = [
    "EARLIER_DAYS",
    "MAX_EARLIER",
    "OFFER_HOURS",
    "ArticleStatus",
    "ArticleText",
    "Draft",
    "KeptArticle",
    "delete_versions",
    "forget_old_versions",
]

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


def forget_old_versions(database: Database, moment: Moment) -> None:
    """Forget offers and earlier versions that have been kept for long enough, or are too many."""
    database.conn.execute(  # written while the clock was ahead
        "update articles set changed_at = :latest where changed_at > :latest",
        {"latest": moment.latest},
    )
    for status, seconds in (
        (ArticleStatus.OFFERED, OFFER_HOURS * 3_600),
        (ArticleStatus.EARLIER, EARLIER_DAYS * 86_400),
    ):
        database.conn.execute(
            "delete from articles where status = ? and changed_at < ?",
            (status, moment.now - seconds),
        )
    rows = database.conn.execute(
        "select id from (select id, row_number() over "
        "(partition by server, slug order by changed_at desc, id desc) as age "
        "from articles where status = ?) where age > ?",
        (ArticleStatus.EARLIER, MAX_EARLIER),
    ).fetchall()
    delete_versions(database, (row[0] for row in rows))


def delete_versions(database: Database, identifiers: Iterable[int]) -> None:
    """Remove versions by their ids."""
    database.conn.executemany(
        "delete from articles where id = ?", [(identifier,) for identifier in identifiers]
    )
