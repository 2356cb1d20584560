"""The bot answers where it is asked: in threads, in forum posts, in direct messages, elsewhere."""

from __future__ import annotations

import pytest
import simcord
from world import World, shown

QUESTION = "Combien de barils de pétrole en juillet ?"


def post_in(world: World, parent: simcord.ChannelHandle) -> simcord.ChannelHandle:
    """Open a thread of the member's in a channel, or a post in a forum."""
    thread = world.env.backend.create_thread(parent.id, "Barils", world.member.id)
    return simcord.ChannelHandle(world.env, world.guild, thread)


@pytest.mark.parametrize("kind", ["thread", "forum post"])
async def test_a_thread_is_answered_in_place(world: World, kind: str) -> None:
    parent = world.channel if kind == "thread" else world.guild.create_forum_channel("forum")
    thread = post_in(world, parent)
    asked = await world.member.send(thread, f"{world.mention} {QUESTION}")
    answer = shown(thread.history()[-1])
    assert "10" in answer.quotation
    assert answer.message.reference.message_id == asked.id
    result = await world.member.slash(thread, "ask", question=QUESTION, private=True)
    private = shown(result.response)
    shared = await world.member.click(private.message, custom_id=private.button("Share"))
    (public,) = map(shown, shared.followups)
    assert public.message.channel_id == thread.id
    await world.member.context_menu(thread, "Delete this answer", public.message)
    assert public.message.id not in [message.id for message in thread.history()]


async def test_a_server_where_only_a_member_has_the_bot_gets_answers(world: World) -> None:
    world.bot._connection._guilds.clear()  # the bot is in no server
    answer = await world.ask(QUESTION)
    assert "10" in answer.quotation
    context = await world.member.click(answer.message, custom_id=answer.button("In context"))
    assert shown(context.response).ephemeral
    await world.member.click(answer.message, custom_id=answer.button("Delete"))
    assert answer.message.id not in [message.id for message in world.channel.history()]


def test_what_members_use_is_for_servers_and_for_members(world: World) -> None:
    """Commands without an admin's permission can be installed by a user, and used everywhere."""
    commands = world.sent("PUT", "/commands")[0]
    everybody_s = [one for one in commands if one["default_member_permissions"] is None]
    names = {one["name"] for one in everybody_s}
    assert {"ask", "Ask this", "Check in the articles", "fact", "article"} <= names
    for one in everybody_s:
        assert (one["integration_types"], one["contexts"]) == ([0, 1], [0, 1, 2]), one["name"]
