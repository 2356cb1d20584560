"""Below an answer stand questions that lead on, each of them answered for sure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from world import Shown, World, shown, write_article

from knowledge import Answer, Strictness, Verdict

ACTION_ROW = 1
WHERE = "Where do quokkas live?"
PARAGRAPHS = {
    WHERE: "Quokkas live on Rottnest Island.",
    "What do quokkas eat?": "Quokkas eat grass and leaves.",
    "How much do quokkas weigh?": "Quokkas weigh 3 kilograms.",
    "Who protects the quokkas?": "The state protects the quokkas.",
}


@pytest.fixture
def faq(world: World, articles: Path) -> None:
    """An article that answers questions under headings that ask them."""
    parts = [part for question, text in PARAGRAPHS.items() for part in (f"## {question}", text)]
    write_article(articles, "quokkas", *parts)
    world.knowledge.reindex()


async def asked(world: World, question: str, **options: Any) -> Shown:
    """Ask, with the related questions of the answer tried before."""
    answer = world.knowledge.ask(question)
    await world.bot.services.related.of(world.knowledge, answer)
    return await world.ask(question, **options)


def questions(message: Shown) -> list[str]:
    return [label for label in message.labels if label not in message.controls]


@pytest.mark.usefixtures("faq")
async def test_up_to_two_questions_lead_on_and_are_answered_when_pressed(world: World) -> None:
    answer = await asked(world, WHERE)
    related = questions(answer)
    assert len(related) == 2
    assert set(related) < set(PARAGRAPHS) - {WHERE}
    await world.restart()
    result = await world.member.click(answer.message, label=related[0])
    said = shown(result.response)
    assert said.ephemeral
    assert said.texts[0] == f"-# {related[0]}"
    assert PARAGRAPHS[related[0]] in said.quotation.replace("**", "")


@pytest.mark.usefixtures("faq")
async def test_a_question_that_is_not_answered_for_sure_or_by_the_same_passage_is_not_offered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = world.knowledge.ask
    answer = ask(WHERE)

    def found(question: str, **options: Any) -> Answer:
        if question == "What do quokkas eat?":
            return ask("xylophone zwieback")
        return answer if question == "Who protects the quokkas?" else ask(question, **options)

    monkeypatch.setattr(world.knowledge, "ask", found)
    related = await world.bot.services.related.of(world.knowledge, answer)
    assert related == ("How much do quokkas weigh?",)


@pytest.mark.usefixtures("faq")
async def test_they_have_a_row_of_their_own(world: World) -> None:
    answer = await asked(world, WHERE, private=True)
    (box,) = answer.message.components
    rows = [
        [button["custom_id"] for button in row["components"]]
        for row in box["components"]
        if row["type"] == ACTION_ROW
    ]
    asking = [[one.startswith("eq/") for one in row] for row in rows]
    assert sum(map(any, asking)) == sum(map(all, asking)) == 1
    assert "sh/" in answer.buttons


@pytest.mark.usefixtures("faq")
async def test_what_is_sure_enough_elsewhere_is_not_offered_on_a_strict_server(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = world.knowledge.ask

    def found(
        question: str, *, strictness: Strictness = Strictness.BALANCED, **options: Any
    ) -> Answer:
        answer = ask(question, strictness=strictness, **options)
        is_sure = strictness is not Strictness.STRICT or "weigh" not in question
        return answer if is_sure else replace(answer, verdict=Verdict.UNCERTAIN)

    monkeypatch.setattr(world.knowledge, "ask", found)
    related, about = world.bot.services.related, ask(WHERE)
    usual = await related.of(world.knowledge, about)
    strict = await related.of(world.knowledge, about, Strictness.STRICT)
    assert "How much do quokkas weigh?" in usual
    assert strict == ("What do quokkas eat?", "Who protects the quokkas?")


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("question", ["Do quokkas live in Paris?", "Where do wombats live?"])
async def test_doubt_offers_none(world: World, question: str) -> None:
    assert world.knowledge.ask(question).verdict is not Verdict.ANSWERED
    assert questions(await asked(world, question)) == []


async def test_golden_questions_lead_on_in_the_language_of_the_question(world: World) -> None:
    golden = {one.question: one for one in world.knowledge.questions()}
    for question, language in (
        ("Qui a rencontré Poutine en Russie ?", "fr"),
        ("How many cartridges did Russia use in 2022?", "en"),
    ):
        answer = world.knowledge.ask(question)
        related = world.knowledge.related(answer)
        assert related
        for one in [one for one in related if one in golden]:
            assert golden[one].gold
            assert golden[one].language == language
            assert not any(gold in answer.citations[0].text for gold in golden[one].gold)


async def test_a_question_is_not_offered_again_in_other_words_of_it(
    world: World, articles: Path
) -> None:
    write_article(articles, "quokkas", "## Where quokkas live", *PARAGRAPHS.values())
    lines = [
        {"id": str(n), "question": question, "lang": "en", "gold": [gold]}
        for n, (question, gold) in enumerate(
            {
                "Where do the quokkas live?": PARAGRAPHS["What do quokkas eat?"],
                "What do quokkas eat?": PARAGRAPHS["What do quokkas eat?"],
                "What is it that quokkas eat?": PARAGRAPHS["What do quokkas eat?"],
                "quokkas weight": PARAGRAPHS["How much do quokkas weigh?"],
            }.items()
        )
    ]
    file = articles / "quokkas.questions.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    world.knowledge.reindex(force=True)
    related: Sequence[str] = world.knowledge.related(world.knowledge.ask(WHERE))
    assert list(related) == ["What do quokkas eat?"]


async def test_a_long_question_is_cut_on_its_button_and_asked_whole(
    world: World, articles: Path
) -> None:
    long = "Which of the many plants that grow on the island do the quokkas of Rottnest eat by day?"
    write_article(
        articles, "quokkas", f"## {WHERE}", PARAGRAPHS[WHERE], f"## {long}", "Quokkas eat grass."
    )
    world.knowledge.reindex()
    answer = await asked(world, WHERE)
    (label,) = questions(answer)
    assert label.endswith("…")
    assert len(label) <= 80
    result = await world.member.click(answer.message, label=label)
    assert shown(result.response).texts[0] == f"-# {long}"


def test_nobody_waits_while_questions_are_read_and_each_paragraph_is_read_once(
    world: World, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_article(articles, "quokkas", *PARAGRAPHS.values())
    lines = [
        {"id": f"{number} {question}", "question": f"{question} ({number})?", "gold": [text]}
        for number in range(10)
        for question, text in PARAGRAPHS.items()
    ]
    file = articles / "quokkas.questions.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    world.knowledge.reindex(force=True)
    answer = world.knowledge.ask(WHERE)
    normalised: list[str] = []
    meanwhile: list[Sequence[str]] = []

    def noted(text: str) -> str:
        if not normalised:
            with ThreadPoolExecutor(1) as thread:
                meanwhile.append(thread.submit(world.knowledge.related, answer).result(60))
        normalised.append(text)
        return " ".join(text.split())

    monkeypatch.setattr("knowledge.answers.related._plain", noted)
    assert world.knowledge.related(answer)
    assert meanwhile == [()]
    assert [normalised.count(text) for text in PARAGRAPHS.values()] == [11] * 4, "and each gold"
