"""With SOURCIER_PROCESSES, questions are answered by processes beside the bot's: all the same."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_conversations import reply
from test_isolation import SECRET, keep
from test_monitoring import Watcher, watcher
from test_running import PATIENCE_SECONDS, TOKEN, ended, indexed, online
from world import World, eventually, shown, write_article

from bot.app.opening import start_processes
from bot.settings import load_settings
from knowledge import Answer, AnsweringProcesses, KnowledgeBase

__all__ = ["indexed", "watcher"]

QUESTION = "Combien de barils de pétrole en juillet ?"
MUNITIONS = "Quelle est la production de munitions de la Russie ?"
BARRELS = re.compile(r"10\W+\w*933")

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose child one is")


@pytest.fixture(scope="module")
def started(
    tmp_path_factory: pytest.TempPathFactory, bundled_index: Path
) -> Iterator[AnsweringProcesses]:
    """Two processes, as settings have them started. The index of each test is another to them."""
    database = tmp_path_factory.mktemp("processes") / "knowledge.db"
    shutil.copy(bundled_index, database)
    with pytest.MonkeyPatch.context() as environment:
        for name in ("SOURCIER_SEMANTIC", "SOURCIER_READER"):
            environment.setenv(name, "off")
        environment.setenv("SOURCIER_PROCESSES", "2")
        processes = start_processes(load_settings(database=database))
    assert processes is not None
    with processes:
        yield processes


@pytest.fixture
def processes(started: AnsweringProcesses) -> AnsweringProcesses:
    """They are ready, whatever a test before has done to them."""
    assert started.wait_until_ready(PATIENCE_SECONDS)
    return started


@pytest.fixture
def asked_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions of members that the bot's own process has answered."""
    asked: list[str] = []
    ask = KnowledgeBase.ask

    def listening(base: KnowledgeBase, question: str, **options: Any) -> Answer:
        if threading.current_thread().name.startswith(("answers", "questions")):
            asked.append(question)
        return ask(base, question, **options)

    monkeypatch.setattr(KnowledgeBase, "ask", listening)
    return asked


async def test_members_are_answered_as_ever(world: World, asked_here: list[str]) -> None:
    answer = await world.ask(QUESTION)
    assert BARRELS.search(answer.quotation)
    assert "10" in (await world.ask(f"{QUESTION} {MUNITIONS}")).text
    await world.member.send(world.channel, f"{world.mention} {MUNITIONS}")
    first = world.last()
    assert first.quotation
    await reply(world, "Et de pétrole en juillet ?")
    assert "10" in world.last().text
    await world.ask("Quelle est la recette du couscous au poulet ?")
    greeted = await world.ask("Bonjour !")
    assert not greeted.texts[0].startswith("> ")
    assert asked_here == []


async def test_a_server_is_answered_from_its_own_articles_and_others_are_not(
    world: World, asked_here: list[str]
) -> None:
    await keep(world)
    other = world.env.create_guild("Elsewhere", preferred_locale="en-US")
    stranger = other.add_member(world.env.create_user("mallory"))
    channel = other.create_text_channel("questions")
    question = "How many walnuts did the quokka Wilhelmina hide?"
    assert "walnuts" in (await world.ask(question)).quotation
    told = shown((await stranger.slash(channel, "ask", question=question)).response)
    assert "walnuts" not in told.text.replace(question, "")
    assert asked_here == []
    server = int(world.guild.id)
    (article,) = world.state.articles.of(server)
    world.state.articles.swap(server, [(article.id, None)])
    database = world.bot.services.bases.of(server).database
    assert await asyncio.to_thread(world.bot.services.bases.write_out, server) is None
    assert not database.exists()
    assert SECRET not in (await world.ask(question)).text
    assert asked_here == []


async def test_what_an_admin_has_indexed_is_answered_at_once(
    world: World, articles: Path, asked_here: list[str]
) -> None:
    question = "Combien mesure le phare de Kerbrat ?"
    assert "87" not in (await world.ask(question)).text
    write_article(articles, "phare", "Le phare de Kerbrat mesure 87 mètres.", language="fr")
    await world.admin.slash(world.channel, "reindex")
    for _ in range(3):
        assert "87" in (await world.ask(question)).quotation
    assert asked_here == []


async def test_a_process_that_is_killed_costs_no_answer(
    world: World, processes: AnsweringProcesses, watcher: Watcher
) -> None:
    before = await watcher.value("sourcier_answering_processes_ended_total")
    assert before is not None
    with world.hurried():
        asking = [
            await member.slash(world.channel, "ask", question=QUESTION)
            for member in (world.member, world.admin) * 3
        ]
        os.kill(processes._ready[0].pid, signal.SIGKILL)
        await eventually(lambda: all(one.response for one in asking), PATIENCE_SECONDS)
        await eventually(
            lambda: all(BARRELS.search(shown(one.response).text) for one in asking),
            PATIENCE_SECONDS,
        )
    await eventually(lambda: processes.wait_until_ready(0), PATIENCE_SECONDS)
    assert await watcher.value("sourcier_answering_processes_ended_total") == before + 1
    assert await watcher.values("sourcier_answering_processes") == {
        "answering": 0,
        "free": 2,
        "starting": 0,
    }


async def test_an_admin_sees_how_many_are_ready(world: World) -> None:
    status = shown((await world.admin.slash(world.channel, "status")).response)
    assert "Processes that answer: 2 of 2 are ready" in status.text.splitlines()


def children(pid: int) -> list[int]:
    """Return the processes that answer questions for a bot."""
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            command = (path / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid and b"knowledge.processes" in command:
            found.append(int(path.name))
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there, and not merely waits to be counted out."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def knows_the_token(pid: int) -> bool:
    return TOKEN.encode() in Path(f"/proc/{pid}/environ").read_bytes()


@ON_LINUX
@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("ending", [signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)])
async def test_none_of_them_outlives_the_bot(tmp_path: Path, ending: signal.Signals) -> None:
    async with online(tmp_path, SOURCIER_PROCESSES="2") as (server, started, log):
        assert "Processes that answer questions: 2" in log
        mine = await eventually(
            lambda: len(found := children(started.pid)) == 2 and found, PATIENCE_SECONDS
        )
        await server.write_to_the_bot(11, QUESTION)
        await eventually(lambda: server.reply_to(11), PATIENCE_SECONDS)
        assert BARRELS.search(server.reply_to(11))
        assert not any(map(knows_the_token, mine))
        started.send_signal(ending)
        code, _, err = await ended(started)
        assert code == (-signal.SIGKILL if ending is signal.SIGKILL else 0)
        assert "Traceback" not in err
        assert "has ended" not in err
        await eventually(lambda: not any(map(is_running, mine)), PATIENCE_SECONDS)
