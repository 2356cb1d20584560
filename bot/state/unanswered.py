"""What was asked in vain on servers that keep that: never by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.state.file import StateFile

__all__ = ["KEPT_DAYS", "MAX_KEPT", "MAX_LENGTH", "Unanswered", "UnansweredTable"]

KEPT_DAYS = 90
"""Days for which a question is kept after it was last asked."""

MAX_KEPT = 500
"""Different questions that are kept of a server; those not asked for longest give way."""

MAX_LENGTH = 200
"""Characters of a question that are kept."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question, how often it was asked, and the last day on which it was (in UTC)."""

    question: str
    times: int
    last_asked: date
    id: int = field(default=0, compare=False)


class UnansweredTable:
    """The table ``unanswered``. Methods block for a moment and raise StateError.

    A question that has been answered stands there until it expires, in case that is undone; but for
    ``note``, ``clear`` and ``expire``, it is as if it were not there.
    """

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def note(self, server: int, question: str, today: date) -> None:
        """Keep a question of a server, cut to ``MAX_LENGTH``, or count it once more."""
        with self._file.connection() as database, database.conn:
            database.conn.execute(
                "insert into unanswered (server, question, times, last_asked)"
                " values (?, ?, 1, ?) on conflict (server, question) do update set"
                " times = times + 1, last_asked = excluded.last_asked, answered_by = null",
                (server, question[:MAX_LENGTH], today.isoformat()),
            )
            database.conn.execute(
                "delete from unanswered where id in (select id from unanswered where server = ?"
                " order by last_asked desc, times desc, id desc limit -1 offset ?)",
                (server, MAX_KEPT),
            )

    def of(self, server: int, today: date) -> tuple[Unanswered, ...]:
        """Return the questions of a server, the most frequent first, then the latest."""
        with self._file.connection() as database:
            rows = database.conn.execute(
                "select question, times, last_asked, id from unanswered"
                " where server = ? and last_asked >= ? and answered_by is null"
                " order by times desc, last_asked desc, id desc",
                (server, _oldest(today)),
            ).fetchall()
        return tuple(
            Unanswered(text, times, date.fromisoformat(day), identifier)
            for text, times, day, identifier in rows
        )

    def question(self, server: int, identifier: int) -> str | None:
        """Return the words of a question of a server; ``None``: it is not kept any more."""
        with self._file.connection() as database:
            row = database.conn.execute(
                "select question from unanswered"
                " where server = ? and id = ? and answered_by is null",
                (server, identifier),
            ).fetchone()
        return None if row is None else str(row[0])

    def answer(self, server: int, identifiers: Iterable[int], version: int) -> None:
        """Take questions of a server from the list: this version of an article answers them."""
        with self._file.connection() as database, database.conn:
            database.conn.executemany(
                "update unanswered set answered_by = ? where server = ? and id = ?",
                [(version, server, identifier) for identifier in identifiers],
            )

    def bring_back(self, server: int, version: int) -> None:
        """Put the questions on the list again that a version of an article has answered."""
        with self._file.connection() as database, database.conn:
            database.conn.execute(
                "update unanswered set answered_by = null where server = ? and answered_by = ?",
                (server, version),
            )

    def count(self, server: int) -> int:
        """Return how many different questions are kept of a server."""
        with self._file.connection() as database:
            (count,) = database.conn.execute(
                "select count(*) from unanswered where server = ? and answered_by is null",
                (server,),
            ).fetchone()
        return int(count)

    def clear(self, server: int) -> int:
        """Remove all questions of a server; return how many there were on the list."""
        with self._file.connection() as database, database.conn:
            database.conn.execute(
                "delete from unanswered where server = ? and answered_by is not null", (server,)
            )
            return database.conn.execute(
                "delete from unanswered where server = ?", (server,)
            ).rowcount

    def expire(self, today: date, latest: date | None = None) -> None:
        """Remove the questions that were last asked too long ago.

        What is of after ``latest`` (by default ``today``) was written while the clock was ahead: it
        counts from that day.
        """
        with self._file.connection() as database, database.conn:
            database.conn.execute(
                "update unanswered set last_asked = :day where last_asked > :day",
                {"day": (latest or today).isoformat()},
            )
            database.conn.execute("delete from unanswered where last_asked < ?", (_oldest(today),))


def _oldest(today: date) -> str:
    return (today - timedelta(days=KEPT_DAYS)).isoformat()
