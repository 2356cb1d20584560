"""An admin reindexes; everybody else goes on."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands
from simcord import SetupError
from world import World, eventually, shown, write_article

from bot.features.reindex import reindex_command as reindex_cog
from bot.services.reindexing import ReindexStopped
from bot.state import StoredReport
from bot.state.reports import KEPT
from bot.ui.containers import AMBER, GREEN
from knowledge import (
    ArticleError,
    IndexUnavailable,
    ReindexInProgress,
    ReindexProgress,
    ReindexReport,
)


@pytest.fixture
def gate(
    world: World, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[threading.Event]:
    """Hold every reindex after its first article until the gate is opened."""
    opened = threading.Event()
    reindex = world.knowledge.reindex

    def held(*, progress: Callable[[ReindexProgress], None], **options: Any) -> ReindexReport:
        def wait(moment: ReindexProgress) -> None:
            progress(moment)
            assert opened.wait(20)

        return reindex(progress=wait, **options)

    monkeypatch.setattr(world.knowledge, "reindex", held)
    monkeypatch.setattr(reindex_cog, "PROGRESS_SECONDS", 0.0)
    yield opened
    opened.set()


async def test_an_admin_gets_a_report_of_what_changed(world: World, articles: Path) -> None:
    write_article(articles, "quokkas", "Quokkas live on Rottnest Island.", "They eat grass.")
    write_article(articles, "numbats", "Numbats eat termites.")
    world.knowledge.reindex()
    write_article(articles, "quokkas", "Quokkas live on Rottnest Island.", "They eat leaves.")
    write_article(articles, "wombats", "Wombats dig burrows.")
    (articles / "numbats.md").unlink()
    result = await world.admin.slash(world.channel, "reindex")
    report = shown(result.response)
    assert report.ephemeral
    assert report.colour == GREEN.value
    assert "Articles: 1 added, 1 changed, 1 removed, 1 kept" in report.text
    assert "Paragraphs: 1 added, 1 changed, 1 removed" in report.text
    assert re.search(r"Time: (\d+ ms|\d+[.,]\d s)", report.text)
    numbats, quokkas, wombats = sorted(report.texts[1:])
    assert wombats == "**Wombats** · added\n-# Paragraphs: 1 added"
    assert numbats == "**Numbats** · removed\n-# Paragraphs: 1 removed"
    assert quokkas.splitlines() == [
        "**Quokkas** · changed",
        "-# Paragraphs: 1 changed",
        "-# ✏️ ¶\u00a02 · They eat grass. → They eat leaves.",
    ]
    assert "Wombats" in (await world.ask("What do wombats dig?")).text


async def test_changed_facts_are_shown_with_their_kind_in_the_admin_s_language(
    world: World, articles: Path, locale: list[str]
) -> None:
    locale[0] = "fr"
    write_article(articles, "quokkas", "Un quokka pèse 3 kilogrammes.", language="fr")
    world.knowledge.reindex()
    write_article(articles, "quokkas", "Un quokka pèse 4 kilogrammes.", "*Bis*", language="fr")
    result = await world.admin.slash(world.channel, "reindex")
    assert shown(result.response).texts[1].splitlines() == [
        "**Quokkas** · modifié",
        "-# Paragraphes\u00a0: ajoutés\u00a0: 1, modifiés\u00a0: 1",
        "-# Faits\u00a0: modifiés\u00a0: 1",
        "-# ✏️ ¶\u00a01 · Un quokka pèse 3 kilogrammes. → Un quokka pèse 4 kilogrammes.",
        "-# ➕ ¶\u00a02 · Bis",
        "-# ✏️ ¶\u00a01 · chiffre · 3 kilogrammes → 4 kilogrammes",
    ]


async def test_words_of_articles_neither_ping_nor_format_nor_link(
    world: World, articles: Path
) -> None:
    write_article(articles, "quokkas", "Quokkas live on Rottnest Island.")
    world.knowledge.reindex()
    hostile = "Quokkas @everyone live on \\*Rottnest\\* Island, <@1> https://example.org."
    write_article(articles, "quokkas", hostile, title="@here `x`")
    result = await world.admin.slash(world.channel, "reindex")
    text = shown(result.response).texts[1]
    assert "\\@everyone" in text
    bare = re.sub(r"\\.", "", text.replace("**", "", 2))
    assert not re.search(r"@|\*|<|`|://", bare)


async def test_a_change_around_the_paragraphs_is_said(world: World, articles: Path) -> None:
    write_article(articles, "quokkas", "Quokkas live on Rottnest Island.")
    world.knowledge.reindex()
    write_article(articles, "quokkas", "Quokkas live on Rottnest Island.", title="A *new* title")
    result = await world.admin.slash(world.channel, "reindex")
    text = shown(result.response).texts[1]
    assert text.startswith("**A \\*new\\* title** · changed\n-# Every paragraph and fact is as it")


def write_many(articles: Path, count: int = 40) -> None:
    for number in range(count):
        write_article(articles, f"article-{number:02}", f"Text {number}.", "@everyone " * 30)


async def test_a_long_report_is_paged_to_its_end(world: World, articles: Path) -> None:
    write_many(articles)
    result = await world.admin.slash(world.channel, "reindex")
    assert result.response is not None
    pages = [shown(result.response)]
    assert "Page 1 of " in pages[0].text
    while not pages[-1].buttons[pages[-1].button("Next")].get("disabled"):
        await world.admin.click(result.response, custom_id=pages[-1].button("Next"))
        pages.append(shown(result.response))
        assert len(pages) < 40
    named = re.findall(r"\*\*(Article-\d+)\*\* · added", "\n".join(page.text for page in pages))
    assert sorted(named) == [f"Article-{number:02}" for number in range(40)]
    assert len(pages) > 3
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1].text
    await world.admin.click(result.response, custom_id=pages[-1].button("Previous"))
    assert shown(result.response).text == pages[-2].text


async def test_pages_are_turned_after_a_restart_in_the_clicker_s_language(
    world: World, articles: Path, locale: list[str]
) -> None:
    write_many(articles)
    result = await world.admin.slash(world.channel, "reindex")
    await world.restart()
    locale[0] = "fr"
    assert result.response is not None
    await world.admin.click(result.response, custom_id=shown(result.response).button("Next"))
    assert "Page 2 sur " in shown(result.response).text
    assert "· ajouté" in shown(result.response).text


async def test_a_report_of_long_ago_is_said_to_be_gone(world: World, articles: Path) -> None:
    write_many(articles)
    result = await world.admin.slash(world.channel, "reindex")
    for _ in range(KEPT):
        world.state.reports.keep(world.guild.id, StoredReport({}, 0))
    assert result.response is not None
    clicked = await world.admin.click(
        result.response, custom_id=shown(result.response).button("Next")
    )
    assert "I keep the last 10" in shown(clicked.response).text


async def test_nothing_changed_is_said(world: World) -> None:
    result = await world.admin.slash(world.channel, "reindex")
    (text,) = shown(result.response).texts
    assert re.fullmatch(
        r"\*\*Nothing has changed\*\*\nArticles: 1 · Time: (\d+ ms|\d+[.,]\d s)", text
    )


async def test_what_is_passed_over_is_told_though_nothing_changed(
    world: World, articles: Path, locale: list[str]
) -> None:
    write_article(articles, "quokkas", "Quokkas live on Rottnest Island.")
    write_article(articles, "numbats", "Numbats eat termites.", draft="true")
    (articles / "wombats.facts.yaml").write_text("[]")
    for name in (".a_b.md", ".trash.md", "@everyone.png"):
        (articles / name).touch()
    world.knowledge.reindex()
    result = await world.admin.slash(world.channel, "reindex")
    report = shown(result.response)
    assert report.colour == AMBER.value
    assert "Nothing" in report.texts[0] or "nothing" in report.texts[0]
    heading, *lines = report.texts[1].replace("\\:", ":").splitlines()
    assert heading == "**Left out or not read: 5**"
    assert lines[0].startswith("-# wombats.facts.yaml: keeps facts that are not read")
    assert lines[1].startswith("-# numbats.md, line ")
    assert lines[2] == "-# hidden, so not read: .a\\_b.md, .trash.md"
    assert "\\@everyone.png: not read" in lines[3]
    assert "Numbats" not in (await world.ask("What do numbats eat?")).text
    locale[0] = "fr"
    report = shown((await world.admin.slash(world.channel, "reindex")).response)
    assert report.texts[1].startswith("**Laissé de côté ou pas lu\u00a0: 5**")
    (articles / "wombats.facts.yaml").unlink()
    report = shown((await world.admin.slash(world.channel, "reindex")).response)
    assert report.colour == GREEN.value


async def test_problems_are_listed_and_the_rest_is_indexed(world: World, articles: Path) -> None:
    (articles / "broken.md").write_text("---\ntitle: [\n---\n\nText.\n", encoding="utf-8")
    write_article(articles, "wombats", "Wombats dig burrows.")
    result = await world.admin.slash(world.channel, "reindex")
    report = shown(result.response)
    assert report.colour == AMBER.value
    assert "Problems: 1" in report.text
    assert "-# broken.md, line 3\\: " in report.text
    assert str(articles) not in report.text
    assert "1 added" in report.text


async def test_a_reindex_that_finds_no_article_leaves_the_index(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise ArticleError("No article could be read.\n- /secret/place/a_b.md: *why*")

    monkeypatch.setattr(world.knowledge, "reindex", broken)
    result = await world.admin.slash(world.channel, "reindex")
    assert shown(result.response).text == "No article could be read.\n\\- a\\_b.md\\: \\*why\\*"
    assert "barils" in (await world.ask("Combien de barils de pétrole en juillet ?")).text


async def test_the_report_is_in_the_admin_s_language(
    world: World, articles: Path, locale: list[str]
) -> None:
    locale[0] = "fr"
    result = await world.admin.slash(world.channel, "reindex")
    assert "Rien n’a changé" in shown(result.response).text
    assert re.search(r"Durée\u00a0: (\d+ ms|\d+[.,]\d s)", shown(result.response).text)
    write_article(articles, "wombats", "Wombats dig burrows.")
    result = await world.admin.slash(world.channel, "reindex")
    assert "conservés\u00a0: 1" in shown(result.response).text
    assert "**Wombats** · ajouté" in shown(result.response).text


async def test_progress_is_shown_and_questions_are_answered_meanwhile(
    world: World, gate: threading.Event, articles: Path
) -> None:
    write_article(articles, "wombats", "Wombats dig burrows.")
    with world.hurried():
        job = await world.admin.slash(world.channel, "reindex")
        await eventually(lambda: job.response and "1 of 2" in shown(job.response).text)
        assert world.knowledge.reindexing
        asked = await world.member.slash(
            world.channel, "ask", question="Combien de barils de pétrole en juillet ?"
        )
        await eventually(lambda: asked.response and "barils" in shown(asked.response).text)
        unknown = await world.member.slash(world.channel, "ask", question="What do wombats dig?")
        await eventually(lambda: unknown.response and shown(unknown.response).texts)
        assert "burrows" not in shown(unknown.response).text
        assert world.knowledge.reindexing
        gate.set()
        await eventually(lambda: "1 added" in shown(job.response).text)
    await world.env.settle()
    assert "burrows" in (await world.ask("What do wombats dig?")).text


async def test_progress_that_cannot_be_shown_does_not_cost_the_report(
    world: World, gate: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("PATCH", "/webhooks/*", status=500)
    gate.set()
    with world.hurried():
        job = await world.admin.slash(world.channel, "reindex")
        await eventually(lambda: job.response and "Nothing" in shown(job.response).text)
    assert "was not shown" in caplog.text


async def test_a_reindex_that_outlasts_its_interaction_says_where_to_look(
    world: World, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindex_cog, "_REPORTABLE_SECONDS", -1.0)
    with world.hurried():
        job = await world.admin.slash(world.channel, "reindex")
        await eventually(lambda: job.response and "in my log" in shown(job.response).text)
        gate.set()
        await eventually(lambda: "Nothing" in shown(job.response).text)


async def test_a_second_reindex_is_refused_in_words(world: World, gate: threading.Event) -> None:
    with world.hurried():
        first = await world.admin.slash(world.channel, "reindex")
        await eventually(lambda: world.knowledge.reindexing)
        second = await world.admin.slash(world.channel, "reindex")
        await eventually(lambda: second.response and shown(second.response).texts)
        refusal = shown(second.response)
        assert (
            refusal.text == "The articles are being read already. Try again when that has finished."
        )
        assert refusal.ephemeral
        gate.set()
        await eventually(lambda: "Nothing" in shown(first.response).text)
    await world.env.settle()
    (error,) = world.raised()
    assert isinstance(error, ReindexInProgress)


async def test_a_bot_that_ends_gives_up_its_reindex(
    world: World, gate: threading.Event, articles: Path
) -> None:
    write_article(articles, "wombats", "Wombats dig burrows.")
    before = world.knowledge.status()
    with world.hurried():
        job = await world.admin.slash(world.channel, "reindex")
        await eventually(lambda: job.response and "1 of 2" in shown(job.response).text)
        closing = asyncio.create_task(world.bot.close())
        await asyncio.sleep(0.05)
        assert not closing.done()
        gate.set()
        await asyncio.wait_for(closing, 10)
    assert not world.knowledge.reindexing
    assert world.knowledge.status() == before
    await world.env.settle()
    (error,) = world.raised()
    assert isinstance(error, ReindexStopped)
    assert "The index is as it was" in shown(job.response).text


async def test_a_member_has_no_such_command(world: World) -> None:
    assert "reindex" in world.admin.available_commands(world.channel)
    assert "reindex" not in world.member.available_commands(world.channel)
    with pytest.raises(SetupError):
        await world.member.slash(world.channel, "reindex")


async def test_a_member_to_whom_the_server_gave_the_command_is_refused(world: World) -> None:
    command = world.env.backend.find_command("reindex", None)
    assert command is not None
    world.guild.set_command_permissions(int(command["id"]), {world.member: True})
    result = await world.member.slash(world.channel, "reindex")
    refusal = shown(result.response)
    assert refusal.ephemeral
    assert refusal.text == "Only members who can manage the server may do that."
    (error,) = world.env.errors
    assert isinstance(error, app_commands.MissingPermissions)


async def test_an_index_that_cannot_be_written_is_told_with_a_reference(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: Any) -> None:
        raise IndexUnavailable("the disk is full")

    monkeypatch.setattr(world.knowledge, "reindex", broken)
    result = await world.admin.slash(world.channel, "reindex")
    told = shown(result.response)
    (reference,) = re.findall(r"Reference ([0-9A-F]{6})", told.text)
    assert reference in caplog.text
    assert len(world.env.errors) == 1


async def test_the_index_is_brought_up_to_date_at_start(world: World, articles: Path) -> None:
    write_article(articles, "wombats", "Wombats dig burrows.")
    await world.restart()
    assert "burrows" in (await world.ask("What do wombats dig?")).text


@pytest.mark.parametrize(
    "error", [IndexUnavailable("the disk is full"), OSError("the disk is full")]
)
async def test_a_start_is_not_hindered_by_an_index_that_cannot_be_updated(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    def broken(**_: Any) -> None:
        raise error

    monkeypatch.setattr(world.knowledge, "reindex", broken)
    await world.restart()
    assert "the disk is full" in caplog.text
    assert ("Traceback" in caplog.text) == (not isinstance(error, IndexUnavailable))
    assert "barils" in (await world.ask("Combien de barils de pétrole en juillet ?")).text
