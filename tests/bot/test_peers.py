"""What one process changes reaches the others that share its state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from postgres import on_both
from test_noted_changes import keep, other
from world import World, eventually, write_article

from bot.app.client import SourcierBot
from bot.database_url import DatabaseUrl
from bot.i18n.localisation import CATALOGUE
from bot.services import peers
from bot.services.knowledge_bases import KnowledgeBases
from bot.services.metrics import Metrics
from bot.services.registry import Services
from bot.services.told_version import ToldVersion
from bot.shards import ONE_SHARD, Shards
from bot.state import Change, Matter, State, StateError
from knowledge import KnowledgeBase

__all__ = ["other"]

HERE, ELSEWHERE = 4 << 22, 5 << 22  # on shards 0 and 1 of 4
PATIENCE_SECONDS = 60.0
SAID = "The quokka Beatrix guards the northern lighthouse."
QUESTION = "Who guards the northern lighthouse?"
COMMON = Change(Matter.ARTICLES, None)


@asynccontextmanager
async def running(state: State, knowledge: KnowledgeBase, folder: Path) -> AsyncIterator[Services]:
    """Run the services of a process that has the first of four shards, and follows the others."""
    is_ours = Shards((0,), 4).has
    bases = KnowledgeBases(knowledge, state, folder, is_ours=is_ours)
    services = Services.of(state, bases, CATALOGUE, Metrics())
    services.peers.start()
    yield services
    await services.indexes.stop()
    await services.peers.stop()
    bases.close_all()


@pytest.fixture
async def process(
    state: State, other: State, knowledge: KnowledgeBase, tmp_path: Path
) -> AsyncIterator[Services]:
    async with running(state, knowledge, tmp_path / "servers") as services:
        yield services


async def said(services: Services, server: int | None) -> str:
    """Return what members of a server are answered."""
    base = await services.bases.knowledge_for(server)
    found = await asyncio.to_thread(base.ask, QUESTION)
    return found.citations[0].text if found.citations else ""


async def in_time(condition: Callable[[], Any]) -> None:
    """Wait until an async condition holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.02)


@on_both
async def test_a_setting_that_is_changed_elsewhere_holds_here(
    process: Services, other: State
) -> None:
    assert not (await process.server_settings.of(HERE)).private
    await asyncio.to_thread(other.servers.change, HERE, private=True)
    await in_time(lambda: is_private(process))


async def is_private(services: Services) -> bool:
    return (await services.server_settings.of(HERE)).private


@on_both
async def test_an_article_that_is_accepted_elsewhere_is_answered_and_removed_here(
    process: Services, other: State
) -> None:
    changed = process.indexes.changes
    assert not process.bases.has_own(HERE)
    kept = await asyncio.to_thread(keep, other, HERE, SAID)
    await eventually(lambda: HERE in changed.take(), PATIENCE_SECONDS)
    assert await said(process, HERE) == SAID
    await asyncio.to_thread(other.articles.remove, HERE, kept)
    await eventually(lambda: HERE in changed.take(), PATIENCE_SECONDS)
    assert not process.bases.has_own(HERE)
    assert await said(process, HERE) != SAID
    assert process.bases.indexed() == ()
    assert other.changes.news() == [], "what follows from news is no news"


@on_both
async def test_articles_of_other_processes_servers_make_no_index_here(
    process: Services, other: State
) -> None:
    await asyncio.to_thread(keep, other, ELSEWHERE, SAID)
    await asyncio.to_thread(keep, other, HERE, SAID)
    await eventually(lambda: process.bases.has_own(HERE), PATIENCE_SECONDS)
    await eventually(lambda: HERE in process.indexes.changes.take(), PATIENCE_SECONDS)
    assert process.bases.servers() == (HERE,)


@on_both
async def test_common_articles_that_another_has_indexed_are_indexed_here(
    process: Services, other: State, articles: Path
) -> None:
    await asyncio.to_thread(keep, other, HERE, "Nothing else.")
    await eventually(lambda: HERE in process.indexes.changes.take(), PATIENCE_SECONDS)
    write_article(articles, "lighthouse", SAID)
    assert await said(process, HERE) != SAID
    await asyncio.to_thread(other.changes.note_common_articles)
    changed: set[int | None] = set()
    await eventually(
        lambda: changed.update(process.indexes.changes.take()) or changed >= {None, HERE},
        PATIENCE_SECONDS,
    )
    assert await said(process, None) == await said(process, HERE) == SAID
    assert other.changes.news() == [], "what follows from news is no news"
    told = ToldVersion(process.bases.common)
    await eventually(lambda: not told.is_untold(), PATIENCE_SECONDS)


@on_both
async def test_common_articles_that_are_indexed_here_are_told_of_once_they_have_changed(
    process: Services, other: State, articles: Path
) -> None:
    await process.indexes.start_reindex().report()
    write_article(articles, "lighthouse", SAID)
    await process.indexes.start_reindex().report()
    news: list[Change] = []
    await eventually(lambda: news.extend(other.changes.news()) or news, PATIENCE_SECONDS)
    await process.indexes.start_reindex().report()
    await process.peers.stop()
    assert [*news, *other.changes.news()] == [COMMON]


@on_both
async def test_what_cannot_be_told_or_read_at_once_is_later_and_what_was_known_holds(
    process: Services,
    state: State,
    other: State,
    articles: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(peers, "SWEEP_SECONDS", 0.01)
    assert not await is_private(process)
    refused: list[str] = []
    away = True

    def sometimes(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            if away:
                refused.append(name)
                raise StateError("the database is away")
            return method(*given)

        return call

    for table, name in (
        (state.servers, "of"),
        (state.articles, "of"),
        (state.changes, "note_common_articles"),
    ):
        monkeypatch.setattr(table, name, sometimes(name, getattr(table, name)))
    await asyncio.to_thread(other.servers.change, HERE, private=True)
    await asyncio.to_thread(keep, other, HERE, SAID)
    await eventually(lambda: refused.count("of") >= 2, PATIENCE_SECONDS)
    write_article(articles, "wharf", "The wharf is made of jarrah.")
    await process.indexes.start_reindex().report()
    await eventually(lambda: refused.count("note_common_articles") >= 2, PATIENCE_SECONDS)
    assert not await is_private(process), "the last known one holds"
    away = False
    await in_time(lambda: is_private(process))
    await eventually(lambda: HERE in process.indexes.changes.take(), PATIENCE_SECONDS)
    assert await said(process, HERE) == SAID
    await eventually(lambda: COMMON in other.changes.news(), PATIENCE_SECONDS)
    told = [one for one in caplog.messages if "is not seen at the moment" in one]
    assert len(told) == 1


@on_both
async def test_what_was_not_told_before_the_end_is_told_after_the_next_start(
    place: Path | DatabaseUrl,
    state: State,
    other: State,
    knowledge: KnowledgeBase,
    articles: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "servers"
    refused = asyncio.Event()
    loop = asyncio.get_running_loop()

    def away() -> None:
        loop.call_soon_threadsafe(refused.set)
        raise StateError("the database is away")

    async def next_life() -> Sequence[Change]:
        """Return what others hear of a process that starts again."""
        looked = asyncio.Event()
        with closing(State(place)) as state:
            listen = state.listen

            def listening(seconds: float) -> None:
                loop.call_soon_threadsafe(looked.set)
                listen(seconds)

            monkeypatch.setattr(state, "listen", listening)
            async with running(state, knowledge, folder):
                await looked.wait()
        return other.changes.news()

    assert await next_life() == [], "of a new index nobody has to know"
    async with running(state, knowledge, folder) as services:
        with monkeypatch.context() as patched:
            patched.setattr(state.changes, "note_common_articles", away)
            write_article(articles, "lighthouse", SAID)
            await services.indexes.start_reindex().report()
            await refused.wait()
            await services.indexes.stop()
            await services.peers.stop()
    assert await next_life() == [COMMON]
    assert await next_life() == [], "once is enough"


async def test_a_setting_that_is_just_being_read_when_it_changes_is_the_new_one(
    process: Services, state: State, other: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = state.servers.of
    started, released = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    first = True

    def slow(server: int | None) -> Any:
        nonlocal first
        read = of(server)
        if first:
            first = False
            loop.call_soon_threadsafe(started.set)
            asyncio.run_coroutine_threadsafe(released.wait(), loop).result(PATIENCE_SECONDS)
        return read

    monkeypatch.setattr(state.servers, "of", slow)
    asking = asyncio.create_task(process.server_settings.of(HERE))
    await started.wait()
    other.servers.change(HERE, private=True)
    await process.server_settings.renew(HERE)
    released.set()
    assert (await asking).private


@on_both
async def test_members_see_what_was_changed_elsewhere(world: World, other: State) -> None:
    """The bot itself, on a server of its own."""
    server = int(world.guild.id)
    assert not (await world.ask(QUESTION)).ephemeral
    await asyncio.to_thread(other.servers.change, server, private=True)
    await asyncio.to_thread(keep, other, server, SAID)
    peers = world.bot.services.peers
    await peers._look()
    assert peers._indexing is not None
    await peers._indexing
    answer = await world.ask(QUESTION)
    assert answer.ephemeral
    assert SAID in answer.text.replace("**", "")


def test_peers_are_looked_for_where_there_are_some(knowledge: KnowledgeBase, state: State) -> None:
    for shards, there_are in ((None, False), (ONE_SHARD, False), (Shards((0,), 2), True)):
        assert SourcierBot(knowledge, state, shards=shards)._has_peers is there_are
