"""*Ask a person*: what the articles do not tell goes to helpers, and their reply comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
import pytest
import simcord
from simcord.backend.ops import messages
from simcord.enums import MessageType
from test_library import _with_button
from world import Shown, World, put, shown
from world import press as world_press

from bot.services.rate_limiter import RateLimiter
from knowledge import Verdict

QUESTION = "Who met *Putin* in Russia?"
REPLY = "Ask @everyone at the *desk*.\nIt is open."


@pytest.fixture(autouse=True)
def _unsure(judged: Callable[[Verdict], None]) -> None:
    judged(Verdict.UNCERTAIN)


@pytest.fixture
async def desk(world: World) -> simcord.ChannelHandle:
    """The channel of the helpers, which the server has named with their role."""
    channel = world.guild.create_text_channel("desk")
    await choose(world, helpers_channel=int(channel.id), helpers=int(world.managers.id))
    return channel


async def gone(world: World, channel: simcord.ChannelHandle) -> None:
    guild = world.bot.get_guild(int(world.guild.id))
    found = None if guild is None else guild.get_channel(int(channel.id))
    assert found is not None
    await found.delete()
    await world.env.settle()


async def choose(world: World, **settings: object) -> None:
    await world.bot.services.server_settings.change(int(world.guild.id), **settings)


async def press(world: World, message: Shown, label: str, actor: Any = None) -> Shown:
    return await world_press(world, message, label, actor or world.member)


async def sent(world: World, answer: Shown) -> Shown:
    return await press(world, await press(world, answer, "Ask a person"), "Send")


def last(channel: Any) -> Shown:
    return shown(channel.history()[-1])


async def reply(world: World, request: Shown, text: str = REPLY, actor: Any = None) -> Shown:
    by = actor or world.admin
    form = await by.click(request.message, custom_id=request.button("Reply"))
    assert form.modal is not None
    result = await by.submit_modal(form, {"reply": text})
    assert result.response is not None
    return shown(result.response)


async def test_it_is_offered_where_it_is_set_and_the_answer_is_not_sure(
    world: World, judged: Callable[[Verdict], None]
) -> None:
    assert "Ask a person" not in (await world.ask(QUESTION)).labels
    await choose(world, helpers=int(world.managers.id))
    assert "Ask a person" in (await world.ask(QUESTION)).labels
    judged(Verdict.UNANSWERED)
    assert "Ask a person" in (await world.ask("Xyzzy qwxz?")).labels
    judged(Verdict.ANSWERED)
    assert "Ask a person" not in (await world.ask(QUESTION)).labels


async def test_it_is_not_offered_where_those_who_were_asked_are_gone(
    world: World, desk: simcord.ChannelHandle
) -> None:
    await choose(world, helpers=None)
    await gone(world, desk)
    assert "Ask a person" not in (await world.ask(QUESTION)).labels
    told = await world.member.slash(world.channel, "privacy")
    assert "Ask a person" not in shown(told.response).text


async def test_a_question_is_sent_once_that_is_confirmed_and_its_reply_comes_back(
    world: World, desk: simcord.ChannelHandle
) -> None:
    await choose(world, keep_unanswered=True)
    answer = await world.ask(QUESTION)
    await world.restart()
    before = await press(world, answer, "Ask a person")
    assert before.ephemeral
    assert f"It goes to <#{desk.id}> under your name, **camille**." in before.text
    assert f"I ping the role <@&{world.managers.id}>" in before.text
    assert "> Who met \\*Putin\\* in Russia?" in before.texts
    assert desk.history() == [], "nothing is sent yet"
    await world.restart()
    done = await press(world, before, "Send")
    assert done.text.startswith(f"Sent to <#{desk.id}>")
    request = last(desk)
    assert request.texts[0] == f"<@&{world.managers.id}> **camille** asks a person:"
    assert request.texts[1] == "> Who met \\*Putin\\* in Russia?"
    where = f"https://discord.com/channels/{world.guild.id}/{world.channel.id}/{answer.message.id}"
    assert f"({where})" in request.texts[2]
    (body,) = world.sent("POST", f"/channels/{desk.id}/messages")
    assert body["allowed_mentions"] == {"parse": [], "roles": [int(world.managers.id)]}
    await world.bot.services.unanswered.finish()
    assert world.state.unanswered.count(int(world.guild.id)) == 1
    await world.restart()
    assert (await reply(world, request)).text == "Your reply was sent."
    told = world.last()
    assert f"<@{world.member.id}>, **alex** has replied to your question:" in told.texts
    assert "> Ask \\@everyone at the \\*desk\\*.\n> It is open." in told.texts
    (*_, body) = world.sent("POST", f"/channels/{world.channel.id}/messages")
    assert body["message_reference"]["message_id"] == answer.message.id
    assert body["allowed_mentions"]["users"] == [int(world.member.id)]
    assert body["allowed_mentions"]["parse"] == []
    assert "✓ **alex** has replied:" in last(desk).text
    await reply(world, last(desk), "Never mind.")
    assert "Never mind." in last(desk).text
    assert "It is open" not in last(desk).text, "the newest reply is shown, and once"
    assert "Never mind." in world.last().text


async def test_what_its_asker_alone_has_seen_is_replied_to_them_alone(
    world: World, desk: simcord.ChannelHandle
) -> None:
    answer = await world.ask(QUESTION, private=True)
    before = await press(world, answer, "Ask a person")
    assert "The reply comes as a direct message" in before.text
    await press(world, before, "Send")
    assert "discord.com" not in last(desk).text
    said = len(world.channel.history())
    await reply(world, last(desk))
    assert len(world.channel.history()) == said
    direct = last(world.member.user.dm_channel)
    assert "**alex** of **Readers** has replied to your question:" in direct.texts
    world.env.inject_error("POST", "/channels/*/messages", status=403)
    assert "could not send your reply" in (await reply(world, last(desk))).text


async def test_what_all_see_is_in_the_server_s_language_and_the_rest_in_the_asker_s(
    world: World, desk: simcord.ChannelHandle
) -> None:
    await choose(world, language="fr")
    await sent(world, await world.ask(QUESTION))
    await reply(world, last(desk))
    assert "a répondu à votre question" in world.last().text
    await sent(world, await world.ask(QUESTION, private=True))
    assert "demande à une personne" in last(desk).text
    await reply(world, last(desk))
    assert "has replied to your question" in last(world.member.user.dm_channel).text


async def test_where_the_bot_may_not_write_the_reply_comes_directly(
    world: World, desk: simcord.ChannelHandle
) -> None:
    await sent(world, await world.ask(QUESTION))
    await choose(world, denied_channels={int(world.channel.id)})
    said = len(world.channel.history())
    assert (await reply(world, last(desk))).text == "Your reply was sent."
    assert len(world.channel.history()) == said
    assert "has replied" in last(world.member.user.dm_channel).text


async def test_without_a_channel_it_goes_where_it_was_asked(world: World) -> None:
    await choose(world, helpers=int(world.managers.id))
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    await sent(world, world.last())
    assert world.last().texts[0].endswith("**camille** asks a person:")
    assert "Putin" in world.last().text
    only = f"Only members with the role <@&{world.managers.id}>"
    assert only in (await press(world, world.last(), "Reply")).text, "before anything is written"
    world.bot.services.server_settings._known.clear()  # a form cannot wait for them
    assert only in (await reply(world, world.last(), actor=world.member)).text


async def test_a_role_is_said_to_be_pinged_where_it_is(
    world: World, desk: simcord.ChannelHandle
) -> None:
    us = world.guild.me
    assert us is not None
    shut = discord.PermissionOverwrite(mention_everyone=False)
    shy = world.guild.create_text_channel("shy", overwrites={us: shut})
    await choose(world, helpers_channel=int(shy.id))
    before = await press(world, await world.ask(QUESTION), "Ask a person")
    assert "I ping" not in before.text
    await press(world, before, "Send")
    assert last(shy).texts[0] == "**camille** asks a person:"


async def test_everybody_may_help_and_nobody_is_pinged_where_that_is_the_role(
    world: World, desk: simcord.ChannelHandle
) -> None:
    await choose(world, helpers=int(world.guild.default_role.id))
    before = await press(world, await world.ask(QUESTION), "Ask a person")
    assert "I ping" not in before.text
    await press(world, before, "Send")
    assert (await reply(world, last(desk), actor=world.member)).text == "Your reply was sent."


async def test_nothing_is_asked_before_all_where_the_bot_may_not_answer(world: World) -> None:
    await choose(world, helpers=int(world.managers.id))
    answer = await world.ask(QUESTION)
    before = await press(world, answer, "Ask a person")
    await choose(world, denied_channels={int(world.channel.id)})
    said = len(world.channel.history())
    for message, label in ((answer, "Ask a person"), (before, "Send")):
        refused = await press(world, message, label)
        assert "do not let me answer in this channel" in refused.text
    assert len(world.channel.history()) == said


async def test_nothing_is_sent_where_that_is_taken_back_or_cannot_be(
    world: World, desk: simcord.ChannelHandle
) -> None:
    answer = await world.ask(QUESTION)
    cancelled = await press(world, await press(world, answer, "Ask a person"), "Cancel")
    assert cancelled.text == "Nothing was sent."
    before = await press(world, answer, "Ask a person")
    world.env.inject_error("POST", f"/channels/{desk.id}/messages", status=403)
    assert f"I cannot write in <#{desk.id}>" in (await press(world, before, "Send")).text
    nobody = discord.PermissionOverwrite(send_messages=False)
    shut = world.guild.create_text_channel("shut", overwrites={world.guild.default_role: nobody})
    await choose(world, helpers_channel=int(shut.id))
    assert f"I cannot write in <#{shut.id}>" in (await press(world, answer, "Ask a person")).text
    await choose(world, helpers_channel=None, helpers=None)
    assert "any more" in (await press(world, answer, "Ask a person")).text
    assert desk.history() == []


async def test_a_second_click_sends_nothing_twice(
    world: World, desk: simcord.ChannelHandle
) -> None:
    before = await press(world, await world.ask(QUESTION), "Ask a person")
    with world.hurried():
        for _ in range(2):
            await world.member.click(before.message, custom_id=before.button("Send"))
    await world.env.settle()
    assert len(desk.history()) == 1


async def test_after_a_failure_it_may_be_sent_again(
    world: World, desk: simcord.ChannelHandle
) -> None:
    before = await press(world, await world.ask(QUESTION), "Ask a person")
    world.env.inject_error("POST", f"/channels/{desk.id}/messages", status=501)
    failed = await world.member.click(before.message, custom_id=before.button("Send"))
    assert "Try again" in shown(failed.response).text
    world.env.errors.clear()
    assert (await press(world, before, "Send")).text.startswith("Sent to")


async def test_a_question_goes_nowhere_but_where_its_asker_was_shown(
    world: World, desk: simcord.ChannelHandle
) -> None:
    before = await press(world, await world.ask(QUESTION), "Ask a person")
    other = world.guild.create_text_channel("other")
    await choose(world, helpers_channel=int(other.id))
    again = await press(world, before, "Send")
    assert "the admins of this server have changed where questions go" in again.text
    assert f"It goes to <#{other.id}>" in again.text
    await choose(world, helpers_channel=int(desk.id))
    again = await press(world, again, "Send")
    assert f"It goes to <#{desk.id}>" in again.text
    await gone(world, desk)
    again = await press(world, again, "Send")
    assert f"It goes to <#{world.channel.id}>" in again.text, "not before all without a word"
    assert other.history() == []
    assert "asks a person" not in world.last().text
    await press(world, again, "Send")
    assert "asks a person" in world.last().text


async def test_a_question_that_was_counted_when_it_was_asked_is_not_counted_again(
    world: World, desk: simcord.ChannelHandle, judged: Callable[[Verdict], None]
) -> None:
    judged(Verdict.UNANSWERED)
    await choose(world, keep_unanswered=True)
    await sent(world, await world.ask(QUESTION))
    await world.bot.services.unanswered.finish()
    (kept,) = world.state.unanswered.of(int(world.guild.id), world.state.today())
    assert kept.times == 1


async def test_so_many_are_sent_and_no_more(world: World, desk: simcord.ChannelHandle) -> None:
    put(world.bot.services, to_people=RateLimiter((1, 600.0)))
    answer = await world.ask(QUESTION)
    await sent(world, answer)
    refused = await sent(world, answer)
    assert "faster than I may answer" in refused.text
    assert len(desk.history()) == 1


async def test_a_helper_may_reply_with_a_message(world: World, desk: simcord.ChannelHandle) -> None:
    await sent(world, await world.ask(QUESTION))
    request = desk.history()[-1]
    await world.admin.send(desk, reply_to=request, attachments=[("map.png", b"x")])
    assert "does not show me the words" in last(desk).text
    await world.member.send(desk, "Me, too!", reply_to=request)
    assert last(desk).text.startswith("Only members with the role")
    said = len(desk.history())
    await world.admin.send(desk, "It was the *king*.", reply_to=request)
    assert "It was the \\*king\\*." in world.last().text
    assert len(desk.history()) == said + 1, "it was no question to the bot"
    assert "✅" in str(desk.history()[-1].reactions)


@pytest.mark.parametrize("kind", [MessageType.PINS_ADD, MessageType.THREAD_STARTER_MESSAGE])
async def test_a_pin_or_a_thread_is_no_reply(
    world: World,
    desk: simcord.ChannelHandle,
    monkeypatch: pytest.MonkeyPatch,
    kind: MessageType,
) -> None:
    monkeypatch.setitem(messages._SYSTEM_CONTENT, kind, "told by Discord")
    answer = await world.ask(QUESTION)
    await sent(world, answer)
    for channel, about in ((desk, desk.history()[-1]), (world.channel, answer.message)):
        world.guild.create_system_message(
            channel, kind, author=world.admin, referenced_message=about
        )
        await world.env.settle()
        assert channel.history()[-1].type.value == kind, "nothing was said to it"


async def test_all_of_several_questions_are_sent(world: World, desk: simcord.ChannelHandle) -> None:
    several = "Who met Putin in Russia? How many barrels of oil in July?"
    await sent(world, await world.ask(several))
    assert last(desk).texts[1] == f"> {several}"


async def test_a_follow_up_is_sent_so_that_it_stands_alone(
    world: World, desk: simcord.ChannelHandle
) -> None:
    first = await world.ask("How many barrels of oil did Russia export in July?")
    form = await world.member.click(first.message, custom_id=first.button("Follow up"))
    result = await world.member.submit_modal(form, {"question": "and in 2022?"})
    await sent(world, shown(result.response))
    assert "barrels of oil" in last(desk).texts[1]
    assert "2022" in last(desk).texts[1]


async def test_what_was_forged_reaches_nobody(world: World, desk: simcord.ChannelHandle) -> None:
    for custom_id in ("hr/", "hr/en/1/2", "hr/en/x/0/1", "hs/0", "hs/0/1/0/0"):
        result = await world.admin.click(await _with_button(world, custom_id), custom_id=custom_id)
        assert "older version" in shown(result.response).text
    await sent(world, await world.ask(QUESTION))
    assert (await reply(world, last(desk), "  ")).text.startswith("Nothing was written")
