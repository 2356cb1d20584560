"""Whoever watches the bot is told how it is, over HTTP, and nothing of what anybody asks."""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import re
import socket
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from postgres import PostgresServer, at_place, on_both
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from test_running import PATIENCE_SECONDS, RUN, TOKEN, ended, indexed, online, process
from world import World, eventually, put, write_article

from bot.app.monitoring import monitoring_server
from bot.app.monitoring.monitoring_server import MonitoringServer, NotServed
from bot.database_url import DatabaseUrl
from bot.services.answering import Answering
from bot.services.metrics import NOTHING_ASKED, Metrics, Outcome, ReindexResult, Stage
from bot.services.reindexing import ReindexStopped
from bot.settings import ListenAddress
from bot.state import State, StateBusy, StateError, server
from knowledge import (
    Comparison,
    IndexUnavailable,
    KnowledgeBase,
    ReindexInProgress,
    ReindexWorse,
    SelfTest,
    Verdict,
)

__all__ = ["indexed"]

QUESTION = "Combien de barils de pétrole en juillet ?"
IN_VAIN = "Quelle est la recette du couscous au poulet ?"
GREETING = "Bonjour !"


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: str


def _fetch(url: str, method: str) -> Response:
    request = urllib.request.Request(url, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as got:
            return Response(got.status, dict(got.headers), got.read().decode())
    except urllib.error.HTTPError as error:
        return Response(error.code, dict(error.headers), error.read().decode())


@dataclass(frozen=True)
class Watcher:
    """A program that asks over HTTP, from a thread of its own."""

    url: str

    async def get(self, path: str, method: str = "GET") -> Response:
        return await asyncio.to_thread(_fetch, f"{self.url}{path}", method)

    async def families(self) -> dict[str, Metric]:
        response = await self.get("/metrics")
        assert response.status == 200
        return {one.name: one for one in text_string_to_metric_families(response.body)}

    async def values(self, name: str) -> dict[str, float]:
        """Return the samples of a name by the values of their labels, joined by “/”."""
        return {
            "/".join(sample.labels.values()): sample.value
            for family in (await self.families()).values()
            for sample in family.samples
            if sample.name == name
        }

    async def value(self, name: str) -> float | None:
        return (await self.values(name)).get("")


def free_address() -> ListenAddress:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return ListenAddress("127.0.0.1", free.getsockname()[1])


@pytest.fixture
def unwatched() -> Iterator[Watcher]:
    """A server before there is a bot to watch."""
    address = free_address()
    with MonitoringServer(address, Metrics()):
        yield Watcher(f"http://{address}")


@pytest.fixture
async def watcher(world: World) -> AsyncIterator[Watcher]:
    address = free_address()
    with MonitoringServer(address, world.bot.services.metrics) as server:
        server.watch(world.bot)
        yield Watcher(f"http://{address}")


async def test_questions_are_counted_by_verdict(world: World, watcher: Watcher) -> None:
    assert await watcher.values("sourcier_questions_total") == {
        **dict.fromkeys(Verdict, 0.0), NOTHING_ASKED: 0.0
    }  # fmt: skip
    await world.ask(QUESTION)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    await world.ask(IN_VAIN)
    await world.ask(GREETING)
    await world.member.slash(world.channel, "check", text=QUESTION)
    counted = await watcher.values("sourcier_questions_total")
    assert counted == {"answered": 2, "uncertain": 0, "unanswered": 1, NOTHING_ASKED: 1}


async def test_each_question_of_a_message_counts(world: World, watcher: Watcher) -> None:
    answer = await world.ask(f"{QUESTION} {IN_VAIN}")
    assert len(answer.texts) > 1
    counted = await watcher.values("sourcier_questions_total")
    assert sum(counted.values()) == 2


async def test_the_time_of_every_stage_is_told(world: World, watcher: Watcher) -> None:
    name = "sourcier_stage_duration_seconds_count"
    assert await watcher.values(name) == dict.fromkeys(Stage, 0.0)
    await world.ask(QUESTION)
    once = {**dict.fromkeys(Stage, 1.0), Stage.READING: 0.0}  # there is no reader here
    assert await watcher.values(name) == once
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    twice = {**dict.fromkeys(Stage, 2.0), Stage.READING: 0.0, Stage.ACKNOWLEDGING: 1.0}
    assert await watcher.values(name) == twice
    answer = world.last()
    await world.member.click(answer.message, custom_id=answer.button("In context"))
    assert (await watcher.values(name))[Stage.ACKNOWLEDGING] == 2


async def test_the_time_of_reading_is_told_apart(
    world: World, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = world.knowledge.ask
    monkeypatch.setattr(
        world.knowledge,
        "ask",
        lambda *given, **more: replace(ask(*given, **more), elapsed_ms=700.0, reading_ms=500.0),
    )
    await world.ask(QUESTION)
    seconds = await watcher.values("sourcier_stage_duration_seconds_sum")
    assert seconds[Stage.READING] == pytest.approx(0.5)
    assert seconds[Stage.RETRIEVING] == pytest.approx(0.2)


async def test_who_waits_and_who_is_being_answered_is_told(
    world: World, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, ask, released = world.bot.services, world.knowledge.ask, threading.Event()
    bases, settings = services.bases, services.server_settings
    put(
        services,
        answering=Answering(
            bases.knowledge_for,
            services.latencies,
            settings,
            services.counter,
            services.metrics,
            at_once=1,
        ),
    )
    monkeypatch.setattr(
        world.knowledge, "ask", lambda *given, **more: released.wait(60) and ask(*given, **more)
    )
    with world.hurried():
        asked = [
            await world.member.slash(world.channel, "ask", question=QUESTION) for _ in range(3)
        ]
        await eventually(lambda: services.answering.queue.waiting == 2)
        assert await watcher.value("sourcier_questions_waiting") == 2
        assert await watcher.value("sourcier_requests_running") == 3
        released.set()
        await eventually(lambda: all(one.response for one in asked) and not services.running)
    assert await watcher.value("sourcier_questions_waiting") == 0
    assert await watcher.value("sourcier_requests_running") == 0


async def test_refusals_are_told_from_faults(
    world: World, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "sourcier_unsuccessful_requests_total"
    assert await watcher.values(name) == {Outcome.REFUSED: 0, Outcome.FAILED: 0}

    def failing(*_: object, **__: object) -> None:
        raise IndexUnavailable("gone")

    monkeypatch.setattr(world.knowledge, "ask", failing)
    await world.ask(QUESTION)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert await watcher.values(name) == {Outcome.REFUSED: 0, Outcome.FAILED: 2}
    world.bot.services.answering.close()
    await world.ask(QUESTION)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert await watcher.values(name) == {Outcome.REFUSED: 2, Outcome.FAILED: 2}
    assert len(world.raised()) == 4


async def test_reindexes_are_counted_by_how_they_ended(
    world: World, watcher: Watcher, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexes = world.bot.services.indexes
    await indexes.start_reindex().report()
    write_article(articles, "wombats", "Wombats dig burrows.")
    await indexes.start_reindex().report()

    async def raising(error: Exception) -> None:
        def reindex(**_: object) -> None:
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(KnowledgeBase, "reindex", lambda *_, **__: reindex())
            with pytest.raises(type(error)):
                await indexes.start_reindex().report()

    await raising(ReindexInProgress("one is running"))
    await raising(ReindexWorse(Comparison(SelfTest(()), SelfTest(()))))
    indexes.give_up()
    with pytest.raises(ReindexStopped):
        await indexes.start_reindex(force=True).report()
    counted = await watcher.values("sourcier_reindex_duration_seconds_count")
    assert counted == dict.fromkeys(ReindexResult, 1.0)


async def test_the_articles_and_the_gateway_are_told(world: World, watcher: Watcher) -> None:
    held = world.knowledge.status()
    assert await watcher.value("sourcier_articles") == held.articles
    assert await watcher.value("sourcier_paragraphs") == held.paragraphs
    assert await watcher.value("sourcier_facts") == held.facts
    assert await watcher.value("sourcier_servers") == len(world.bot.guilds) == 1
    assert await watcher.value("sourcier_gateway_connected") == 1
    delay = await watcher.value("sourcier_event_loop_delay_seconds")
    assert delay is not None
    assert 0 < delay < monitoring_server.PATIENCE_SECONDS


async def test_hits_of_caches_are_told(world: World, watcher: Watcher) -> None:
    name = "sourcier_cache_lookups_total"
    assert (await watcher.values(name))["server_settings/miss"] == 0
    await world.ask(QUESTION)
    first = await watcher.values(name)
    assert first["server_settings/miss"] == 1
    assert first["server_settings/hit"] > 0
    await world.ask(QUESTION)
    second = await watcher.values(name)
    assert second["server_settings/miss"] == 1
    assert second["server_settings/hit"] > first["server_settings/hit"]


@on_both
async def test_connections_to_the_state_are_told(
    world: World, watcher: Watcher, place: Path | DatabaseUrl
) -> None:
    async def waits() -> float:
        counted = await watcher.value("sourcier_state_connection_wait_seconds_count")
        assert counted is not None
        return counted

    name, before = "sourcier_state_connections", await waits()
    idle = await watcher.values(name)
    assert idle["in_use"] == 0
    with world.state.database.reading(), world.state.database.writing(7):
        two = await watcher.values(name)
    assert two == {"in_use": 2, "free": 0}
    kept = 0 if isinstance(place, Path) else 2
    assert await watcher.values(name) == {"in_use": 0, "free": kept}
    assert await waits() == before + 2
    seconds = await watcher.value("sourcier_state_connection_wait_seconds_sum")
    assert seconds is not None
    assert seconds > 0
    with pytest.raises(ZeroDivisionError), world.state.database.writing(7):
        _ = 1 / 0
    assert await watcher.values(name) == {"in_use": 0, "free": kept}
    assert await watcher.value("sourcier_state_connections_refused_total") == 0


async def test_calls_that_a_held_file_refuses_are_told(
    world: World, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.state.file._BUSY_SECONDS", 0.1)
    database = world.state.database
    with database.writing(7), pytest.raises(StateBusy), database.writing(8):
        pass
    assert await watcher.value("sourcier_state_connections_refused_total") == 1
    waited = await watcher.value("sourcier_state_connection_wait_seconds_count")
    with database.writing(8):
        pass
    assert await watcher.value("sourcier_state_connections_refused_total") == 1
    assert waited is not None
    assert await watcher.value("sourcier_state_connection_wait_seconds_count") == waited + 1


@at_place("postgresql")
async def test_calls_that_a_full_pool_or_a_database_that_is_away_refuses_are_told(
    world: World,
    watcher: Watcher,
    postgres: PostgresServer,
    place: DatabaseUrl,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "_CALL_SECONDS", 0.0)
    with closing(State(place)) as state:
        put(world.bot.services, state=state)
        with ExitStack() as calls:
            for _ in range(server._MAX_CONNECTIONS):
                calls.enter_context(state.database.reading())
            with pytest.raises(StateBusy):
                state.servers.of(1)
            assert await watcher.values("sourcier_state_connections") == {"in_use": 8, "free": 0}
        assert await watcher.value("sourcier_state_connections_refused_total") == 1
        postgres.kill()
        try:
            with pytest.raises(StateError):
                state.servers.of(1)
            assert await watcher.value("sourcier_state_connections_refused_total") == 2
        finally:
            postgres.start()


BOUNDED = {
    "verdict": {*Verdict, NOTHING_ASKED},
    "stage": set(Stage),
    "outcome": set(Outcome),
    "result": {*ReindexResult, "hit", "miss"},
    "cache": {"server_settings", "server_indexes", "pictures"},
    "use": {"in_use", "free", "answering", "starting"},
    "version": {importlib.metadata.version("sourcier")},
}


async def test_no_label_tells_a_question_an_article_or_anybody(
    world: World, watcher: Watcher
) -> None:
    secret = "Zanzibar"
    other = world.env.create_guild(f"Server of {secret}")
    channel = other.create_text_channel(secret.lower())
    stranger = other.add_member(world.env.create_user(secret.lower()))
    await world.ask(f"Où est {secret} ?")
    await stranger.slash(channel, "ask", question=f"Quel est le prix de {secret} ?")
    await stranger.slash(channel, "search", words=secret)
    await stranger.send(channel, f"{world.mention} {secret} ?")
    await world.admin.slash(world.channel, "reindex")
    response = await watcher.get("/metrics")
    ids = [world.guild.id, other.id, channel.id, world.channel.id, stranger.id, world.member.id]
    assert secret.lower() not in response.body.lower()
    assert not [one for one in ids if str(one) in response.body]
    seen = 0
    for family in text_string_to_metric_families(response.body):
        if not family.name.startswith("sourcier_"):
            continue
        for sample in family.samples:
            for label, value in sample.labels.items():
                if label == "le":
                    float(value)
                    continue
                if label == "shard":
                    assert value == "0", "the number of the only one"
                    continue
                assert value in BOUNDED[label], (sample.name, label, value)
                seen += 1
    assert seen > 50


async def test_nothing_else_is_served(watcher: Watcher) -> None:
    for path in ("/", "/metrics/", "/metrics/x", "/favicon.ico", "/../etc/passwd"):
        assert (await watcher.get(path)).status == 404
    for path in ("/metrics", "/healthz", "/readyz"):
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            refused = await watcher.get(path, method)
            assert refused.status == 405
            assert refused.headers["Allow"] == "GET,HEAD"
        head = await watcher.get(path, "HEAD")
        assert (head.status, head.body) == (200, "")
    told = await watcher.get("/metrics")
    assert told.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


async def test_before_there_is_a_bot_it_is_alive_and_not_ready(unwatched: Watcher) -> None:
    assert (await unwatched.get("/healthz")).status == 200
    not_yet = await unwatched.get("/readyz")
    assert not_yet.status == 503
    assert not_yet.body == "The articles are being read; the bot is not logged in yet.\n"
    assert await unwatched.value("sourcier_event_loop_delay_seconds") == 0
    if sys.platform == "linux":
        assert await unwatched.value("process_resident_memory_bytes")


async def test_a_bot_is_ready_while_it_can_answer(
    world: World, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def why() -> str:
        assert (await watcher.get("/healthz")).status == 200, "it is alive all the while"
        response = await watcher.get("/readyz")
        return f"{response.status} {response.body}"

    assert await why() == "200 ok\n"
    world.bot.dispatch("shard_disconnect", 0)
    await eventually(lambda: not world.bot.is_connected)
    assert await why() == "503 The bot is not logged in at the gateway.\n"
    assert await watcher.value("sourcier_gateway_connected") == 0
    world.bot.dispatch("shard_resumed", 0)
    await eventually(lambda: world.bot.is_connected)
    assert await why() == "200 ok\n"

    def lost(_: KnowledgeBase) -> None:
        raise IndexUnavailable("it is gone")

    with monkeypatch.context() as patched:
        patched.setattr(KnowledgeBase, "status", lost)
        assert await why() == "503 The common index cannot be read: it is gone\n"
        assert await watcher.value("sourcier_articles") is None
    world.bot.services.answering.close()
    assert await why() == "503 The bot is ending and takes no new question.\n"


async def test_where_the_event_loop_hangs_whoever_asks_does_not(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitoring_server, "PATIENCE_SECONDS", 0.2)
    told: dict[str, Response] = {}

    def ask() -> None:
        for path in ("/healthz", "/readyz", "/metrics"):
            told[path] = _fetch(f"{watcher.url}{path}", "GET")

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join(PATIENCE_SECONDS)  # in the bot's own event loop, which hangs meanwhile
    assert not asking.is_alive()
    assert told["/healthz"].status == told["/readyz"].status == 503
    assert told["/healthz"].body.startswith("The event loop has not answered for")
    assert told["/metrics"].status == 200
    assert "sourcier_event_loop_delay_seconds 0.2\n" in told["/metrics"].body
    assert (await watcher.get("/healthz")).status == 200


async def test_many_who_say_nothing_keep_nobody_out(watcher: Watcher) -> None:
    address = watcher.url.removeprefix("http://").split(":")
    silent = [socket.create_connection((address[0], int(address[1]))) for _ in range(50)]
    try:
        for one in silent[::2]:
            one.sendall(b"GET /metrics HT")
        assert (await watcher.get("/healthz")).status == 200
    finally:
        for one in silent:
            one.close()


def test_an_address_in_use_is_one_sentence(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = ListenAddress("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(NotServed) as refused, MonitoringServer(address, Metrics()):
            pass
    assert str(refused.value) == (
        f"SOURCIER_METRICS: {address} is in use by another program: choose another port."
    )
    elsewhere = ListenAddress("192.0.2.1", 9464)
    with pytest.raises(NotServed, match=r"192\.0\.2\.1:9464 cannot be listened at \(.+\)\.$"):
        MonitoringServer(elsewhere, Metrics()).__enter__()
    assert caplog.records == []


@pytest.mark.parametrize(("host", "warnings"), [("127.0.0.1", 0), ("0.0.0.0", 1)])
def test_what_other_machines_can_reach_is_warned_of(
    host: str, warnings: int, caplog: pytest.LogCaptureFixture
) -> None:
    address = ListenAddress(host, free_address().port)
    with MonitoringServer(address, Metrics()):
        pass
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(told) == warnings
    assert all(one.startswith(f"Metrics are served at {address}, which other") for one in told)


@pytest.mark.usefixtures("indexed")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
async def test_a_running_bot_is_watched_from_its_log_in_to_its_end(tmp_path: Path) -> None:
    address = free_address()
    asked_for = {"SOURCIER_METRICS": str(address), "SOURCIER_SHARDS": "3/4"}
    async with online(tmp_path, **asked_for) as (_, started, log):
        assert f"Metrics are served at http://{address}/metrics" in log
        ready = await asyncio.to_thread(_fetch, f"http://{address}/readyz", "GET")
        assert (ready.status, ready.body) == (200, "ok\n")
        metrics = await asyncio.to_thread(_fetch, f"http://{address}/metrics", "GET")
        assert "\nsourcier_articles 1.0\n" in metrics.body
        name = 'sourcier_gateway_latency_seconds{shard="3"}'
        (seconds,) = re.findall(f"^{name} (.+)$", metrics.body, re.MULTILINE)
        assert 0 < float(seconds) < PATIENCE_SECONDS
        assert TOKEN not in metrics.body
        started.terminate()
        code, _, rest = await ended(started)
    assert code == 0
    assert "Traceback" not in rest


async def test_a_bot_that_cannot_be_watched_does_not_start(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        async with process(RUN, tmp_path, DISCORD_TOKEN=TOKEN, SOURCIER_METRICS=address) as started:
            code, out, err = await ended(started)
    assert (code, out) == (1, "")
    assert err == (
        f"SOURCIER_METRICS: {address} is in use by another program: choose another port.\n"
    )
    assert not (tmp_path / "knowledge.db").exists(), "it is said before the long start"
