"""A reply to an answer may lean on the question that it answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import simcord
from simcord.backend import serializers
from world import World, shown

from bot.features.ask import conversations
from bot.features.ask.conversations import LOOK_BACK
from bot.services.message_text import words_of
from knowledge import Answer, KnowledgeBase

MUNITIONS = "Quelle est la production de munitions de la Russie ?"
BARRELS = "Combien de barils de pétrole en juillet ?"


@pytest.fixture
def asked(
    knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, str | None]]:
    """What the engine was asked for members, each with the question before it."""
    calls: list[tuple[str, str | None]] = []
    ask = knowledge.ask

    def listening(question: str, *, follows: str | None = None, **options: Any) -> Answer:
        if threading.current_thread().name.startswith("questions"):
            calls.append((question, follows))
        return ask(question, follows=follows, **options)

    monkeypatch.setattr(knowledge, "ask", listening)
    return calls


@pytest.fixture(autouse=True)
def _one_level(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a message come with the one that it replies to and no further, as from Discord."""
    original = serializers.message_payload

    def cut(*args: Any, **kwargs: Any) -> dict[str, Any]:
        payload: dict[str, Any] = {**original(*args, **kwargs)}
        if "referenced_message" in payload:
            payload["referenced_message"] = dict(payload["referenced_message"])
            payload["referenced_message"].pop("referenced_message", None)
        return payload

    monkeypatch.setattr(serializers, "message_payload", cut)


def fetches(world: World) -> int:
    return sum(request.method == "GET" for request in world.env.http_requests)


async def reply(world: World, words: str, member: simcord.MemberActor | None = None) -> None:
    """Reply to the last message of the channel, with the ping that Discord's client puts in."""
    last = world.channel.history()[-1]
    await (member or world.member).send(world.channel, words, reply_to=last)


async def test_a_reply_that_leans_on_the_question_is_read_with_it(
    world: World, asked: list[tuple[str, str | None]]
) -> None:
    await world.member.send(world.channel, f"{world.mention} {MUNITIONS}")
    await reply(world, "et en 2022 ?")
    assert asked == [(MUNITIONS, None), ("et en 2022 ?", MUNITIONS)]
    assert "production de munitions" in world.last().text.replace("**", "")


async def test_nobody_waits_while_a_long_reply_is_looked_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def noting(function: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any) -> Any:
            threads.append(threading.current_thread())
            return function(*args)

        return noted

    for function in (conversations.is_follow_up, conversations.in_full):
        monkeypatch.setattr(conversations, function.__name__, noting(function))
    await world.member.send(world.channel, f"{world.mention} {MUNITIONS}")
    assert not threads, "it replies to nothing"
    await reply(world, "et en 2022 ?")
    assert len(threads) > 1
    assert threading.main_thread() not in threads


async def test_somebody_else_may_follow_up(
    world: World, asked: list[tuple[str, str | None]]
) -> None:
    await world.member.send(world.channel, f"{world.mention} {MUNITIONS}")
    await reply(world, "et en 2022 ?", world.admin)
    assert asked[-1] == ("et en 2022 ?", MUNITIONS)


async def test_a_reply_that_stands_alone_is_answered_alone_and_at_once(
    world: World, asked: list[tuple[str, str | None]]
) -> None:
    await world.member.send(world.channel, f"{world.mention} {MUNITIONS}")
    before = fetches(world)
    await reply(world, "Qui a rencontré Poutine ?")
    assert asked[-1] == ("Qui a rencontré Poutine ?", None)
    assert fetches(world) == before


async def test_a_follow_up_of_a_follow_up_is_read_with_both(
    world: World, asked: list[tuple[str, str | None]]
) -> None:
    await world.member.send(world.channel, f"{world.mention} {BARRELS}")
    await reply(world, "et en août ?")
    await reply(world, "et en avril ?")
    assert asked[-1] == ("et en avril ?", "Combien de barils de pétrole en août ?")


async def test_the_look_back_has_an_end(world: World, asked: list[tuple[str, str | None]]) -> None:
    await world.member.send(world.channel, f"{world.mention} {BARRELS}")
    for month in ("août", "mai", "juin", "mars", "avril"):
        await reply(world, f"et en {month} ?")
    before = fetches(world)
    await reply(world, "et en janvier ?")
    assert fetches(world) - before <= 2 * LOOK_BACK
    assert "barils" not in (asked[-1][1] or "")


async def test_a_question_that_was_deleted_is_followed_by_nothing(
    world: World, asked: list[tuple[str, str | None]]
) -> None:
    question = await world.member.send(world.channel, f"{world.mention} {MUNITIONS}")
    await world.member.delete(question)
    await reply(world, "et en 2022 ?")
    assert asked[-1] == ("et en 2022 ?", None)
    assert len(world.channel.history()) == 3


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_a_question_that_cannot_be_read_is_followed_by_nothing(
    world: World, asked: list[tuple[str, str | None]], status: int
) -> None:
    await world.member.send(world.channel, f"{world.mention} {MUNITIONS}")
    world.env.inject_error("GET", "/channels/*/messages/*", status=status)
    await reply(world, "et en 2022 ?")
    assert asked[-1] == ("et en 2022 ?", None)


async def test_a_follow_up_in_a_direct_message(
    world: World, asked: list[tuple[str, str | None]]
) -> None:
    await world.member.send_dm(MUNITIONS)
    answer = world.member.user.dm_channel.history()[-1]
    reference = {"channel_id": str(answer.channel.id), "message_id": str(answer.id)}
    await world.member.send_dm("et en 2022 ?", reference=reference)
    assert asked[-1] == ("et en 2022 ?", MUNITIONS)


async def test_of_a_command_the_question_on_top_is_known(
    world: World, asked: list[tuple[str, str | None]]
) -> None:
    question = MUNITIONS.replace("?", "*en tout* ?")
    await world.ask(question)
    await reply(world, f"{world.mention} et en 2022 ?")
    assert asked[-1] == ("et en 2022 ?", question)
    assert "production de munitions" in world.last().text.replace("**", "")


async def test_of_several_questions_the_words_of_the_first_why_button_are_known(
    world: World, asked: list[tuple[str, str | None]]
) -> None:
    await world.ask(f"{MUNITIONS} {BARRELS}")
    await reply(world, f"{world.mention} et en 2022 ?")
    assert asked[-1] == ("et en 2022 ?", "production munitions Russie")


async def test_what_was_shared_has_its_question_still(
    world: World, asked: list[tuple[str, str | None]]
) -> None:
    answer = await world.ask(MUNITIONS, private=True)
    await world.member.click(answer.message, custom_id=answer.button("Share"))
    await reply(world, f"{world.mention} et en 2022 ?")
    assert asked[-1] == ("et en 2022 ?", MUNITIONS)


async def test_a_hint_is_no_question_to_follow(
    world: World, asked: list[tuple[str, str | None]]
) -> None:
    await world.member.send(world.channel, world.mention)
    await reply(world, "et en 2022 ?")
    assert asked == [("et en 2022 ?", None)]


async def test_thanks_for_an_answer_are_no_question(world: World) -> None:
    await world.member.send(world.channel, f"{world.mention} {MUNITIONS}")
    await reply(world, "merci beaucoup !")
    said = shown(world.channel.history()[-1])
    assert said.text.startswith("Avec plaisir")
    assert "¶" not in said.text


def test_mentions_and_emoji_are_no_words_of_a_question() -> None:
    assert words_of("<@12> que dit <@!3> <@&4> <#5> de <:poutine:6><a:x:7> ?") == "que dit de ?"
