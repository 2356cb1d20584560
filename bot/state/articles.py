"""The articles that servers keep: those in use, earlier versions, and those not yet confirmed."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database

from bot.state.article_versions import (
    ArticleStatus,
    KeptArticle,
    delete_versions,
    forget_old_versions,
)
from bot.state.calendar import Calendar, Moment
from bot.state.file import StateFile

__all__ = ["MAX_ARTICLES", "MAX_CHARACTERS", "ArticleOutdated", "ArticlesFull", "ArticlesTable"]

MAX_ARTICLES = 200
"""Articles in use on a server."""

MAX_CHARACTERS = 10_000_000
"""Characters of a server's articles in use."""

MAX_OFFERS = 10
"""Uploads of a server that wait to be confirmed: older ones give way."""

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_COLUMNS = "id, server, slug, title, status, length(text), changed_at"


class ArticlesFull(Exception):
    """A server has no room for a further article."""


class ArticleOutdated(Exception):
    """What was to be changed is not there any more, or was changed in between."""


class ArticlesTable:
    """The table ``articles``. Methods block for a moment and raise StateError.

    No row says who uploaded it.
    """

    def __init__(self, file: StateFile, calendar: Calendar) -> None:
        self._file = file
        self._calendar = calendar

    def servers(self) -> frozenset[int]:
        """Return the servers that have articles in use."""
        with self._file.connection() as database:
            rows = database.conn.execute(
                "select distinct server from articles where status = ?", (ArticleStatus.CURRENT,)
            ).fetchall()
        return frozenset(int(row[0]) for row in rows)

    def of(self, server: int) -> tuple[KeptArticle, ...]:
        """Return a server's articles in use, by title."""
        with self._file.connection() as database:
            rows = database.conn.execute(
                f"select {_COLUMNS} from articles where server = ? and status = ? "
                "order by title collate nocase, id",
                (server, ArticleStatus.CURRENT),
            ).fetchall()
        return tuple(map(_kept, rows))

    def find(self, server: int, identifier: int) -> KeptArticle | None:
        """Return a version of an article of a server, whatever its status."""
        with self._file.connection() as database:
            return _find(database, server, identifier)

    def text(self, server: int, identifier: int) -> str | None:
        """Return the Markdown of a version of an article of a server."""
        with self._file.connection() as database:
            row = database.conn.execute(
                "select text from articles where server = ? and id = ?", (server, identifier)
            ).fetchone()
        return None if row is None else str(row[0])

    def offer(self, server: int, slug: str, title: str, text: str) -> KeptArticle:
        """Keep an upload until it is confirmed.

        ``slug``: that of the article that it is to replace, else a beginning that is made distinct.
        """
        moment = self._calendar.moment()
        with self._file.connection() as database, _writing(database):
            forget_old_versions(database, moment)
            known = _slugs(database, server)
            rows = database.conn.execute(
                "select id from articles where server = ? and status = ? order by id desc",
                (server, ArticleStatus.OFFERED),
            ).fetchall()
            delete_versions(database, (row[0] for row in rows[MAX_OFFERS - 1 :]))
            cursor = database.conn.execute(
                "insert into articles (server, slug, title, text, status, changed_at) "
                "values (?, ?, ?, ?, ?, ?)",
                (
                    server,
                    slug if slug in known else _distinct(slug, known),
                    title,
                    text,
                    ArticleStatus.OFFERED,
                    moment.latest,
                ),
            )
            offered = _find(database, server, cursor.lastrowid or 0)
        if offered is None:  # pragma: no cover - it was written in the same transaction
            raise ArticleOutdated
        return offered

    def twin(self, server: int, identifier: int) -> KeptArticle | None:
        """Return another article in use that has the body of a version, whatever its title."""
        with self._file.connection() as database:
            version = _find(database, server, identifier)
            if version is None:
                return None
            wanted = _body(_text(database, identifier))
            rows = database.conn.execute(
                f"select {_COLUMNS}, text from articles "
                "where server = ? and status = ? and slug <> ? order by id",
                (server, ArticleStatus.CURRENT, version.slug),
            )
            return next((_kept(row[:-1]) for row in rows if _body(str(row[-1])) == wanted), None)

    def withdraw(self, server: int, identifier: int) -> bool:
        """Forget an upload that was not confirmed; whether there was one."""
        with self._file.connection() as database, _writing(database):
            cursor = database.conn.execute(
                "delete from articles where server = ? and id = ? and status = ?",
                (server, identifier, ArticleStatus.OFFERED),
            )
            return cursor.rowcount > 0

    def accept(self, server: int, identifier: int) -> int | None:
        """Put an upload in use, in the place of its article's version, whose id is returned.

        Raises ArticleOutdated where the upload is gone, and ArticlesFull.
        """
        moment = self._calendar.moment()
        with self._file.connection() as database, _writing(database):
            forget_old_versions(database, moment)
            offered = _find(database, server, identifier)
            if offered is None or offered.status is not ArticleStatus.OFFERED:
                raise ArticleOutdated
            before = _current(database, server, offered.slug)
            _swap(database, server, before, identifier, moment)
            return before

    def remove(self, server: int, identifier: int) -> None:
        """Take an article out of use. Raises ArticleOutdated where this version is not in use."""
        self.swap(server, identifier, None)

    def swap(self, server: int, now: int | None, then: int | None) -> None:
        """Put version ``then`` of an article in use and ``now`` out of it; ``None``: neither.

        Raises ArticleOutdated where one is gone or ``now`` is not what is in use, ArticlesFull.
        """
        moment = self._calendar.moment()
        with self._file.connection() as database, _writing(database):
            found = [
                _find(database, server, one) if one is not None else None for one in (now, then)
            ]
            slugs = {one.slug for one in found if one is not None}
            is_gone = [one is None for one in found] != [now is None, then is None]
            if is_gone or len(slugs) != 1 or _current(database, server, slugs.pop()) != now:
                raise ArticleOutdated
            _swap(database, server, now, then, moment)
            forget_old_versions(database, moment)

    def tidy(self) -> None:
        """Forget what has been kept for long enough."""
        moment = self._calendar.moment()
        with self._file.connection() as database, _writing(database):
            forget_old_versions(database, moment)


@contextmanager
def _writing(database: Database) -> Generator[None]:
    """Hold the write lock; commit at the end, roll back on any exception."""
    database.conn.execute("begin immediate")
    try:
        yield
    except BaseException:
        database.conn.rollback()
        raise
    database.conn.commit()


def _kept(row: tuple[Any, ...]) -> KeptArticle:
    identifier, server, slug, title, status, characters, changed_at = row
    return KeptArticle(
        identifier, server, slug, title, ArticleStatus(status), characters, changed_at
    )


def _find(database: Database, server: int, identifier: int) -> KeptArticle | None:
    row = database.conn.execute(
        f"select {_COLUMNS} from articles where server = ? and id = ?", (server, identifier)
    ).fetchone()
    return None if row is None else _kept(row)


def _text(database: Database, identifier: int) -> str:
    row = database.conn.execute("select text from articles where id = ?", (identifier,)).fetchone()
    return str(row[0])


def _body(text: str) -> str:
    """Return an article's Markdown without its front matter."""
    return _FRONT_MATTER.sub("", text, count=1).strip()


def _current(database: Database, server: int, slug: str) -> int | None:
    row = database.conn.execute(
        "select id from articles where server = ? and slug = ? and status = ?",
        (server, slug, ArticleStatus.CURRENT),
    ).fetchone()
    return None if row is None else int(row[0])


def _slugs(database: Database, server: int) -> frozenset[str]:
    rows = database.conn.execute("select slug from articles where server = ?", (server,))
    return frozenset(str(row[0]) for row in rows)


def _distinct(beginning: str, known: frozenset[str]) -> str:
    number = 1
    while f"{beginning}.{number}" in known:
        number += 1
    return f"{beginning}.{number}"


def _swap(
    database: Database, server: int, now: int | None, then: int | None, moment: Moment
) -> None:
    for identifier, status in ((now, ArticleStatus.EARLIER), (then, ArticleStatus.CURRENT)):
        if identifier is not None:
            database.conn.execute(
                "update articles set status = ?, changed_at = ? where id = ?",
                (status, moment.latest, identifier),
            )
    if then is None:
        return
    count, characters = database.conn.execute(
        "select count(*), sum(length(text)) from articles where server = ? and status = ?",
        (server, ArticleStatus.CURRENT),
    ).fetchone()
    if count > MAX_ARTICLES or characters > MAX_CHARACTERS:
        raise ArticlesFull
