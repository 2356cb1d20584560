"""``/insights``: admins see in numbers what is asked on their server, and no member."""

from __future__ import annotations

import importlib.util
import io
import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import discord
import pytest
from postgres import on_both
from simcord.components import walk_components
from stored import sql
from world import Shown, World, shown

from bot.features.insights.insights_layout import insights_layout
from bot.features.insights.numbers import IN_VAIN, QUOTED, WEEKS, Insights, Quoted
from bot.features.insights.numbers import Week as WeekOfNumbers
from bot.features.unanswered.grouping import Group
from bot.i18n.localisation import CATALOGUE, Language
from bot.services.drawing.weeks import Chart, Week, draw
from bot.state import State, StateBusy
from bot.state.answer_counts import KEPT_DAYS, MAX_PASSAGES, Counted
from bot.state.unanswered import MAX_LENGTH, Unanswered
from knowledge import Citation, Span, Verdict

QUESTION = "Qui a rencontré Poutine en Russie ?"
MEDIA_GALLERY = 12
drawing = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="needs the extra “picture”"
)


async def insights(world: World) -> Shown:
    await world.bot.services.counter.finish()
    result = await world.admin.slash(world.channel, "insights")
    assert result.response is not None
    return shown(result.response)


def pictures(message: Shown) -> list[dict[str, Any]]:
    every = walk_components(message.message.components)
    return [one for item in every if item["type"] == MEDIA_GALLERY for one in item["items"]]


async def ask_each(world: World, judged: Callable[[Verdict], None]) -> None:
    """Have two sure answers, one guess and one that is not said, with a vote on the last."""
    for verdict in (Verdict.ANSWERED, Verdict.ANSWERED, Verdict.UNCERTAIN, Verdict.UNANSWERED):
        judged(verdict)
        answer = await world.ask(QUESTION)
    await world.member.click(answer.message, custom_id=answer.button("👎"))


@drawing
async def test_an_admin_sees_the_numbers_as_a_picture_and_as_text(
    world: World, judged: Callable[[Verdict], None]
) -> None:
    await ask_each(world, judged)
    await world.member.slash(world.channel, "check", text=QUESTION)
    await world.member.send(world.channel, f"{world.mention} Bonjour !")
    told = await insights(world)
    assert told.ephemeral
    assert "**Questions: 4** · sure: 50% · not sure: 25% · not said: 25% · 👍 0 · 👎 1" in told.text
    assert "4 (2 sure, 1 not sure, 1 not said), 👍 0, 👎 1" in told.text
    assert "In the other weeks, nothing." in told.text
    assert len([line for line in told.text.splitlines() if line.endswith(": 0")]) == 0
    assert "**3\u00a0×** 3 points à retenir du sommet" in told.text
    assert "Keep unanswered questions" in told.text
    (picture,) = pictures(told)
    assert "4 (2 sure, 1 not sure, 1 not said)" in picture["description"]
    assert picture["description"].count(": 0;") == 7
    assert not told.buttons, "nobody puts it before everybody"


async def test_what_was_asked_in_vain_stands_there_where_it_is_kept(world: World) -> None:
    await world.bot.services.server_settings.change(world.guild.id, keep_unanswered=True)
    for _ in range(2):
        await world.ask("Combien de chats a Emmanuel Macron ?")
    await world.bot.services.unanswered.finish()
    told = await insights(world)
    assert "**2\u00a0×** Combien de chats a Emmanuel Macron" in told.text
    assert "/unanswered" in told.text


async def test_without_the_extra_the_numbers_are_text(
    world: World, judged: Callable[[Verdict], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = "bot.features.insights.insights_command.is_installed"
    monkeypatch.setattr(command, lambda _: False)
    await ask_each(world, judged)
    told = await insights(world)
    assert "**Questions: 4**" in told.text
    assert not pictures(told)


async def test_where_nothing_was_asked_it_says_so(world: World, locale: list[str]) -> None:
    locale[0] = "fr"
    await world.member.send_dm(QUESTION)
    told = await insights(world)
    assert "Rien n’a encore été demandé" in told.text
    assert not pictures(told)


async def test_insights_are_for_admins_and_of_their_server(world: World) -> None:
    assert "insights" not in world.member.available_commands(world.channel)
    today = world.state.today()
    world.state.answer_counts.add({Counted(world.guild.id + 1, Verdict.ANSWERED): 7}, today)
    assert "Nothing has been asked here yet" in (await insights(world)).text


async def test_passages_that_are_gone_take_no_place_of_others(world: World) -> None:
    here, today = world.guild.id, world.state.today()
    answer = world.knowledge.ask(QUESTION)
    gone = {Counted(here, f"gone {number}"): 2 for number in range(QUOTED)}
    there = {Counted(here, answer.citations[0].passage): 1}
    world.state.answer_counts.add({Counted(here, Verdict.ANSWERED): 11, **gone, **there}, today)
    told = (await insights(world)).text
    assert "**1\u00a0×** 3 points à retenir du sommet" in told
    assert f"changed or removed since: {2 * QUOTED}\u00a0×" in told


async def test_a_state_that_is_locked_costs_counts_and_no_answer(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    counts, counter = world.state.answer_counts, world.bot.services.counter
    table = world.bot.services.state.answer_counts
    add = table.add

    def held(*_: object) -> None:
        raise StateBusy("held")

    monkeypatch.setattr(table, "add", held)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert (await world.ask(QUESTION)).buttons
            await counter.finish()
    assert [one.getMessage() for one in caplog.records] == ["Answers were not counted: held"]
    monkeypatch.setattr(table, "add", add)
    assert (await world.ask(QUESTION)).buttons
    await counter.finish()
    assert [times for _, _, times in counts.answers(world.guild.id, date.min)] == [1]


TODAY = date(2026, 3, 4)


@on_both
def test_counts_add_up_by_day_and_go_in_the_end(state: State) -> None:
    sure, other = Counted(1, Verdict.ANSWERED), Counted(2, Verdict.ANSWERED)
    old = TODAY - timedelta(days=KEPT_DAYS)
    for day in (TODAY, TODAY, old, old - timedelta(days=1)):
        state.answer_counts.add({sure: 2, other: 1}, day)
    state.answer_counts.expire(TODAY)
    assert state.answer_counts.answers(1, date.min) == (
        (old, Verdict.ANSWERED, 2),
        (TODAY, Verdict.ANSWERED, 4),
    )
    assert state.answer_counts.answers(1, TODAY) == ((TODAY, Verdict.ANSWERED, 4),)


@on_both
def test_what_was_counted_while_the_clock_was_ahead_counts_for_the_latest_day(
    state: State,
) -> None:
    for ahead in (0, 400, 500):
        state.answer_counts.add({Counted(1, "a"): 1}, TODAY + timedelta(days=ahead))
    state.answer_counts.expire(TODAY)
    assert state.answer_counts.quoted(1, TODAY, 5) == (("a", 3),)
    assert sql(state, "select day, times from answer_counts") == [(TODAY.isoformat(), 3)]


@on_both
def test_a_server_has_so_many_counts_of_passages_and_no_more(state: State) -> None:
    state.answer_counts.add({Counted(1, "often"): 9}, TODAY)
    state.answer_counts.add({Counted(2, "elsewhere"): 1}, TODAY - timedelta(days=1))
    many = {Counted(1, f"p{number}"): 1 for number in range(MAX_PASSAGES + 5)}
    state.answer_counts.add({**many, Counted(1, Verdict.ANSWERED): 1}, TODAY)
    assert len(state.answer_counts.quoted(1, TODAY, 9_999)) == MAX_PASSAGES
    assert state.answer_counts.quoted(1, TODAY, 1) == (("often", 9),)
    assert len(state.answer_counts.quoted(2, date.min, 9)) == 1
    assert state.answer_counts.answers(1, TODAY) == ((TODAY, Verdict.ANSWERED, 1),)


@pytest.mark.parametrize("language", CATALOGUE.languages.values(), ids=str)
def test_the_longest_numbers_titles_and_questions_fit_a_message(language: Language) -> None:
    text, big = "*_" * 1_000, 10**7
    address = f"https://example.org/{'a' * 400}"
    long = Citation("p", "slug", text, text, 9_999, text, Span(0, 300), (), 1.0, address)
    weeks = tuple(
        WeekOfNumbers(TODAY + timedelta(weeks=number), (big, big, big), big, big)
        for number in range(WEEKS)
    )
    asked = Group((Unanswered(text[:MAX_LENGTH], big, TODAY),))
    insights = Insights(weeks, (Quoted(long, big),) * QUOTED, (asked,) * IN_VAIN, big)
    picture = discord.File(io.BytesIO(b"png"), "insights.png")
    view = insights_layout(insights, language, picture, "note " * 20, is_keeping=True)
    every = list(walk_components(view.to_components()))
    assert sum(len(item["content"]) for item in every if "content" in item) <= 4_000
    (gallery,) = [item for item in every if item["type"] == MEDIA_GALLERY]
    assert len(gallery["items"][0]["description"]) <= 1_024


@drawing
def test_a_picture_of_many_questions_is_as_large_as_one_of_none() -> None:
    legend = ("sure", "not sure", "not said")
    sizes = {
        draw(Chart("Questions", legend, (Week("1 May", parts, "▲ 0"),)))[16:24]
        for parts in ((0, 0, 0), (10**6, 10**6, 10**6))
    }
    assert len(sizes) == 1
