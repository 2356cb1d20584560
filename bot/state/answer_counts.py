"""How many questions a server's members ask, and what answers them: counts, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Delete, delete, func, literal, or_, select

from bot.state.database import StateDatabase
from bot.state.days import oldest_day
from bot.state.schema import ANSWER_COUNTS, Insertion, insert_into
from knowledge import Verdict

__all__ = ["KEPT_DAYS", "MAX_PASSAGES", "AnswerCountsTable", "Counted"]

KEPT_DAYS = 90
"""Days for which a count is kept."""

MAX_PASSAGES = 2_000
"""Counts of quoted passages, one a day, that are kept of a server; the oldest give way, of a day
those of the passages that were quoted least."""

_QUOTED = "quoted"
_COUNTED = ("server", "day", "kind", "passage", "times")
_C = ANSWER_COUNTS.c


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted on a server: an answer by its verdict, or that a passage was quoted."""

    server: int
    what: Verdict | str
    """The verdict, or the stable id of a passage."""


class AnswerCountsTable:
    """The table ``answer_counts``. Methods block for a moment and raise StateError."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def add(self, counted: Mapping[Counted, int], today: date) -> None:
        """Count further answers of a day and the passages that they quote."""
        rows = [
            {
                "server": one.server,
                "day": today.isoformat(),
                "kind": one.what.value if isinstance(one.what, Verdict) else _QUOTED,
                "passage": "" if isinstance(one.what, Verdict) else one.what,
                "times": times,
            }
            for one, times in counted.items()
        ]
        if not rows:
            return
        servers = {one.server for one in counted}
        with self._database.writing(*servers) as connection:
            connection.execute(_adding(insert_into(connection, ANSWER_COUNTS)), rows)
            for server in servers:
                connection.execute(_crowded_out(server))

    def answers(self, server: int, since: date) -> tuple[tuple[date, Verdict, int], ...]:
        """Return how many answers there were from a day on, by day and verdict."""
        query = (
            select(_C.day, _C.kind, _C.times)
            .where(_C.server == server, _C.day >= since.isoformat(), _C.kind != _QUOTED)
            .order_by(_C.day)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple((date.fromisoformat(day), Verdict(kind), times) for day, kind, times in rows)

    def quoted(self, server: int, since: date, most: int) -> tuple[tuple[str, int], ...]:
        """Return the passages that were quoted most from a day on, with how often, at most so many.

        A passage is named by its stable id.
        """
        together = func.sum(_C.times)
        query = (
            select(_C.passage, together)
            .where(_C.server == server, _C.day >= since.isoformat(), _C.kind == _QUOTED)
            .group_by(_C.passage)
            .order_by(together.desc(), func.max(_C.day).desc(), _C.passage)
            .limit(most)
        )
        with self._database.reading() as connection:
            return tuple((passage, int(times)) for passage, times in connection.execute(query))

    def expire(self, today: date, latest: date | None = None) -> None:
        """Remove old counts.

        What is of after ``latest`` (by default ``today``) was written while the clock was ahead: it
        counts for that day.
        """
        last_day = (latest or today).isoformat()
        oldest = oldest_day(today, KEPT_DAYS)
        later = (
            select(_C.server, literal(last_day), _C.kind, _C.passage, func.sum(_C.times))
            .where(_C.day > last_day)
            .group_by(_C.server, _C.kind, _C.passage)
        )
        with self._database.writing(patient=True) as connection:
            moved = insert_into(connection, ANSWER_COUNTS).from_select(_COUNTED, later)
            connection.execute(_adding(moved))
            connection.execute(delete(ANSWER_COUNTS).where(or_(_C.day > last_day, _C.day < oldest)))


def _adding(insertion: Insertion) -> Insertion:
    """Let what is counted already be counted further."""
    return insertion.on_conflict_do_update(
        index_elements=[_C.server, _C.day, _C.kind, _C.passage],
        set_={"times": _C.times + insertion.excluded.times},
    )


def _crowded_out(server: int) -> Delete:
    over = (
        select(_C.id)
        .where(_C.server == server, _C.kind == _QUOTED)
        .order_by(_C.day.desc(), _C.times.desc(), _C.id.desc())
        .offset(MAX_PASSAGES)
    )
    return delete(ANSWER_COUNTS).where(_C.id.in_(over))
