"""An admin sees what runs, on what index, and how fast it answers."""

from __future__ import annotations

import asyncio
import importlib.metadata
import re
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from world import World, offer_article, shown, write_article

from bot.services.latencies import KEPT, Latencies
from knowledge import BUNDLED_ARTICLES, KnowledgeBase, ReindexProgress, ReindexStage

ENCODING = ReindexProgress(12, 94, "a", ReindexStage.ENCODING, 0.5, 45.2, 180.0)
QUESTION = "Combien de barils de pétrole en juillet ?"


async def test_an_admin_sees_the_state_in_english(world: World) -> None:
    result = await world.admin.slash(world.channel, "status")
    status = shown(result.response)
    assert status.ephemeral
    bot, index, answers = status.texts
    version = importlib.metadata.version("sourcier")
    assert bot.splitlines()[0] == f"**Sourcier {version}**"
    assert re.search(r"Up since <t:\d+:f> \(<t:\d+:R>\)", bot)
    assert "Servers: 1 · shards: 1" in bot
    held = world.knowledge.status()
    assert held.built_at is not None
    built = discord.utils.parse_time(held.built_at).timestamp()
    assert index.splitlines() == [
        "**The common index**",
        f"Made <t:{built:.0f}:f>",
        f"Articles: 1 · paragraphs: 23 · facts: {held.facts} · golden questions: 17",
        "Models: none, answers go by words alone",
    ]
    assert held.facts == world.knowledge.facts().total
    assert answers == "**Answers since then: 0**"


@pytest.mark.parametrize(
    ("client", "line"), [("en-US", "Passages are read by: r/1"), ("fr", "Passages lus par : r/1")]
)
async def test_versions_and_names_of_models_are_behind_a_button(
    world: World, locale: list[str], monkeypatch: pytest.MonkeyPatch, client: str, line: str
) -> None:
    locale[0] = client
    monkeypatch.setattr(type(world.knowledge), "reader_model", "r/1")
    status = shown((await world.admin.slash(world.channel, "status")).response)
    assert "r/1" not in status.text
    await world.restart()
    result = await world.admin.click(status.message, custom_id=status.button("Details"))
    details = shown(result.response)
    assert details.ephemeral
    assert line in details.text.replace("\u00a0", " ")
    assert f"version {world.knowledge.status().index_version}," in details.text


@pytest.mark.parametrize(
    ("client", "line"),
    [
        ("en-US", "Computing the meaning of the articles: 12 of 94 · 45 texts a second, done <t:"),
        ("fr", "Analyse du sens des articles : 12 sur 94 · 45 textes par seconde, fini <t:"),
    ],
)
async def test_an_admin_sees_how_far_a_reindex_is_and_when_it_will_be_done(
    world: World, locale: list[str], monkeypatch: pytest.MonkeyPatch, client: str, line: str
) -> None:
    locale[0] = client
    monkeypatch.setattr(type(world.knowledge), "reindexing", True)
    monkeypatch.setattr(type(world.bot.services.indexes), "moment_of", lambda *_: ENCODING)
    status = shown((await world.admin.slash(world.channel, "status")).response)
    assert line in status.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert re.search(r"<t:\d+:R>", status.texts[1])


async def test_how_far_a_reindex_is_can_be_had_while_it_runs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def encoding(knowledge: KnowledgeBase, *, progress: Any, **_: object) -> Any:
        progress(ENCODING)
        begun.set()
        may_end.wait(20)
        return knowledge.rehearse([BUNDLED_ARTICLES])

    monkeypatch.setattr(KnowledgeBase, "reindex", encoding)
    indexes = world.bot.services.indexes
    assert indexes.moment_of(world.knowledge) is None
    reindex = indexes.start_reindex()
    await asyncio.to_thread(begun.wait, 20)
    try:
        assert indexes.moment_of(world.knowledge) == ENCODING
    finally:
        may_end.set()
        await reindex.report()
    assert indexes.moment_of(world.knowledge) is None


async def test_details_are_for_admins_whoever_has_the_button(world: World) -> None:
    status = shown((await world.admin.slash(world.channel, "status")).response)
    await world.admin.click(status.message, custom_id=status.button("Share"))
    result = await world.member.click(world.last().message, custom_id=status.button("Details"))
    assert shown(result.response).text == "Only members who can manage the server may do that."


async def test_answers_are_counted_and_timed_in_french_too(world: World, locale: list[str]) -> None:
    await world.ask(QUESTION)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    locale[0] = "fr"
    result = await world.admin.slash(world.channel, "status")
    text = shown(result.response).text
    assert "Réponses depuis\u00a0: 2" in text
    assert re.search(
        r"La moitié en [\d,]+ m?s au plus, 19 sur 20 en [\d,]+ m?s au plus \(les 2 dernières\)",
        text,
    )
    assert "L’index commun" in text


async def test_a_reindex_shows_in_the_next_status(world: World, articles: Path) -> None:
    write_article(articles, "quokkas", "Quokkas live on Rottnest Island.")
    await world.admin.slash(world.channel, "reindex")
    text = shown((await world.admin.slash(world.channel, "status")).response).text
    assert "Articles: 2 · paragraphs: 24" in text


async def test_a_server_with_its_own_articles_sees_its_own_index(world: World) -> None:
    server = int(world.guild.id)
    kept = "---\ntitle: Dogs\nlanguage: en\n---\n\nThe dog of Lisbon weighs 40 kilograms.\n"
    offered = offer_article(world.state, server, "d", "Dogs", kept)
    world.state.articles.accept(server, [offered.id])
    world.bot.services.bases.write_out(server)
    await world.admin.slash(world.channel, "reindex")
    text = shown((await world.admin.slash(world.channel, "status")).response).text
    assert "**This server’s own index**" in text
    assert "Articles: 2 · paragraphs: 24" in text


async def test_a_member_is_refused(world: World) -> None:
    assert "status" not in world.member.available_commands(world.channel)
    command = world.env.backend.find_command("status", None)
    assert command is not None
    world.guild.set_command_permissions(int(command["id"]), {world.member: True})
    result = await world.member.slash(world.channel, "status")
    assert shown(result.response).text == "Only members who can manage the server may do that."
    (error,) = world.env.errors
    assert isinstance(error, app_commands.MissingPermissions)


def test_percentiles_are_of_the_last_answers() -> None:
    latencies = Latencies()
    assert latencies.percentile(50) is None
    for milliseconds in range(1, 101):
        latencies.add(milliseconds)
    assert (latencies.percentile(50), latencies.percentile(95)) == (50, 95)
    for _ in range(KEPT):
        latencies.add(7)
    assert (latencies.percentile(50), latencies.kept, latencies.total) == (7, KEPT, KEPT + 100)


def test_what_fails_is_no_answer() -> None:
    latencies = Latencies()
    with pytest.raises(ValueError, match="no"), latencies.measured():
        raise ValueError("no")
    assert latencies.total == 0


@pytest.mark.parametrize(
    ("client", "line"),
    [
        ("en-US", "Articles whose facts are yet to be found: 1"),
        ("fr", "Articles dont les faits restent à trouver : 1"),
    ],
)
async def test_facts_that_are_yet_to_be_found_are_told(
    world: World, locale: list[str], client: str, line: str
) -> None:
    locale[0] = client
    facts = world.knowledge.status().facts
    with closing(sqlite3.connect(world.knowledge.database)) as connection, connection:
        # As a kill between the words and the facts of an article leaves it.
        connection.execute("UPDATE articles SET lacks_facts = 1")
        connection.execute("DELETE FROM facts WHERE origin <> 'curated'")
    text = shown((await world.admin.slash(world.channel, "status")).response).text
    assert line in text.replace("\u00a0", " ")
    await world.admin.slash(world.channel, "reindex")
    text = shown((await world.admin.slash(world.channel, "status")).response).text
    assert line not in text.replace("\u00a0", " ")
    assert world.knowledge.status().facts == facts
