"""A clock that jumps: nothing is gone at once by it, and nobody waits for it."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import discord
import pytest
from discord.ext import tasks
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres import on_both
from stored import sql
from world import World, eventually, offer_article

from bot.database_url import DatabaseUrl
from bot.features.privacy import privacy_commands as privacy
from bot.services.repeating import Repeating
from bot.state import State, StoredReport
from bot.state.article_versions import EARLIER_DAYS, OFFER_HOURS
from bot.state.calendar import DOUBTED_SECONDS, TRUSTED_SECONDS, Calendar
from bot.state.feedback import TIED_DAYS, VOTE_DAYS, Ballot, Vote
from bot.state.file import StateFile
from bot.state.reports import KEPT_DAYS as REPORT_DAYS
from bot.state.unanswered import KEPT_DAYS
from knowledge import Verdict

DAY = 86_400.0
YEAR = 365 * DAY
START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
HERE = 7
LOOKS = 6


class Machine:
    """A machine with a clock on the wall, which can be set, and one that runs."""

    def __init__(self, place: Path | DatabaseUrl) -> None:
        self.place = place
        self.wall, self.running = START, 5.0
        self.state = self.start()

    def start(self) -> State:
        """Start a new process."""
        self.running = 5.0
        self.state = State(
            self.place,
            lambda file: Calendar(file, lambda: self.wall, lambda: self.running),
        )
        return self.state

    def run(self, seconds: float) -> None:
        """Let time pass, with some looks for what is old."""
        for _ in range(LOOKS):
            self.wall += seconds / LOOKS
            self.running += seconds / LOOKS
            self.state.expire()

    def off(self, seconds: float) -> None:
        """Switch it off for a while and start again."""
        self.wall += seconds
        self.start().expire()


@pytest.fixture
def machine(place: Path | DatabaseUrl) -> Machine:
    machine = Machine(place)
    machine.state.expire()
    return machine


def put_votes(state: State) -> None:
    state.feedback.cast(Ballot(HERE, 1, 1, Verdict.ANSWERED, ("abc",), Vote.UP), state.today())


def votes(state: State) -> int:
    return len(state.feedback.of(HERE))


def put_question(state: State) -> None:
    state.unanswered.note(HERE, "What wine?", state.today())


def questions(state: State) -> int:
    return state.unanswered.count(HERE)


def put_report(state: State) -> None:
    state.reports.keep(HERE, StoredReport({"en": [["one"]]}, 7))


def count(state: State, table: str, status: str | None = None) -> int:
    where = "" if status is None else f" where status = '{status}'"
    return sql(state, f"select count(*) from {table}{where}")[0][0]


def put_version(state: State) -> None:
    offered = offer_article(state, HERE, "quokkas", "Quokkas", "text")
    state.articles.accept(HERE, [offered.id])
    state.articles.remove(HERE, offered.id)


def put_offer(state: State) -> None:
    offer_article(state, HERE, "wombats", "Wombats", "text")


KINDS = {
    "votes": (put_votes, votes, VOTE_DAYS),
    "whose votes": (put_votes, lambda state: state.feedback.tied_to(1), TIED_DAYS),
    "unanswered questions": (put_question, questions, KEPT_DAYS),
    "reports": (put_report, lambda state: count(state, "reports"), REPORT_DAYS),
    "versions": (put_version, lambda state: count(state, "articles", "earlier"), EARLIER_DAYS),
    "offers": (put_offer, lambda state: count(state, "articles", "offered"), OFFER_HOURS / 24),
}
Kind = tuple[Callable[[State], None], Callable[[State], int], float]
EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
"""Where a test is not of both databases, too, its statements are those of one that is."""


@on_both
@EACH_KIND
def test_what_is_kept_for_so_long_goes_then(machine: Machine, kind: Kind) -> None:
    put, there, days = kind
    put(machine.state)
    machine.run((days - 0.1) * DAY)
    assert there(machine.state) == 1
    machine.run(1.2 * DAY)
    assert there(machine.state) == 0


@on_both
@EACH_KIND
def test_a_clock_that_jumps_ahead_and_is_put_right_costs_nothing(
    machine: Machine, kind: Kind
) -> None:
    put, there, days = kind
    put(machine.state)
    machine.wall += 2 * YEAR
    machine.run(0.5 * DAY)
    machine.start().expire()  # a second start, or several
    machine.start().expire()
    assert there(machine.state) == 1
    put(machine.state)  # in the wrong year
    machine.wall -= 2 * YEAR
    machine.state.expire()
    assert there(machine.state) >= 1
    machine.run((days + 1.2) * DAY)
    assert there(machine.state) == 0, "not kept until the year in which it says it was written"


@EACH_KIND
def test_a_machine_that_starts_in_another_century_costs_nothing(
    machine: Machine, kind: Kind
) -> None:
    put, there, days = kind
    put(machine.state)
    for wrong in (0.0, datetime(2099, 1, 1, tzinfo=UTC).timestamp()):
        right = machine.wall
        machine.wall = wrong
        machine.start().expire()
        put(machine.state)
        machine.run(0.2 * DAY)
        assert there(machine.state) >= 1
        machine.wall = right
        machine.start().expire()
        assert there(machine.state) >= 1
    machine.run((days + 1.5) * DAY)
    assert there(machine.state) == 0


@EACH_KIND
def test_a_clock_that_jumps_back_does_not_keep_things_for_longer(
    machine: Machine, kind: Kind
) -> None:
    put, there, days = kind
    machine.wall += 2 * YEAR  # it was wrong from the start on
    machine.start()
    machine.run(4 * DAY)
    put(machine.state)
    machine.wall -= 2 * YEAR
    machine.run(DOUBTED_SECONDS + DAY)
    machine.run((days + 1.2) * DAY)
    assert there(machine.state) == 0


@EACH_KIND
def test_a_clock_that_was_right_is_believed_after_some_days(machine: Machine, kind: Kind) -> None:
    """The bot was off for two years."""
    put, there, _ = kind
    put(machine.state)
    machine.off(2 * YEAR)
    assert there(machine.state) == 1
    machine.run(DOUBTED_SECONDS + 0.3 * DAY)
    assert there(machine.state) == 0


@EACH_KIND
def test_a_bot_that_runs_now_and_then_forgets_too(machine: Machine, kind: Kind) -> None:
    put, there, days = kind
    put(machine.state)
    pause = max(7.0, days / 12)
    for _ in range(int(days / pause) + 3):
        machine.off(pause * DAY)
        machine.run(0.01 * DAY)
    assert there(machine.state) == 0


def test_a_state_of_before_is_not_emptied_by_a_start_in_a_wrong_year(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "state.db")
    put_votes(machine.state)
    put_version(machine.state)
    with closing(sqlite3.connect(tmp_path / "state.db")) as connection, connection:
        connection.execute("drop table clock")
        connection.execute("delete from _sqlite_migrations where name = '008_clock'")
    machine.wall += 12 * YEAR
    machine.start().expire()
    assert votes(machine.state) == 1
    assert count(machine.state, "articles", "earlier") == 1


JUMPS = st.lists(
    st.tuples(
        st.floats(-20 * YEAR, 20 * YEAR),
        st.floats(0, DOUBTED_SECONDS - 0.3 * DAY),
        st.booleans(),
    ),
    max_size=4,
)


@settings(max_examples=10)
@given(JUMPS)
def test_no_jump_that_is_put_right_moves_the_calendar(
    tmp_path_factory: pytest.TempPathFactory, jumps: list[tuple[float, float, bool]]
) -> None:
    """Whatever the clock shows in between: nothing is too early by more than a day."""
    machine = Machine(tmp_path_factory.mktemp("clock") / "state.db")
    machine.state.expire()
    true = machine.wall
    for jump, lasts, restarts in jumps:
        machine.wall = max(true + jump, 0.0)
        if restarts:
            machine.start()
        before = machine.wall
        machine.run(lasts)
        true += machine.wall - before
        moment = machine.state.calendar.moment()
        assert moment.now <= true + TRUSTED_SECONDS
        assert moment.latest >= moment.now
        machine.wall = true
        machine.state.expire()
        assert abs(machine.state.calendar.moment().now - true) <= TRUSTED_SECONDS
        machine.run(0.5 * DAY)
        true = machine.wall


def test_the_calendar_takes_any_clock(tmp_path: Path) -> None:
    for wall in (-1e15, 0.0, 1e15):
        file = StateFile(tmp_path / f"{wall}.db")
        moment = Calendar(file, lambda wall=wall: wall).keep()
        assert date(1970, 1, 1) <= moment.today <= moment.latest_day <= date(9999, 12, 31)


def theirs(seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> tasks.Loop[Any]:
    return tasks.loop(seconds=seconds)(work)


@pytest.mark.parametrize(
    "loop_of", [Repeating, pytest.param(theirs, marks=pytest.mark.xfail(strict=True))]
)
async def test_work_goes_on_at_its_pace_whatever_the_clock_does(
    monkeypatch: pytest.MonkeyPatch, loop_of: Callable[..., Repeating | tasks.Loop[Any]]
) -> None:
    """What discord.py has for it makes up for a year of turns, and then waits for a year."""
    offset = timedelta()

    class Jumping(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + offset

    clock = SimpleNamespace(datetime=Jumping, timezone=timezone, timedelta=timedelta, time=time)
    monkeypatch.setattr(discord.utils, "datetime", clock)
    monkeypatch.setattr(tasks, "datetime", clock)
    turns: list[float] = []

    async def work() -> None:
        nonlocal offset
        turns.append(asyncio.get_running_loop().time())
        offset = timedelta(days=0 if len(turns) % 4 < 2 else 400)

    repeating = loop_of(0.02, work)
    repeating.start()
    try:
        await eventually(lambda: len(turns) >= 9, 20 if loop_of is Repeating else 2)
    finally:
        repeating.cancel()
    assert all(later - earlier > 0.01 for earlier, later in itertools.pairwise(turns))


async def test_old_things_go_again_and_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(world.bot.services.state, "expire", lambda: looks.append(1))
    world.let_pass(privacy.EXPIRY_HOURS * 3_600 + 1)
    await eventually(lambda: looks)
