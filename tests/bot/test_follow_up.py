"""*Follow up* asks on after an answer, by a form, since Discord hides the words of replies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from simcord import InteractionResult
from test_conversations import BARRELS, MUNITIONS, asked
from world import Shown, World, put, shown

from bot.services.rate_limiter import RateLimiter
from knowledge import Verdict, in_full

__all__ = ["asked"]

Asked = list[tuple[str, str | None]]


@pytest.fixture(autouse=True)
def _sure(judged: Callable[[Verdict], None]) -> None:
    """Where the button is does not depend on how sure the engine is."""
    judged(Verdict.UNCERTAIN)


async def opened(world: World, answer: Shown) -> InteractionResult:
    return await world.member.click(answer.message, custom_id=answer.button("Follow up"))


async def follow_up(world: World, answer: Shown, question: str) -> Shown:
    form = await opened(world, answer)
    sent = await world.member.submit_modal(form, {"question": question})
    assert sent.response is not None
    return shown(sent.response)


async def test_an_answer_to_a_command_is_followed_up_after_a_restart(
    world: World, asked: Asked
) -> None:
    first = await world.ask(BARRELS)
    await world.restart()
    form = await opened(world, first)
    assert f"Après\u00a0: {BARRELS}" in str(form.modal) or f"After: {BARRELS}" in str(form.modal)
    await world.restart()
    sent = await world.member.submit_modal(form, {"question": "et en *août* ?"})
    second = shown(sent.response)
    assert asked[-1] == ("et en *août* ?", BARRELS)
    assert not second.ephemeral
    link = f"https://discord.com/channels/{world.guild.id}/{world.channel.id}/{first.message.id}"
    assert second.texts[:2] == (f"-# ↳ [{BARRELS}]({link})", "-# et en \\*août\\* ?")
    assert second.message.id != first.message.id, "the first is still there"


async def test_a_follow_up_of_a_follow_up_is_read_with_both(world: World, asked: Asked) -> None:
    second = await follow_up(world, await world.ask(MUNITIONS), "et en 2022 ?")
    third = await follow_up(world, second, "et en 2023 ?")
    both = in_full([MUNITIONS, "et en 2022 ?"])
    assert both is not None
    assert asked[-1] == ("et en 2023 ?", both)
    both = " ".join(both.split())
    assert f"[{both}]" in third.texts[0]
    await world.member.send(
        world.channel, f"{world.mention} et en 2021 ?", reply_to=world.channel.history()[-1]
    )
    assert asked[-1] == ("et en 2021 ?", in_full([both, "et en 2023 ?"]))


async def test_an_answer_to_a_message_is_followed_up_with_the_message(
    world: World, asked: Asked
) -> None:
    await world.member.send(world.channel, f"{world.mention} {MUNITIONS}")
    await follow_up(world, world.last(), "et en 2022 ?")
    assert asked[-1] == ("et en 2022 ?", MUNITIONS)
    await world.member.send_dm(MUNITIONS)
    said = shown(world.member.user.dm_channel.history()[-1])
    form = await world.member.user.click(said.message, custom_id=said.button("Follow up"))
    await world.member.user.submit_modal(form, {"question": "et en 2022 ?"})
    assert asked[-1] == ("et en 2022 ?", MUNITIONS)


async def test_what_one_member_alone_sees_is_followed_up_for_them_alone(
    world: World, asked: Asked
) -> None:
    second = await follow_up(world, await world.ask(MUNITIONS, private=True), "et en 2022 ?")
    assert asked[-1] == ("et en 2022 ?", MUNITIONS)
    assert second.ephemeral
    assert second.texts[0] == f"-# ↳ {MUNITIONS}", "nobody could follow a link"
    await world.member.click(second.message, custom_id=second.button("Share"))
    assert world.last().texts[1:3] == second.texts[:2]


async def test_a_question_that_stands_alone_and_one_whose_answer_is_gone_are_answered(
    world: World, asked: Asked
) -> None:
    question = await world.member.send(world.channel, f"{world.mention} {MUNITIONS}")
    answer = world.last()
    await world.member.delete(question)
    second = await follow_up(world, answer, "Combien de barils de pétrole en juillet ?")
    assert asked[-1] == (BARRELS, None)
    assert second.texts[0] == f"-# {BARRELS}"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (BARRELS, "Discord ne me montre pas"),
        ("How many barrels of oil in July?", "Discord does not show me"),
    ],
)
async def test_a_reply_whose_words_discord_keeps_back_is_offered_the_form(
    world: World, asked: Asked, question: str, words: str
) -> None:
    await world.ask(question)
    await world.member.send(world.channel, "Et en août ?", reply_to=world.channel.history()[-1])
    told = world.last()
    assert told.text.startswith(words), "in the language of the answer, whatever the server's"
    await world.restart()
    await follow_up(world, told, "et en août ?")
    assert asked[-1] == ("et en août ?", question)
    assert world.last().texts[0].startswith(f"-# ↳ [{question}](")


async def test_a_follow_up_keeps_to_channels_and_pace(world: World) -> None:
    answer = await world.ask(BARRELS)
    put(world.bot.services, rate_limiter=RateLimiter((1, 60.0)))
    await follow_up(world, answer, "et en août ?")
    refused = await follow_up(world, answer, "et en mai ?")
    assert refused.ephemeral
    assert "faster than I may answer" in refused.text
    await world.bot.services.server_settings.change(
        world.guild.id, denied_channels={world.channel.id}
    )
    refused = await follow_up(world, answer, "et en mai ?")
    assert "do not let me answer in this channel" in refused.text


async def test_a_follow_up_in_vain_is_kept_where_a_server_wants_that(
    world: World, judged: Callable[[Verdict], None]
) -> None:
    judged(Verdict.UNANSWERED)
    await world.bot.services.server_settings.change(world.guild.id, keep_unanswered=True)
    answer = await world.ask(BARRELS)
    await world.bot.services.unanswered.finish()
    world.state.unanswered.clear(int(world.guild.id))
    await follow_up(world, answer, "Who invented the zinfandel grape?")
    await world.bot.services.unanswered.finish()
    assert world.state.unanswered.count(int(world.guild.id)) == 1
