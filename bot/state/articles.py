"""The articles that servers keep: those in use, earlier versions, and those not yet confirmed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from typing import Any, TypeAlias

from sqlalchemy import Connection, and_, delete, insert, select, update

from bot.state.article_room import LENGTH, make_room, require_room
from bot.state.article_versions import (
    ArticleStatus,
    ArticleText,
    Draft,
    KeptArticle,
    forget_old_versions,
)
from bot.state.calendar import Calendar, Moment
from bot.state.changes import ChangesTable, Matter
from bot.state.database import StateDatabase
from bot.state.schema import ARTICLES

__all__ = [
    "ArticleOutdated",
    "ArticlesTable",
    "Swap",
]

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_C = ARTICLES.c
_COLUMNS = (_C.id, _C.server, _C.slug, _C.title, _C.status, LENGTH, _C.changed_at)


Swap: TypeAlias = "tuple[int | None, int | None]"
"""The version of an article that is in use, and the one that is to take its place; ``None``: none
is."""


class ArticleOutdated(Exception):
    """What was to be changed is not there any more, or was changed in between."""


class ArticlesTable:
    """The table ``articles``. Methods block for a moment and raise StateError.

    No row says who uploaded it.
    """

    def __init__(self, database: StateDatabase, calendar: Calendar, changes: ChangesTable) -> None:
        self._database = database
        self._calendar = calendar
        self._changes = changes

    def servers(self) -> frozenset[int]:
        """Return the servers that have articles in use."""
        query = select(_C.server).where(_C.status == ArticleStatus.CURRENT).distinct()
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def of(self, server: int) -> tuple[KeptArticle, ...]:
        """Return a server's articles in use, by title."""
        query = select(*_COLUMNS).where(_C.server == server, _C.status == ArticleStatus.CURRENT)
        with self._database.reading() as connection:
            found = [_kept(row) for row in connection.execute(query)]
        return tuple(sorted(found, key=lambda one: (one.title.casefold(), one.id)))

    def find(self, server: int, identifier: int) -> KeptArticle | None:
        """Return a version of an article of a server, whatever its status."""
        with self._database.reading() as connection:
            return _find(connection, server, identifier)

    def text(self, server: int, identifier: int) -> ArticleText | None:
        """Return what a version of an article of a server says."""
        query = select(_C.text, _C.facts, _C.questions).where(
            _C.server == server, _C.id == identifier
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else ArticleText(*row)

    def together(self, server: int, batch: int) -> tuple[KeptArticle, ...]:
        """Return the versions that came together, whatever their status; ``batch``: the first."""
        query = select(*_COLUMNS).where(_C.server == server, _C.batch == batch).order_by(_C.id)
        with self._database.reading() as connection:
            return tuple(_kept(row) for row in connection.execute(query))

    def offer(
        self, server: int, drafts: Sequence[Draft], *, reserved: bool = False
    ) -> tuple[KeptArticle, ...]:
        """Keep uploads that came together until they are confirmed.

        A slug that the server does not know is made distinct by a number from 1, but for one that
        is ``reserved`` for an article that is known by it.
        """
        moment = self._calendar.moment()
        with self._database.writing(server) as connection:
            forget_old_versions(connection, server, moment)
            make_room(connection, server, sum(draft.text.characters for draft in drafts))
            known = set(_slugs(connection, server))
            offered: list[int] = []
            for draft in drafts:
                is_known = reserved or draft.slug in known
                slug = draft.slug if is_known else _distinct(draft.slug, known)
                known.add(slug)
                insertion = insert(ARTICLES).values(
                    server=server,
                    slug=slug,
                    title=draft.title,
                    text=draft.text.markdown,
                    facts=draft.text.facts,
                    questions=draft.text.questions,
                    status=ArticleStatus.OFFERED,
                    changed_at=moment.latest,
                    batch=offered[0] if offered else None,
                )
                key = connection.execute(insertion).inserted_primary_key
                offered.extend(key or ())
            if offered:
                first = offered[0]
                connection.execute(update(ARTICLES).where(_C.id == first).values(batch=first))
            found = [_find(connection, server, identifier) for identifier in offered]
        return tuple(one for one in found if one is not None)

    def twins(self, server: int, identifiers: Sequence[int]) -> dict[int, KeptArticle]:
        """Return, by the ids of versions, other articles in use that have their bodies, whatever
        their titles."""
        versions = select(_C.id, _C.slug, _C.text).where(
            _C.server == server, _C.id.in_(list(identifiers))
        )
        in_use = (
            select(*_COLUMNS, _C.text)
            .where(_C.server == server, _C.status == ArticleStatus.CURRENT)
            .order_by(_C.id.desc())
        )
        bodies: defaultdict[str, list[KeptArticle]] = defaultdict(list)
        with self._database.reading() as connection:
            wanted = {row.id: (_body(row.text), row.slug) for row in connection.execute(versions)}
            for *columns, text in connection.execute(in_use):
                bodies[_body(text)].append(_kept(columns))
        return {
            identifier: one
            for identifier, (body, slug) in wanted.items()
            for one in bodies.get(body, ())
            if one.slug != slug
        }

    def withdraw(self, server: int, identifiers: Iterable[int]) -> None:
        """Forget uploads that were not confirmed."""
        is_offered = and_(_C.server == server, _C.status == ArticleStatus.OFFERED)
        with self._database.writing(server) as connection:
            connection.execute(delete(ARTICLES).where(is_offered, _C.id.in_(list(identifiers))))

    def accept(self, server: int, identifiers: Sequence[int]) -> tuple[Swap, ...]:
        """Put uploads in use, in the place of their articles' versions; return what took whose
        place.

        All or none. Raises ArticleOutdated where an upload is gone, and ArticlesFull.
        """
        moment = self._calendar.moment()
        with self._database.writing(server) as connection:
            forget_old_versions(connection, server, moment)
            swaps: list[Swap] = []
            for identifier in identifiers:
                offered = _find(connection, server, identifier)
                if offered is None or offered.status is not ArticleStatus.OFFERED:
                    raise ArticleOutdated
                swaps.append((_current(connection, server, offered.slug), identifier))
                _swap(connection, *swaps[-1], moment)
            require_room(connection, server)
            noted = self._changes.note(connection, Matter.ARTICLES, server)
        self._changes.confirm(noted)
        return tuple(swaps)

    def remove(self, server: int, identifier: int) -> None:
        """Take an article out of use. Raises ArticleOutdated where this version is not in use."""
        self.swap(server, [(identifier, None)])

    def swap(self, server: int, swaps: Sequence[Swap]) -> None:
        """Put versions of articles in use, and others out of it, all or none.

        Raises ArticleOutdated where one is gone or is not what is in use, ArticlesFull.
        """
        moment = self._calendar.moment()
        with self._database.writing(server) as connection:
            for now, then in swaps:
                found = [
                    _find(connection, server, one) if one is not None else None
                    for one in (now, then)
                ]
                slugs = {one.slug for one in found if one is not None}
                is_gone = [one is None for one in found] != [now is None, then is None]
                if is_gone or len(slugs) != 1 or _current(connection, server, slugs.pop()) != now:
                    raise ArticleOutdated
                _swap(connection, now, then, moment)
            if any(then is not None for _, then in swaps):
                require_room(connection, server)
            forget_old_versions(connection, server, moment)
            noted = self._changes.note(connection, Matter.ARTICLES, server)
        self._changes.confirm(noted)

    def tidy(self) -> None:
        """Forget what has been kept for long enough, server by server."""
        moment = self._calendar.moment()
        query = select(_C.server).where(_C.status != ArticleStatus.CURRENT).distinct()
        with self._database.reading(patient=True) as connection:
            servers = connection.execute(query).scalars().all()
        for server in servers:
            with self._database.writing(server) as connection:
                forget_old_versions(connection, server, moment)


def _kept(row: Sequence[Any]) -> KeptArticle:
    identifier, server, slug, title, status, characters, changed_at = row
    return KeptArticle(
        identifier, server, slug, title, ArticleStatus(status), characters, changed_at
    )


def _find(connection: Connection, server: int, identifier: int) -> KeptArticle | None:
    query = select(*_COLUMNS).where(_C.server == server, _C.id == identifier)
    row = connection.execute(query).one_or_none()
    return None if row is None else _kept(row)


def _body(text: str) -> str:
    """Return an article's Markdown without its front matter."""
    return _FRONT_MATTER.sub("", text, count=1).strip()


def _current(connection: Connection, server: int, slug: str) -> int | None:
    query = select(_C.id).where(
        _C.server == server, _C.slug == slug, _C.status == ArticleStatus.CURRENT
    )
    return connection.execute(query).scalar_one_or_none()


def _slugs(connection: Connection, server: int) -> frozenset[str]:
    query = select(_C.slug).where(_C.server == server).distinct()
    return frozenset(connection.execute(query).scalars())


def _distinct(beginning: str, known: Set[str]) -> str:
    number = 1
    while f"{beginning}.{number}" in known:
        number += 1
    return f"{beginning}.{number}"


def _swap(connection: Connection, now: int | None, then: int | None, moment: Moment) -> None:
    for identifier, status in ((now, ArticleStatus.EARLIER), (then, ArticleStatus.CURRENT)):
        if identifier is not None:
            connection.execute(
                update(ARTICLES)
                .where(_C.id == identifier)
                .values(status=status, changed_at=moment.latest)
            )
