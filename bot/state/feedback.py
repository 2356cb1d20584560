"""What members think of answers: a vote a member and answer, with the reason if they give one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.state.file import StateFile
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


_CAST = """
    insert into feedback (server, message, member, passages, verdict, vote, reason, day)
    values (:server, :message, :member, :passages, :verdict, :vote, :reason, :day)
    on conflict (message, member) do update set
        reason = case
            when excluded.reason is not null then excluded.reason
            when excluded.vote = feedback.vote then feedback.reason
        end,
        vote = excluded.vote,
        day = excluded.day
"""

_CROWDED_OUT = """
    delete from feedback where id in (
        select id from feedback where server is ? order by day desc, id desc limit -1 offset ?
    )
"""


class FeedbackTable:
    """The table ``feedback``. Methods block for a moment and raise StateError."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

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
        with self._file.connection() as database, database.conn:
            database.conn.execute(_CAST, row)
            database.conn.execute(_CROWDED_OUT, (ballot.server, MAX_VOTES))

    def of(self, server: int) -> tuple[CastVote, ...]:
        """Return the votes of a server, the latest first."""
        with self._file.connection() as database:
            rows = database.conn.execute(
                "select verdict, passages, vote, reason from feedback"
                " where server = ? order by day desc, id desc",
                (server,),
            ).fetchall()
        return tuple(
            CastVote(Verdict(verdict), tuple(filter(None, passages.split("."))), Vote(vote), reason)
            for verdict, passages, vote, reason in rows
        )

    def by_day(self, server: int, since: date) -> tuple[tuple[date, Vote, int], ...]:
        """Return how many votes of a server there are of a day or later, by day."""
        with self._file.connection() as database:
            rows = database.conn.execute(
                "select day, vote, count(*) from feedback where server = ? and day >= ?"
                " group by day, vote order by day, vote",
                (server, since.isoformat()),
            ).fetchall()
        return tuple((date.fromisoformat(day), Vote(vote), times) for day, vote, times in rows)

    def tied_to(self, member: int) -> int:
        """Return how many votes are tied to a member."""
        with self._file.connection() as database:
            (count,) = database.conn.execute(
                "select count(*) from feedback where member = ?", (member,)
            ).fetchone()
        return int(count)

    def forget(self, member: int) -> int:
        """Remove the votes of a member, with their reasons; return how many there were."""
        with self._file.connection() as database, database.conn:
            deleted = database.conn.execute("delete from feedback where member = ?", (member,))
            return deleted.rowcount

    def expire(self, today: date, latest: date | None = None) -> None:
        """Remove old votes, and from those that are not quite new whose they are.

        What is of after ``latest`` (by default ``today``) was written while the clock was ahead: it
        counts from that day.
        """
        tied, kept = today - timedelta(days=TIED_DAYS), today - timedelta(days=VOTE_DAYS)
        with self._file.connection() as database, database.conn:
            last_day = (latest or today).isoformat()
            database.conn.execute(
                "update feedback set day = :day where day > :day", {"day": last_day}
            )
            database.conn.execute(
                "update feedback set member = null, message = null where day < ?",
                (tied.isoformat(),),
            )
            database.conn.execute("delete from feedback where day < ?", (kept.isoformat(),))
