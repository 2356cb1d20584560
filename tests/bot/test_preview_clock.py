"""Time runs in the preview: nobody waits for longer than the bot says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import simcord
from world import shown

from bot.answering.pacing import Pace
from bot.client import SourcierBot
from bot.preview import RunningClock
from bot.state import State
from knowledge.base import KnowledgeBase


@pytest.fixture
async def running(knowledge: KnowledgeBase, state: State) -> AsyncIterator[simcord.Env]:
    """A simulated Discord with the preview's clock, and a bot that takes one question a second."""
    bot = SourcierBot(knowledge, state)
    bot.pace = Pace(per_member=(1, 1.0))
    env = simcord.Env(bot, settle_timeout=20)
    await env.start()
    env.backend.clock = RunningClock()
    yield env
    await env.shutdown()


async def test_who_asked_too_fast_may_ask_again_after_the_time_that_was_said(
    running: simcord.Env,
) -> None:
    guild = running.create_guild("Readers")
    channel = guild.create_text_channel("questions")
    member = guild.add_member(running.create_user("camille"))

    async def ask() -> str:
        asked = await member.slash(channel, "ask", question="Combien de barils ?")
        assert asked.response is not None
        return shown(asked.response).text

    assert "10" in await ask()
    tries = 0
    while "10 933" not in " ".join((await ask()).split()):
        tries += 1
        assert tries < 2_000


async def test_messages_are_of_today(running: simcord.Env) -> None:
    guild = running.create_guild("Readers")
    channel = guild.create_text_channel("questions")
    member = guild.add_member(running.create_user("camille"))
    message = await member.send(channel, "Good morning")
    assert datetime.now(UTC) - message.created_at < timedelta(hours=1)


def test_the_clock_goes_on_by_itself_and_can_be_moved_on() -> None:
    clock = RunningClock()
    before = clock.now()
    clock.advance(3_600)
    assert clock.now() - before >= timedelta(hours=1)
    assert clock.elapsed >= 3_600
