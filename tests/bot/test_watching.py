"""Answers that keep watch: marked when the articles change what they quote."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from postgres import on_both
from world import World, eventually, offer_article, shown, write_article

from bot.features.watching.watching import LOOK_SECONDS
from bot.state import State
from bot.state.watched import MAX_WATCHED, WATCHED_DAYS, Quoted
from knowledge import Verdict

LIVE = "Quokkas live on Rottnest Island in Western Australia, together with some lizards."
EAT = "Quokkas eat grass and leaves at night, and they drink very little."
MOVED = LIVE.replace("Rottnest Island", "Bald Island")
QUESTION = "Where do quokkas live, on which island?"
CHANGED = "⚠️ **The article has changed since:**"
REMOVED = "⚠️ **This passage has been removed since.**"

Rewrite = Callable[..., Awaitable[None]]


@pytest.fixture(autouse=True)
def answered(judged: Callable[[Verdict], None]) -> None:
    judged(Verdict.ANSWERED)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.features.watching.marking.PACE_SECONDS", 0.0)


@pytest.fixture
async def rewritten(world: World, articles: Path) -> Rewrite:
    """Write the paragraphs of an article about quokkas, and have an admin index them."""

    async def write(*paragraphs: str) -> None:
        write_article(articles, "quokkas", *paragraphs)
        await world.admin.slash(world.channel, "reindex")
        await world.env.settle()

    await write(LIVE, EAT)
    return write


def marks(message: Any) -> list[str]:
    return [text for text in shown(message).texts if text.startswith("⚠️")]


def answers(world: World) -> list[Any]:
    return [
        one for one in world.channel.history() if one.author.id == world.env.backend.bot_user.id
    ]


def edits(world: World) -> int:
    return sum(
        one.method == "PATCH" and one.path.startswith("/channels/")
        for one in world.env.http_requests
    )


async def test_a_change_is_marked_with_the_new_words(world: World, rewritten: Rewrite) -> None:
    await world.ask(QUESTION)
    before = world.last()
    await rewritten("A new beginning.", MOVED, EAT)
    after = world.last()
    assert marks(after.message) == [f"{CHANGED}\n> {MOVED}"]
    assert [text for text in after.texts if not text.startswith("⚠️")] == list(before.texts)
    assert after.buttons.keys() == before.buttons.keys()
    assert after.colour == before.colour
    pressed = await world.member.click(after.message, custom_id=after.button("In context"))
    change = shown(pressed.response)
    assert (change.texts[2], MOVED in change.texts[4]) == (before.quotation, True)


async def test_an_answer_is_marked_once_for_a_change_anew_for_the_next_and_not_when_it_is_undone(
    world: World, rewritten: Rewrite
) -> None:
    await world.ask(QUESTION)
    before = world.last().texts
    await rewritten(MOVED, EAT)
    await rewritten(MOVED, "Quokkas eat nothing but figs.")
    assert (len(marks(world.last().message)), edits(world)) == (1, 1)
    again = LIVE.replace("Rottnest Island", "Garden Island")
    await rewritten(again, EAT)
    assert marks(world.last().message) == [f"{CHANGED}\n> {again}"]
    await rewritten(LIVE, EAT)
    assert (world.last().texts, edits(world)) == (before, 3)


async def test_what_was_removed_is_told_to_be(
    world: World, rewritten: Rewrite, articles: Path
) -> None:
    await world.ask(QUESTION)
    await rewritten(EAT, "Nobody has ever seen one of them in a hurry.")
    assert marks(world.last().message) == [REMOVED]
    (articles / "quokkas.md").unlink()
    await world.admin.slash(world.channel, "reindex")
    await world.env.settle()
    (mark,) = marks(world.last().message)
    assert mark == "⚠️ **The article of this passage has been removed since.**"


async def test_an_outline_is_marked_beside_the_line_that_has_changed(
    world: World, rewritten: Rewrite
) -> None:
    await rewritten("## Home", LIVE, "## Food", EAT)
    await world.ask("Summarise the article “Quokkas”")
    leading = [one for one in shown(world.last().message).buttons if one.startswith("cx/")]
    assert len(leading) == 2
    await rewritten("## Home", MOVED, "## Food", EAT)
    texts = world.last().texts
    assert texts[-2] == f"{CHANGED}\n> {MOVED}"
    assert ("Rottnest" in texts[-3], "grass" in texts[-1]) == (True, True)


async def test_words_that_are_still_there_are_not_marked(world: World, rewritten: Rewrite) -> None:
    await world.ask(QUESTION)
    await rewritten(f"{LIVE} They are small.", EAT)
    assert (marks(world.last().message), edits(world)) == ([], 0)


@pytest.mark.parametrize("restarted", [True, False])
async def test_a_change_is_found_that_the_bot_did_not_make(
    world: World, rewritten: Rewrite, articles: Path, restarted: bool
) -> None:
    await world.ask(QUESTION)
    await rewritten(LIVE, EAT, "Another paragraph.")  # it has looked, and found nothing
    write_article(articles, "quokkas", MOVED, EAT)
    world.knowledge.reindex()
    await world.env.settle()
    assert marks(world.last().message) == []
    if restarted:
        await world.restart()
        await world.env.settle()
    else:
        await world.env.advance_time(LOOK_SECONDS)
        await world.env.settle()
    assert marks(world.last().message) == [f"{CHANGED}\n> {MOVED}"]


async def test_answers_that_all_see_are_watched_and_no_others(
    world: World, rewritten: Rewrite
) -> None:
    private = await world.ask(QUESTION, private=True)
    await world.member.send_dm(QUESTION)
    assert world.state.watched.latest(world.state.today()) == {}
    await world.member.click(private.message, custom_id=private.button("Share"))
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    await rewritten(MOVED, EAT)
    marked = [marks(one) for one in answers(world)]
    assert marked == [[f"{CHANGED}\n> {MOVED}"]] * 2
    assert edits(world) == 2


async def test_a_mark_is_in_the_language_of_the_frame(world: World, rewritten: Rewrite) -> None:
    await world.bot.services.server_settings.change(world.guild.id, language="fr")
    await world.ask(QUESTION)
    await rewritten(MOVED, EAT)
    assert marks(world.last().message) == [f"⚠️ **L’article a changé depuis\u00a0:**\n> {MOVED}"]


async def test_where_it_is_switched_off_nothing_is_kept_or_marked(
    world: World, rewritten: Rewrite
) -> None:
    settings = world.bot.services.server_settings
    await world.ask(QUESTION)
    await settings.change(world.guild.id, watch_answers=False)
    await world.ask(QUESTION)
    await world.bot.services.watched.finish()
    kept = world.state.watched.of(world.guild.id, world.state.today())
    assert {one.message for one in kept} == {answers(world)[0].id}
    await rewritten(MOVED, EAT)
    assert edits(world) == 0


@pytest.mark.parametrize(
    ("method", "status", "code"), [("GET", 404, 10008), ("GET", 403, 50001), ("PATCH", 403, 50005)]
)
async def test_a_message_that_is_no_more_or_out_of_reach_is_forgotten(
    world: World, rewritten: Rewrite, method: str, status: int, code: int
) -> None:
    await world.ask(QUESTION)
    world.env.inject_error(method, "/channels/*/messages/*", status=status, code=code, times=None)
    await rewritten(MOVED, EAT)
    assert world.state.watched.latest(world.state.today()) == {}
    tried = sum(one.path.startswith("/channels/") for one in world.env.http_requests)
    await rewritten(LIVE.replace("Rottnest", "Garden"), EAT)
    assert sum(one.path.startswith("/channels/") for one in world.env.http_requests) == tried


async def test_where_discord_is_in_trouble_it_is_tried_again(
    world: World, rewritten: Rewrite
) -> None:
    await world.ask(QUESTION)
    world.env.inject_error("GET", "/channels/*/messages/*", status=501)
    await rewritten(MOVED, EAT)
    assert marks(world.last().message) == []
    await world.env.advance_time(LOOK_SECONDS)
    await world.env.settle()
    assert marks(world.last().message) == [f"{CHANGED}\n> {MOVED}"]


async def test_an_index_that_is_being_made_has_lost_nothing(
    world: World, rewritten: Rewrite, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.ask(QUESTION)
    status = replace(world.knowledge.status(), built_at=None)
    with monkeypatch.context() as patched:
        patched.setattr(type(world.knowledge), "status", lambda _: status)
        await rewritten(MOVED, EAT)
        assert marks(world.last().message) == []
    await world.env.advance_time(LOOK_SECONDS)
    await world.env.settle()
    assert len(marks(world.last().message)) == 1


async def test_messages_of_a_channel_are_marked_one_after_the_other_the_newest_first(
    world: World, rewritten: Rewrite, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = 3_000.0
    monkeypatch.setattr("bot.features.watching.marking.PACE_SECONDS", pause)
    for _ in range(3):
        await world.ask(QUESTION)
    await rewritten(MOVED, EAT)
    for done in (1, 2, 3):
        assert [bool(marks(one)) for one in answers(world)] == [False] * (3 - done) + [True] * done
        await world.env.advance_time(pause)
        await world.env.settle()


@pytest.mark.parametrize(
    ("allowed", "count", "told"),
    [(1_100, 1, "The button shows how it reads now."), (1_500, 3, "[…]")],
)
async def test_a_long_answer_has_marks_in_the_room_that_is_left(
    world: World,
    rewritten: Rewrite,
    monkeypatch: pytest.MonkeyPatch,
    allowed: int,
    count: int,
    told: str,
) -> None:
    monkeypatch.setattr("bot.features.watching.marks._MAX_TEXT", allowed)
    await world.bot.services.server_settings.change(world.guild.id, length="long")
    crowd = " and ".join(f"lizard{n:03}" for n in range(100))
    live = [f"Quokkas of kind {kind} live on an island with {crowd}." for kind in ("A", "B", "C")]
    await rewritten(*live)
    await world.ask(QUESTION)
    assert 1_000 < sum(map(len, world.last().texts)) < 1_100
    await rewritten(*(one.replace("an island", "the mainland") for one in live))
    after = marks(world.last().message)
    assert [told in one for one in after] == [True] * count
    assert sum(map(len, world.last().texts)) <= allowed


def article(text: str) -> str:
    return f"---\ntitle: Quokkas\nlanguage: en\n---\n\n{text}\n\n{EAT}\n"


async def test_an_answer_of_a_server_s_own_article_is_watched(world: World) -> None:
    server, services = int(world.guild.id), world.bot.services
    first = offer_article(world.state, server, "quokkas", "Quokkas", article(LIVE))
    await services.articles.accept(server, [first.id])
    await world.ask(QUESTION)
    before = world.last().texts
    await services.watched.finish()
    second = offer_article(world.state, server, first.slug, "Quokkas", article(MOVED))
    swaps = await services.articles.accept(server, [second.id])
    await eventually(lambda: marks(world.last().message))
    assert marks(world.last().message) == [f"{CHANGED}\n> {MOVED}"]
    await services.articles.swap(server, [(then, now) for now, then in swaps])
    await eventually(lambda: world.last().texts == before)
    await services.articles.swap(server, [(first.id, None)])
    removed = "⚠️ **The article of this passage has been removed since.**"
    await eventually(lambda: marks(world.last().message) == [removed])


@on_both
def test_so_many_quotations_are_known_of_a_server_for_so_long(state: State) -> None:
    day, table = date(2026, 1, 1), state.watched
    older, newer, last = 3, 4, day + timedelta(days=WATCHED_DAYS)
    for server, message, count in ((7, older, 5), (7, newer, MAX_WATCHED - 2), (8, 5, 1)):
        table.note(server, 1, message, [Quoted(f"p{n}", "key") for n in range(count)], day)
    kept = [one.message for one in table.of(7, day)]
    assert kept == [newer] * (MAX_WATCHED - 2) + [older] * 2
    assert table.latest(last) == {7: newer, 8: 5}
    assert table.latest(last + timedelta(days=1)) == {}
    table.expire(last)
    assert table.latest(day) != {}
    table.expire(last + timedelta(days=1))
    assert table.latest(day) == {}
