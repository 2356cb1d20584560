"""The articles that servers keep: those in use, earlier versions, and those not yet confirmed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence, Set
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlite_utils import Database

from bot.state.article_room import LENGTH, make_room, require_room
from bot.state.article_versions import (
    ArticleStatus,
    ArticleText,
    Draft,
    KeptArticle,
    forget_old_versions,
)
from bot.state.calendar import Calendar, Moment
from bot.state.file import StateFile

__all__ = [
    "ArticleOutdated",
    "ArticlesTable",
    "Swap",
]

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_COLUMNS = f"id, server, slug, title, status, {LENGTH}, changed_at"


Swap: TypeAlias = "tuple[int | None, int | None]"
"""The version of an article that is in use, and the one that is to take its place; ``None``: none
is."""


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

    def text(self, server: int, identifier: int) -> ArticleText | None:
        """Return what a version of an article of a server says."""
        with self._file.connection() as database:
            row = database.conn.execute(
                "select text, facts, questions from articles where server = ? and id = ?",
                (server, identifier),
            ).fetchone()
        return None if row is None else ArticleText(*map(str, row))

    def together(self, server: int, batch: int) -> tuple[KeptArticle, ...]:
        """Return the versions that came together, whatever their status; ``batch``: the first."""
        with self._file.connection() as database:
            rows = database.conn.execute(
                f"select {_COLUMNS} from articles where server = ? and batch = ? order by id",
                (server, batch),
            ).fetchall()
        return tuple(map(_kept, rows))

    def offer(
        self, server: int, drafts: Sequence[Draft], *, reserved: bool = False
    ) -> tuple[KeptArticle, ...]:
        """Keep uploads that came together until they are confirmed.

        A slug that the server does not know is made distinct by a number from 1, but for one that
        is ``reserved`` for an article that is known by it.
        """
        moment = self._calendar.moment()
        with self._file.connection() as database, _writing(database):
            forget_old_versions(database, moment)
            make_room(database, server, sum(draft.text.characters for draft in drafts))
            known = set(_slugs(database, server))
            offered: list[int] = []
            for draft in drafts:
                is_known = reserved or draft.slug in known
                slug = draft.slug if is_known else _distinct(draft.slug, known)
                known.add(slug)
                cursor = database.conn.execute(
                    "insert into articles (server, slug, title, text, facts, questions, status, "
                    "changed_at, batch) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        server,
                        slug,
                        draft.title,
                        draft.text.markdown,
                        draft.text.facts,
                        draft.text.questions,
                        ArticleStatus.OFFERED,
                        moment.latest,
                        offered[0] if offered else None,
                    ),
                )
                offered.append(cursor.lastrowid or 0)
            if offered:
                database.conn.execute("update articles set batch = id where id = ?", (offered[0],))
            found = [_find(database, server, identifier) for identifier in offered]
        return tuple(one for one in found if one is not None)

    def twins(self, server: int, identifiers: Sequence[int]) -> dict[int, KeptArticle]:
        """Return, by the ids of versions, other articles in use that have their bodies, whatever
        their titles."""
        with self._file.connection() as database:
            versions = [_find(database, server, identifier) for identifier in identifiers]
            wanted = {
                version.id: (_body(_text(database, version.id)), version.slug)
                for version in versions
                if version is not None
            }
            rows = database.conn.execute(
                f"select {_COLUMNS}, text from articles where server = ? and status = ? "
                "order by id desc",
                (server, ArticleStatus.CURRENT),
            )
            bodies: defaultdict[str, list[KeptArticle]] = defaultdict(list)
            for row in rows:
                bodies[_body(str(row[-1]))].append(_kept(row[:-1]))
        return {
            identifier: one
            for identifier, (body, slug) in wanted.items()
            for one in bodies.get(body, ())
            if one.slug != slug
        }

    def withdraw(self, server: int, identifiers: Iterable[int]) -> None:
        """Forget uploads that were not confirmed."""
        with self._file.connection() as database, _writing(database):
            database.conn.executemany(
                "delete from articles where server = ? and id = ? and status = ?",
                [(server, identifier, ArticleStatus.OFFERED) for identifier in identifiers],
            )

    def accept(self, server: int, identifiers: Sequence[int]) -> tuple[Swap, ...]:
        """Put uploads in use, in the place of their articles' versions; return what took whose
        place.

        All or none. Raises ArticleOutdated where an upload is gone, and ArticlesFull.
        """
        moment = self._calendar.moment()
        with self._file.connection() as database, _writing(database):
            forget_old_versions(database, moment)
            swaps: list[Swap] = []
            for identifier in identifiers:
                offered = _find(database, server, identifier)
                if offered is None or offered.status is not ArticleStatus.OFFERED:
                    raise ArticleOutdated
                swaps.append((_current(database, server, offered.slug), identifier))
                _swap(database, *swaps[-1], moment)
            require_room(database, server)
            return tuple(swaps)

    def remove(self, server: int, identifier: int) -> None:
        """Take an article out of use. Raises ArticleOutdated where this version is not in use."""
        self.swap(server, [(identifier, None)])

    def swap(self, server: int, swaps: Sequence[Swap]) -> None:
        """Put versions of articles in use, and others out of it, all or none.

        Raises ArticleOutdated where one is gone or is not what is in use, ArticlesFull.
        """
        moment = self._calendar.moment()
        with self._file.connection() as database, _writing(database):
            for now, then in swaps:
                found = [
                    _find(database, server, one) if one is not None else None for one in (now, then)
                ]
                slugs = {one.slug for one in found if one is not None}
                is_gone = [one is None for one in found] != [now is None, then is None]
                if is_gone or len(slugs) != 1 or _current(database, server, slugs.pop()) != now:
                    raise ArticleOutdated
                _swap(database, now, then, moment)
            if any(then is not None for _, then in swaps):
                require_room(database, server)
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


def _distinct(beginning: str, known: Set[str]) -> str:
    number = 1
    while f"{beginning}.{number}" in known:
        number += 1
    return f"{beginning}.{number}"


def _swap(database: Database, now: int | None, then: int | None, moment: Moment) -> None:
    for identifier, status in ((now, ArticleStatus.EARLIER), (then, ArticleStatus.CURRENT)):
        if identifier is not None:
            database.conn.execute(
                "update articles set status = ?, changed_at = ? where id = ?",
                (status, moment.latest, identifier),
            )
