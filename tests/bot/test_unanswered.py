"""What was asked in vain: kept only where a server wants that, never by whom, and not for ever."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from postgres import on_both
from world import Shown, World, eventually, press, shown

from bot.state import State
from bot.state import unanswered as table
from bot.state.unanswered import KEPT_DAYS, MAX_LENGTH, Unanswered
from knowledge import Verdict

TODAY = date(2026, 1, 31)


@pytest.fixture(autouse=True)
def in_vain(judged: Callable[[Verdict], None]) -> None:
    judged(Verdict.UNANSWERED)


def kept(world: World) -> dict[str, int]:
    questions = world.state.unanswered.of(world.guild.id, datetime.now(UTC).date())
    return {one.question: one.times for one in questions}


async def keep(world: World) -> None:
    await world.bot.services.server_settings.change(world.guild.id, keep_unanswered=True)


async def ask(world: World, *questions: str) -> None:
    """Ask as the member, and wait until what is to be kept is."""
    for question in questions:
        await world.ask(question)
    await world.bot.services.unanswered.finish()


async def listed(world: World) -> Shown:
    result = await world.admin.slash(world.channel, "unanswered")
    assert result.response is not None
    return shown(result.response)


async def test_nothing_is_kept_unless_the_server_wants_it(world: World) -> None:
    await ask(world, "What wine was served?")
    assert kept(world) == {}
    message = await listed(world)
    assert message.ephemeral
    assert "None are kept on this server" in message.text
    await world.bot.services.server_settings.change(world.guild.id + 1, keep_unanswered=True)
    await ask(world, "What wine was served?")
    assert kept(world) == {}


async def test_questions_in_vain_are_kept_from_commands_and_messages(world: World) -> None:
    await keep(world)
    await ask(world, "What wine was served?", "What wine was served?")
    await world.member.send(world.channel, f"{world.mention} Who cooked?")
    await world.bot.services.unanswered.finish()
    assert kept(world) == {"What wine was served?": 2, "Who cooked?": 1}


async def test_what_was_answered_or_asked_nothing_or_was_asked_in_private_is_not_kept(
    world: World, judged: Callable[[Verdict], None]
) -> None:
    await keep(world)
    await ask(world, "hello", "thank you!")
    await world.member.send_dm("What wine was served?")
    judged(Verdict.UNCERTAIN)
    await ask(world, "What wine was served?")
    judged(Verdict.ANSWERED)
    await ask(world, "What wine was served?")
    assert kept(world) == {}


async def test_nothing_is_kept_of_a_server_that_the_bot_has_left(world: World) -> None:
    await keep(world)
    world.bot._connection._guilds.clear()
    await ask(world, "What wine was served?")
    await world.bot.services.unanswered.finish()
    assert kept(world) == {}
    result = await world.member.slash(world.channel, "privacy")
    assert "I keep no question and no answer" in shown(result.response).text


async def test_a_question_is_kept_without_ids_and_cut(world: World) -> None:
    await keep(world)
    await ask(
        world, f"Does <@{world.member.id}> or {world.admin.id} know what {'wine ' * 40}was served?"
    )
    (question,) = kept(world)
    assert question.startswith("Does or … know what wine")
    assert len(question) == MAX_LENGTH


async def test_members_wait_for_none_of_it_and_hear_of_no_failure(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(world)

    def broken(*_: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(world.state.unanswered, "note", broken)
    assert (await world.ask("What wine was served?")).texts[1] == "The articles don’t say"
    await world.bot.services.unanswered.finish()
    assert "no room" in caplog.text


async def test_the_words_are_in_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await keep(world)
    await ask(world, "What zinfandel was served?")
    await listed(world)
    own = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert own
    assert not any("zinfandel" in message for message in own)


@pytest.mark.parametrize("code", ["en-US", "fr"])
async def test_the_most_frequent_come_first_with_those_that_ask_the_same(
    world: World, locale: list[str], code: str
) -> None:
    locale[0] = code
    await keep(world)
    await ask(
        world,
        *["What is the wifi password?"] * 2,
        *["Who cooked the dinner?"] * 3,
        "whats the wifi pasword",
        "WHAT IS THE WIFI PASSWORD",
    )
    message = await listed(world)
    groups = re.findall(r"\*\*(\d+)\u00a0×\*\* (.+)\n-# (.+)", message.text)
    assert [(int(times), question) for times, question, _ in groups] == [
        (4, "What is the wifi password?"),
        (3, "Who cooked the dinner?"),
    ]
    assert "whats the wifi pasword" in groups[0][2]
    last = "dernière fois le" if code == "fr" else "last on"
    assert all(detail.startswith(last) for _, _, detail in groups)


async def test_hostile_questions_are_shown_as_they_are(world: World) -> None:
    await keep(world)
    await ask(world, "What @everyone wine [x](https://evil.example) `served` # ?")
    question, _ = (await listed(world)).texts[1].split("\n-# ")
    assert not re.search(r"(?<!\\)[@`#\[\]]|https?:", question)


async def test_the_list_is_paged_and_works_after_a_restart(world: World) -> None:
    await keep(world)
    today = datetime.now(UTC).date()
    words = ["".join(chr(97 + (7 * n + k * k) % 26) for k in range(8)) for n in range(20)]
    for word in words:
        world.state.unanswered.note(world.guild.id, word, today)
    page = await listed(world)
    texts = [page.text]
    await world.restart()
    while not page.buttons[page.button("Next")].get("disabled"):
        page = await press(world, page, "Next")
        texts.append(page.text)
    assert len(texts) == 3
    assert sorted(re.findall(r"× ?\*\* (\w+)", "\n".join(texts))) == sorted(words)


async def test_clearing_is_confirmed(world: World) -> None:
    await keep(world)
    await ask(world, "What wine was served?")
    asked = await press(world, await listed(world), "Clear")
    assert ": 1." in asked.text
    back = await press(world, asked, "Cancel")
    assert "What wine was served?" in back.text
    cleared = await press(world, await press(world, back, "Clear"), "Remove them")
    assert cleared.text == "Questions removed: 1."
    assert kept(world) == {}


async def test_who_is_no_admin_any_more_sees_and_clears_nothing(world: World) -> None:
    await keep(world)
    await ask(world, "What wine was served?")
    message = await listed(world)
    asked = await press(world, message, "Clear")
    world.managers._role.permissions = 0
    refused = await press(world, asked, "Remove them")
    assert "can manage the server" in refused.text
    assert kept(world) == {"What wine was served?": 1}
    assert "unanswered" not in world.member.available_commands(world.channel)


async def test_only_so_many_wait_to_be_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.services.aside.MAX_WAITING", 1)
    await keep(world)
    answer = world.knowledge.ask("What wine was served?")
    for _ in range(3):
        world.bot.services.unanswered.note(world.guild.id, answer)
    await world.bot.services.unanswered.finish()
    assert kept(world) == {"What wine was served?": 1}
    assert caplog.text.count("too many wait") == 2


async def test_what_waits_is_kept_when_the_bot_ends(world: World) -> None:
    await keep(world)
    world.bot.services.unanswered.note(world.guild.id, world.knowledge.ask("What wine was served?"))
    await world.restart()
    await asyncio.sleep(0)
    assert await eventually(lambda: kept(world)) == {"What wine was served?": 1}


@on_both
def test_questions_go_after_so_many_days(state: State) -> None:
    state.unanswered.note(1, "old", TODAY - timedelta(days=1))
    state.unanswered.note(1, "new", TODAY)
    last = TODAY + timedelta(days=KEPT_DAYS)
    assert [one.question for one in state.unanswered.of(1, last)] == ["new"]
    state.unanswered.expire(last)
    assert state.unanswered.count(1) == 1
    state.unanswered.note(1, "new", last)
    state.unanswered.expire(last + timedelta(days=KEPT_DAYS))
    assert state.unanswered.of(1, last) == (Unanswered("new", 2, last),)


@on_both
def test_only_so_many_are_kept_of_a_server(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_KEPT", 3)
    for number in range(6):
        state.unanswered.note(1, f"question {number}", TODAY + timedelta(days=number % 3))
    state.unanswered.note(2, "elsewhere", TODAY)
    days = [one.last_asked for one in state.unanswered.of(1, TODAY)]
    assert days == [TODAY + timedelta(days=2)] * 2 + [TODAY + timedelta(days=1)]
    assert state.unanswered.count(2) == 1


def test_a_question_that_is_answered_is_off_the_list_until_it_is_asked_in_vain_again(
    state: State,
) -> None:
    day, table = date(2026, 1, 1), state.unanswered
    for question in ("a", "b"):
        table.note(1, question, day)
    (b, a) = table.of(1, day)
    table.answer(1, [a.id, b.id], 7)
    table.bring_back(2, 7)
    table.bring_back(1, 8)
    assert (table.of(1, day), table.count(1), table.question(1, a.id)) == ((), 0, None)
    table.note(1, "a", day)
    assert [(one.question, one.times) for one in table.of(1, day)] == [("a", 2)]
    assert table.clear(1) == 1, "and no word is left of the other"
    table.bring_back(1, 7)
    assert table.of(1, day) == ()
