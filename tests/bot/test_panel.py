"""``/settings``: an admin sees what is set and changes it, and it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import discord
import pytest
from postgres import on_both
from simcord.components import walk_components
from stored import sql
from world import Shown, World, shown

from bot.features.settings.settings_panel import FORGET_ID, MENUS, SWITCHES, page_id
from bot.server_settings import PAGES, SETTINGS, AnswerLength, Page, ServerSettings, Voting
from bot.server_settings.kinds import Channels, Choice, OneChannel, OneLanguage, Role, Switch
from bot.state import State
from bot.state.feedback import Vote
from bot.ui.containers import AMBER, GREEN, RED
from knowledge import Strictness, Verdict

QUESTION = "Qui a rencontré Poutine en Russie ?"


async def panel(world: World) -> Shown:
    result = await world.admin.slash(world.channel, "settings")
    assert result.response is not None
    return shown(result.response)


def components(message: Shown) -> dict[str, dict[str, Any]]:
    every = walk_components(message.message.components)
    return {item["custom_id"]: item for item in every if "custom_id" in item}


async def settings(world: World) -> ServerSettings:
    return await world.bot.services.server_settings.of(world.guild.id)


async def turned(world: World, message: Shown, field: str) -> Shown:
    """Return the panel at the page that a setting is on."""
    page = page_id(PAGES[field])
    return message if message.buttons[page].get("disabled") else await click(world, message, page)


async def choose(world: World, message: Shown, field: str, values: list[Any]) -> Shown:
    message = await turned(world, message, field)
    result = await world.admin.select(message.message, values, custom_id=f"sl/{field}")
    assert result.response is not None
    return shown(result.response)


async def click(world: World, message: Shown, id_: str) -> Shown:
    result = await world.admin.click(message.message, custom_id=id_)
    assert result.response is not None
    return shown(result.response)


async def switch(world: World, message: Shown, field: str) -> Shown:
    message = await turned(world, message, field)
    (id_,) = [id_ for id_ in message.buttons if id_.startswith(f"st/{field}/")]
    return await click(world, message, id_)


async def test_the_panel_has_a_component_for_every_setting(world: World) -> None:
    message = await panel(world)
    assert message.ephemeral
    assert set(MENUS) | set(SWITCHES) == set(ServerSettings.model_fields)
    await world.restart()
    ids: set[str] = set()
    numbers: list[int] = []
    for page in Page:
        shown_there = (
            message if page is Page.ANSWERS else await click(world, message, page_id(page))
        )
        ids |= set(components(shown_there))
        menus = [one for id_, one in components(shown_there).items() if id_.startswith("sl/")]
        numbers += [menu["id"] for menu in menus]
        examples = [text for text in shown_there.texts if "\n-# " in text]
        assert len(examples) == 1 + sum(one is page for one in PAGES.values())
    assert {f"sl/{field}" for field in MENUS} < ids
    assert len(set(numbers)) == len(MENUS), "no client takes one page's menu for the other's"
    for field in SWITCHES:
        turned = 0 if ServerSettings.model_fields[field].default else 1
        assert f"st/{field}/{turned}" in ids


@pytest.mark.parametrize(("code", "word"), [("en-US", "Private answers"), ("fr", "privées")])
async def test_the_panel_speaks_the_admin_s_language(
    world: World, locale: list[str], code: str, word: str
) -> None:
    locale[0] = code
    message = await panel(world)
    assert word in message.text
    changed = await switch(world, message, "private")
    assert word in changed.text


async def test_answers_become_private(world: World) -> None:
    changed = await switch(world, await panel(world), "private")
    assert "**Private answers**: on" in changed.text
    assert (await world.ask(QUESTION)).ephemeral
    await switch(world, changed, "private")
    assert not (await world.ask(QUESTION)).ephemeral


async def test_a_second_click_does_not_undo_the_first(world: World) -> None:
    one, two = await panel(world), await panel(world)
    await switch(world, one, "private")
    await switch(world, two, "private")
    assert (await settings(world)).private


async def test_channels_are_chosen(world: World) -> None:
    other = world.guild.create_text_channel("other")
    message = await choose(world, await panel(world), "denied_channels", [world.channel])
    assert (await settings(world)).denied_channels == {world.channel.id}
    assert "do not let me answer" in (await world.ask(QUESTION)).text
    message = await choose(world, message, "allowed_channels", [other])
    assert (await settings(world)).allowed_channels == {other.id}
    menu = components(message)["sl/allowed_channels"]
    assert [int(one["id"]) for one in menu["default_values"]] == [other.id]
    message = await choose(world, message, "denied_channels", [])
    message = await choose(world, message, "allowed_channels", [])
    assert await settings(world) == ServerSettings()
    assert not components(message)["sl/allowed_channels"].get("default_values")
    assert [type(error).__name__ for error in world.env.errors] == ["ChannelClosed"]


@pytest.mark.parametrize(
    ("code", "gone", "closed"),
    [
        ("en-US", "deleted since (channels or roles): 2.", "do not let me answer in this channel."),
        ("fr", "supprimés depuis (salons ou rôles)\u00a0: 2.", "ne me laissent pas répondre"),
    ],
)
async def test_what_was_deleted_is_told_and_forgotten_when_an_admin_says_so(
    world: World, locale: list[str], code: str, gone: str, closed: str
) -> None:
    locale[0] = code
    old, other = (world.guild.create_text_channel(name) for name in ("old", "other"))
    role = world.guild.create_role("Editors")
    await world.bot.services.server_settings.change(
        world.guild.id, allowed_channels={old.id}, denied_channels={other.id}, managers=role.id
    )
    assert gone.partition(" ")[0] not in (await panel(world)).text
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    for gone_soon in (guild.get_channel(old.id), guild.get_role(role.id)):
        assert gone_soon is not None
        await gone_soon.delete()
    await world.env.settle()
    question = "Qui a rencontré Poutine ?" if code == "fr" else "Who met Putin?"
    refused = await world.ask(question)
    assert closed in refused.text
    assert str(old.id) not in refused.text, "nobody is sent to a channel that is gone"
    helped = await world.member.slash(world.channel, "help")
    assert str(old.id) not in shown(helped.response).text
    message = await panel(world)
    assert gone in message.text
    message = await turned(world, message, "managers")
    for menu in ("sl/allowed_channels", "sl/managers"):
        assert not components(message)[menu].get("default_values")
    await world.restart()
    assert gone not in (await click(world, message, FORGET_ID)).text
    assert await settings(world) == ServerSettings(denied_channels=frozenset({other.id}))
    assert (await world.ask(question)).buttons
    world.env.errors.clear()


async def test_the_role_is_chosen_and_taken_back(world: World) -> None:
    message = await choose(world, await panel(world), "managers", [world.managers])
    assert (await settings(world)).managers == world.managers.id
    (default,) = components(message)["sl/managers"]["default_values"]
    assert int(default["id"]) == world.managers.id
    await choose(world, message, "managers", [])
    assert (await settings(world)).managers is None


async def test_language_and_length_are_chosen(world: World) -> None:
    message = await choose(world, await panel(world), "language", ["fr"])
    message = await choose(world, message, "length", ["long"])
    assert await settings(world) == ServerSettings(language="fr", length=AnswerLength.LONG)
    options = components(message)["sl/language"]["options"]
    assert {option["label"]: option.get("default", False) for option in options} == {
        "That of whoever asks": False,
        "English": False,
        "Français": True,
    }
    await choose(world, message, "language", ["auto"])
    assert (await settings(world)).language is None


async def test_a_server_says_how_sure_an_answer_has_to_be(world: World) -> None:
    of_60, of_50 = (
        "Quand Kim Jong Un a-t-il rencontré Vladimir Poutine ?",
        "Combien de tonnes de farine de blé la Russie a-t-elle exportées ?",
    )
    colours: dict[str, tuple[int | None, ...]] = {}
    message = await panel(world)
    for chosen in Strictness:
        message = await choose(world, message, "strictness", [chosen.value])
        colours[chosen] = tuple([(await world.ask(one)).colour for one in (of_60, of_50)])
    assert colours == {
        Strictness.STRICT: (AMBER.value, AMBER.value),
        Strictness.BALANCED: (GREEN.value, AMBER.value),
        Strictness.GENEROUS: (GREEN.value, GREEN.value),
    }


@pytest.mark.parametrize(("chosen", "is_said"), [("strict", True), ("balanced", False)])
async def test_why_says_that_a_server_wants_it_surer(
    world: World, judged: Callable[[Verdict], None], chosen: str, *, is_said: bool
) -> None:
    await choose(world, await panel(world), "strictness", [chosen])
    judged(Verdict.UNCERTAIN)
    answer = await world.ask(QUESTION)
    result = await world.member.click(answer.message, custom_id=answer.button("Why?"))
    assert ("surer than elsewhere" in shown(result.response).text) is is_said


async def test_only_members_with_the_role_vote(world: World) -> None:
    reviewers = world.guild.create_role("Reviewers")
    message = await choose(world, await panel(world), "voting", ["role"])
    assert not {"👍", "👎"} & set((await world.ask(QUESTION)).labels), "nobody has the role yet"
    await choose(world, message, "voters", [reviewers])
    answer = await world.ask(QUESTION)
    await world.restart()
    for id_ in (answer.button("👍"), answer.button("👎")):
        refused = shown((await world.member.click(answer.message, custom_id=id_)).response)
        assert refused.ephemeral
        assert f"the role <@&{reviewers.id}> may vote" in refused.text
    reviewer = world.guild.add_member(world.env.create_user("kim"), roles=[reviewers])
    await reviewer.click(answer.message, custom_id=answer.button("👍"))
    assert [one.vote for one in world.state.feedback.of(world.guild.id)] == [Vote.UP]
    guild = world.bot.get_guild(world.guild.id)
    role = None if guild is None else guild.get_role(reviewers.id)
    assert role is not None
    await role.delete()
    await world.env.settle()
    assert not {"👍", "👎"} & set((await world.ask(QUESTION)).labels), "the role is no more"
    refused = await world.member.click(answer.message, custom_id=answer.button("👍"))
    assert "switched votes on answers off" in shown(refused.response).text


async def test_where_nobody_votes_no_answer_has_the_buttons_and_old_ones_count_nothing(
    world: World,
) -> None:
    old = await world.ask(QUESTION)
    opened = await world.member.click(old.message, custom_id=old.button("👎"))
    world.state.feedback.forget(world.member.id)
    await choose(world, await panel(world), "voting", ["nobody"])
    assert (await settings(world)).voting is Voting.NOBODY
    for question in (QUESTION, "Quel vin ?", "Qui a rencontré Poutine ? Quel vin a été servi ?"):
        assert not {"👍", "👎"} & set((await world.ask(question)).labels)
    refused = await world.member.click(old.message, custom_id=old.button("👍"))
    assert "switched votes on answers off" in shown(refused.response).text
    await world.member.submit_modal(opened, {"reason": "too short"})
    assert world.state.feedback.of(world.guild.id) == ()


async def test_an_admin_is_told_at_once_where_the_bot_may_not_write_or_ping(world: World) -> None:
    us = world.guild.me
    assert us is not None
    nobody = discord.PermissionOverwrite(send_messages=False)
    shut = world.guild.create_text_channel("shut", overwrites={us: nobody})
    message = await choose(world, await panel(world), "helpers_channel", [shut])
    assert f"I may not write in <#{shut.id}> yet" in message.text
    message = await choose(world, message, "helpers_channel", [world.channel])
    assert "yet" not in message.text
    everyone = world.guild.default_role
    message = await choose(world, message, "helpers", [everyone])
    assert f"I may not mention <@&{everyone.id}> yet" in message.text
    message = await choose(world, message, "helpers", [world.managers])
    assert "yet" not in message.text
    assert (await settings(world)).helpers == world.managers.id


async def test_switching_keeping_off_tells_what_happens_to_what_is_kept(world: World) -> None:
    message = await switch(world, await panel(world), "keep_unanswered")
    assert "without who asked" in message.text
    world.state.unanswered.note(world.guild.id, "What wine was served?", date(2026, 1, 1))
    message = await switch(world, message, "keep_unanswered")
    assert "Kept already: 1, which go 90 days after" in message.text
    assert "/unanswered" in message.text
    assert not (await settings(world)).keep_unanswered


async def test_the_panel_works_after_a_restart(world: World) -> None:
    message = await panel(world)
    await world.restart()
    message = await choose(world, message, "denied_channels", [world.channel])
    await switch(world, message, "private")
    assert await settings(world) == ServerSettings(
        private=True, denied_channels=frozenset({world.channel.id})
    )


@pytest.mark.parametrize("code", ["en-US", "fr"])
async def test_who_has_lost_the_right_is_refused_in_words(
    world: World, locale: list[str], code: str
) -> None:
    locale[0] = code
    await world.bot.services.server_settings.change(world.guild.id, managers=1)
    message = await panel(world)
    world.managers._role.permissions = 0
    for act in (
        click(world, message, FORGET_ID),
        switch(world, message, "private"),
        choose(world, message, "length", ["long"]),
        click(world, message, page_id(Page.PLACES)),
    ):
        refused = await act
        assert refused.ephemeral
        assert refused.colour == RED.value
        assert ("gérer le serveur" if code == "fr" else "can manage the server") in refused.text
    assert await settings(world) == ServerSettings(managers=1)


async def test_settings_is_for_admins(world: World) -> None:
    assert "settings" not in world.member.available_commands(world.channel)
    assert "settings" in world.admin.available_commands(world.channel)


async def test_a_change_that_cannot_be_written_is_told(world: World) -> None:
    message = await panel(world)
    sql(world.state, "drop table server_settings")
    told = await switch(world, message, "private")
    assert told.text.startswith("I cannot read or write what I have to remember")
    assert told.ephemeral
    assert not (await settings(world)).private


@on_both
def test_every_field_can_be_kept(state: State) -> None:
    of_kind = {Switch: True, Channels: frozenset({1, 2}), OneChannel: 4, Role: 3, OneLanguage: "fr"}
    every: dict[str, Any] = {
        field: list(kind.values)[-1] if isinstance(kind, Choice) else of_kind[type(kind)]
        for field, kind in SETTINGS.items()
    }
    assert state.servers.change(1, **every) == ServerSettings(**every)
    assert state.servers.of(1) == ServerSettings(**every)


@on_both
def test_what_an_older_version_has_set_is_kept(state: State) -> None:
    """The row is one that version 0.2 wrote, with a setting that there is no more."""
    written = (
        '{"private":true,"allowed_channels":[11,12],"denied_channels":[13],"managers":14,'
        '"language":"fr","length":"long","keep_unanswered":true,"colour":"red"}'
    )
    sql(state, "insert into server_settings values (1, :written)", written=written)
    assert state.servers.of(1) == ServerSettings(
        private=True,
        allowed_channels=frozenset({11, 12}),
        denied_channels=frozenset({13}),
        managers=14,
        language="fr",
        length=AnswerLength.LONG,
        keep_unanswered=True,
    )


@on_both
def test_a_setting_that_an_older_version_did_not_have_is_at_its_default(state: State) -> None:
    sql(state, "insert into server_settings values (1, :written)", written='{"private":true}')
    assert state.servers.of(1) == ServerSettings(private=True)
