"""Members who ask too fast are told so; a crowd that asks at once is answered, every one."""

from __future__ import annotations

import asyncio
import math
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import World, eventually, put, shown, write_article

from bot.services.answering import AT_ONCE, ROOM, Answering
from bot.services.question_queue import QuestionQueue, QueueFull
from bot.services.rate_limiter import PER_MEMBER, RateLimiter, TooFast
from knowledge import Answer, ReindexProgress, ReindexReport, Verdict

QUESTION = "Combien de barils de pétrole en juillet ?"
CROWD = 300
SENT = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(world: World) -> Clock:
    """The clock by which the bot counts; it stands still unless it is set."""
    clock = Clock()
    put(world.bot.services, rate_limiter=RateLimiter(clock=clock))
    return clock


async def flood(world: World, times: int) -> None:
    for _ in range(times):
        await world.member.send(world.channel, f"{world.mention} {QUESTION}")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (QUESTION, "Vous posez des questions plus vite que je ne peux répondre."),
        ("How many barrels were there in July?", "You are asking faster than I may answer."),
    ],
)
async def test_a_command_too_many_is_refused_with_the_time_of_the_next(
    world: World, locale: list[str], clock: Clock, question: str, words: str
) -> None:
    locale[0] = "fr" if question == QUESTION else "en-US"
    for _ in range(PER_MEMBER[0]):
        assert (await world.ask(question)).buttons
    for _ in range(2):  # a command is never left without an answer
        refused = await world.ask(question)
        assert refused.ephemeral
        assert refused.text.startswith(words)
        (again_at,) = re.findall(r"<t:(\d+):R>", refused.text)
        assert 0 < int(again_at) - world.env.now().timestamp() <= PER_MEMBER[1] + 1
    assert len(world.env.errors) == 2
    other = await world.admin.slash(world.channel, "ask", question=question)
    assert shown(other.response).buttons, "others may go on"
    clock.now += PER_MEMBER[1] + 1
    assert (await world.ask(question)).buttons


async def test_a_flood_of_mentions_is_told_so_once(world: World, clock: Clock) -> None:
    await flood(world, PER_MEMBER[0] + 4)
    replies = [shown(m) for m in world.channel.history() if m.author.id != world.member.id]
    assert len(replies) == PER_MEMBER[0] + 1
    assert replies[-1].text.startswith("Vous posez des questions plus vite")
    clock.now += PER_MEMBER[1] + 1
    await flood(world, 1)
    assert world.last().buttons


async def test_a_flood_where_the_bot_may_not_answer_gets_no_more_than_its_pace(
    world: World, clock: Clock
) -> None:
    await world.bot.services.server_settings.change(
        world.guild.id, denied_channels={world.channel.id}
    )
    await flood(world, PER_MEMBER[0] + 4)
    reactions = [sent for sent in world.env.http_requests if "/reactions/" in sent.path]
    assert len(reactions) == PER_MEMBER[0]
    assert len(world.channel.history()) == PER_MEMBER[0] + 4


async def test_examples_of_help_keep_the_pace_and_the_line(
    world: World, clock: Clock, asked_at_once: list[int]
) -> None:
    asked = await world.member.slash(world.channel, "help")
    offered = shown(asked.response)
    before = len(asked_at_once)
    id_ = offered.button(offered.labels[0])
    answers = [
        shown((await world.member.click(offered.message, custom_id=id_)).response)
        for _ in range(PER_MEMBER[0])
    ]
    assert all(answer.buttons for answer in answers[:-1])
    assert answers[-1].text.startswith("You are asking faster than I may answer.")
    assert len(asked_at_once) - before == PER_MEMBER[0] - 1, "with /help it is a pace"
    assert world.bot.services.latencies.total == PER_MEMBER[0] - 1


async def test_a_channel_has_a_pace_too(world: World) -> None:
    put(world.bot.services, rate_limiter=RateLimiter(per_channel=(1, 30.0), clock=Clock()))
    await world.ask(QUESTION)
    other = await world.admin.slash(world.channel, "ask", question=QUESTION)
    assert shown(other.response).text.startswith("So much is asked in this channel")
    elsewhere = world.guild.create_text_channel("elsewhere")
    other = await world.admin.slash(elsewhere, "ask", question=QUESTION)
    assert shown(other.response).buttons
    assert len(world.env.errors) == 1


async def test_an_admin_s_commands_have_no_pace(world: World) -> None:
    put(world.bot.services, rate_limiter=RateLimiter(per_member=(1, 30.0), clock=Clock()))
    for _ in range(3):
        result = await world.admin.slash(world.channel, "reindex")
        assert "Nothing has changed" in shown(result.response).text


@given(st.lists(st.floats(min_value=0, max_value=5), min_size=1, max_size=60))
def test_no_more_than_the_pace_passes_in_a_window(gaps: list[float]) -> None:
    clock, passed = Clock(), []
    pace = RateLimiter(per_member=(3, 10.0), per_channel=(1_000, 1.0), clock=clock)
    for gap in gaps:
        clock.now += gap
        with suppress(TooFast):
            pace.require(1, 2, SENT)
            passed.append(clock.now)
    for first, seventh in zip(passed, passed[6:], strict=False):
        assert seventh - first >= 10


@given(st.lists(st.timedeltas(timedelta(days=-9_000), timedelta(days=9_000)), max_size=30))
def test_no_clock_that_can_be_set_keeps_anybody_waiting(jumps: list[timedelta]) -> None:
    """Neither Discord's clock nor the machine's counts, whatever they show."""
    clock = Clock()
    pace = RateLimiter(per_member=(3, 10.0), clock=clock)
    for jump in (timedelta(), *jumps):
        for _ in range(3):
            pace.require(1, 2, SENT + jump)
        with pytest.raises(TooFast) as refused:
            pace.require(1, 2, SENT + jump)
        assert refused.value.again_at == math.ceil((SENT + jump).timestamp() + 10)
        clock.now += 10.1


def test_a_crowd_of_different_members_keeps_the_pace() -> None:
    clock = Clock()
    pace = RateLimiter(clock=clock)
    for member in range(CROWD):
        pace.require(member, 1, SENT)
        clock.now += 10 / CROWD


async def test_the_machine_s_clock_may_jump_and_nobody_waits(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wall in (time.time() + 86_400 * 365, 0.0):
        monkeypatch.setattr(time, "time", lambda wall=wall: wall)
        for _ in range(PER_MEMBER[0]):
            assert (await world.ask(QUESTION)).buttons
        assert not (await world.ask(QUESTION)).buttons
        clock.now += PER_MEMBER[1] + 1
    assert len(world.env.errors) == 2


def test_the_pace_is_counted_by_a_clock_that_simcord_does_not_hold() -> None:
    """In the preview SimCord puts its own clock in the place of the process's."""
    assert RateLimiter()._clock is time.monotonic
    assert "simcord" not in (RateLimiter()._clock.__module__ or "")


async def test_so_many_are_served_at_once_and_so_many_wait() -> None:
    line, served, gate = QuestionQueue(2, 3), [], asyncio.Event()

    async def come(number: int) -> None:
        async with line.turn():
            served.append(number)
            await gate.wait()

    coming = [asyncio.create_task(come(number)) for number in range(6)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert (served, line.waiting) == ([0, 1], 3)
    with pytest.raises(QueueFull):
        await coming[5]
    gate.set()
    await asyncio.gather(*coming[:5])
    assert served == [0, 1, 2, 3, 4]
    assert line.waiting == 0


@pytest.fixture
def asked_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many questions of members the engine was at, at each of them."""
    ask, lock, running, seen = world.knowledge.ask, threading.Lock(), [0], []

    def counting(question: str, **kw: Any) -> Answer:
        if not threading.current_thread().name.startswith("questions"):
            return ask(question, **kw)  # whether a related one is answered
        with lock:
            running[0] += 1
            seen.append(running[0])
        try:
            return ask(question, **kw)
        finally:
            with lock:
                running[0] -= 1

    monkeypatch.setattr(world.knowledge, "ask", counting)
    return seen


@pytest.fixture
def gate(world: World, articles: Path, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Hold a reindex of a new article until the gate is opened."""
    opened, reindex = threading.Event(), world.knowledge.reindex

    def held(*, progress: Callable[[ReindexProgress], None], **options: Any) -> ReindexReport:
        def wait(moment: ReindexProgress) -> None:
            progress(moment)
            assert opened.wait(300)

        return reindex(progress=wait, **options)

    write_article(articles, "wombats", "Wombats dig burrows.")
    monkeypatch.setattr(world.knowledge, "reindex", held)
    return opened


async def test_a_crowd_that_asks_during_a_reindex_is_answered_every_one(
    world: World,
    gate: threading.Event,
    asked_at_once: list[int],
    judged: Callable[[Verdict], None],
) -> None:
    crowd = [
        world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(CROWD)
    ]
    reindex = world.bot.services.indexes.start_reindex()
    with world.hurried():
        results = [
            await member.slash(world.channel, "ask", question=QUESTION) for member in crowd[::2]
        ]
        mentions = [
            await member.send(world.channel, f"{world.mention} {QUESTION}")
            for member in crowd[1::2]
        ]
        await eventually(lambda: len(world.channel.history()) == CROWD + len(mentions), 300)
    assert not reindex.ended
    answers = [result.response for result in results]
    assert all("10" in shown(answer).quotation for answer in answers)
    replied = {
        message.reference.message_id: shown(message)
        for message in world.channel.history()
        if message.reference is not None
    }
    assert set(replied) == {mention.id for mention in mentions}, "each has one answer"
    assert all(answer.colour is not None for answer in replied.values())
    callbacks = [sent.path for sent in world.env.http_requests if sent.path.endswith("/callback")]
    assert len(callbacks) == len(set(callbacks)) == len(results), "each is acknowledged once"
    assert len(asked_at_once) == CROWD
    assert max(asked_at_once) <= AT_ONCE
    assert ROOM >= 2 * CROWD
    gate.set()
    await reindex.report()


async def test_who_finds_the_line_full_is_told_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = world.bot.services
    knowledge_for, latencies = services.bases.knowledge_for, services.latencies
    put(
        services,
        answering=Answering(
            knowledge_for,
            latencies,
            services.server_settings,
            services.counter,
            services.metrics,
            at_once=1,
            room=0,
        ),
    )
    ask, released = world.knowledge.ask, threading.Event()
    monkeypatch.setattr(
        world.knowledge, "ask", lambda *args, **kw: released.wait(20) and ask(*args, **kw)
    )
    with world.hurried():
        first = await world.member.slash(world.channel, "ask", question=QUESTION)
        await eventually(lambda: world.bot.services.answering.queue._turns.locked())
        second = await world.admin.slash(world.channel, "ask", question=QUESTION)
        await eventually(lambda: second.response)
        told = shown(second.response)
        assert told.text.startswith("Very many people are asking me right now.")
        assert told.ephemeral
        await world.admin.send(world.channel, f"{world.mention} {QUESTION}")
        await eventually(lambda: world.channel.history()[-1].author.id != world.admin.id)
        assert world.last().text.startswith("Beaucoup de monde me pose des questions")
        released.set()
        await eventually(lambda: first.response)
    await world.env.settle()
    assert len(world.env.errors) == 1


async def test_the_bot_types_once_in_a_channel_where_messages_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, released = world.knowledge.ask, threading.Event()
    monkeypatch.setattr(
        world.knowledge, "ask", lambda *args, **kw: released.wait(20) and ask(*args, **kw)
    )
    with world.hurried():
        await world.member.send(world.channel, f"{world.mention} {QUESTION}")
        await world.admin.send(world.channel, f"{world.mention} {QUESTION}")
        await asyncio.sleep(0.05)
        assert world.sent("POST", "/typing") == []
        world.let_pass(1.0)
        await eventually(lambda: world.sent("POST", "/typing"))
        released.set()
        await eventually(lambda: len(world.channel.history()) == 4)
    await world.env.settle()
    assert len(world.sent("POST", "/typing")) == 1


async def test_an_answer_at_once_is_not_announced(world: World) -> None:
    await flood(world, 1)
    assert world.sent("POST", "/typing") == []
