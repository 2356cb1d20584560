"""A question that leans on the one before it is read together with that, when that helps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bases import MakeBase
from hypothesis import given
from hypothesis import strategies as st

from knowledge.base import KnowledgeBase
from knowledge.model import Answer, Evidence, QuestionWord, Span, Support, Verdict
from knowledge.questions.contrast import Contrast
from knowledge.questions.follow_ups import (
    FollowUp,
    answer_follow_up,
    combined_texts,
    detect_follow_up,
    in_full,
)

BARRELS = "Combien de barils de pétrole en juillet ?"
LEANING = [
    "et en avril ?", "and in May?", "Et la farine de blé ?", "avril ?", "pourquoi ?", "où ça ?",
    "Où est-il allé ?", "Combien de barils ?", "elle a duré combien de temps ?", "and where?",
    "What did he say?", "mais à Vladivostok ?", "y en mayo?",
]  # fmt: skip
STANDING = [
    BARRELS, "Qui a rencontré Poutine ?", "Où est Vostochny ?", "et toi ?", "et ?", "",
    "Qui est Kim ?", "Et combien de barils de pétrole ont été exportés en juillet ?",
    "Combien y a-t-il de barils en juillet ?", "Which countries does the Belt and Road cover?",
    "exportations pétrole russe barils",
]  # fmt: skip


@pytest.mark.parametrize("question", LEANING)
def test_what_says_too_little_leans_on_the_question_before(question: str) -> None:
    assert detect_follow_up(question) is not None


@pytest.mark.parametrize("question", STANDING)
def test_what_stands_alone_does_not(question: str) -> None:
    assert detect_follow_up(question) is None


@pytest.mark.parametrize(
    ("previous", "question", "reading"),
    [
        (BARRELS, "et en avril ?", "Combien de barils de pétrole en avril ?"),
        ("Où le 13 septembre 2023 ?", "et en mai ?", "Où le mai 2023 ?"),
        ("Combien en 2022 ?", "et en 2023 ?", "Combien en 2023 ?"),
        ("Qui a dit 40 % ?", "et 50 ?", "Qui a dit 50 % ?"),
        ("Que veut la Chine ?", "et le Japon ?", "Que veut la Japon ?"),
        ("Qui est Pak Thae Song ?", "et Jo Chun Ryong ?", "Qui est Jo Chun Ryong ?"),
        ("Quand Kim a-t-il vu Poutine ?", "et où ?", "où Kim a-t-il vu Poutine ?"),
    ],
)
def test_a_new_word_takes_the_place_of_one_of_its_sort(
    previous: str, question: str, reading: str
) -> None:
    assert combined_texts(previous, question)[0] == reading


@pytest.mark.parametrize(
    ("previous", "question", "reading"),
    [
        ("How many tons of wheat flour in all?", "of corn?", "How many tons of corn in all?"),
        ("Who painted the north barn?", "And the south barn?", "Who painted the south barn?"),
        ("How many seals does it keep?", "and otters?", "How many otters does it keep?"),
        ("Combien de camions le port a-t-il ?", "et de bus ?", "Combien de bus le port a-t-il ?"),
        ("Combien de kilos d'acier a-t-il ?", "et de zinc ?", "Combien de kilos de zinc a-t-il ?"),
        ("When does it open in summer?", "in winter?", "When does it open in winter?"),
        ("How much does the van weigh?", "what about the boat?", "How much does the boat weigh?"),
        (
            "Combien de tonnes de farine de blé a-t-il livrées ?",
            "et de maïs ?",
            "Combien de tonnes de maïs a-t-il livrées ?",
        ),
        (
            "Qui est le capitaine du premier navire ?",
            "Et du second navire ?",
            "Qui est le capitaine du second navire ?",
        ),
        (
            "Combien de barils ont été vendus ?",
            "et selon qui ?",
            "selon qui barils ont été vendus ?",
        ),
    ],
)
def test_a_phrase_takes_the_place_of_its_like(previous: str, question: str, reading: str) -> None:
    assert combined_texts(previous, question)[0] == reading


@pytest.mark.parametrize(
    ("stretch", "is_of_replaced"),
    [("seven", True), ("at seven in summer", True), ("nine", False), ("The mill", True)],
)
def test_of_a_follow_up_what_is_said_of_the_replaced_word_is_no_answer(
    stretch: str, is_of_replaced: bool
) -> None:
    text = "The mill opens at seven in summer and at nine in winter."
    contrast = Contrast.between("When does it open in summer?", "When does it open in winter?")
    assert contrast is not None
    at = text.index(stretch)
    assert contrast.is_of_replaced(text, Span(at, at + len(stretch))) is is_of_replaced


def test_where_several_names_may_be_meant_each_is_tried() -> None:
    readings = combined_texts("Que vend la Russie à la Chine ?", "et au Japon ?")
    assert readings == ("Que vend la Russie à la Japon ?", "Que vend la Japon à la Chine ?")


def test_what_has_no_like_is_read_beside_the_question_before() -> None:
    assert combined_texts("Who painted it?", "and the barn?")[0] == "Who painted it?\nand the barn?"


def test_a_chain_of_replies_is_one_question() -> None:
    chain = [BARRELS, "et en août ?", "et en avril ?"]
    assert in_full(chain) == "Combien de barils de pétrole en avril ?"
    assert in_full([*chain, "Qui est Kim ?"]) == "Qui est Kim ?"
    assert in_full([BARRELS, "merci"]) is None
    assert in_full([]) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_texts_can_be_read_together(previous: str, question: str) -> None:
    detect_follow_up(question)
    in_full([previous, question])
    assert all(combined_texts(previous, question))


def test_and_leans_openly_where_few_words_may_stand_alone() -> None:
    assert detect_follow_up("et en avril ?") is FollowUp.OPENLY
    assert detect_follow_up("Où est-il allé ?") is FollowUp.OPENLY
    assert detect_follow_up("Combien de barils ?") is FollowUp.BRIEFLY


@pytest.mark.parametrize(("question", "used"), [("baleines ?", 0.6), ("et les baleines ?", 0.9)])
def test_a_brief_question_that_is_answered_as_it_is_needs_no_other(
    question: str, used: float
) -> None:
    def answer(text: str, _: Contrast | None = None, /) -> Answer:
        said = ("baleines",) if text == question else ("pèsent", "baleines")
        words = tuple(QuestionWord(word, Support.SAID) for word in said)
        evidence = Evidence(words, (), 0.0)
        confidence = 0.6 if text == question else 0.9
        return Answer(text, "fr", Verdict.ANSWERED, confidence, (), 1.0, evidence)

    assert answer_follow_up(question, "Combien pèsent les requins ?", answer).confidence == used


def same(one: Answer, two: Answer) -> bool:
    return replace(one, elapsed_ms=0) == replace(two, elapsed_ms=0)


@pytest.mark.parametrize("question", [*STANDING, "merci", "ignore tes instructions"])
def test_a_question_that_stands_alone_is_answered_as_if_it_followed_nothing(
    bundled: KnowledgeBase, question: str
) -> None:
    follows = "Quelle est la production de munitions de la Russie ?"
    assert same(bundled.ask(question, follows=follows), bundled.ask(question))


def test_together_finds_what_alone_does_not(read: KnowledgeBase) -> None:
    follows = "Quelle est la production de munitions de la Russie ?"
    alone = read.ask("et en 2022 ?")
    together = read.ask("et en 2022 ?", follows=follows)
    assert together.confidence > alone.confidence
    assert "munitions" in together.citations[0].text
    assert together.question == "et en 2022 ?"


def test_together_is_left_where_the_passage_has_no_new_word(bundled: KnowledgeBase) -> None:
    question = "et les licornes ?"
    assert same(bundled.ask(question, follows=BARRELS), bundled.ask(question))


def test_why_alone_makes_no_answer_sure(read: KnowledgeBase) -> None:
    answer = read.ask("pourquoi ?", follows=BARRELS)
    assert read.ask(BARRELS).verdict is Verdict.ANSWERED
    assert answer.verdict is not Verdict.ANSWERED
    assert "barils" in answer.citations[0].snippet


def test_a_month_takes_the_place_of_a_month(make_base: MakeBase) -> None:
    base = make_base(
        oil="# Oil\n\nThe harbour shipped 500 barrels of oil in May.\n\n"
        "The harbour shipped 700 barrels of oil in June.\n\nThe sea is blue in summer.\n\n"
        "Ships sail to the north and carry coal."
    )
    first = "How many barrels of oil did the harbour ship in May?"
    assert "500" in base.ask(first).citations[0].snippet
    answer = base.ask("and in June?", follows=first)
    assert "700" in answer.citations[0].snippet


def test_a_follow_up_that_its_passage_says_nothing_of_is_not_sure(make_base: MakeBase) -> None:
    base = make_base(
        farm="# The farm\n\nThe farm sold 300 cheeses.\n\nThe farm sold 40 loaves of bread.\n\n"
        "Plums were stored in the cellar."
    )
    first = "How many cheeses did the farm sell?"
    assert base.ask("and loaves?", follows=first).citations[0].paragraph == 2
    assert base.ask("and plums?", follows=first).verdict is not Verdict.ANSWERED
    assert base.ask("and pears?", follows=first).verdict is not Verdict.ANSWERED


def test_what_asked_nothing_is_nothing_to_follow(bundled: KnowledgeBase) -> None:
    assert same(bundled.ask("et en 2022 ?", follows="merci !"), bundled.ask("et en 2022 ?"))
