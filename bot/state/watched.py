"""Which messages of the bot quote which passages: by ids alone, no word of either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select, update

from bot.state.database import StateDatabase
from bot.state.days import expire_by_day, oldest_day
from bot.state.schema import WATCHED, insert_into

__all__ = ["MAX_WATCHED", "WATCHED_DAYS", "Quoted", "Watched", "WatchedTable"]

WATCHED_DAYS = 30
"""Days for which it is known what a message quotes."""

MAX_WATCHED = 1_000
"""Quotations that are known of a server; those of the oldest messages give way."""

_C = WATCHED.c


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage by its stable id, and the short name of the article that it stood in."""

    passage: str
    article: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A passage that a message of a server quotes; ``channel`` and ``message`` are Discord's ids.

    ``seen``: the version of the article at which it was last found changed, ``None`` where the
    articles have it, as far as was looked.
    """

    channel: int
    message: int
    passage: str
    article: str
    seen: str | None = None


class WatchedTable:
    """The table ``watched``. Methods block for a moment and raise StateError."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def note(
        self, server: int, channel: int, message: int, quoted: Iterable[Quoted], today: date
    ) -> None:
        """Remember what a message of a server quotes."""
        rows = [
            {
                "server": server,
                "channel": channel,
                "message": message,
                "passage": one.passage,
                "article": one.article,
                "day": today.isoformat(),
            }
            for one in quoted
        ]
        if not rows:
            return
        with self._database.writing(server) as connection:
            connection.execute(insert_into(connection, WATCHED).on_conflict_do_nothing(), rows)
            over = (
                select(_C.id)
                .where(_C.server == server)
                .order_by(_C.message.desc(), _C.id)
                .offset(MAX_WATCHED)
            )
            connection.execute(delete(WATCHED).where(_C.id.in_(over)))

    def latest(self, today: date) -> Mapping[int, int]:
        """Return by server its latest message that is watched."""
        query = (
            select(_C.server, func.max(_C.message))
            .where(_C.day >= oldest_day(today, WATCHED_DAYS))
            .group_by(_C.server)
        )
        with self._database.reading() as connection:
            return dict(tuple(row) for row in connection.execute(query))

    def of(self, server: int, today: date) -> tuple[Watched, ...]:
        """Return what the messages of a server quote, the newest first."""
        query = (
            select(_C.channel, _C.message, _C.passage, _C.article, _C.seen)
            .where(_C.server == server, _C.day >= oldest_day(today, WATCHED_DAYS))
            .order_by(_C.message.desc(), _C.id)
        )
        with self._database.reading() as connection:
            return tuple(Watched(*row) for row in connection.execute(query))

    def see(self, message: int, seen: Mapping[str, str | None], gone: Sequence[str] = ()) -> None:
        """Take down by passage at which version a message's were looked at (see ``Watched``).

        ``gone``: passages that the message does not quote any more.
        """
        with self._database.writing() as connection:
            for passage, version in sorted(seen.items()):
                connection.execute(
                    update(WATCHED)
                    .where(_C.message == message, _C.passage == passage)
                    .values(seen=version)
                )
            connection.execute(
                delete(WATCHED).where(_C.message == message, _C.passage.in_(list(gone)))
            )

    def forget_message(self, message: int) -> None:
        """Forget what a message quotes: it is no more, or cannot be changed."""
        with self._database.writing() as connection:
            connection.execute(delete(WATCHED).where(_C.message == message))

    def forget_channel(self, channel: int) -> None:
        """Forget the messages of a channel: it is no more, or closed to the bot."""
        with self._database.writing() as connection:
            connection.execute(delete(WATCHED).where(_C.channel == channel))

    def expire(self, today: date, latest: date | None = None) -> None:
        """Forget the messages that are older than ``WATCHED_DAYS``. ``latest``: see ``days``."""
        with self._database.writing(patient=True) as connection:
            expire_by_day(connection, _C.day, WATCHED_DAYS, today, latest)
