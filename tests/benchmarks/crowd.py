"""How long a crowd waits: ``python tests/benchmarks/crowd.py [--members N] [--seconds S]``.

So many members of one server use /ask within so many seconds, while the articles are indexed anew
all the time. For each the time is taken until the bot acknowledges it (Discord gives it three
seconds) and until its answer is there. The models are those that are installed.
"""

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from pathlib import Path

import simcord
from rich.console import Console
from rich.table import Table

from bot.app.client import SourcierBot
from bot.state import State
from knowledge.base import BUNDLED_ARTICLES, KnowledgeBase

QUESTIONS = (
    "Combien de barils de pétrole en juillet ?",
    "Who met Putin in Russia?",
    "Quel vin a été servi au dîner ?",
    "Où se trouve le cosmodrome ?",
    "What did the Kremlin say about the visit?",
)
DISCORD_SECONDS = 3.0


class Crowd:
    """The members of a server, and when each of their questions was asked and answered."""

    def __init__(self, env: simcord.Env, members: int) -> None:
        self._env = env
        self._guild = env.create_guild("Crowd")
        self._channel = self._guild.create_text_channel("questions")
        self._members = [
            self._guild.add_member(env.create_user(f"member{n}")) for n in range(members)
        ]
        self.acknowledged: list[float] = []
        self.answered: list[float] = []

    async def _follow(self, asked: simcord.InteractionResult, started: float) -> None:
        while not asked.acknowledged:  # noqa: ASYNC110 - nothing tells when it is
            await asyncio.sleep(0.002)
        self.acknowledged.append(time.perf_counter() - started)
        while asked.response is None or not asked.response.components:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        self.answered.append(time.perf_counter() - started)

    async def ask(self, seconds: float) -> None:
        """Let every member ask once, spread over so many seconds."""
        begun, following = time.perf_counter(), []
        for number, member in enumerate(self._members):
            due = begun + number * seconds / len(self._members)
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            started = time.perf_counter()
            question = QUESTIONS[number % len(QUESTIONS)]
            asked = await member.slash(self._channel, "ask", question=question)
            following.append(asyncio.create_task(self._follow(asked, started)))
        await asyncio.gather(*following)


async def _reindex_forever(bot: SourcierBot, article: Path) -> None:
    for number in itertools.count():
        text = f"Wombats\n\nWombats dig {number} burrows a year.\n"
        await asyncio.to_thread(article.write_text, text, encoding="utf-8")
        await bot.services.indexes.start_reindex().report()


async def measure(members: int, seconds: float, folder: Path) -> Crowd:
    """Run the bot, let the crowd ask, and return what it waited."""
    articles = folder / "articles"
    articles.mkdir()
    knowledge = KnowledgeBase.open(folder / "knowledge.db", [BUNDLED_ARTICLES, articles])
    bot = SourcierBot(knowledge, State(folder / "state.db"))
    async with simcord.run(bot, check_errors=False, settle_timeout=60) as env:
        crowd = Crowd(env, members)

        async def at_once(**_: object) -> None:
            await asyncio.sleep(0)

        env._settle_internal = at_once  # members do not wait for each other
        reindexing = asyncio.create_task(_reindex_forever(bot, articles / "wombats.txt"))
        await crowd.ask(seconds)
        reindexing.cancel()
        bot.services.indexes.give_up()
    knowledge.close()
    return crowd


def main() -> None:
    """Measure once and print a table."""
    parser = argparse.ArgumentParser(description="Time a crowd of members.")
    parser.add_argument("--members", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        crowd = asyncio.run(measure(options.members, options.seconds, Path(folder)))
    table = Table(box=None)
    for heading in ("", "count", "median s", "95% within s", "longest s"):
        table.add_column(heading, justify="right")
    for name, times in (("acknowledged", crowd.acknowledged), ("answered", crowd.answered)):
        within = statistics.quantiles(times, n=20)[-1]
        figures = (f"{one:.2f}" for one in (statistics.median(times), within, max(times)))
        table.add_row(name, str(len(times)), *figures)
    Console().print(table)
    late = sum(one > DISCORD_SECONDS for one in crowd.acknowledged)
    Console().print(f"{late} of {options.members} too late for Discord")


if __name__ == "__main__":
    main()
