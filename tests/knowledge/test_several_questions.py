"""Several questions of one message are answered each, and what asks for a whole article gets it
in brief."""

from __future__ import annotations

import pytest
from bases import MakeBase

from knowledge.base import KnowledgeBase
from knowledge.model import MAX_QUESTIONS, Verdict
from knowledge.questions.outline_request import outline_request

BAKERY = """# The bakery

The bakery was opened by Hugo Pratt in 1977.

The oven holds sixty loaves.

The present baker is Dinah Cole. She was born in Leeds.

The shop shuts at noon on Wednesdays."""

MILL = """# The mill

## How it began

The mill was built in 1850. It burnt twice.

## Who works there

Two millers work there. They are brothers."""


@pytest.fixture
def bakery(make_base: MakeBase) -> KnowledgeBase:
    return make_base(bakery=BAKERY)


@pytest.mark.parametrize(
    "message",
    [
        "Who opened the bakery? How many loaves does the oven hold?",
        "Who opened the bakery and how many loaves does the oven hold?",
        "Who opened the bakery\nHow many loaves does the oven hold",
    ],
)
def test_the_first_citations_answer_the_questions_in_order(
    bakery: KnowledgeBase, message: str
) -> None:
    answer = bakery.ask(message)
    assert [part.citations[0].paragraph for part in answer.parts] == [1, 2]
    assert [one.paragraph for one in answer.citations[:2]] == [1, 2]
    assert answer.question == message
    passages = [one.passage for one in answer.citations]
    assert len(set(passages)) == len(passages) <= 5


def test_each_part_is_answered_as_it_would_be_alone(bakery: KnowledgeBase) -> None:
    questions = ["Who opened the bakery?", "How many loaves does the oven hold?"]
    parts = bakery.ask(" ".join(questions)).parts
    alone = [bakery.ask(question) for question in questions]
    assert [one.citations for one in parts] == [one.citations for one in alone]
    assert [one.confidence for one in parts] == [one.confidence for one in alone]


def test_an_answer_claims_no_more_than_its_parts(bakery: KnowledgeBase) -> None:
    answer = bakery.ask("Who opened the bakery? Which xylophone was played?")
    assert [part.verdict for part in answer.parts][1] is Verdict.UNANSWERED
    assert answer.verdict is not Verdict.ANSWERED
    assert answer.citations[0].paragraph == 1
    assert answer.confidence == min(part.confidence for part in answer.parts)


def test_what_is_not_said_takes_no_place_before_what_is(bakery: KnowledgeBase) -> None:
    answer = bakery.ask("Which xylophone was played? Who opened the bakery?")
    assert answer.citations[0].paragraph == 1


def test_what_answers_two_questions_is_cited_once(bakery: KnowledgeBase) -> None:
    answer = bakery.ask("Who opened the bakery? When was the bakery opened by Hugo Pratt?")
    assert [part.citations[0].paragraph for part in answer.parts] == [1, 1]
    assert [one.paragraph for one in answer.citations].count(1) == 1


def test_a_second_question_may_lean_on_the_first(bakery: KnowledgeBase) -> None:
    answer = bakery.ask("Who is the present baker? Where was she born?")
    assert [part.citations[0].paragraph for part in answer.parts] == [3, 3]


def test_questions_behind_the_third_are_named(bakery: KnowledgeBase) -> None:
    asked = [
        "Who opened it?",
        "Who is the baker?",
        "What does the oven hold?",
        "When does it shut?",
    ]
    answer = bakery.ask(" ".join(asked))
    assert len(answer.parts) == MAX_QUESTIONS
    assert answer.left_out == (asked[3],)


@pytest.mark.parametrize("message", ["hello!", "merci", "who are you?", "https://example.org/a"])
def test_what_asks_nothing_is_told_from_what_is_not_said(
    bakery: KnowledgeBase, message: str
) -> None:
    assert not bakery.ask(message).is_question
    assert bakery.ask("Where is the xylophone?").is_question


@pytest.mark.parametrize(
    "message",
    [
        "résume l'article",
        "what is it about?",
        "quels sont les trois points ?",
        "Bonjour, peux-tu me résumer l'article ? Merci",
        "What are the main points of the article?",
        "what does the article say?",
        "De quoi parle le texte ?",
    ],
)
def test_a_message_may_ask_for_a_whole_article(message: str) -> None:
    assert outline_request(message) is not None


@pytest.mark.parametrize(
    "message",
    [
        "how many points?",
        "de quoi parle Kim ?",
        "Quel est le sujet de la réunion ?",
        "Where is the point?",
        "what is the summit about?",
        "bonjour",
        "",
    ],
)
def test_what_asks_about_something_in_it_does_not(message: str) -> None:
    assert outline_request(message) is None


def test_an_outline_is_headings_and_first_sentences(make_base: MakeBase) -> None:
    answer = make_base(mill=MILL).ask("what is it about?")
    assert [(one.section, one.snippet) for one in answer.outline] == [
        ("How it began", "The mill was built in 1850."),
        ("Who works there", "Two millers work there."),
    ]
    assert answer.citations == answer.outline


def test_an_article_without_headings_gives_the_first_sentence_of_each_paragraph(
    bakery: KnowledgeBase,
) -> None:
    outline = bakery.ask("résume l'article").outline
    assert [one.paragraph for one in outline] == [1, 2, 3, 4]
    assert outline[2].snippet == "The present baker is Dinah Cole."


def test_of_several_articles_the_outline_is_of_the_one_that_is_meant(make_base: MakeBase) -> None:
    base = make_base(bakery=BAKERY, mill=MILL)
    assert {one.article for one in base.ask("what is the mill article about?").outline} == {"mill"}
    followed = base.ask("what is it about?", follows="How many loaves does the oven hold?")
    assert {one.article for one in followed.outline} == {"bakery"}
    assert [one.article for one in base.ask("what is it about?").outline] == ["bakery", "mill"]
    assert not base.ask("what is the article about xylophones about?").outline
