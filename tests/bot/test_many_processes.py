"""Several processes of one bot, each with some shards: real ones, over sockets, one PostgreSQL.

``KILLS``, ``RESTARTS`` and ``HANGS`` say how many processes are killed, and how often PostgreSQL
restarts, and hangs without a word. With ``KILLS`` there are four processes and 200 servers, else
two and 40.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from fake_discord import FakeDiscord, Interaction, fake_discord
from postgres import PostgresServer
from test_running import PATIENCE_SECONDS, TOKEN, process
from world import eventually, offer_article, write_article

from bot.shards import Shards
from bot.state import State
from knowledge import BUNDLED_ARTICLES

KILLS = int(os.environ.get("KILLS", "1"))
RESTARTS = int(os.environ.get("RESTARTS", "1"))
HANGS = int(os.environ.get("HANGS", "1" if sys.platform == "linux" else "0"))

SHARDS, PROCESSES, SERVER_COUNT = (16, 4, 200) if "KILLS" in os.environ else (8, 2, 40)
SERVERS = [number << 22 for number in range(1, SERVER_COUNT + 1)]
QUESTION = "Combien de barils de pétrole en juillet ?"
ANSWER = "933"
SAID = "The quokka Beatrix guards the northern lighthouse."
ABOUT = "Who guards the northern lighthouse?"
TOLD = "quokka"

RUN = """
import sys
import discord
from bot.app.run import run_discord
from bot.settings import load_settings

async def at_once(*_, **__):
    pass

discord.Client.before_identify_hook = at_once
sys.exit(run_discord(load_settings()))
"""
"""The program, in which no shard waits for five seconds after the one before."""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs PostgreSQL's own programs"),
    pytest.mark.asyncio(loop_scope="module"),
]


class Process:
    """A process of the bot that runs some of the shards, and is started again when it ends."""

    def __init__(self, number: int, folder: Path, **variables: str) -> None:
        each = SHARDS // PROCESSES
        self.shards = Shards(tuple(range(number * each, (number + 1) * each)), SHARDS)
        self.lives = 0
        self.log = ""
        self._folder = folder
        self._variables = variables
        self._connected = asyncio.Event()
        self._started: asyncio.subprocess.Process | None = None
        self.asked: set[int] = set()

    async def run(self) -> None:
        """Run it for ever, as a service manager does."""
        while True:
            variables = {**self._variables, "SOURCIER_SHARDS": str(self.shards)}
            async with process(RUN, self._folder, **variables) as started:
                self._started = started
                await self._follow_log(started)
            self._connected.clear()
            self.asked = set()
            self.lives += 1

    async def _follow_log(self, started: asyncio.subprocess.Process) -> None:
        assert started.stderr is not None
        while line := (await started.stderr.readline()).decode():
            self.log += line
            if "Connected as" in line:
                self._connected.set()

    async def connected(self) -> None:
        await asyncio.wait_for(self._connected.wait(), PATIENCE_SECONDS)

    @property
    def is_connected(self) -> bool:
        return self._connected.is_set()

    def kill(self) -> None:
        assert self._started is not None
        self._connected.clear()
        self.lives += 1
        self._started.kill()


@dataclass
class Fleet:
    """All processes of a bot, their Discord, their state and its server."""

    discord: FakeDiscord
    state: State
    server: PostgresServer
    articles: Path
    processes: list[Process]

    def of(self, server: int) -> Process:
        return next(one for one in self.processes if one.shards.has(server))

    async def ask(self, one: Process, server: int, question: str) -> Interaction:
        """Ask through a process, whose server it need not be."""
        interaction = await self.discord.command(
            one.shards.ids[0], server, "ask", question=question
        )
        return await asyncio.wait_for(interaction.answer(), PATIENCE_SECONDS)

    async def switch(self, one: Process, server: int, *, private: bool) -> Interaction:
        """Have an admin switch a setting through a process."""
        interaction = await self.discord.click(
            one.shards.ids[0], server, f"st/private/{int(private)}"
        )
        return await asyncio.wait_for(interaction.answer(), PATIENCE_SECONDS)

    async def everywhere(
        self, holds: Callable[[Interaction], bool], server: int, question: str
    ) -> float:
        """Wait until what every process answers holds; return how many seconds that took."""
        start = time.monotonic()

        async def at(one: Process) -> None:
            while not holds(await self.ask(one, server, question)):  # noqa: ASYNC110
                await asyncio.sleep(0.1)  # as members do who wait for it

        await asyncio.wait_for(asyncio.gather(*map(at, self.processes)), PATIENCE_SECONDS)
        return time.monotonic() - start


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fleet(
    tmp_path_factory: pytest.TempPathFactory, bundled_index: Path, ended_postgres: PostgresServer
) -> AsyncIterator[Fleet]:
    tmp_path = tmp_path_factory.mktemp("fleet")
    async with AsyncExitStack() as stack:
        place = ended_postgres.new_place("")
        state = stack.enter_context(closing(State(place)))
        discord = await stack.enter_async_context(fake_discord(TOKEN))
        discord.servers.extend(SERVERS)
        articles = tmp_path / "articles"
        articles.mkdir()
        sources = [BUNDLED_ARTICLES, articles]
        processes: list[Process] = []
        for number in range(PROCESSES):
            folder = tmp_path / f"process-{number}"
            folder.mkdir()
            shutil.copy(bundled_index, folder / "knowledge.db")
            variables = {
                "DISCORD_TOKEN": TOKEN,
                "DISCORD_API_URL": discord.url,
                "SOURCIER_STATE": place.secret,
                "SOURCIER_ARTICLES": os.pathsep.join(map(str, sources)),
            }
            processes.append(Process(number, folder, **variables))
        running = [asyncio.create_task(one.run()) for one in processes]
        try:
            await asyncio.gather(*(one.connected() for one in processes))
            yield Fleet(discord, state, ended_postgres, articles, processes)
        finally:
            for task in running:
                task.cancel()
            await asyncio.wait(running)


def is_green(interaction: Interaction) -> bool:
    return ANSWER in interaction.text


def tells(interaction: Interaction) -> bool:
    return TOLD in interaction.text.partition(ABOUT)[2].lower()


async def test_what_is_changed_through_one_process_is_seen_by_all(fleet: Fleet) -> None:
    assert sorted(fleet.discord.shards) == [(one, SHARDS) for one in range(SHARDS)]
    told = "PUT /api/v10/applications/1/commands"
    assert fleet.discord.requests.count(told) == 1, "the process of shard 0 alone tells"
    first, *others = fleet.processes
    common = SERVERS[SHARDS - 1]
    assert first.shards.has(common)

    for one in fleet.processes:  # each knows by heart what is set
        answer = await fleet.ask(one, common, QUESTION)
        assert is_green(answer)
        assert not answer.is_private
    switched = await fleet.switch(first, common, private=True)
    assert "st/private/0" in switched.text
    seconds = await fleet.everywhere(lambda said: said.is_private, common, QUESTION)
    print(f"A setting was everywhere after {seconds:.2f} s")

    for one in others:  # as from a process that had its server before
        server = next(filter(one.shards.has, SERVERS))
        assert not tells(await fleet.ask(one, server, ABOUT))
        offered = offer_article(fleet.state, server, "secrets", "Secrets", f"# Secrets\n\n{SAID}\n")
        fleet.state.articles.accept(server, [offered.id])
        start = time.monotonic()
        while not tells(await fleet.ask(one, server, ABOUT)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        print(f"An article of a server was answered after {time.monotonic() - start:.2f} s")
        assert not tells(await fleet.ask(one, common, ABOUT))

    write_article(fleet.articles, "lighthouse", SAID)
    reindexed = await fleet.discord.command(first.shards.ids[0], common, "reindex")
    await asyncio.wait_for(reindexed.answer(), PATIENCE_SECONDS)
    seconds = await fleet.everywhere(tells, common, ABOUT)
    print(f"A common article was everywhere after {seconds:.2f} s")
    assert [one.log for one in fleet.processes if "Traceback" in one.log] == []


class Crowd:
    """Members who ask and an admin who switches a setting, on all servers, all the time."""

    def __init__(self, fleet: Fleet, chance: random.Random) -> None:
        self._fleet = fleet
        self._chance = chance
        self.answered: Counter[Process] = Counter()
        self.switched: Counter[Process] = Counter()
        self.refused = 0
        self.acknowledged: dict[int, bool] = {}
        self.in_doubt: dict[int, bool] = {}
        """Switched since, without a word whether that was done."""
        self._switching = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """Let them be at it. Raises what goes wrong for one of them."""
        tasks = [asyncio.create_task(self._ask_on()) for _ in range(2)]
        tasks.append(asyncio.create_task(self._switch_on()))
        self._tasks = tasks
        try:
            yield
            assert not any(task.done() for task in tasks)
        finally:
            for task in tasks:
                task.cancel()
            for ended in await asyncio.gather(*tasks, return_exceptions=True):
                if ended is not None and not isinstance(ended, asyncio.CancelledError):
                    raise ended

    async def go_on(self, *counts: Counter[Process], but: Process | None = None) -> None:
        """Wait until each process but one has done some more of what is counted."""
        before = [count.copy() for count in counts]
        them = [one for one in self._fleet.processes if one is not but]
        await eventually(
            lambda: (
                any(task.done() for task in self._tasks)
                or all(
                    count[one] > old[one] + 1
                    for count, old in zip(counts, before, strict=True)
                    for one in them
                )
            ),
            PATIENCE_SECONDS,
        )
        assert not any(task.done() for task in self._tasks), "one of them met with what is wrong"

    async def _ask_on(self) -> None:
        while True:
            server = self._chance.choice(SERVERS)
            one = self._fleet.of(server)
            life, is_known = one.lives, server in one.asked
            if not one.is_connected:
                await asyncio.sleep(0.05)
                continue
            try:
                answer = await self._in_life(one, self._fleet.ask(one, server, QUESTION))
            except ConnectionError:
                continue
            if is_green(answer):
                self.answered[one] += 1
                if one.lives == life:
                    one.asked.add(server)
            else:
                assert "what I have to remember" in answer.text
                assert not is_known, "what is set is known, and the articles are here"
                self.refused += 1

    async def _switch_on(self) -> None:
        while True:
            server = self._chance.choice(SERVERS[:40])
            one = self._fleet.of(server)
            if not one.is_connected:
                await asyncio.sleep(0.05)
                continue
            with suppress(ConnectionError):
                async with self._switching:
                    await self._switch(one, server, private=not self.acknowledged.get(server))

    async def _switch(self, one: Process, server: int, *, private: bool) -> None:
        self.in_doubt[server] = private
        said = await self._in_life(one, self._fleet.switch(one, server, private=private))
        if f"st/private/{int(not private)}" in said.text:
            self.acknowledged[server] = private
            del self.in_doubt[server]
            self.switched[one] += 1
        else:
            assert "what I have to remember" in said.text

    async def _in_life(self, one: Process, work: Any) -> Interaction:
        """Return what is answered. Raises ConnectionError where the process is killed before."""
        life = one.lives
        answering = asyncio.create_task(work)
        try:
            while not answering.done():
                await asyncio.wait({answering}, timeout=0.1)
                if one.lives != life and not answering.done():
                    raise ConnectionError
            return await answering
        finally:
            answering.cancel()

    async def check(self) -> None:
        """Whether all that was acknowledged is there."""
        async with self._switching:
            for server, private in self.acknowledged.items():
                kept = (await asyncio.to_thread(self._fleet.state.servers.of, server)).private
                assert kept == private or self.in_doubt.get(server) == kept, server


async def test_nothing_acknowledged_is_lost_and_questions_are_answered_whatever_is_killed(
    fleet: Fleet,
) -> None:
    chance = random.Random(os.environ.get("SEED", "17"))
    crowd = Crowd(fleet, chance)
    events = ["kill"] * KILLS + ["restart"] * RESTARTS + ["hang"] * HANGS
    chance.shuffle(events)
    async with crowd.busy():
        await crowd.go_on(crowd.answered)
        for event in events:
            await asyncio.sleep(chance.random())
            if event == "kill":
                one = chance.choice(fleet.processes)
                one.kill()
                await crowd.go_on(crowd.answered, but=one)
                await one.connected()
            elif event == "restart":
                await asyncio.to_thread(fleet.server.kill)
                await crowd.go_on(crowd.answered)
                await asyncio.to_thread(fleet.server.start)
            else:
                with fleet.server.hanging():
                    await crowd.go_on(crowd.answered)
            await crowd.go_on(crowd.answered, crowd.switched)
            await crowd.check()
    for server, private in crowd.acknowledged.items():
        if server not in crowd.in_doubt:
            answer = await fleet.ask(fleet.of(server), server, QUESTION)
            assert answer.is_private == private, "what holds is what is kept"
    print(
        f"{KILLS} kills, {RESTARTS} restarts, {HANGS} hangs: {crowd.answered.total()} questions "
        f"answered, {crowd.refused} refused, {crowd.switched.total()} settings acknowledged"
    )
