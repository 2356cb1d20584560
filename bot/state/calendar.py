"""What day it is, for what expires: a clock that jumps is not believed at once.

A machine may start in 2038 and be put right a minute later, and what expired in between would be
gone for good. So the state remembers when the bot last ran. A clock that goes on from there is
followed, and so is one that was off for up to ``TRUSTED_SECONDS``; one that is farther away, ahead
or behind, is doubted until it has gone on by itself for ``DOUBTED_SECONDS``. Until then time passes
as the process runs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import select

from bot.state.database import StateDatabase
from bot.state.schema import CLOCK, insert_into

__all__ = ["DOUBTED_SECONDS", "TRUSTED_SECONDS", "Calendar", "Moment"]

TRUSTED_SECONDS = 86_400.0
"""How far a clock may be from where it is expected: so much may expire too early by a jump."""

DOUBTED_SECONDS = 3 * 86_400.0
"""How long a clock that jumped has to go on from there before it is believed."""


_C = CLOCK.c
_ROW = 1
_LAST_SECOND = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Moment:
    """The time, in seconds of Unix time.

    Where the clock is doubted nobody knows which is right, what it shows or what was expected.
    ``now`` is the earlier, for what expires: nothing does too early. ``latest`` is the later, for
    what is written down. Nothing that there is can be of after it.
    """

    now: float
    latest: float

    @property
    def today(self) -> date:
        """The day of ``now``, in UTC."""
        return _day(self.now)

    @property
    def latest_day(self) -> date:
        """The day of ``latest``, in UTC."""
        return _day(self.latest)


@dataclass(frozen=True, slots=True)
class _Belief:
    """The row of the table ``clock``: the trusted time at the last look and, where the clock was
    elsewhere, what it showed then and where it was first seen there."""

    trusted: float
    doubted_since: float | None = None
    doubted: float | None = None


class Calendar:
    """The table ``clock``, and the clocks of the machine. Safe to use from several threads.

    ``wall`` shows Unix time and may jump; ``running`` counts seconds and does not.
    """

    def __init__(
        self,
        database: StateDatabase,
        wall: Callable[[], float] = time.time,
        running: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._wall = wall
        self._running = running
        self._lock = threading.Lock()
        self._belief: _Belief | None = None
        self._looked_at: float | None = None

    def moment(self) -> Moment:
        """Return what time it is. Raises StateError where the last time is not known yet."""
        with self._lock:
            return self._look()[1]

    def keep(self) -> Moment:
        """Return what time it is, and remember it for the next start. Raises StateError."""
        with self._lock:
            belief, moment = self._look()
            with self._database.writing() as connection:
                insertion = insert_into(connection, CLOCK).values(id=_ROW, **asdict(belief))
                connection.execute(
                    insertion.on_conflict_do_update(index_elements=[_C.id], set_=asdict(belief))
                )
            return moment

    def _look(self) -> tuple[_Belief, Moment]:
        wall, running = self._wall(), self._running()
        ran = None if self._looked_at is None else running - self._looked_at
        known = self._belief or self._remembered() or _Belief(wall)
        belief = _next(known, wall, ran)
        self._belief, self._looked_at = belief, running
        return belief, Moment(min(belief.trusted, wall), max(belief.trusted, wall))

    def _remembered(self) -> _Belief | None:
        query = select(_C.trusted, _C.doubted_since, _C.doubted).where(_C.id == _ROW)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _Belief(*row)


def _next(known: _Belief, wall: float, ran: float | None) -> _Belief:
    """Return what to believe when the clock shows ``wall``, ``ran`` seconds after the last look.

    ``None``: the last look was another process's, nobody knows how long ago.
    """
    expected = known.trusted + (ran or 0.0)
    if abs(wall - expected) <= TRUSTED_SECONDS:
        return _Belief(wall)
    if known.doubted is None or known.doubted_since is None:
        return _Belief(expected, wall, wall)
    goes_on = (
        wall >= known.doubted - TRUSTED_SECONDS
        if ran is None
        else abs(wall - (known.doubted + ran)) <= TRUSTED_SECONDS
    )
    if not goes_on:
        return _Belief(expected, wall, wall)
    if wall - known.doubted_since < DOUBTED_SECONDS:
        return replace(known, trusted=expected, doubted=wall)
    if ran is None:
        # Believed as far as it was seen to come by a process before; a jump since is a new one.
        return _next(_Belief(known.doubted), wall, ran)
    return _Belief(wall)


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(min(max(seconds, 0.0), _LAST_SECOND), UTC).date()
