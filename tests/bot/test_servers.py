"""What an admin has set takes effect for whoever asks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import discord
import pytest
from postgres import on_both
from stored import sql
from world import World, shown

from bot.features.ask.ask_command import DECLINED
from bot.interactions.permissions import ChannelClosed
from bot.server_settings import AnswerLength, ServerSettings
from bot.services import server_settings as servers
from bot.services.server_settings import ServerSettingsCache
from bot.state import State, StateError
from bot.ui.containers import GREEN
from knowledge import Verdict

QUESTION = "Qui a rencontré Poutine en Russie ?"

LOOK_UPS = [
    ("fact", {"text": "pétrole"}),
    ("who", {}),
    ("numbers", {}),
    ("quotes", {}),
    ("sources", {}),
    ("timeline", {}),
    ("search", {"words": "pétrole"}),
    ("article", {"title": "3 points à retenir du sommet Corée du Nord-Russie"}),
]


@pytest.fixture(autouse=True)
def answered(judged: Callable[[Verdict], None]) -> None:
    judged(Verdict.ANSWERED)


def assert_closed(world: World) -> None:
    """Look at the one error that a command in a closed channel raises."""
    (error,) = world.env.errors
    assert isinstance(error, ChannelClosed)


@pytest.mark.parametrize(("command", "options"), [("ask", {"question": QUESTION}), *LOOK_UPS])
async def test_answers_are_private_where_a_server_wants_that_and_nothing_else_is_said(
    world: World, command: str, options: dict[str, str]
) -> None:
    for private in (False, True):
        await world.bot.services.server_settings.change(world.guild.id, private=private)
        result = await world.member.slash(world.channel, command, **options)
        assert shown(result.response).ephemeral is private
        result = await world.member.slash(world.channel, command, **options, private=not private)
        assert shown(result.response).ephemeral is not private


async def test_one_server_s_settings_are_not_another_s(world: World) -> None:
    await world.bot.services.server_settings.change(world.guild.id + 1, private=True)
    assert not (await world.ask(QUESTION)).ephemeral


@pytest.mark.parametrize("code", ["en-US", "fr"])
async def test_a_closed_channel_is_refused_in_words_that_say_where_to_go(
    world: World, locale: list[str], code: str
) -> None:
    locale[0] = code
    open_channel = world.guild.create_text_channel("open")
    await world.bot.services.server_settings.change(
        world.guild.id, allowed_channels={open_channel.id}
    )
    refused = await world.ask(QUESTION)
    assert_closed(world)
    assert refused.ephemeral
    assert refused.text.endswith(f"<#{open_channel.id}>")
    assert ("ce salon" if code == "fr" else "this channel") in refused.text
    result = await world.member.slash(open_channel, "ask", question=QUESTION)
    assert shown(result.response).colour == GREEN.value


@pytest.mark.parametrize(("command", "options"), LOOK_UPS)
async def test_look_ups_are_refused_in_a_denied_channel(
    world: World, command: str, options: dict[str, str]
) -> None:
    await world.bot.services.server_settings.change(
        world.guild.id, denied_channels={world.channel.id}
    )
    result = await world.member.slash(world.channel, command, **options)
    assert_closed(world)
    assert shown(result.response).texts == (
        "The admins of this server do not let me answer in this channel.",
    )
    assert shown(result.response).ephemeral


async def test_an_admin_s_command_runs_in_a_denied_channel(world: World) -> None:
    await world.bot.services.server_settings.change(
        world.guild.id, denied_channels={world.channel.id}
    )
    result = await world.admin.slash(world.channel, "reindex")
    assert "do not let me" not in shown(result.response).text


async def test_a_thread_counts_as_its_channel(world: World) -> None:
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="oil", type=discord.ChannelType.public_thread)
    (thread,) = world.channel.threads
    await world.bot.services.server_settings.change(
        world.guild.id, denied_channels={world.channel.id}
    )
    result = await world.member.slash(thread, "ask", question=QUESTION)
    assert_closed(world)
    assert "do not let me" in shown(result.response).text
    await world.bot.services.server_settings.change(
        world.guild.id, denied_channels=(), allowed_channels={world.channel.id}
    )
    result = await world.member.slash(thread, "ask", question=QUESTION)
    assert shown(result.response).colour == GREEN.value
    await world.member.send(thread, f"{world.mention} {QUESTION}")
    assert shown(thread.history()[-1]).colour == GREEN.value


async def test_a_mention_in_a_denied_channel_gets_a_reaction_and_no_message(world: World) -> None:
    await world.bot.services.server_settings.change(
        world.guild.id, denied_channels={world.channel.id}
    )
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    (message,) = world.channel.history()
    assert [str(reaction.emoji) for reaction in message.reactions] == [DECLINED]
    await world.member.send(world.channel, "a message for somebody else")
    assert not world.channel.history()[-1].reactions


async def test_a_channel_that_forbids_reactions_too_hears_nothing(world: World) -> None:
    silent = discord.PermissionOverwrite(add_reactions=False)
    channel = world.guild.create_text_channel(
        "silent", overwrites={world.guild.default_role: silent}
    )
    await world.bot.services.server_settings.change(world.guild.id, denied_channels={channel.id})
    await world.member.send(channel, f"{world.mention} {QUESTION}")
    (message,) = channel.history()
    assert not message.reactions


async def test_what_all_see_is_framed_in_the_language_of_the_server(
    world: World, locale: list[str]
) -> None:
    await world.bot.services.server_settings.change(world.guild.id, language="fr")
    assert "Contexte" in [b["label"] for b in (await world.ask(QUESTION)).buttons.values()]
    own = await world.ask("Who met Putin in Russia?", private=True)
    assert "In context" in own.labels
    await world.member.send(world.channel, f"{world.mention} Who met Putin in Russia?")
    assert "Contexte" in [button["label"] for button in world.last().buttons.values()]
    await world.member.send(world.channel, world.mention)
    assert world.last().text.startswith("Posez-moi une question")
    result = await world.member.slash(world.channel, "who")
    assert "Personnes" in shown(result.response).texts[0]


async def test_pages_that_all_see_keep_the_language_of_the_server(world: World) -> None:
    await world.bot.services.server_settings.change(world.guild.id, language="fr")
    for private, title in ((False, "Personnes"), (True, "People")):
        result = await world.member.slash(world.channel, "who", private=private)
        page = shown(result.response)
        label = "Next" if private else "Suivant"
        result = await world.member.click(page.message, custom_id=page.button(label))
        assert title in shown(result.response).texts[0]


async def test_a_long_answer_has_three_passages(world: World) -> None:
    short = await world.ask(QUESTION)
    await world.bot.services.server_settings.change(world.guild.id, length=AnswerLength.LONG)
    long = await world.ask(QUESTION)
    quotations = [text for text in long.texts if text.startswith("> ")]
    assert len(quotations) == 3
    assert quotations[0] == short.quotation
    assert long.colour == GREEN.value
    assert long.labels.count("Contexte") == 3
    assert long.controls[3:] == ["Voir plus", "Poursuivre", "Pourquoi\u00a0?", "👍", "👎"]
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert [text for text in world.last().texts if text.startswith("> ")] == quotations


async def test_settings_outlive_a_restart(world: World) -> None:
    await world.bot.services.server_settings.change(world.guild.id, private=True)
    await world.restart()
    assert (await world.ask(QUESTION)).ephemeral


async def test_settings_that_cannot_be_read_are_told_with_a_reference(world: World) -> None:
    sql(world.state, "drop table server_settings")
    failed = await world.ask(QUESTION)
    assert failed.ephemeral
    assert failed.text.startswith("I cannot read or write what I have to remember")
    assert len(world.env.errors) == 1


@on_both
async def test_settings_are_read_once_however_many_ask(state: State) -> None:
    reads: list[int] = []
    started, released = threading.Event(), threading.Event()
    of = state.servers.of

    def slow(server: int | None) -> ServerSettings:
        reads.append(server or 0)
        started.set()
        released.wait(10)
        return of(server)

    state.servers.of = slow  # type: ignore[method-assign]
    known = ServerSettingsCache(state.servers)
    asking = [asyncio.create_task(known.of(1)) for _ in range(50)]
    await asyncio.to_thread(started.wait, 10)
    released.set()
    assert await asyncio.gather(*asking) == [ServerSettings()] * 50
    assert reads == [1]


@on_both
async def test_a_change_that_was_not_written_does_not_hold(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StateError("the disk is full")

    known = ServerSettingsCache(state.servers)
    await known.change(1, private=True)
    monkeypatch.setattr(state.servers, "change", broken)
    with pytest.raises(StateError):
        await known.change(1, private=False)
    assert (await known.of(1)).private


@on_both
async def test_only_so_many_servers_are_remembered(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "MAX_REMEMBERED", 2)
    known = ServerSettingsCache(state.servers)
    await known.change(1, private=True)
    for server in (1, 2, 3, 4):
        await known.of(server)
    assert len(known._known) == 2
    assert (await known.of(1)).private
