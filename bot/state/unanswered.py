"""What was asked in vain on servers that keep that: never by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, func, select, update

from bot.state.database import StateDatabase
from bot.state.days import expire_by_day, oldest_day
from bot.state.schema import UNANSWERED, insert_into

__all__ = ["KEPT_DAYS", "MAX_KEPT", "MAX_LENGTH", "Unanswered", "UnansweredTable"]

KEPT_DAYS = 90
"""Days for which a question is kept after it was last asked."""

MAX_KEPT = 500
"""Different questions that are kept of a server; those not asked for longest give way."""

MAX_LENGTH = 200
"""Characters of a question that are kept."""

_C = UNANSWERED.c
_IS_LISTED = _C.answered_by.is_(None)


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

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def note(self, server: int, question: str, today: date) -> None:
        """Keep a question of a server, cut to ``MAX_LENGTH``, or count it once more."""
        row = {
            "server": server,
            "question": question[:MAX_LENGTH],
            "times": 1,
            "last_asked": today.isoformat(),
        }
        with self._database.writing(server) as connection:
            insertion = insert_into(connection, UNANSWERED).values(row)
            connection.execute(
                insertion.on_conflict_do_update(
                    index_elements=[_C.server, _C.question],
                    set_={
                        "times": _C.times + 1,
                        "last_asked": insertion.excluded.last_asked,
                        "answered_by": None,
                    },
                )
            )
            over = (
                select(_C.id)
                .where(_C.server == server)
                .order_by(_C.last_asked.desc(), _C.times.desc(), _C.id.desc())
                .offset(MAX_KEPT)
            )
            connection.execute(delete(UNANSWERED).where(_C.id.in_(over)))

    def of(self, server: int, today: date) -> tuple[Unanswered, ...]:
        """Return the questions of a server, the most frequent first, then the latest."""
        query = (
            select(_C.question, _C.times, _C.last_asked, _C.id)
            .where(_C.server == server, _C.last_asked >= oldest_day(today, KEPT_DAYS), _IS_LISTED)
            .order_by(_C.times.desc(), _C.last_asked.desc(), _C.id.desc())
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Unanswered(text, times, date.fromisoformat(day), identifier)
            for text, times, day, identifier in rows
        )

    def question(self, server: int, identifier: int) -> str | None:
        """Return the words of a question of a server; ``None``: it is not kept any more."""
        query = select(_C.question).where(_C.server == server, _C.id == identifier, _IS_LISTED)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def answer(self, server: int, identifiers: Iterable[int], version: int) -> None:
        """Take questions of a server from the list: this version of an article answers them."""
        with self._database.writing(server) as connection:
            connection.execute(
                update(UNANSWERED)
                .where(_C.server == server, _C.id.in_(list(identifiers)))
                .values(answered_by=version)
            )

    def bring_back(self, server: int, version: int) -> None:
        """Put the questions on the list again that a version of an article has answered."""
        with self._database.writing(server) as connection:
            connection.execute(
                update(UNANSWERED)
                .where(_C.server == server, _C.answered_by == version)
                .values(answered_by=None)
            )

    def count(self, server: int) -> int:
        """Return how many different questions are kept of a server."""
        query = select(func.count()).where(_C.server == server, _IS_LISTED)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def clear(self, server: int) -> int:
        """Remove all questions of a server; return how many there were on the list."""
        theirs = delete(UNANSWERED).where(_C.server == server)
        with self._database.writing(server) as connection:
            connection.execute(theirs.where(_C.answered_by.is_not(None)))
            return connection.execute(theirs).rowcount

    def expire(self, today: date, latest: date | None = None) -> None:
        """Remove the questions that were last asked too long ago. ``latest``: see ``days``."""
        with self._database.writing(patient=True) as connection:
            expire_by_day(connection, _C.last_asked, KEPT_DAYS, today, latest)
