"""Told to end, the bot answers whom it has begun to answer, and takes no new question."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fake_discord import FakeDiscord
from test_running import PATIENCE_SECONDS, ended, indexed, online
from world import World, eventually, shown

from bot.app.run import DRAIN_SECONDS
from knowledge import Answer, ReindexReport

__all__ = ["indexed"]

QUESTION = "Combien de barils de pétrole en juillet ?"
RESTARTING = "I am about to be restarted. Please ask again in a minute."

HELD = """
import os, sys, time
from pathlib import Path
from bot.app import run
from bot.settings import load_settings
from knowledge import KnowledgeBase

asked, released = Path("asked"), Path("released")
ask = KnowledgeBase.ask

def held(self, *given, **more):
    asked.touch()
    while not released.exists():
        time.sleep(0.01)
    return ask(self, *given, **more)

KnowledgeBase.ask = held
run.DRAIN_SECONDS = float(sys.argv[1])
sys.exit(run.run_discord(load_settings()))
"""
"""The program, in which no question is answered before there is a file “released”."""

ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")


async def logged(started: asyncio.subprocess.Process, words: str) -> str:
    """Read the log until a line has these words; return what was read."""
    assert started.stderr is not None
    log = ""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while words not in log:
            line = await started.stderr.readline()
            assert line, log
            log += line.decode()
    return log


@asynccontextmanager
async def asked(
    tmp_path: Path, drain_seconds: float
) -> AsyncIterator[tuple[FakeDiscord, asyncio.subprocess.Process]]:
    """A bot that has been asked and told to end, and has begun to."""
    async with online(tmp_path, str(drain_seconds), code=HELD) as (server, started, _):
        await server.write_to_the_bot(11, QUESTION)
        await eventually((tmp_path / "asked").exists, PATIENCE_SECONDS)
        started.send_signal(signal.SIGTERM)
        log = await logged(started, "Told to end")
        assert "Told to end; requests that are being answered: 1" in log
        yield server, started


@pytest.mark.usefixtures("indexed")
@ON_POSIX
async def test_who_has_asked_is_answered_and_who_asks_then_is_told_to_wait(
    tmp_path: Path,
) -> None:
    async with asked(tmp_path, DRAIN_SECONDS * 60) as (server, started):
        await server.write_to_the_bot(12, QUESTION)
        await eventually(lambda: server.reply_to(12), PATIENCE_SECONDS)
        assert RESTARTING in server.reply_to(12)
        assert not server.reply_to(11)
        (tmp_path / "released").touch()
        code, out, err = await ended(started)
        assert re.search(r"10\W+\w*933", server.reply_to(11))
        assert server.closed == [1000]
    assert (code, out) == (0, "")
    assert "cut off" not in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("indexed")
@ON_POSIX
async def test_nobody_is_waited_for_for_ever(tmp_path: Path) -> None:
    async with asked(tmp_path, 0.1) as (server, started):
        code, _, err = await ended(started)
        assert not server.reply_to(11)
        assert server.closed == [1000]
    assert code == 0
    assert "Requests that are cut off after 0 s: 1" in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("indexed")
@ON_POSIX
async def test_told_twice_it_ends_at_once(tmp_path: Path) -> None:
    async with asked(tmp_path, 10 * PATIENCE_SECONDS) as (server, started):
        started.send_signal(signal.SIGTERM)
        code, _, err = await ended(started)
        assert not server.reply_to(11)
    assert code == 0
    assert "Traceback" not in err


async def test_commands_and_clicks_are_served_as_long_as_there_is_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await world.ask(QUESTION)
    ask, begun, released = world.knowledge.ask, threading.Event(), threading.Event()

    def held(question: str, **options: Any) -> Answer:
        begun.set()
        assert released.wait(60)
        return ask(question, **options)

    monkeypatch.setattr(world.knowledge, "ask", held)
    with world.hurried():
        slow = await world.member.slash(world.channel, "ask", question=QUESTION)
        await eventually(begun.is_set)
        draining = asyncio.create_task(world.bot.drain(PATIENCE_SECONDS))
        await eventually(lambda: world.bot.services.answering.is_closed)
        refused = await world.admin.slash(world.channel, "ask", question=QUESTION)
        await eventually(lambda: refused.response)
        told = shown(refused.response)
        assert (told.text, told.ephemeral) == (RESTARTING, True)
        found = await world.admin.slash(world.channel, "search", words="pétrole")
        clicked = await world.admin.click(answer.message, custom_id=answer.button("In context"))
        await eventually(lambda: found.response and clicked.response)
        assert not draining.done()
        assert slow.response is None
        released.set()
        await draining
        assert "10" in shown(slow.response).quotation
    assert len(world.raised()) == 1


async def test_a_reindex_is_given_up_and_its_admin_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, released, reindex = threading.Event(), threading.Event(), world.knowledge.reindex

    def held(**options: Any) -> ReindexReport:
        begun.set()
        assert released.wait(60)
        return reindex(**options)

    monkeypatch.setattr(world.knowledge, "reindex", held)
    with world.hurried():
        reindexing = await world.admin.slash(world.channel, "reindex", force=True)
        await eventually(begun.is_set)
        draining = asyncio.create_task(world.bot.drain(PATIENCE_SECONDS))
        await eventually(lambda: world.bot.services.indexes.is_ending)
        released.set()
        await draining
        told = shown(reindexing.response)
    assert told.text == "I had to end before I had read them all. The index is as it was."
    assert len(world.raised()) == 1
