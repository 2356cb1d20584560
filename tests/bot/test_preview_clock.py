"""Time runs in the preview: nobody waits for longer than the bot says."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import simcord
from world import eventually, put, shown

from bot.app.client import SourcierBot
from bot.app.preview import RunningClock, prepare_help, simulated_discord
from bot.services.rate_limiter import RateLimiter
from bot.shards import ONE_SHARD
from bot.state import State
from knowledge import KnowledgeBase


@dataclass(frozen=True)
class Preview:
    bot: SourcierBot
    env: simcord.Env
    channel: simcord.ChannelHandle
    member: simcord.MemberActor

    async def ask(self) -> str:
        result = await self.member.slash(self.channel, "ask", question="Combien de barils ?")
        assert result.response is not None
        return " ".join(shown(result.response).text.split())


@asynccontextmanager
async def preview(knowledge: KnowledgeBase, state: State) -> AsyncGenerator[Preview]:
    """The preview's Discord with a channel and a member, and a bot that takes one question a
    second of each."""
    bot = SourcierBot(knowledge, state, shards=ONE_SHARD)
    put(bot.services, rate_limiter=RateLimiter(per_member=(1, 1.0)))
    async with simulated_discord(bot) as env:
        guild = env.create_guild("Readers")
        channel = guild.create_text_channel("questions")
        yield Preview(bot, env, channel, guild.add_member(env.create_user("camille")))


async def test_who_asked_too_fast_may_ask_again_after_the_time_that_was_said(
    knowledge: KnowledgeBase, state: State
) -> None:
    async with preview(knowledge, state) as shown_in:
        assert "10 933" in await shown_in.ask()
        tries = 0
        while "10 933" not in await shown_in.ask():
            tries += 1
            assert tries < 2_000


async def test_what_the_bot_does_every_so_often_holds_nobody_up(
    knowledge: KnowledgeBase, state: State
) -> None:
    async with preview(knowledge, state) as shown_in:
        await prepare_help(shown_in.bot)
        shown_in.env.backend.clock.advance(24 * 3_600)
        assert "10 933" in await shown_in.ask()


async def test_a_machine_may_take_long_over_the_log_in(
    knowledge: KnowledgeBase, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    expire = state.expire

    def expire_slowly() -> None:
        time.sleep(5.5)  # longer than the five seconds that SimCord allows by itself
        expire()

    monkeypatch.setattr(state, "expire", expire_slowly)
    async with preview(knowledge, state) as shown_in:
        assert "10 933" in await shown_in.ask()


async def test_the_preview_ends_without_waiting_for_examples(
    knowledge: KnowledgeBase, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), []

    def slow(
        _base: object, _languages: object, given_up: threading.Event, *_: object
    ) -> tuple[str, ...]:
        begun.set()
        ended.append(given_up.wait(20))
        return ()

    monkeypatch.setattr("bot.services.examples.example_questions.choose_examples", slow)
    async with preview(knowledge, state) as shown_in:
        looking = asyncio.create_task(prepare_help(shown_in.bot))
        await eventually(begun.is_set)
        looking.cancel()
    await eventually(lambda: ended)
    assert ended == [True]


async def test_messages_are_of_today(knowledge: KnowledgeBase, state: State) -> None:
    async with preview(knowledge, state) as shown_in:
        message = await shown_in.member.send(shown_in.channel, "Good morning")
        assert datetime.now(UTC) - message.created_at < timedelta(hours=1)


def test_the_clock_goes_on_by_itself_and_can_be_moved_on() -> None:
    clock = RunningClock()
    before = clock.now()
    clock.advance(3_600)
    assert clock.now() - before >= timedelta(hours=1)
    assert clock.elapsed >= 3_600
