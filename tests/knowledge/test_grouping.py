"""Questions that ask the same come together; those about something else stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.evaluation.grouping import group_alike
from knowledge.neural import load_encoder


def test_typos_and_a_word_more_are_the_same_question() -> None:
    questions = [
        "What is the wifi password?",
        "Who is Kim?",
        "whats the wifi pasword",
        "Quel vin a été servi ?",
        "WHAT IS THE WIFI PASSWORD",
        "Quel vin a été servi au dîner ?",
    ]
    assert group_alike(questions) == ((0, 2, 4), (1,), (3, 5))


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("Who is Kim?", "Who is Xi?"),
        ("When is the next meeting?", "When is the next event?"),
        ("Combien de barils en août ?", "Combien de barils en mai ?"),
        ("What is the price of gold?", "What is the price of silver?"),
    ],
)
def test_another_word_is_another_question(one: str, another: str) -> None:
    assert group_alike([one, another]) == ((0,), (1,))


def test_an_encoder_brings_translations_together() -> None:
    questions = [
        "What wine was served?",
        "What is the wifi password?",
        "Quel vin a été servi ?",
        "What is the price of gold?",
        "What is the price of silver?",
        "Quel est le mot de passe du wifi ?",
    ]
    assert group_alike(questions, load_encoder()) == ((0, 2), (1, 5), (3,), (4,))


@given(st.lists(st.text(max_size=30), max_size=12))
def test_every_question_is_in_one_group_in_order(questions: list[str]) -> None:
    groups = group_alike(questions)
    assert sorted(position for group in groups for position in group) == list(range(len(questions)))
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)
    assert all(list(group) == sorted(group) for group in groups)
