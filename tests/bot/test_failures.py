"""When things fail: people get a sentence and a reference, the log gets the reason."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from typing import Any

import discord
import pytest
from world import World, shown

from bot.app.logs import configure_logging
from bot.i18n.localisation import CATALOGUE
from bot.i18n.phrases import SHARED
from bot.interactions.failures import explain
from bot.ui.containers import RED
from knowledge import IndexUnavailable

QUESTION = "Combien de barils de pétrole en juillet ?"
ENGLISH = SHARED.of(CATALOGUE.default)


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


TOO_LATE = [(404, 10062), (400, 40060)]


def about_lateness(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return what the log has, which must be nothing but lines at INFO."""
    assert all(record.levelno <= logging.INFO for record in caplog.records)
    assert "Traceback" not in caplog.text
    return [record for record in caplog.records if "Nobody to answer" in record.getMessage()]


@pytest.mark.parametrize(("status", "code"), TOO_LATE)
async def test_an_interaction_that_came_too_late_is_one_line_of_the_log(
    world: World, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    caplog.set_level(logging.INFO, "bot")
    answer = await world.ask(QUESTION)
    before = len(world.sent("POST", "/callback"))
    world.env.inject_error("POST", "/interactions/*/callback", status=status, code=code, times=None)
    await world.member.slash(world.channel, "ask", question=QUESTION)
    await world.member.click(answer.message, custom_id=answer.button("In context"))
    assert len(world.sent("POST", "/callback")) == before + 2
    command, button = about_lateness(caplog)
    assert command.getMessage().startswith("Nobody to answer in /ask: ")
    assert button.getMessage().startswith("Nobody to answer in button ")
    assert len(world.env.errors) == 1


@pytest.mark.parametrize(("level", "lines"), [("INFO", 1), ("WARNING", 0)])
@pytest.mark.parametrize(("status", "code"), TOO_LATE)
async def test_what_discord_py_logs_of_it_is_one_line_too(
    world: World, capfd: pytest.CaptureFixture[str], status: int, code: int, level: Any, lines: int
) -> None:
    root = logging.getLogger()
    handlers, number = root.handlers[:], root.level
    configure_logging(level, None)
    try:
        world.env.inject_error("POST", "/interactions/*/callback", status=status, code=code)
        with suppress(discord.HTTPException):
            await world.member.autocomplete(world.channel, "article", "title", "ba")
        logging.getLogger("discord.client").error("Other", exc_info=RuntimeError("a fault"))
    finally:
        root.handlers[:] = handlers
        root.setLevel(number)
        for name in ("bot", "knowledge", "discord"):
            logging.getLogger(name).setLevel(logging.NOTSET)
    told = capfd.readouterr().err
    late = [line for line in told.splitlines() if "autocomplete" in line]
    assert len(late) == lines
    assert all(" INFO " in line for line in late)
    assert told.count("NotFound") + told.count("BadRequest") == 0
    assert "RuntimeError: a fault" in told, "other errors are told with all there is"


async def test_another_refusal_of_discord_is_a_fault_as_before(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10015)
    told = await world.ask(QUESTION)
    assert f"Error {reference_in(told.text)} in /ask" in caplog.text
    assert "Traceback" in caplog.text
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
