"""How long a crowd waits: ``python tests/benchmarks/crowd.py [--members N] [--servers N] …``.

Members of many servers use /ask within so many seconds and press the buttons of what they get,
some look at timelines, each another one with a picture of its own, and admins upload files, while
the articles are indexed anew all the time. Some servers keep articles of their own. Models and
reader are those that are installed, opened as ``sourcier`` opens them.

For each deed the time is taken until the bot acknowledges it (Discord gives it three seconds) and
until its answer is there, by when the bot's request is made; what is never answered is lost.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import math
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord
from rich.console import Console
from rich.table import Table
from simcord._settlement import _active_callbacks, _run_due_virtual_callbacks
from simcord.components import walk_components

from bot.app.client import SourcierBot
from bot.app.opening import open_for_bot, open_knowledge
from bot.settings import Settings
from bot.shards import ONE_SHARD
from bot.state import State
from bot.state.article_versions import ArticleText, Draft
from bot.ui.containers import RED
from knowledge import BUNDLED_ARTICLES

QUESTIONS = (
    "Combien de barils de pétrole en juillet ?",
    "Who met Putin in Russia?",
    "Quel vin a été servi au dîner ?",
    "Où se trouve le cosmodrome ?",
    "What did the Kremlin say about the visit?",
)
DISCORD_SECONDS = 3.0
LOST_SECONDS = 120.0
TICK_SECONDS = 0.005
BUTTONS = {"More": "mo/", "In context": "cx/", "Why?": "wy/", "vote": "up/", "reason": "dn/"}


@dataclass
class Deed:
    """What a member did, and after how many seconds the bot said its first word and the answer."""

    kind: str
    started: float
    acknowledged: float | None = None
    answered: float | None = None
    result: simcord.InteractionResult | None = None
    is_announced: bool = False
    words: str = ""


class Watch:
    """Takes the time of what the bot sends, and lets the simulated clock run with the real one."""

    def __init__(self, env: simcord.Env) -> None:
        self._env = env
        self._seen = 0
        self.deeds: dict[str, Deed] = {}
        self.longest_pause = 0.0

    async def run(self) -> None:
        """Go on until it is cancelled."""
        last = time.perf_counter()
        begun = last - self._env._virtual_time
        for turn in itertools.count():
            await asyncio.sleep(TICK_SECONDS)
            now = time.perf_counter()
            self.longest_pause = max(self.longest_pause, now - last - TICK_SECONDS)
            last = now
            self._look()
            # SimCord's timers run by its own clock, which stands still by itself.
            self._env._move_clock(now - begun)
            _run_due_virtual_callbacks(self._env._settlement_state(), math.inf)
            if turn % 20 == 0:  # else SimCord keeps, and looks through, timers that were cancelled
                _active_callbacks(self._env._settlement_state())
            self._look()

    def _look(self) -> None:
        requests = self._env.http_requests
        now = time.perf_counter()
        for request in itertools.islice(requests, self._seen, None):
            parts = request.path.split("/")
            deed = next((self.deeds[part] for part in parts if part in self.deeds), None)
            if deed is not None:
                self._note(deed, request, now - deed.started)
        self._seen = len(requests)

    @staticmethod
    def _note(deed: Deed, request: Any, seconds: float) -> None:
        if request.path.endswith("/callback"):
            deed.acknowledged = seconds
            deed.is_announced = request.json["type"] in (5, 6)
            if deed.is_announced:
                return
        if deed.answered is None and request.method != "DELETE":
            deed.answered = seconds
            deed.words = str(request.json)


class Crowd:
    """The members of some servers, and what they do."""

    def __init__(self, env: simcord.Env, servers: int, members: int) -> None:
        self._env = env
        self._watch = Watch(env)
        self._deeds: list[Deed] = []
        self._one_at_a_time = asyncio.Lock()  # SimCord's own rule
        self._places: list[tuple[simcord.MemberActor, simcord.ChannelHandle]] = []
        self._admins: list[tuple[simcord.MemberActor, simcord.ChannelHandle]] = []
        for number in range(servers):
            guild = env.create_guild(f"Server {number}")
            channel = guild.create_text_channel("questions")
            manager = discord.Permissions(manage_guild=True)
            role = guild.create_role("Admins", permissions=manager)
            admin = guild.add_member(env.create_user(f"admin{number}"), roles=[role])
            self._admins.append((admin, channel))
            self._places += [
                (guild.add_member(env.create_user(f"member{n}")), channel)
                for n in range(number, members, servers)
            ]

    @property
    def deeds(self) -> list[Deed]:
        return self._deeds

    @property
    def longest_pause(self) -> float:
        """The longest time for which the bot's event loop did nothing, in seconds."""
        return self._watch.longest_pause

    @property
    def servers(self) -> list[int]:
        return [channel.guild.id for _, channel in self._admins if channel.guild is not None]

    async def _do(
        self, kind: str, act: Callable[[], Awaitable[simcord.InteractionResult]]
    ) -> Deed | None:
        """Act, and wait for the answer; ``None`` where there is none for a long time."""
        deed = Deed(kind, time.perf_counter())
        async with self._one_at_a_time:
            result = deed.result = await act()
        interaction = result._interaction
        assert interaction is not None
        self._watch.deeds[str(interaction.id)] = deed
        self._watch.deeds[str(interaction.token)] = deed
        self._deeds.append(deed)
        end = time.perf_counter() + LOST_SECONDS
        while deed.answered is None:
            if time.perf_counter() > end:
                return None
            await asyncio.sleep(0.05)
        return deed

    async def _ask(self, number: int) -> None:
        """Ask, then press a button of the answer, then turn the page of what that shows."""
        member, channel = self._places[number]
        question = QUESTIONS[number % len(QUESTIONS)]
        asked = await self._do("/ask", lambda: member.slash(channel, "ask", question=question))
        kind = list(BUTTONS)[number % len(BUTTONS)]
        shown = await self._press(member, asked, kind, BUTTONS[kind])
        if kind == "In context":
            await self._press(member, shown, "page", "pg/")
        elif kind == "reason" and shown is not None and shown.result is not None:
            form, values = shown.result, {"reason": "Not what I asked"}
            await self._do("form", lambda: member.submit_modal(form, values))

    async def _look_at_times(self, number: int, picture: int) -> None:
        """Look at a timeline, list what is in its picture, and turn the page of that."""
        member, channel = self._places[number]
        days = {"from": f"{2000 + picture // 4:04}-0{1 + picture % 4}", "to": f"{2024 + picture}"}
        timeline = await self._do("/timeline", lambda: member.slash(channel, "timeline", **days))
        entries = await self._press(member, timeline, "as a list", "le/")
        await self._press(member, entries or timeline, "list page", "lu/")

    async def _upload(self, number: int) -> None:
        admin, channel = self._admins[number]
        text = "\n\n".join(f"Wombat {n} of {number} dug {n} burrows in 2021." for n in range(300))
        file = (f"wombats{number}.txt", f"Wombats {number}\n\n{text}".encode())
        sent = await self._do("upload", lambda: admin.slash(channel, "articles add", file=file))
        await self._press(admin, sent, "index it", "aa/")

    async def _press(
        self, member: simcord.MemberActor, deed: Deed | None, kind: str, begin: str
    ) -> Deed | None:
        """Press the first button of what a deed was answered with whose id begins so."""
        message = None if deed is None or deed.result is None else deed.result.response
        if message is None and deed is not None and deed.result is not None:
            message = next(iter(deed.result.followups), None)
        if message is None:
            return None
        custom_id = next(
            (
                item["custom_id"]
                for item in walk_components(message.components)
                if item["type"] == 2
                and not item.get("disabled")
                and item.get("custom_id", "").startswith(begin)
            ),
            None,
        )
        if custom_id is None:
            return None
        return await self._do(kind, lambda: member.click(message, custom_id=custom_id))

    async def act(self, seconds: float, pictures: int, uploads: int) -> None:
        """Let every member ask, and some more, spread over so many seconds."""
        watching = asyncio.create_task(self._watch.run())
        members = len(self._places)
        plan: list[tuple[float, Callable[[], Awaitable[None]]]] = [
            (number / members, lambda number=number: self._ask(number)) for number in range(members)
        ]
        plan += [
            (n / pictures, lambda n=n: self._look_at_times(members - 1 - n, n))
            for n in range(pictures)
        ]
        plan += [(n / uploads, lambda n=n: self._upload(n)) for n in range(uploads)]
        begun, acting = time.perf_counter(), []
        for share, act in sorted(plan, key=lambda one: one[0]):
            await asyncio.sleep(max(begun + share * seconds - time.perf_counter(), 0))
            acting.append(asyncio.ensure_future(act()))
        await asyncio.gather(*acting)
        watching.cancel()


async def _reindex_forever(bot: SourcierBot, article: Path) -> None:
    for number in itertools.count():
        text = f"Wombats\n\nWombats dig {number} burrows a year.\n"
        await asyncio.to_thread(article.write_text, text, encoding="utf-8")
        await bot.services.indexes.start_reindex().report()


def _give_articles(state: State, servers: list[int]) -> None:
    for server in servers:
        text = f"# Quokkas\n\nQuokkas of {server} eat grass and leaves."
        draft = Draft("quokkas", "Quokkas", ArticleText(text))
        (offered,) = state.articles.offer(server, [draft])
        state.articles.accept(server, [offered.id])


async def measure(options: argparse.Namespace, folder: Path) -> Crowd:
    """Run the bot, let the crowd act, and return what it waited."""
    articles = folder / "articles"
    articles.mkdir()
    settings = Settings(
        database=folder / "knowledge.db",
        articles=(BUNDLED_ARTICLES, articles),
        state=folder / "state.db",
    )
    state = State(settings.state)
    with open_knowledge(settings) as built:  # what a start waits for
        built.reindex()
    with open_for_bot(settings) as knowledge:
        bot = SourcierBot(knowledge, state, shards=ONE_SHARD)
        async with simcord.run(bot, check_errors=False, settle_timeout=120) as env:
            crowd = Crowd(env, options.servers, options.members)
            for server in crowd.servers[: options.own]:
                await asyncio.to_thread(_give_articles, state, [server])
                base = await asyncio.to_thread(bot.services.bases.write_out, server)
                if base is not None:
                    await bot.services.indexes.start_reindex(base).report()

            async def at_once(**_: object) -> None:
                await asyncio.sleep(0)

            env._settle_internal = at_once  # members do not wait for each other
            reindexing = asyncio.create_task(_reindex_forever(bot, articles / "wombats.txt"))
            await crowd.act(options.seconds, options.pictures, options.uploads)
            bot.services.indexes.give_up()
            await asyncio.gather(reindexing, return_exceptions=True)
            bot.services.pictures.close()
            for error in env.errors:
                cause = getattr(error, "original", error)
                Console().print(f"error: {type(cause).__name__}: {cause}")
    return crowd


def _within(times: list[float]) -> str:
    return f"{statistics.quantiles(times, n=20)[-1]:.2f}" if len(times) > 1 else "–"


def main() -> None:
    """Measure once and print a table."""
    parser = argparse.ArgumentParser(description="Time a crowd of members.")
    parser.add_argument("--members", type=int, default=300)
    parser.add_argument("--servers", type=int, default=50)
    parser.add_argument("--own", type=int, default=5, help="servers with articles of their own")
    parser.add_argument("--pictures", type=int, default=30)
    parser.add_argument("--uploads", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sourcier-", ignore_cleanup_errors=True) as folder:
        crowd = asyncio.run(measure(options, Path(folder)))
    by_kind: defaultdict[str, list[Deed]] = defaultdict(list)
    for deed in crowd.deeds:
        by_kind[deed.kind].append(deed)
        by_kind["all"].append(deed)
    table = Table(box=None)
    for heading in ("", "count", "acknowledged: median s", "95% s", "longest s"):
        table.add_column(heading, justify="right")
    for heading in ("answered: median s", "95% s", "longest s", "refused", "lost"):
        table.add_column(heading, justify="right")
    for kind, deeds in by_kind.items():
        row = [kind, str(len(deeds))]
        for name in ("acknowledged", "answered"):
            times = [one for deed in deeds if (one := getattr(deed, name)) is not None]
            row += [f"{statistics.median(times):.2f}", _within(times), f"{max(times):.2f}"]
        refused = sum(f"'accent_color': {RED.value}" in deed.words for deed in deeds)
        table.add_row(*row, str(refused), str(sum(deed.answered is None for deed in deeds)))
    console = Console(width=140)
    console.print(table)
    late = sum(
        deed.acknowledged is None or deed.acknowledged > DISCORD_SECONDS for deed in crowd.deeds
    )
    timelines = [deed for deed in crowd.deeds if deed.kind == "/timeline"]
    drawn = Counter("attachment://" in deed.words for deed in timelines)
    console.print(f"{late} of {len(crowd.deeds)} too late for Discord")
    console.print(f"timelines with their picture: {drawn[True]}, without: {drawn[False]}")
    console.print(f"longest time for which the event loop did nothing: {crowd.longest_pause:.2f} s")


if __name__ == "__main__":
    main()
