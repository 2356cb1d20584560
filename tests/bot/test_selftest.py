"""An admin asks the golden questions; a worse index is never seen."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from simcord import SetupError
from world import World, eventually, offer_article, shown, write_article

from bot.services.reindexing import ReindexStopped
from bot.services.threads import UPKEEP
from bot.ui.containers import AMBER, GREEN, GREY, RED
from knowledge import ReindexProgress, ReindexReport, ReindexStage, SelfTest

DOG = {"id": "dog", "question": "How much does the dog of Lisbon weigh?", "gold": []}
FERRY = {"id": "ferry", "question": "Who comes by ferry?", "gold": ["Visitors come by ferry"]}
ANSWER = "The dog of Lisbon weighs 40 kilograms."


def write_questions(articles: Path, *questions: dict[str, Any], slug: str = "quokkas") -> None:
    text = "".join(json.dumps(question) + "\n" for question in questions)
    (articles / f"{slug}.questions.jsonl").write_text(text, encoding="utf-8")


@pytest.fixture
def guarded(world: World, articles: Path) -> World:
    """A server whose article has golden questions, and would now answer what it must not."""
    write_article(articles, "quokkas", "Visitors come by ferry.")
    write_questions(articles, DOG, FERRY)
    world.knowledge.reindex()
    write_article(articles, "quokkas", "Visitors come by ferry.", ANSWER)
    return world


@pytest.mark.parametrize(
    ("code", "count", "silent"),
    [
        ("en-US", "17 of 17 golden questions", "rightly: the articles don’t say"),
        ("fr", "17 questions témoins sur 17", "à raison\u00a0: les articles ne le disent pas"),
    ],
)
async def test_all_hits_are_shown(
    world: World, locale: list[str], code: str, count: str, silent: str
) -> None:
    locale[0] = code
    result = await world.admin.slash(world.channel, "selftest")
    test = shown(result.response)
    assert test.ephemeral
    assert test.colour == GREEN.value
    assert count in test.texts[0]
    assert test.text.count("✅") == 17
    place = "-# north-korea-russia-summit ¶\u00a01"
    assert f"✅ Combien d’heures a duré la réunion marathon ?\n{place}" in test.text
    assert silent in test.text


@pytest.mark.parametrize(
    ("code", "shown_first", "answered"),
    [
        ("en-US", "showed quokkas ¶\u00a01 first; the right passage was number ", "showed quokkas"),
        ("fr", "a d’abord montré quokkas ¶\u00a01\u00a0; le bon passage", "a montré quokkas"),
    ],
)
async def test_misses_come_first_with_their_reasons(
    world: World, articles: Path, locale: list[str], code: str, shown_first: str, answered: str
) -> None:
    locale[0] = code
    others = [f"Something {word} about other animals." for word in ("new", "old", "odd", "sad")]
    write_article(articles, "quokkas", "Visitors come by ferry.", *others)
    write_questions(
        articles,
        FERRY,
        {**FERRY, "id": "elsewhere", "gold": ["Something sad about other"]},
        {**FERRY, "id": "*@everyone*", "question": "Who comes by *ferry* @everyone?", "gold": []},
    )
    world.knowledge.reindex()
    result = await world.admin.slash(world.channel, "selftest")
    test = shown(result.response)
    assert test.colour == AMBER.value
    misses = test.texts[1]
    assert misses.count("❌") == 2
    assert answered in misses
    assert "Who comes by \\*ferry\\* \\@everyone?" in misses
    assert shown_first[:12] in misses


async def test_where_there_are_no_questions_it_says_how_to_write_some(
    world: World, articles: Path, locale: list[str]
) -> None:
    write_article(articles, "quokkas", "Visitors come by ferry.")
    world.knowledge.reindex([articles])
    result = await world.admin.slash(world.channel, "selftest")
    assert shown(result.response).colour == GREY.value
    assert "NAME.questions.jsonl" in shown(result.response).text
    locale[0] = "fr"
    result = await world.admin.slash(world.channel, "selftest")
    assert "NOM.questions.jsonl" in shown(result.response).text


async def test_a_worse_reindex_is_rolled_back_and_says_so(
    guarded: World, locale: list[str]
) -> None:
    before = guarded.knowledge.status()
    result = await guarded.admin.slash(guarded.channel, "reindex")
    told = shown(result.response)
    assert told.ephemeral
    assert told.colour == RED.value
    assert "Rolled back: the index is as it was" in told.text
    assert "Of 19 golden questions, 19 are answered rightly" in told.text
    assert "it would have been 18" in told.text
    assert "`/reindex force:True`" in told.text
    assert told.texts[1].splitlines() == [
        "**Got worse: 1**",
        "❌ How much does the dog of Lisbon weigh?",
        "-# showed quokkas ¶\u00a02, where the articles don’t say",
    ]
    assert guarded.knowledge.status() == before
    assert "40 kilograms" not in (await guarded.ask(DOG["question"])).text
    locale[0] = "fr"
    result = await guarded.admin.slash(guarded.channel, "reindex")
    assert "Annulé\u00a0: l’index est resté tel quel" in shown(result.response).text
    assert "`/réindexer forcer:True`" in shown(result.response).text


async def test_the_golden_questions_show_in_the_progress(
    guarded: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened, reindex = threading.Event(), guarded.knowledge.reindex

    def held(*, progress: Callable[[ReindexProgress], None], **options: Any) -> ReindexReport:
        def wait(moment: ReindexProgress) -> None:
            progress(moment)
            assert moment.stage is not ReindexStage.TESTING or opened.wait(20)

        return reindex(progress=wait, **options)

    monkeypatch.setattr(guarded.knowledge, "reindex", held)
    monkeypatch.setattr("bot.features.reindex.reindex_command.PROGRESS_SECONDS", 0.0)
    monkeypatch.setattr("bot.services.reindexing._CALL_SECONDS", 0.0)
    asking = "Asking the golden questions: 1 of 38"
    try:
        with guarded.hurried():
            job = await guarded.admin.slash(guarded.channel, "reindex")
            await eventually(lambda: job.response and asking in shown(job.response).text)
            opened.set()
            await eventually(lambda: "Rolled back" in shown(job.response).text)
    finally:
        opened.set()
    assert "answered rightly 19 -> 18" in caplog.text


async def test_it_can_be_forced_and_says_what_got_worse(guarded: World) -> None:
    result = await guarded.admin.slash(guarded.channel, "reindex", force=True)
    told = shown(result.response)
    assert told.colour == AMBER.value
    assert "Golden questions answered rightly: 18 of 19 (before: 19)" in told.text
    assert "**Got worse: 1**\n❌ How much does the dog of Lisbon weigh?" in told.text
    assert "40 kilograms" in (await guarded.ask(DOG["question"])).text


async def test_a_start_does_not_bring_a_worse_index_in(
    guarded: World, caplog: pytest.LogCaptureFixture
) -> None:
    await guarded.restart()
    assert "18 would have been. Worse: “How much does the dog" in caplog.text
    assert "40 kilograms" not in (await guarded.ask(DOG["question"])).text


async def test_a_server_with_its_own_articles_reindexes_and_tests_its_own_index(
    guarded: World, articles: Path
) -> None:
    """What it keeps answers a question that the common articles must leave unanswered."""
    world, server = guarded, int(guarded.guild.id)
    write_article(articles, "quokkas", "Visitors come by ferry.")
    kept = f"---\ntitle: Dogs\nlanguage: en\n---\n\n{ANSWER}\n"
    offered = offer_article(world.state, server, "dogs", "Dogs", kept)
    world.state.articles.accept(server, [offered.id])
    world.bot.services.bases.write_out(server)
    rolled_back = await world.admin.slash(world.channel, "reindex")
    assert "Rolled back" in shown(rolled_back.response).text
    assert "40 kilograms" not in (await world.ask(DOG["question"])).text
    forced = await world.admin.slash(world.channel, "reindex", force=True)
    assert "**Dogs** · added" in shown(forced.response).text
    assert "40 kilograms" in (await world.ask(DOG["question"])).text
    test = await world.admin.slash(world.channel, "selftest")
    assert "18 of 19" in shown(test.response).text

    elsewhere = world.env.create_guild("Elsewhere")
    elsewhere_managers = elsewhere.create_role(
        "Managers", permissions=discord.Permissions(manage_guild=True)
    )
    admin = elsewhere.add_member(world.env.create_user("kim"), roles=[elsewhere_managers])
    channel = elsewhere.create_text_channel("questions")
    test = await admin.slash(channel, "selftest")
    assert "19 of 19" in shown(test.response).text
    report = await admin.slash(channel, "reindex")
    assert "Dogs" not in shown(report.response).text


async def test_members_are_answered_however_many_tests_are_asked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    selftest, opened, begun = world.knowledge.selftest, threading.Event(), []

    def held(progress: Callable[[ReindexProgress], None]) -> SelfTest:
        begun.append(threading.current_thread().name)
        assert opened.wait(60)
        return selftest(progress)

    monkeypatch.setattr(world.knowledge, "selftest", held)
    with world.hurried():
        tests = [await world.admin.slash(world.channel, "selftest") for _ in range(40)]
        await eventually(lambda: len(begun) == UPKEEP.at_once)
        asked = await world.member.slash(world.channel, "ask", question="Qui a rencontré Poutine ?")
        await eventually(lambda: asked.response)
        assert shown(asked.response).buttons
        assert len(begun) == UPKEEP.at_once
        opened.set()
        await eventually(lambda: all(t.response and t.response.components for t in tests), 60)
    await world.env.settle()
    assert len(begun) == len(tests), "each has its turn"


async def test_a_test_does_not_hold_up_the_end_of_the_bot(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    selftest, opened = world.knowledge.selftest, threading.Event()

    def held(progress: Callable[[ReindexProgress], None]) -> SelfTest:
        assert opened.wait(60)
        return selftest(progress)

    run, due = UPKEEP.run, list[object]()

    async def counted(work: Callable[..., Any], *args: Any) -> Any:
        due.append(work)
        return await run(work, *args)

    monkeypatch.setattr(world.knowledge, "selftest", held)
    monkeypatch.setattr(UPKEEP, "run", counted)
    with world.hurried():
        tests = [
            await world.admin.slash(world.channel, "selftest") for _ in range(UPKEEP.at_once + 1)
        ]
        await eventually(lambda: len(due) == len(tests))
        reindex = world.bot.services.indexes.start_reindex()
        closing = asyncio.create_task(world.bot.close())
        await eventually(lambda: world.bot.services.indexes.is_ending)
        opened.set()
        await asyncio.wait_for(closing, 10)
    assert reindex.ended
    await world.env.settle()
    assert tests[-1].acknowledged
    assert {type(error) for error in world.raised()} == {ReindexStopped}


async def test_a_member_is_refused(world: World) -> None:
    assert "selftest" not in world.member.available_commands(world.channel)
    with pytest.raises(SetupError):
        await world.member.slash(world.channel, "selftest")
    command = world.env.backend.find_command("selftest", None)
    assert command is not None
    world.guild.set_command_permissions(int(command["id"]), {world.member: True})
    result = await world.member.slash(world.channel, "selftest")
    assert shown(result.response).text == "Only members who can manage the server may do that."
    (error,) = world.env.errors
    assert isinstance(error, app_commands.MissingPermissions)
