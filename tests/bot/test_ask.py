"""A member asks: by command, by name, in a reply, in a direct message."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from world import World, eventually, shown, write_article

from bot.features.ask.follow_up import MAX_QUESTION
from bot.interactions.acknowledging import PATIENCE_SECONDS
from bot.ui.containers import AMBER, GREEN, GREY
from knowledge import Answer, KnowledgeBase, Verdict

BARRELS = "Combien de barils de pétrole en juillet ?"
VOTES = ("👍", "👎")

FRENCH = ["Contexte", "Voir plus", "Poursuivre", "Pourquoi\u00a0?", *VOTES]
ENGLISH = ["In context", "More", "Follow up", "Why?", *VOTES]


@pytest.fixture(autouse=True)
def answered(judged: Callable[[Verdict], None]) -> None:
    """The looks do not depend on how sure the engine is; its own tests say how sure it must be."""
    judged(Verdict.ANSWERED)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def plain_words(text: str) -> str:
    return text.replace("**", "").replace("\\", "")


async def test_ask_is_answered_with_the_passage_and_its_place(world: World) -> None:
    answer = await world.ask(BARRELS)
    assert answer.colour == GREEN.value
    assert "10 933 **barils**" in plain(answer.text)  # by words alone, those of the question
    assert "¶\u00a09" in answer.text
    assert "La guerre en Ukraine resserre les liens" in answer.text
    assert not answer.ephemeral
    assert answer.controls == FRENCH
    assert answer.texts[0] == f"-# {BARRELS}"
    assert all(line.startswith("> ") for line in answer.texts[1].splitlines())
    assert answer.texts[2].startswith("-# ")


@pytest.fixture
def slow(knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Make the engine wait until it is let go."""
    ask, released = knowledge.ask, threading.Event()
    monkeypatch.setattr(
        knowledge, "ask", lambda *args, **kw: released.wait(20) and ask(*args, **kw)
    )
    yield released
    released.set()


async def test_a_question_that_takes_long_holds_up_nobody_else(
    world: World, knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, released = knowledge.ask, threading.Event()
    monkeypatch.setattr(
        knowledge,
        "ask",
        lambda text, **kw: ask(text, **kw) if text != "slow" or released.wait(20) else None,
    )
    with world.hurried():
        slow = await world.member.slash(world.channel, "ask", question="slow")
        other = await world.admin.slash(world.channel, "ask", question=BARRELS)
        await eventually(lambda: other.response)
        assert slow.response is None
        released.set()
        await eventually(lambda: slow.response)


async def test_an_answer_that_is_ready_takes_one_request(world: World) -> None:
    before = len(world.env.http_requests)
    await world.ask(BARRELS)
    assert len(world.env.http_requests) == before + 1


async def test_an_answer_that_takes_long_is_announced_first(
    world: World, slow: threading.Event
) -> None:
    with world.hurried():
        result = await world.member.slash(world.channel, "ask", question=BARRELS, private=True)
        await asyncio.sleep(0.05)
        world.let_pass(PATIENCE_SECONDS)
        await eventually(lambda: result.deferred)
        assert result.ephemeral
        slow.set()
        await eventually(lambda: result.response and shown(result.response).texts)
    assert "10 933" in plain(shown(result.response).text)
    calls = [sent.path.rsplit("/", 1)[1] for sent in world.env.http_requests[-2:]]
    assert calls == ["callback", "@original"]


@pytest.mark.parametrize("private", [True, False])
async def test_an_error_after_the_announcement_is_private(
    world: World, slow: threading.Event, private: bool
) -> None:
    with world.hurried():
        world.env.inject_error("PATCH", "/webhooks/*", status=500)
        result = await world.member.slash(world.channel, "ask", question=BARRELS, private=private)
        await asyncio.sleep(0.05)
        world.let_pass(PATIENCE_SECONDS)
        await eventually(lambda: result.deferred)
        slow.set()
    await world.env.settle()
    (told,) = map(shown, [result.response] if private else result.followups)
    assert private or result.response is None, "the “thinking” message must not stay"
    assert told.ephemeral
    assert "Reference" in told.text
    assert world.channel.history(viewer=world.admin) == []
    assert len(world.env.errors) == 1


async def test_a_private_question_is_answered_to_its_asker_alone(world: World) -> None:
    answer = await world.ask(BARRELS, private=True)
    assert answer.ephemeral
    assert world.channel.history(viewer=world.admin) == []


async def test_the_question_is_limited_by_the_command_itself(world: World) -> None:
    (ask,) = [c for c in world.sent("PUT", "/commands")[0] if c["name"] == "ask"]
    question = next(option for option in ask["options"] if option["name"] == "question")
    assert (question["min_length"], question["max_length"]) == (1, MAX_QUESTION)


async def test_a_mention_is_answered_in_a_reply_that_pings_nobody(world: World) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} {BARRELS}")
    answer = world.last()
    assert "10 933" in plain(answer.text)
    body = world.sent("POST", "/messages")[-1]
    assert body["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert body["message_reference"]["message_id"] == asked.id
    assert answer.message.mentions == []


async def test_a_reply_to_the_bot_is_a_question(world: World) -> None:
    await world.member.send(world.channel, f"{world.mention} {BARRELS}")
    await world.member.send(
        world.channel, "Qui a rencontré Poutine ?", reply_to=world.channel.history()[-1]
    )
    assert "Poutine" in world.last().text
    assert len(world.channel.history()) == 4


async def test_a_reply_to_somebody_else_is_none(world: World) -> None:
    said = await world.member.send(world.channel, "bonjour")
    await world.admin.send(world.channel, BARRELS, reply_to=said)
    assert world.sent("POST", "/messages") == []


async def test_a_direct_message_is_a_question(world: World) -> None:
    await world.member.send_dm(BARRELS)
    answer = shown(world.member.user.dm_channel.history()[-1])
    assert "10 933" in plain(answer.text)
    assert answer.controls == FRENCH


async def test_ask_works_in_a_direct_message(world: World) -> None:
    result = await world.member.user.slash("ask", question=BARRELS)
    assert "10 933" in plain(shown(result.response).text)


@pytest.mark.parametrize("everyone", ["@everyone", "@here", "role"])
async def test_everyone_is_not_the_bot(world: World, everyone: str) -> None:
    name = world.managers.mention if everyone == "role" else everyone
    await world.admin.send(world.channel, f"{name} {BARRELS}")
    assert world.sent("POST", "/messages") == []


async def test_other_bots_and_webhooks_are_ignored(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    await robot.send(world.channel, f"{world.mention} {BARRELS}")
    webhook = world.guild.create_webhook(world.channel)
    await webhook.send(f"{world.mention} {BARRELS}")
    assert world.sent("POST", "/messages") == []


async def test_a_mention_without_a_question_gets_a_hint(world: World) -> None:
    await world.member.send(world.channel, f" {world.mention} ")
    assert "/ask" in world.last().text
    assert world.last().colour == GREY.value


@pytest.mark.parametrize("rest", ["@everyone", "?", "@here !", "<:poutine:6> …"])
async def test_a_mention_without_a_word_gets_the_same_hint(world: World, rest: str) -> None:
    await world.admin.send(world.channel, f"{world.mention} {rest}")
    assert world.last().text.startswith("Ask me a question")


async def test_a_long_message_is_read_as_a_question(world: World) -> None:
    await world.member.send(world.channel, f"{world.mention} {BARRELS} {'Merci ! ' * 150}")
    assert "10 933 **barils**" in plain(world.last().text)


async def test_a_mention_is_answered_in_the_language_of_the_question(
    world: World, judged: Callable[[Verdict], None]
) -> None:
    judged(Verdict.UNANSWERED)
    await world.member.send(world.channel, f"{world.mention} Quel vin a été servi au dîner ?")
    assert world.last().texts[0].startswith("Les articles ne le disent pas")


async def test_a_mention_falls_back_on_the_language_of_the_server(world: World) -> None:
    guild = world.env.create_guild("Lecteurs", preferred_locale="fr")
    channel = guild.create_text_channel("questions")
    member = guild.add_member(world.member.user)
    await member.send(channel, world.mention)
    assert "Posez-moi" in shown(channel.history()[-1]).text


async def test_the_frame_is_in_the_language_of_the_question(
    world: World, locale: list[str]
) -> None:
    assert (await world.ask(BARRELS)).controls == FRENCH
    locale[0] = "fr"
    answer = await world.ask("How many barrels of oil did Russia export in July?")
    assert answer.controls == ENGLISH


async def test_else_the_frame_follows_the_locale_of_the_member(
    world: World, locale: list[str]
) -> None:
    locale[0] = "fr"
    assert (await world.ask("Vostochny")).controls == FRENCH
    locale[0] = "en-GB"
    assert (await world.ask("Vostochny")).controls == ENGLISH


async def test_what_all_see_is_in_the_language_that_the_server_has_set(world: World) -> None:
    await world.bot.services.server_settings.change(world.guild.id, language="fr")
    question = "Who met Putin in Russia?"
    assert (await world.ask(question)).controls == FRENCH
    assert (await world.ask(question, private=True)).controls == [*ENGLISH, "Share"]
    await world.member.send(world.channel, f"{world.mention} {question}")
    assert world.last().controls == FRENCH


async def test_a_server_may_make_answers_private_unless_their_asker_says_so(world: World) -> None:
    assert not (await world.ask(BARRELS)).ephemeral
    await world.bot.services.server_settings.change(world.guild.id, private=True)
    assert (await world.ask(BARRELS)).ephemeral
    assert not (await world.ask(BARRELS, private=False)).ephemeral
    people = await world.member.slash(world.channel, "who")
    assert people.response is not None
    assert people.response.ephemeral


async def test_uncertain_is_amber_with_one_passage_and_nothing_in_bold(
    world: World, judged: Callable[[Verdict], None]
) -> None:
    judged(Verdict.UNCERTAIN)
    question = "Who met Putin in Russia?"
    answer = await world.ask(question)
    assert answer.colour == AMBER.value
    assert answer.texts[1] == "**Not sure. Closest passage**"
    assert answer.text.count("> ") == 1
    assert "**" not in answer.quotation
    assert answer.labels == ENGLISH
    more = await world.member.click(answer.message, label="More")
    rest = world.knowledge.ask(question).citations[1:]
    assert shown(more.response).labels.count("In context") == len(rest)
    assert "**" not in "".join(shown(more.response).texts[1:])


async def test_what_the_reader_is_sure_of_is_in_bold_in_amber_too(
    world: World, knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = knowledge.ask

    def sure(*args: Any, **options: Any) -> Answer:
        answer = ask(*args, **options)
        return replace(answer, verdict=Verdict.UNCERTAIN, is_sure_of_words=True)

    monkeypatch.setattr(knowledge, "ask", sure)
    answer = await world.ask(BARRELS)
    assert answer.colour == AMBER.value
    assert "**" in answer.quotation


async def test_unanswered_is_grey_and_keeps_its_passages_behind_a_button(
    world: World, judged: Callable[[Verdict], None]
) -> None:
    judged(Verdict.UNANSWERED)
    question = "How many barils of pétrole in juillet did they get?"
    answer = await world.ask(question)
    assert answer.colour == GREY.value
    assert answer.texts == (f"-# {question}", "The articles don’t say")
    assert answer.labels == ["Closest passages", "Follow up", "Why?", *VOTES]
    closest = await world.member.click(answer.message, label="Closest passages")
    assert "10 933" in plain(shown(closest.response).text)
    assert shown(closest.response).texts[0] == "**Closest passages**"
    assert shown(closest.response).ephemeral


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The articles don’t say. They do say this about *missiles*:"),
        ("fr", "Les articles ne le disent pas. Ils disent toutefois ceci à propos de *missiles* :"),
    ],
)
async def test_grey_says_what_the_articles_do_say_nearby(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    question = "Combien de missiles la Corée a-t-elle tirés en août ?"
    await world.bot.services.server_settings.change(world.guild.id, language=language)
    monkeypatch.undo()  # the engine's own verdict
    answer = await world.ask(question)
    assert answer.colour == GREY.value
    assert plain(answer.texts[1]) == words
    line = answer.quotation.removeprefix("> ").strip("… ")
    (paragraph,) = [
        one.text
        for article in world.knowledge.articles()
        for one in world.knowledge.article(article.slug).paragraphs
        if line in one.text
    ]
    assert "missiles" in line
    assert "**" not in answer.quotation
    assert len(line) <= 160
    assert len(answer.labels) == 6
    context = await world.member.click(answer.message, custom_id=answer.button("In context"))
    assert paragraph[:80] in plain_words(shown(context.response).text)


async def test_a_question_that_nothing_speaks_of_has_no_passages(world: World) -> None:
    question = "Where is the xylophone zwieback?"
    answer = await world.ask(question)
    assert answer.texts == (f"-# {question}", "The articles don’t say")
    assert answer.labels == []


async def test_exactly_one_passage_is_an_answer_without_more(world: World, articles: Path) -> None:
    write_article(articles, "quokkas", "Quokkas are small marsupials that live on Rottnest Island.")
    world.knowledge.reindex()
    answer = await world.ask("Where do quokkas live?")
    assert "Rottnest Island" in answer.text
    assert answer.labels == ["In context", "Follow up", "Why?", *VOTES]


async def test_the_title_links_to_the_article(world: World, articles: Path) -> None:
    write_article(
        articles, "quokkas", "Quokkas live on Rottnest Island.", url="https://example.org/q (1)"
    )
    world.knowledge.reindex()
    answer = await world.ask("Where do quokkas live?")
    fragment = "#:~:text=Quokkas%20live%20on%20Rottnest%20Island."
    assert answer.texts[2] == f"-# [Quokkas](https://example.org/q%20%281%29{fragment}) · ¶\u00a01"


HOSTILE = (
    "@everyone <@1> <@&2> <#3> </ask:4> <t:5:R> <:a:6> :smile: https://evil.example "
    "[click](https://evil.example) **bold** __under__ ~~gone~~ ||spoiler|| `code`"
)


async def test_hostile_words_of_an_article_are_shown_and_do_nothing(
    world: World, articles: Path
) -> None:
    write_article(articles, "numbat", f"Numbats eat termites {HOSTILE}", "- numbats\n# numbats")
    world.knowledge.reindex()
    await world.member.send(world.channel, f"{world.mention} What do numbats eat?")
    answer = world.last()
    assert answer.message.mentions == []
    assert answer.message.role_mentions == []
    assert not answer.message.mention_everyone
    for sign in ("@everyone", "<", ":smile:", ":", "[", "~~", "||", "_", "`"):
        assert not re.search(rf"(?<!\\){re.escape(sign)}", answer.texts[0]), sign
    assert world.sent("POST", "/messages")[-1]["allowed_mentions"]["parse"] == []


async def test_a_reply_to_a_message_does_not_repeat_its_words(world: World) -> None:
    await world.member.send(world.channel, f"{world.mention} {HOSTILE}"[:300])
    assert "evil" not in world.last().text
    assert not world.last().message.mention_everyone


async def test_the_question_of_a_command_is_shown_as_it_is_and_cut(world: World) -> None:
    answer = await world.ask(f"Qui a rencontré Poutine {HOSTILE * 2}"[:300])
    line = answer.texts[0]
    assert line.startswith("-# Qui a rencontré Poutine")
    assert len(line) <= len("-# ") + 200
    assert line.endswith("[…]")
    assert "<@1>" not in line.replace("\\", "")
    for sign in ("@everyone", "<", ":smile:", "[click", "~~", "||", "_", "`"):
        assert not re.search(rf"(?<!\\){re.escape(sign)}", line), sign


async def test_no_question_is_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        await world.ask("Combien de barils de Schtroumpfs ?")
        await world.member.send(world.channel, f"{world.mention} barils Schtroumpfs")
    assert "Schtroumpfs" not in caplog.text
    assert "characters" in caplog.text
