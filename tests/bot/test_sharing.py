"""A private answer is shared, and one that all can see is deleted by whoever may."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import discord
import pytest
import simcord
import simcord.interactions
from world import Shown, World, shown

from knowledge import Verdict

BARRELS = "How many barils of pétrole did they get in juillet?"
BARILS = "Combien de barils de pétrole en juillet ?"


@pytest.fixture(autouse=True)
def answered(judged: Callable[[Verdict], None]) -> None:
    judged(Verdict.ANSWERED)


async def press(
    world: World, message: Shown, label: str, member: simcord.MemberActor | None = None
) -> simcord.InteractionResult:
    return await (member or world.member).click(message.message, custom_id=message.button(label))


async def delete(world: World, message: Any, member: simcord.MemberActor | None = None) -> str:
    """Delete a message from its menu; return what whoever does so is told."""
    acting = member or world.member
    result = await acting.context_menu(world.channel, "Delete this answer", message)
    told = shown(result.response)
    assert told.ephemeral
    return told.text


async def share(world: World, message: Shown, member: simcord.MemberActor | None = None) -> Shown:
    """Share an answer; return the last message that everyone sees."""
    result = await press(world, message, "Share", member)
    (followup,) = result.followups
    return shown(followup)


@pytest.mark.parametrize(
    ("locale_", "question", "label", "line"),
    [
        ("en-US", BARRELS, "Share", "-# Shared by **camille**"),
        ("fr", BARILS, "Partager", "-# Partagé par **camille**"),
        ("en-US", BARILS, "Partager", "-# Partagé par **camille**"),
    ],
)
async def test_a_private_answer_is_shared_under_the_sharer_s_name(
    world: World, locale: list[str], locale_: str, question: str, label: str, line: str
) -> None:
    locale[0] = locale_
    answer = await world.ask(question, private=True)
    assert answer.labels[-1] == label
    public = await share(world, answer)
    assert not public.ephemeral
    assert world.channel.history(viewer=world.admin)[-1].id == public.message.id
    assert public.texts == (line, *answer.texts)
    assert public.labels == answer.labels[:-1]
    assert public.colour == answer.colour


async def test_what_is_shared_keeps_the_language_of_its_frame(world: World) -> None:
    answer = await world.ask(BARRELS, private=True)
    await world.bot.services.server_settings.change(world.guild.id, language="fr")
    public = await share(world, answer)
    assert public.texts[0] == "-# Shared by **camille**"
    assert "In context" in public.labels


async def test_what_was_shared_cannot_be_shared_again(world: World) -> None:
    answer = await world.ask(BARRELS, private=True)
    await share(world, answer)
    stored = world.env.backend.get_message(world.channel.id, answer.message.id)
    kept = shown(simcord.ResponseMessage(world.env, stored))
    assert kept.texts == answer.texts
    assert kept.labels == answer.labels[:-1]


async def test_the_buttons_of_a_shared_answer_work_after_a_restart(world: World) -> None:
    answer = await world.ask(BARRELS, private=True)
    await world.restart()
    public = await share(world, answer)
    await world.restart()
    context = await press(world, public, "In context", world.admin)
    assert context.response is not None
    assert context.response.ephemeral
    await delete(world, public.message)
    left = world.channel.history(viewer=world.admin)
    assert [message.flags.ephemeral for message in left] == [True], "the context of their own"


async def test_nobody_is_pinged_by_a_shared_answer(world: World) -> None:
    user = world.env.create_user("mallory", global_name="@everyone **[x](https://evil.example)**")
    mallory = world.guild.add_member(user)
    result = await mallory.slash(world.channel, "ask", question=BARRELS, private=True)
    public = await share(world, shown(result.response), mallory)
    assert not re.search(r"(?<!\\)@|(?<!\\)\[x", public.texts[0])
    posted = [sent.json for sent in world.env.http_requests if "/webhooks/" in sent.path]
    assert [body["allowed_mentions"] for body in posted if body] == [{"parse": []}]


def channel_without(
    world: World, permission: str, *but: simcord.MemberActor
) -> simcord.ChannelHandle:
    """Make a channel where nobody has a permission but some members."""
    nobody, some = (discord.PermissionOverwrite(**{permission: is_had}) for is_had in (False, True))
    return world.guild.create_text_channel(
        "restricted",
        overwrites={world.guild.default_role: nobody, **dict.fromkeys(but, some)},
    )


@pytest.mark.parametrize(
    ("locale_", "is_member_allowed", "words"),
    [
        ("en-US", False, "You may not write in this channel"),
        ("en-US", True, "I may not write in this channel"),
        ("fr", False, "Vous ne pouvez pas écrire dans ce salon"),
        ("fr", True, "Je ne peux pas écrire dans ce salon"),
    ],
)
async def test_nothing_is_shared_where_one_may_not_write(
    world: World, locale: list[str], locale_: str, is_member_allowed: bool, words: str
) -> None:
    locale[0] = locale_
    allowed = [world.member] if is_member_allowed else []
    channel = channel_without(world, "send_messages", *allowed)
    asked = await world.member.slash(channel, "ask", question=BARRELS, private=True)
    refused = await press(world, shown(asked.response), "Share")
    assert shown(refused.response).text.startswith(words)
    assert shown(refused.response).ephemeral
    assert channel.history(viewer=world.admin) == []


async def test_a_member_s_own_app_shares_where_the_server_lets_it(world: World) -> None:
    allowed = discord.PermissionOverwrite(use_external_apps=True)
    channel = world.guild.create_text_channel(
        "open", overwrites={world.guild.default_role: allowed}
    )
    world.bot._connection._guilds.clear()  # the bot is in no server
    asked = await world.member.slash(channel, "ask", question=BARRELS, private=True)
    assert not (await share(world, shown(asked.response))).ephemeral
    channel = channel_without(world, "use_external_apps")
    asked = await world.member.slash(channel, "ask", question=BARRELS, private=True)
    refused = await press(world, shown(asked.response), "Share")
    assert shown(refused.response).text.startswith("This server does not let apps")
    assert channel.history(viewer=world.admin) == []


async def test_what_discord_does_not_let_through_is_said(world: World) -> None:
    answer = await world.ask(BARRELS, private=True)
    world.env.inject_error("POST", "/webhooks/*", status=403, code=50013)
    told = await share(world, answer)
    assert told.ephemeral
    assert told.text.startswith("Discord does not let me write here")


async def test_there_is_nobody_to_share_with_in_a_direct_message(world: World) -> None:
    result = await world.member.user.slash("ask", question=BARRELS, private=True)
    assert "Share" not in shown(result.response).labels
    result = await world.member.user.slash("ask", question=BARRELS)
    assert "Delete" not in shown(result.response).labels


async def test_a_list_is_shared_as_it_stands(world: World) -> None:
    asked = await world.member.slash(world.channel, "who", private=True)
    turned = await press(world, shown(asked.response), "Next")
    page = shown(turned.response)
    assert page.labels[-1] == "Share", "turning a page keeps what is offered"
    public = await share(world, page)
    assert public.texts[1:] == page.texts
    after = await press(world, public, "Previous")
    assert not shown(after.response).ephemeral, "the sharer turns its pages"
    assert shown(after.response).texts[0] == public.texts[0]


async def test_a_picture_is_shared_with_its_list(world: World) -> None:
    asked = await world.member.slash(world.channel, "timeline", private=True)
    assert asked.response is not None
    assert asked.response.attachments
    public = await share(world, shown(asked.response))
    assert [one.filename for one in public.message.attachments] == ["timeline.png"]


async def test_a_sentence_alone_is_not_offered_for_sharing(world: World) -> None:
    answer = await world.ask("Where is the xylophone zwieback?", private=True)
    assert answer.labels == []


@pytest.mark.parametrize("way", ["command", "mention"])
async def test_the_asker_deletes_an_answer_from_its_menu_and_others_are_refused(
    world: World, locale: list[str], way: str
) -> None:
    if way == "command":
        await world.ask(BARRELS)
    else:
        await world.member.send(world.channel, f"{world.mention} {BARRELS}")
    answer = world.channel.history()[-1]
    await world.restart()
    other = world.guild.add_member(world.env.create_user("dominique"))
    for code, words in (("en-US", "Only whoever asked"), ("fr", "Seuls la personne")):
        locale[0] = code
        assert (await delete(world, answer, other)).startswith(words)
    assert world.channel.history()[-1].id == answer.id
    locale[0] = "en-US"
    assert await delete(world, answer) == "Deleted."
    assert answer.id not in [message.id for message in world.channel.history()]


async def test_a_moderator_deletes_anybody_s_answer(world: World) -> None:
    role = world.guild.create_role(
        "Moderators", permissions=discord.Permissions(manage_messages=True)
    )
    moderator = world.guild.add_member(world.env.create_user("mod"), roles=[role])
    await world.ask(BARRELS)
    await delete(world, world.channel.history()[-1], moderator)
    assert world.channel.history() == []


async def test_an_answer_whose_question_is_gone_is_a_moderator_s_to_delete(world: World) -> None:
    question = await world.member.send(world.channel, f"{world.mention} {BARRELS}")
    answer = world.channel.history()[-1]
    await world.member.delete(question)
    assert "I cannot tell who asked" in await delete(world, answer)
    assert world.channel.history()[-1].id == answer.id


async def test_no_message_of_others_is_deleted(world: World) -> None:
    said = await world.member.send(world.channel, "bonjour")
    assert await delete(world, said) == "That is no answer of mine."
    assert world.channel.history()[-1].id == said.id


@pytest.mark.parametrize(
    ("code", "words"), [(10_008, "Deleted."), (10_003, "I cannot get at this message.")]
)
async def test_what_the_bot_cannot_reach_is_not_said_to_be_deleted(
    world: World, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    async def unknown(_: discord.Message) -> None:
        response: Any = SimpleNamespace(status=404, reason="Not Found")
        raise discord.NotFound(response, {"code": code, "message": "Unknown"})

    answer = await world.ask(BARRELS)
    monkeypatch.setattr(discord.Message, "delete", unknown)
    assert (await delete(world, answer.message)).startswith(words)


async def test_where_the_menu_cannot_delete_an_answer_a_button_can(world: World) -> None:
    allowed = discord.PermissionOverwrite(use_external_apps=True)
    channel = world.guild.create_text_channel(
        "open", overwrites={world.guild.default_role: allowed}
    )
    world.bot._connection._guilds.clear()  # the bot is in no server
    asked = await world.member.slash(channel, "ask", question=BARRELS)
    answer = shown(asked.response)
    assert answer.labels[-1] == "Delete"
    other = world.guild.add_member(world.env.create_user("dominique"))
    refused = await press(world, answer, "Delete", other)
    assert shown(refused.response).text.startswith("Only whoever asked")
    await press(world, answer, "Delete")
    assert channel.history() == []


async def test_nothing_is_shared_where_the_bot_may_no_longer_answer(world: World) -> None:
    answer = await world.ask(BARRELS, private=True)
    await world.bot.services.server_settings.change(
        world.guild.id, denied_channels=[world.channel.id]
    )
    refused = shown((await press(world, answer, "Share")).response)
    assert refused.ephemeral
    assert world.channel.history(viewer=world.admin) == []


async def test_a_second_click_shares_nothing_twice(world: World) -> None:
    answer = await world.ask(BARRELS, private=True)
    said = len(world.channel.history())
    with world.hurried():
        for _ in range(2):
            await press(world, answer, "Share")
    await world.env.settle()
    assert len(world.channel.history()) == said + 1
