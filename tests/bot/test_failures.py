"""When things fail: people get a sentence and a reference, the log gets the reason."""

from __future__ import annotations

import re
from typing import Any

import discord
import pytest
from world import World, shown

from bot.i18n.localisation import CATALOGUE
from bot.interactions.failures import explain
from bot.ui.containers import RED
from knowledge import IndexUnavailable

QUESTION = "Combien de barils de pétrole en juillet ?"
ENGLISH = CATALOGUE.default.phrases


def reference_in(text: str) -> str:
    (reference,) = re.findall(r"\(Reference ([0-9A-F]{6})\)", text)
    return reference


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_discord_fails_at_the_answer(
    world: World, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", "/interactions/*/callback", status=status)
    told = await world.ask(QUESTION)
    assert told.ephemeral
    assert told.colour == RED.value
    assert told.text.startswith("Discord did not let me answer.")
    assert f"Error {reference_in(told.text)} in /ask" in caplog.text
    assert len(world.env.errors) == 1


async def test_discord_fails_at_everything(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.env.inject_error("*", "*", status=500, times=None)
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert result.response is None
    assert "could not be told" in caplog.text
    assert len(world.env.errors) == 1


@pytest.mark.parametrize("status", [500, 429])
async def test_discord_fails_at_the_reply_to_a_message(world: World, status: int) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=status)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    told = world.last()
    assert told.colour == RED.value
    assert reference_in(told.text)
    assert len(world.env.errors) == 1


async def test_discord_fails_behind_a_button(world: World) -> None:
    answer = await world.ask(QUESTION)
    world.env.inject_error("POST", "/interactions/*/callback", status=500)
    result = await world.member.click(answer.message, custom_id=answer.button("In context"))
    assert reference_in(shown(result.response).text)


async def test_an_interaction_that_came_too_late_is_only_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, times=None)
    await world.member.slash(world.channel, "ask", question=QUESTION)
    assert len(world.sent("POST", "/callback")) == 1
    assert "Error" in caplog.text
    assert len(world.env.errors) == 1


async def test_a_channel_where_the_bot_may_not_write_is_left_alone(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert len(world.sent("POST", "/messages")) == 1
    assert len(world.env.errors) == 1


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (IndexUnavailable("no such table: passages"), "I cannot read the articles"),
        (RuntimeError("select * from secrets"), "Something went wrong on my side"),
    ],
)
@pytest.mark.parametrize("way", ["command", "message"])
async def test_an_error_of_the_engine_is_put_in_words(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    sentence: str,
    way: str,
) -> None:
    def broken(question: str, **_: Any) -> Any:
        raise error

    monkeypatch.setattr(world.knowledge, "ask", broken)
    if way == "command":
        result = await world.member.slash(world.channel, "ask", question=QUESTION)
        told = shown(result.response)
        assert told.ephemeral
    else:
        await world.member.send(world.channel, f"{world.mention} {QUESTION}")
        told = world.last()
    assert told.text.startswith(sentence)
    assert str(error) not in told.text
    assert f"Error {reference_in(told.text)} in" in caplog.text
    assert str(error) in caplog.text
    assert len(world.env.errors) == 1


async def test_an_error_of_another_event_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def on_member_join(member: discord.Member) -> None:
        raise RuntimeError("nobody to tell")

    world.bot.add_listener(on_member_join)
    world.bot.dispatch("member_join", None)
    await world.env.settle()
    assert "nobody to tell" in caplog.text
    assert len(world.env.errors) == 1


def test_a_command_that_discord_no_longer_knows_is_explained() -> None:
    error = discord.app_commands.CommandNotFound("ask", [])
    failure = explain(error, CATALOGUE.default)
    assert not failure.fault
    assert failure.sentence == ENGLISH.outdated
