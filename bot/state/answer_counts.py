"""How many questions a server's members ask, and what answers them: counts, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.state.file import StateFile
from knowledge import Verdict

__all__ = ["KEPT_DAYS", "MAX_PASSAGES", "AnswerCountsTable", "Counted"]

KEPT_DAYS = 90
"""Days for which a count is kept."""

MAX_PASSAGES = 2_000
"""Counts of quoted passages, one a day, that are kept of a server; the oldest give way, of a day
those of the passages that were quoted least."""

_QUOTED = "quoted"


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted on a server: an answer by its verdict, or that a passage was quoted."""

    server: int
    what: Verdict | str
    """The verdict, or the stable id of a passage."""


_ADD = """
    insert into answer_counts (server, day, kind, passage, times) values (?, ?, ?, ?, ?)
    on conflict (server, day, kind, passage) do update set times = times + excluded.times
"""

_CROWDED_OUT = """
    delete from answer_counts where id in (
        select id from answer_counts where server = ? and kind = ?
        order by day desc, times desc, id desc limit -1 offset ?
    )
"""

_OF_A_LATER_DAY = """
    insert into answer_counts (server, day, kind, passage, times)
    select server, :day, kind, passage, sum(times) from answer_counts where day > :day
    group by server, kind, passage
    on conflict (server, day, kind, passage) do update set times = times + excluded.times
"""


class AnswerCountsTable:
    """The table ``answer_counts``. Methods block for a moment and raise StateError."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def add(self, counted: Mapping[Counted, int], today: date) -> None:
        """Count further answers of a day and the passages that they quote."""
        rows = [
            (one.server, today.isoformat(), *_kind_and_passage(one), times)
            for one, times in counted.items()
        ]
        with self._file.connection() as database, database.conn:
            database.conn.executemany(_ADD, rows)
            database.conn.executemany(
                _CROWDED_OUT,
                [(server, _QUOTED, MAX_PASSAGES) for server in {one.server for one in counted}],
            )

    def answers(self, server: int, since: date) -> tuple[tuple[date, Verdict, int], ...]:
        """Return how many answers there were from a day on, by day and verdict."""
        with self._file.connection() as database:
            rows = database.conn.execute(
                "select day, kind, times from answer_counts"
                " where server = ? and day >= ? and kind <> ? order by day",
                (server, since.isoformat(), _QUOTED),
            ).fetchall()
        return tuple((date.fromisoformat(day), Verdict(kind), times) for day, kind, times in rows)

    def quoted(self, server: int, since: date, most: int) -> tuple[tuple[str, int], ...]:
        """Return the passages that were quoted most from a day on, with how often, at most so many.

        A passage is named by its stable id.
        """
        with self._file.connection() as database:
            return tuple(
                database.conn.execute(
                    "select passage, sum(times) as together from answer_counts"
                    " where server = ? and day >= ? and kind = ?"
                    " group by passage order by together desc, max(day) desc, passage limit ?",
                    (server, since.isoformat(), _QUOTED, most),
                ).fetchall()
            )

    def expire(self, today: date, latest: date | None = None) -> None:
        """Remove old counts.

        What is of after ``latest`` (by default ``today``) was written while the clock was ahead: it
        counts for that day.
        """
        last_day = (latest or today).isoformat()
        oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
        with self._file.connection() as database, database.conn:
            database.conn.execute(_OF_A_LATER_DAY, {"day": last_day})
            database.conn.execute(
                "delete from answer_counts where day > ? or day < ?", (last_day, oldest)
            )


def _kind_and_passage(counted: Counted) -> tuple[str, str]:
    if isinstance(counted.what, Verdict):
        return counted.what.value, ""
    return _QUOTED, counted.what
