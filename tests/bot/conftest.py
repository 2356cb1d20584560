"""A Discord for the tests: the real bot, a server, members who type and click.

Every request that the bot sends in any test is checked against Discord's OpenAPI document,
whose path is in ``DISCORD_OPENAPI``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import discord
import pytest
import simcord
import simcord.interactions
from openapi import DiscordApi
from postgres import SETTINGS, PostgresServer, running_postgres
from world import World

from bot.app.client import SourcierBot
from bot.database_url import DatabaseUrl
from bot.shards import ONE_SHARD
from bot.state import State
from knowledge import BUNDLED_ARTICLES, AnsweringProcesses, KnowledgeBase, Verdict

_DOCUMENT = os.environ.get("DISCORD_OPENAPI")
_DOCUMENT_PATH = Path(_DOCUMENT).absolute() if _DOCUMENT else None


APART = "knowledge.corpus.conversion.apart"
"""What reads files in a process of its own."""


@pytest.fixture(scope="session")
def discord_api() -> DiscordApi | None:
    return None if _DOCUMENT_PATH is None else DiscordApi(_DOCUMENT_PATH)


@pytest.fixture(autouse=True)
def _settings_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test read the settings of whoever runs it: neither the environment's nor ``.env``.

    Models and reader are off, so that the tests go the same way where they are installed.
    """
    for name in list(os.environ):
        if name.startswith(("SOURCIER_", "DISCORD_TOKEN", "DISCORD_API")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SOURCIER_SEMANTIC", "off")
    monkeypatch.setenv("SOURCIER_READER", "off")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A directory of our own beside the bundled article."""
    directory = tmp_path / "articles"
    directory.mkdir()
    return directory


@pytest.fixture(scope="session")
def bundled_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the bundled article, made once: to be copied, never to be opened."""
    database = tmp_path_factory.mktemp("bundled") / "knowledge.db"
    KnowledgeBase.open(database).close()
    return database


@pytest.fixture
def knowledge(tmp_path: Path, articles: Path, bundled_index: Path) -> Iterator[KnowledgeBase]:
    database = tmp_path / "knowledge.db"
    shutil.copy(bundled_index, database)
    opened = KnowledgeBase.open(database, [BUNDLED_ARTICLES, articles])
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def new_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a bot that has nothing to remember yet, made once: to be copied."""
    path = tmp_path_factory.mktemp("state") / "state.db"
    State(path).close()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def ended_postgres(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """The same server, for tests that end it: for others it runs again."""
    yield postgres
    postgres.start()


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path, new_state: Path) -> Path | DatabaseUrl:
    """Where the state is: in a file, or where a test is marked ``on_both``, in PostgreSQL, too.

    With STATE_OF_TESTS=postgresql, all that has no such mark runs there.
    """
    kind = getattr(request, "param", os.environ.get("STATE_OF_TESTS", "file"))
    if kind != "file":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.new_place(SETTINGS[kind])
    path = tmp_path / "state.db"
    shutil.copy(new_state, path)
    return path


@pytest.fixture
def state(place: Path | DatabaseUrl) -> Iterator[State]:
    with closing(State(place)) as state:
        yield state


@pytest.fixture
def processes() -> AnsweringProcesses | None:
    """What answers questions, if not the bot itself does: for modules that have a fixture of this
    name."""
    return None


@pytest.fixture
async def env(
    knowledge: KnowledgeBase,
    state: State,
    processes: AnsweringProcesses | None,
    discord_api: DiscordApi | None,
) -> AsyncIterator[simcord.Env]:
    bot = SourcierBot(knowledge, state, is_up_to_date=True, shards=ONE_SHARD, processes=processes)
    env = simcord.Env(bot, settle_timeout=20)
    await env.start()
    yield env
    await env.shutdown()
    unseen = env.errors_since(env._errors_acknowledged)
    assert not unseen, f"errors that no test looked at: {unseen}"
    if discord_api is not None:
        problems = [line for sent in env.http_requests for line in discord_api.problems(sent)]
        assert not problems, "\n".join(problems)


@pytest.fixture
async def world(env: simcord.Env, knowledge: KnowledgeBase, state: State) -> World:
    guild = env.create_guild("Readers", preferred_locale="en-US")
    managers = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return World(
        env=env,
        guild=guild,
        channel=guild.create_text_channel("questions"),
        member=guild.add_member(env.create_user("camille")),
        admin=guild.add_member(env.create_user("alex"), roles=[managers]),
        managers=managers,
        knowledge=knowledge,
        state=state,
    )


@pytest.fixture(scope="session")
def read_before() -> Callable[..., bytes]:
    """What the process that reads uploads says of a file, asked once of each."""
    return cache(resolve_name(f"{APART}._said_by"))


@pytest.fixture
def files_read_once(read_before: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin no process for a file that it has read before: it takes a second each time."""
    monkeypatch.setattr(
        f"{APART}._said_by", lambda command, data, *_: read_before(tuple(command), data)
    )


@pytest.fixture
def locale(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The locale of everyone's Discord client, to be changed in place."""
    chosen = ["en-US"]
    original = simcord.interactions.base_payload

    def localised(*args: Any, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        record, payload = original(*args, **kwargs)
        return record, {**payload, "locale": chosen[0]}

    monkeypatch.setattr(simcord.interactions, "base_payload", localised)
    return chosen


@pytest.fixture
def judged(knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> Callable[[Verdict], None]:
    """Make the engine give every answer one verdict, with the citations that it found."""
    ask = knowledge.ask

    def give(verdict: Verdict) -> None:
        monkeypatch.setattr(
            knowledge, "ask", lambda *args, **kw: replace(ask(*args, **kw), verdict=verdict)
        )

    return give
