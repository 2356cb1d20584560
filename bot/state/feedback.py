"""What members think of answers: a vote a member and answer, with the reason if they give one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import case, delete, func, or_, select, update

from bot.state.database import StateDatabase
from bot.state.days import expire_by_day, oldest_day
from bot.state.schema import FEEDBACK, insert_into
from knowledge import Verdict

__all__ = [
    "MAX_REASON",
    "MAX_VOTES",
    "TIED_DAYS",
    "VOTE_DAYS",
    "Ballot",
    "CastVote",
    "FeedbackTable",
    "Vote",
]

TIED_DAYS = 90
"""Days for which a vote is tied to its member, who has one an answer and may change it."""

VOTE_DAYS = 365
"""Days for which a vote is kept."""

MAX_VOTES = 10_000
"""Votes that are kept of a server; the oldest give way."""

MAX_REASON = 200
"""Characters of a reason."""

_C = FEEDBACK.c


class Vote(StrEnum):
    """Whether an answer helped."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote as it is cast: on the answer in ``message``, by ``member``, both Discord's ids.

    ``server``: where, ``None`` in a direct message. ``passages``: the stable ids of those that
    the answer showed, the best first (of an answer that showed none, the closest).
    """

    server: int | None
    message: int
    member: int
    verdict: Verdict
    passages: tuple[str, ...]
    vote: Vote
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CastVote:
    """A vote as it is read again: not whose it is, nor on which message."""

    verdict: Verdict
    passages: tuple[str, ...]
    vote: Vote
    reason: str | None


class FeedbackTable:
    """The table ``feedback``. Methods block for a moment and raise StateError."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def cast(self, ballot: Ballot, today: date) -> None:
        """Count a vote, in place of the member's earlier one on the same answer.

        A reason stays for as long as the vote does not change and no other one is given.
        """
        row = {
            "server": ballot.server,
            "message": ballot.message,
            "member": ballot.member,
            "passages": ".".join(ballot.passages),
            "verdict": ballot.verdict.value,
            "vote": ballot.vote.value,
            "reason": None if ballot.reason is None else ballot.reason[:MAX_REASON],
            "day": today.isoformat(),
        }
        with self._database.writing(ballot.server) as connection:
            insertion = insert_into(connection, FEEDBACK).values(row)
            new = insertion.excluded
            reason = case(
                (new.reason.is_not(None), new.reason), (new.vote == _C.vote, _C.reason), else_=None
            )
            connection.execute(
                insertion.on_conflict_do_update(
                    index_elements=[_C.message, _C.member],
                    set_={"reason": reason, "vote": new.vote, "day": new.day},
                )
            )
            over = (
                select(_C.id)
                .where(_C.server == ballot.server)  # "is null" where there is none
                .order_by(_C.day.desc(), _C.id.desc())
                .offset(MAX_VOTES)
            )
            connection.execute(delete(FEEDBACK).where(_C.id.in_(over)))

    def of(self, server: int) -> tuple[CastVote, ...]:
        """Return the votes of a server, the latest first."""
        query = (
            select(_C.verdict, _C.passages, _C.vote, _C.reason)
            .where(_C.server == server)
            .order_by(_C.day.desc(), _C.id.desc())
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            CastVote(Verdict(verdict), tuple(filter(None, passages.split("."))), Vote(vote), reason)
            for verdict, passages, vote, reason in rows
        )

    def by_day(self, server: int, since: date) -> tuple[tuple[date, Vote, int], ...]:
        """Return how many votes of a server there are of a day or later, by day."""
        query = (
            select(_C.day, _C.vote, func.count())
            .where(_C.server == server, _C.day >= since.isoformat())
            .group_by(_C.day, _C.vote)
            .order_by(_C.day, _C.vote)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple((date.fromisoformat(day), Vote(vote), times) for day, vote, times in rows)

    def tied_to(self, member: int) -> int:
        """Return how many votes are tied to a member."""
        query = select(func.count()).where(_C.member == member)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def forget(self, member: int) -> int:
        """Remove the votes of a member, with their reasons; return how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(FEEDBACK).where(_C.member == member)).rowcount

    def expire(self, today: date, latest: date | None = None) -> None:
        """Remove old votes, and from those that are not quite new whose they are.

        ``latest``: see ``days``.
        """
        is_untied = _C.day < oldest_day(today, TIED_DAYS)
        is_tied = or_(_C.member.is_not(None), _C.message.is_not(None))
        with self._database.writing(patient=True) as connection:
            expire_by_day(connection, _C.day, VOTE_DAYS, today, latest)
            connection.execute(
                update(FEEDBACK).where(is_untied, is_tied).values(member=None, message=None)
            )
