"""Another process may hold the state: nobody waits for anybody else, and all are told in time."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import simcord
from stored import file_of
from world import World, eventually, shown

from bot.interactions.acknowledging import PATIENCE_SECONDS
from bot.state import State, StateBusy
from bot.state import file as state_file
from bot.state.feedback import Ballot, Vote
from knowledge import Verdict

QUESTION = "Combien de barils de pétrole en juillet ?"
SERVERS = 20

_HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    connection.execute(statement)
print("held", flush=True)
sys.stdin.readline()
connection.rollback()
connection.close()
"""

WRITING = ("begin exclusive", "create table vacuumed (x)")
"""What a backup's restoring, VACUUM or an open shell do: they write."""

WHOLE = ("pragma locking_mode = exclusive", "begin exclusive", "create table vacuumed (x)")
"""What keeps readers out, too."""

_Hold = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def hold(state: State) -> Iterator[_Hold]:
    """Let another process hold the state, until its input gets a line."""
    holders: list[subprocess.Popen[str]] = []

    def begin(*statements: str) -> subprocess.Popen[str]:
        holder = subprocess.Popen(
            [sys.executable, "-c", _HOLDER, str(file_of(state)), *statements],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        holders.append(holder)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        return holder

    yield begin
    for holder in holders:
        if holder.poll() is None:
            holder.communicate("\n", timeout=30)


async def let_go(holder: subprocess.Popen[str]) -> None:
    await asyncio.to_thread(holder.communicate, "\n", 30)


def crowd(world: World) -> list[tuple[simcord.MemberActor, simcord.ChannelHandle]]:
    """Return a member and a channel of each of many servers, whose settings are not known."""
    found: list[tuple[simcord.MemberActor, simcord.ChannelHandle]] = []
    for number in range(SERVERS):
        guild = world.env.create_guild(f"Server {number}")
        member = guild.add_member(world.env.create_user(f"member{number}"))
        found.append((member, guild.create_text_channel("questions")))
    return found


async def test_servers_do_not_wait_for_each_other(
    world: World, hold: _Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_BUSY_SECONDS", 120.0)  # it is held for as long as we like
    members = crowd(world)
    holder = hold(*WHOLE)
    begun, ended = [], []
    of = world.state.servers.of

    def counted(server: int | None) -> Any:
        begun.append(server)
        settings = of(server)
        ended.append(server)
        return settings

    monkeypatch.setattr(world.state.servers, "of", counted)
    with world.hurried():
        asked = [
            await member.slash(channel, "ask", question=QUESTION) for member, channel in members
        ]
        await eventually(lambda: len(begun) == SERVERS)  # at the same time
        assert not any(one.acknowledged for one in asked), "no time has passed"
        world.let_pass(PATIENCE_SECONDS)
        await eventually(lambda: all(one.acknowledged for one in asked))
        assert not ended
        assert all(one.ephemeral for one in asked), "where they may be answered is not known yet"
        await let_go(holder)
        await eventually(lambda: all(one.response and one.response.components for one in asked), 60)
    await world.env.settle()
    for one in asked:
        assert "10" in shown(one.response).quotation
        assert "Share" in shown(one.response).labels or "Partager" in shown(one.response).labels


async def test_a_writer_keeps_no_reader_waiting(
    world: World, hold: _Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_BUSY_SECONDS", 0.0)
    members = crowd(world)
    hold(*WRITING)
    for member, channel in members[:3]:
        result = await member.slash(channel, "ask", question=QUESTION)
        assert not result.deferred
        assert shown(result.response).buttons


async def test_what_is_known_is_answered_without_the_state(world: World, hold: _Hold) -> None:
    answer = await world.ask(QUESTION)
    hold(*WHOLE)
    assert (await world.ask(QUESTION)).texts == answer.texts
    for label in ("More", "In context", "Why?"):
        result = await world.member.click(answer.message, custom_id=answer.button(label))
        assert shown(result.response).text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en-US", "What I have to remember is in use elsewhere just now"),
        ("fr", "Ce que je dois retenir est occupé ailleurs en ce moment"),
    ],
)
async def test_what_cannot_be_answered_in_time_is_said(
    world: World,
    hold: _Hold,
    locale: list[str],
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    said: str,
) -> None:
    answer = await world.ask(QUESTION)
    locale[0] = code
    monkeypatch.setattr(state_file, "_BUSY_SECONDS", 0.05)
    holder = hold(*WHOLE)
    (member, channel), *_ = crowd(world)
    results = [
        await member.slash(channel, "ask", question=QUESTION),
        await world.member.click(answer.message, custom_id=answer.button("👍")),
        await world.member.slash(world.channel, "forget-me"),
        await world.admin.slash(world.channel, "articles list"),
        await world.admin.slash(world.channel, "feedback"),
    ]
    for result in results:
        told = shown(result.response)
        assert told.text.startswith(said)
        assert told.ephemeral
    assert await world.admin.autocomplete(world.channel, "articles remove", "article", "") == []
    errors = [getattr(error, "original", error) for error in world.env.errors]
    assert errors
    assert all(isinstance(error, StateBusy) for error in errors)
    await let_go(holder)
    result = await world.member.click(answer.message, custom_id=answer.button("👍"))
    assert not shown(result.response).text.startswith(said)


def test_a_call_waits_for_less_than_discord_does() -> None:
    assert 0 < state_file._BUSY_SECONDS < 2


async def test_a_change_of_a_server_waits_for_no_other_server_s(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one server they come one after the other, so that none is lost."""
    table, servers = world.state.servers, world.bot.services.server_settings
    of, change = table.of, table.change
    started: list[int] = []
    go_on = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(server: int, **changes: Any) -> Any:
        started.append(server)
        if server == 1 and len(started) == 1:
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(60)
        return change(server, **changes)

    monkeypatch.setattr(table, "change", slow)
    first = asyncio.create_task(servers.change(1, private=True))
    await eventually(lambda: started == [1])
    second = asyncio.create_task(servers.change(1, language="fr"))
    await servers.change(2, private=True)
    assert (await servers.of(3)) == of(3)
    assert started == [1, 2]
    go_on.set()
    await first
    assert (await second).private
    assert of(1).language == "fr"


def ballot(member: int, reason: str) -> Ballot:
    return Ballot(1, 2, member, Verdict.ANSWERED, ("x",), Vote.DOWN, reason)


def everywhere(state: State) -> bytes:
    """Return the bytes of the state and of all that stands beside it."""
    return b"".join(
        path.read_bytes() for path in file_of(state).parent.glob(f"{file_of(state).name}*")
    )


def test_what_was_deleted_is_neither_in_the_file_nor_in_its_log(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    with closing(sqlite3.connect(file_of(state), isolation_level=None)) as another:
        another.execute("select count(*) from feedback").fetchone()  # so that the log stays
        state.feedback.cast(ballot(7, "an unmistakable reason"), date(2026, 1, 1))
        assert b"unmistakable" in everywhere(state)
        state.forget(7)
        assert b"unmistakable" not in everywhere(state)


def test_what_somebody_reads_while_it_is_deleted_goes_with_the_next_call(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    state.feedback.cast(ballot(7, "an unmistakable reason"), date(2026, 1, 1))
    with closing(sqlite3.connect(file_of(state), isolation_level=None)) as another:
        another.execute("begin")
        another.execute("select count(*) from feedback").fetchone()
        assert state.forget(7) == 1, "who deletes does not wait for who reads"
        assert b"unmistakable" in everywhere(state)
        another.execute("commit")
        state.servers.of(1)
        assert b"unmistakable" not in everywhere(state)


def test_a_start_brings_in_what_a_killed_process_left_in_the_log(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    State(path)
    killed = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
        "c.execute(\"insert into server_settings values (5, '{}')\"); c.commit(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    log = path.with_name("state.db-wal")
    assert log.stat().st_size
    state = State(path)
    assert not log.exists() or not log.stat().st_size
    assert state.servers.of(5) == state.servers.of(None)


async def test_a_mention_is_answered_where_the_settings_are_known(
    world: World, hold: _Hold
) -> None:
    await world.ask(QUESTION)
    hold(*WHOLE)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert world.last().buttons
