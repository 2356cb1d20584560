"""Which messages of the bot quote which passages: by ids alone, no word of either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.state.file import StateFile

__all__ = ["MAX_WATCHED", "WATCHED_DAYS", "Quoted", "Watched", "WatchedTable"]

WATCHED_DAYS = 30
"""Days for which it is known what a message quotes."""

MAX_WATCHED = 1_000
"""Quotations that are known of a server; those of the oldest messages give way."""


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

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def note(
        self, server: int, channel: int, message: int, quoted: Iterable[Quoted], today: date
    ) -> None:
        """Remember what a message of a server quotes."""
        with self._file.connection() as database, database.conn:
            database.conn.executemany(
                "insert or ignore into watched (server, channel, message, passage, article, day)"
                " values (?, ?, ?, ?, ?, ?)",
                [
                    (server, channel, message, one.passage, one.article, today.isoformat())
                    for one in quoted
                ],
            )
            database.conn.execute(
                "delete from watched where id in (select id from watched where server = ?"
                " order by message desc, id limit -1 offset ?)",
                (server, MAX_WATCHED),
            )

    def latest(self, today: date) -> Mapping[int, int]:
        """Return by server its latest message that is watched."""
        with self._file.connection() as database:
            rows = database.conn.execute(
                "select server, max(message) from watched where day >= ? group by server",
                (_oldest(today),),
            ).fetchall()
        return dict(rows)

    def of(self, server: int, today: date) -> tuple[Watched, ...]:
        """Return what the messages of a server quote, the newest first."""
        with self._file.connection() as database:
            rows = database.conn.execute(
                "select channel, message, passage, article, seen from watched"
                " where server = ? and day >= ? order by message desc, id",
                (server, _oldest(today)),
            ).fetchall()
        return tuple(Watched(*row) for row in rows)

    def see(self, message: int, seen: Mapping[str, str | None], gone: Sequence[str] = ()) -> None:
        """Take down by passage at which version a message's were looked at (see ``Watched``).

        ``gone``: passages that the message does not quote any more.
        """
        with self._file.connection() as database, database.conn:
            database.conn.executemany(
                "update watched set seen = ? where message = ? and passage = ?",
                [(version, message, passage) for passage, version in seen.items()],
            )
            database.conn.executemany(
                "delete from watched where message = ? and passage = ?",
                [(message, passage) for passage in gone],
            )

    def forget_message(self, message: int) -> None:
        """Forget what a message quotes: it is no more, or cannot be changed."""
        with self._file.connection() as database, database.conn:
            database.conn.execute("delete from watched where message = ?", (message,))

    def forget_channel(self, channel: int) -> None:
        """Forget the messages of a channel: it is no more, or closed to the bot."""
        with self._file.connection() as database, database.conn:
            database.conn.execute("delete from watched where channel = ?", (channel,))

    def expire(self, today: date, latest: date | None = None) -> None:
        """Forget the messages that are older than ``WATCHED_DAYS``.

        What is of after ``latest`` (by default ``today``) was written while the clock was ahead: it
        counts from that day.
        """
        with self._file.connection() as database, database.conn:
            database.conn.execute(
                "update watched set day = :day where day > :day",
                {"day": (latest or today).isoformat()},
            )
            database.conn.execute("delete from watched where day < ?", (_oldest(today),))


def _oldest(today: date) -> str:
    return (today - timedelta(days=WATCHED_DAYS)).isoformat()
