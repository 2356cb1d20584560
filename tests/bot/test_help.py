"""``/help`` shows what can be asked here, with examples that really are answered."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from world import Shown, World, shown, write_article

from bot.features.help.help_command import PREPARE_SECONDS
from bot.i18n.localisation import CATALOGUE
from bot.services.examples.example_questions import SHOWN, Examples, choose_examples
from bot.ui.containers import GREEN
from bot.ui.custom_ids.examples import MAX_LABEL
from knowledge import Answer, KnowledgeBase, Verdict

ENGLISH, FRENCH = CATALOGUE.languages["en"], CATALOGUE.languages["fr"]


async def help_of(world: World, who: str = "member") -> Shown:
    actor = world.member if who == "member" else world.admin
    result = await actor.slash(world.channel, "help")
    assert result.response is not None
    return shown(result.response)


def examples(message: Shown) -> list[str]:
    return [button["label"] for button in message.buttons.values()]


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("en-US", ["What you can ask here", "**Articles**", "`/ask` Ask the articles"]),
        ("fr", ["Ce que vous pouvez demander ici", "`/demander` Poser une question"]),
    ],
)
async def test_help_tells_the_articles_and_the_commands(
    world: World, locale: list[str], code: str, texts: list[str]
) -> None:
    locale[0] = code
    message = await help_of(world)
    assert message.ephemeral
    for text in texts:
        assert text in message.text
    title = world.knowledge.articles()[0].title
    assert f"• {title}" in message.text


async def test_only_admins_are_told_of_their_commands(world: World) -> None:
    assert "/reindex" not in (await help_of(world)).text
    text = (await help_of(world, "admin")).text
    for command in ("reindex", "settings", "unanswered", "feedback"):
        assert f"`/{command}`" in text


@pytest.mark.parametrize("code", ["en-US", "fr"])
async def test_each_example_is_answered_when_it_is_pressed(
    world: World, locale: list[str], code: str
) -> None:
    locale[0] = code
    message = await help_of(world)
    questions = examples(message)
    assert len(questions) == SHOWN
    await world.restart()
    for question in questions:
        fact_cited = world.knowledge.ask(question)
        assert fact_cited.verdict is Verdict.ANSWERED
        result = await world.member.click(message.message, custom_id=message.button(question))
        answer = shown(result.response)
        assert answer.ephemeral
        assert answer.colour == GREEN.value
        assert f"¶\u00a0{fact_cited.citations[0].paragraph}" in answer.text


async def test_help_works_in_a_direct_message(world: World) -> None:
    result = await world.member.user.slash("help")
    assert len(examples(shown(result.response))) == SHOWN


async def test_a_closed_channel_has_help_that_says_where_to_ask_and_answers_nothing(
    world: World,
) -> None:
    message = await help_of(world)
    other = world.guild.create_text_channel("other")
    await world.bot.services.server_settings.change(world.guild.id, allowed_channels={other.id})
    result = await world.member.click(
        message.message, custom_id=message.button(examples(message)[0])
    )
    assert "do not let me answer in this channel" in shown(result.response).text
    assert f"<#{other.id}>" in (await help_of(world)).text


def test_an_example_is_answered_with_its_own_fact_s_paragraph(knowledge: KnowledgeBase) -> None:
    facts = knowledge.facts(limit=1_000).facts
    chosen = choose_examples(knowledge, [FRENCH])
    assert len(chosen) == SHOWN
    cited = []
    for question in chosen:
        assert len(question) <= MAX_LABEL
        answer = knowledge.ask(question)
        assert answer.verdict is Verdict.ANSWERED
        cited.append(answer.citations[0].passage)
        assert any(fact.passage == cited[-1] for fact in facts)
    assert len(set(cited)) == SHOWN


def test_a_guess_is_no_example(knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = knowledge.ask
    monkeypatch.setattr(
        knowledge, "ask", lambda question, **_: replace(ask(question), verdict=Verdict.UNCERTAIN)
    )
    assert choose_examples(knowledge, [FRENCH, ENGLISH]) == ()


def test_an_answer_from_another_paragraph_is_no_example(
    knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = knowledge.ask

    def elsewhere(question: str, **_: object) -> Answer:
        answer = replace(ask(question), verdict=Verdict.ANSWERED)
        other = [replace(one, passage="elsewhere") for one in answer.citations]
        return replace(answer, citations=tuple(other))

    monkeypatch.setattr(knowledge, "ask", elsewhere)
    assert choose_examples(knowledge, [FRENCH, ENGLISH]) == ()


def test_an_english_article_gives_english_examples(tmp_path: Path) -> None:
    (tmp_path / "english").mkdir()
    write_article(
        tmp_path / "english",
        "harbour",
        "The mayor, Anna Bergström, opened the harbour of Gullmar on 4 May 2021.",
        "The harbour exported 12,500 tonnes of herring in 2022.",
        "“We will build a second pier,” Anna Bergström said.",
        title="The harbour of Gullmar",
    )
    with KnowledgeBase.open(tmp_path / "k.db", [tmp_path / "english"]) as knowledge:
        chosen = choose_examples(knowledge, [ENGLISH, FRENCH])
        assert chosen
        assert "How many tonnes of herring?" in chosen


def test_where_no_fact_is_answered_there_is_no_example(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    write_article(tmp_path / "bare", "bare", "Nothing in particular is told of in here.")
    with KnowledgeBase.open(tmp_path / "k.db", [tmp_path / "bare"]) as knowledge:
        assert choose_examples(knowledge, [ENGLISH, FRENCH]) == ()


async def test_examples_are_found_once_an_index_version(
    knowledge: KnowledgeBase, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = knowledge.ask
    monkeypatch.setattr(
        knowledge, "ask", lambda question, **_: asked.append(question) or ask(question)
    )
    known = Examples()
    first, second = await asyncio.gather(
        known.of(knowledge, FRENCH, CATALOGUE), known.of(knowledge, FRENCH, CATALOGUE)
    )
    assert first == second
    tried = len(asked)
    await known.of(knowledge, FRENCH, CATALOGUE)
    assert len(asked) == tried > 0
    write_article(articles, "quokkas", "Quokkas live on Rottnest Island.")
    knowledge.reindex()
    await known.of(knowledge, FRENCH, CATALOGUE)
    assert len(asked) > tried


async def test_examples_are_sought_again_after_a_failure(
    knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = knowledge.ask
    monkeypatch.setattr(knowledge, "ask", lambda question, **_: 1 / 0)
    known = Examples()
    with pytest.raises(ZeroDivisionError):
        await known.of(knowledge, FRENCH, CATALOGUE)
    monkeypatch.setattr(knowledge, "ask", ask)
    assert len(await known.of(knowledge, FRENCH, CATALOGUE)) == SHOWN


async def test_help_is_prepared_before_anybody_wants_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    ask = world.knowledge.ask
    monkeypatch.setattr(world.knowledge, "ask", lambda *args, **kw: asked.set() or ask(*args, **kw))
    world.let_pass(PREPARE_SECONDS + 1)
    assert await asyncio.to_thread(asked.wait, 10)
    await world.env.settle()
