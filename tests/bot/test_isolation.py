"""What one server's admins uploaded is never seen on another, nor in a direct message."""

from __future__ import annotations

import asyncio
import gc
import weakref
from dataclasses import dataclass
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands, ui
from world import Shown, World, offer_article, shown

from bot.services.knowledge_bases import KnowledgeBases
from bot.ui.custom_ids.references import Reference, Turn, context_id, more_id, outline_id, page_id
from knowledge import KnowledgeBase

SECRET = "The quokka Wilhelmina hid 4,711 walnuts on 3 May 2021 in Perth."
TEXT = f"""---
title: Secrets of the quokkas
language: en
---

{SECRET}

Professor Ada Quill said: “Nobody may know about the walnuts of Wilhelmina.”

## A burrow

The Rottnest Gazette reported that Wilhelmina sleeps in a burrow.
"""
WORDS = ("Wilhelmina", "walnuts", "4,711", "Quill", "burrow", "Gazette", "quokkas")


@dataclass(frozen=True)
class Elsewhere:
    """A server that keeps nothing, and a member there who knows all about the first."""

    channel: simcord.ChannelHandle
    member: simcord.MemberActor


async def keep(world: World, text: str = TEXT, title: str = "Secrets of the quokkas") -> str:
    """Let the world's server keep an article; return its slug."""
    server = int(world.guild.id)
    offered = offer_article(world.state, server, "secrets", title, text)
    world.state.articles.accept(server, [offered.id])
    base = await asyncio.to_thread(world.bot.services.bases.write_out, server)
    assert base is not None
    await world.bot.services.indexes.start_reindex(base).report()
    return offered.slug


@pytest.fixture
async def elsewhere(world: World) -> Elsewhere:
    guild = world.env.create_guild("Elsewhere", preferred_locale="en-US")
    member = guild.add_member(world.env.create_user("mallory"))
    return Elsewhere(guild.create_text_channel("questions"), member)


def own(world: World) -> KnowledgeBase:
    base = world.bot.services.bases.of(int(world.guild.id))
    assert base is not world.knowledge
    return base


def is_silent(seen: Shown) -> bool:
    told = seen.text + "".join(str(button) for button in seen.buttons.values())
    return not any(word.lower() in told.lower() for word in WORDS)


COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("ask", {"question": "How many walnuts did Wilhelmina hide?"}),
    ("check", {"text": "Wilhelmina hid seventeen walnuts in her burrow."}),
    ("fact", {"text": "walnuts of Wilhelmina"}),
    ("who", {"person": "Ada Quill"}),
    ("numbers", {"text": "walnuts"}),
    ("quotes", {"speaker": "Quill"}),
    ("sources", {"source": "Gazette"}),
    ("timeline", {"from": "2021", "to": "2021"}),
    ("search", {"words": "Wilhelmina walnuts burrow"}),
    ("article", {"title": "Secrets of the quokkas"}),
    ("article", {"title": "secrets.1", "paragraph": 1}),
    ("check", {"text": "Wilhelmina hid walnuts in her burrow"}),
    ("help", {}),
]
SHOW_NO_ARTICLE = {"forget-me", "privacy"}


async def test_every_command_of_members_is_tried_here(world: World) -> None:
    members = {
        command.name for command in world.bot.tree.get_commands() if not command.default_permissions
    }
    context_menus = {
        command.name
        for command in world.bot.tree.get_commands()
        if isinstance(command, app_commands.ContextMenu)
    }
    assert members - context_menus == {command for command, _ in COMMANDS} | SHOW_NO_ARTICLE


@pytest.mark.parametrize(("command", "options"), COMMANDS)
async def test_a_command_shows_it_at_home_alone(
    world: World,
    elsewhere: Elsewhere,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    options: dict[str, Any],
) -> None:
    # A timeline is in words then, not in a picture.
    monkeypatch.setattr("bot.features.lookups.list_pages.is_installed", lambda _: False)
    await keep(world)
    here = await world.member.slash(world.channel, command, **options)
    assert not is_silent(shown(here.response))
    there = await elsewhere.member.slash(elsewhere.channel, command, **options)
    seen = shown(there.response)
    asked = " ".join(map(str, options.values()))
    seen = Shown(seen.message, (seen.text.replace(asked, ""),), {}, None, ephemeral=False)
    assert is_silent(seen), seen.text


async def test_nothing_is_offered_while_another_server_s_member_types(
    world: World, elsewhere: Elsewhere
) -> None:
    await keep(world)
    for command, option, text in (
        ("fact", "text", "walnuts"),
        ("who", "person", "Quill"),
        ("numbers", "text", "walnuts"),
        ("quotes", "speaker", "Quill"),
        ("sources", "source", "Gazette"),
        ("article", "title", "Secrets of the quokkas"),
    ):
        here = await world.member.autocomplete(world.channel, command, option, text)
        there = await elsewhere.member.autocomplete(elsewhere.channel, command, option, text)
        assert any(word.lower() in str(here).lower() for word in WORDS), command
        assert not any(word.lower() in str(there).lower() for word in WORDS), command


async def test_a_forged_button_shows_nothing_elsewhere(world: World, elsewhere: Elsewhere) -> None:
    slug = await keep(world)
    article = own(world).article(slug)
    citation = own(world).passage(article.paragraphs[0].id)
    assert citation is not None
    reference = Reference.to(citation)
    forged = {
        more_id([reference]),
        context_id(reference),
        page_id(reference, Turn(2)),
        page_id(reference, Turn(1, 0)),
        outline_id(reference, 0),
    }
    listed = await world.member.slash(world.channel, "search", words="Wilhelmina")
    fact = await world.member.slash(world.channel, "numbers", text="walnuts")
    asked = await world.ask("How many walnuts did Wilhelmina hide?")
    for message in (listed.response, fact.response, asked.message):
        forged |= set(shown(message).buttons)
    kinds = {custom_id.partition("/")[0] for custom_id in forged}
    assert {"mo", "cx", "pg", "ol", "wy"} <= kinds
    for custom_id in forged:
        result = await _press(world, elsewhere, custom_id)
        text = str(result.modal) if result.response is None else shown(result.response).text
        assert result.modal or result.response, custom_id
        if custom_id.startswith("wy/"):  # it carries words of a question in itself
            text = text.replace("Wilhelmina", "").replace("walnuts", "")
        assert not any(word.lower() in text.lower() for word in WORDS), custom_id


async def _press(world: World, elsewhere: Elsewhere, custom_id: str) -> Any:
    """Click, elsewhere, a button that was made at home."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button(label="forged", custom_id=custom_id)))
    view.stop()
    channel = world.bot.get_channel(int(elsewhere.channel.id))
    assert isinstance(channel, discord.TextChannel)
    await channel.send(view=view)
    message = elsewhere.channel.history()[-1]
    return await elsewhere.member.click(message, custom_id=custom_id)


async def test_messages_are_answered_from_where_they_are_written(
    world: World, elsewhere: Elsewhere
) -> None:
    await keep(world)
    question = f"{world.mention} How many walnuts did Wilhelmina hide?"
    await world.member.send(world.channel, question)
    assert "4,711" in world.last().text.replace("*", "")
    await elsewhere.member.send(elsewhere.channel, question)
    assert is_silent(shown(elsewhere.channel.history()[-1]))


async def test_a_direct_message_is_answered_from_the_common_articles(world: World) -> None:
    await keep(world)
    await world.member.send_dm("How many walnuts did Wilhelmina hide?")
    bodies = world.sent("POST", "/messages")
    assert len(bodies) == 1
    assert not any(word in str(bodies) for word in WORDS)


async def test_the_common_articles_are_everybody_s(world: World, elsewhere: Elsewhere) -> None:
    await keep(world)
    question = "Combien de barils de pétrole en juillet ?"
    assert "barils" in (await world.ask(question)).text
    there = await elsewhere.member.slash(elsewhere.channel, "ask", question=question)
    assert "barils" in shown(there.response).text


async def test_a_server_that_the_bot_left_keeps_its_articles_and_shows_none(world: World) -> None:
    await keep(world)
    server = int(world.guild.id)
    guild = world.bot.get_guild(server)
    assert guild is not None
    world.bot._connection._remove_guild(guild)
    await world.bot.on_guild_remove(guild)
    assert await world.bot.services.bases.knowledge_for(server) is world.knowledge
    assert [one.title for one in world.state.articles.of(server)] == ["Secrets of the quokkas"]


async def test_few_indexes_stay_open_and_all_can_be_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.knowledge_bases.MAX_OPEN", 1)
    bases: KnowledgeBases = world.bot.services.bases
    for server in (1, 2, 3):
        offered = offer_article(world.state, server, "one", "One", f"# One\n\nServer {server}.\n")
        world.state.articles.accept(server, [offered.id])
        base = await asyncio.to_thread(bases.write_out, server)
        assert base is not None
        await asyncio.to_thread(base.reindex)
    assert len(bases._open) == 1
    for server in (1, 2, 3):
        base = await asyncio.to_thread(bases.of, server)
        assert base.article("one.1").paragraphs[0].text == f"Server {server}."


async def test_an_index_that_gives_way_is_used_until_its_caller_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(world)
    base = own(world)
    readers = weakref.ref(base._index.readers)
    world.bot.services.bases.close(int(world.guild.id))
    assert base.ask("How many walnuts did Wilhelmina hide?").citations[0].article == "secrets.1"
    again = own(world)
    assert again is not base
    del base
    gc.collect()
    assert readers() is None
