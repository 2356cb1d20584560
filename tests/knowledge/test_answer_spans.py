"""Highlights mark the answer in the snippet, or the words that were looked for."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answers.spans.model import load_models
from knowledge.answers.spans.tagging import Clue, tag_snippet
from knowledge.base import KnowledgeBase
from knowledge.model import Span
from knowledge.questions.question_type import classify_question


def marks(base: KnowledgeBase, question: str) -> list[str]:
    first = base.ask(question).citations[0]
    return [mark.of(first.snippet) for mark in first.highlights]


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("Quand a eu lieu l'invasion de l'Ukraine ?", "février 2022"),
        ("Combien de barils de pétrole en juillet ?", "933 barils"),
        ("Combien d'objectifs l'armée doit-elle atteindre ?", "neuf objectifs"),
        ("Combien de temps la réunion a-t-elle duré ?", "cinq heures"),
        ("Qui est Pak Thae Song ?", "président du comité nord-coréen"),
        ("Combien de cartouches la Russie a-t-elle consommées ?", "10 et 11 millions"),
    ],
)
def test_what_is_marked_answers(bundled: KnowledgeBase, question: str, marked: str) -> None:
    [found] = marks(bundled, question)
    assert marked in found
    assert len(found) < len(marked) + 40


def test_a_search_marks_the_words_looked_for(bundled: KnowledgeBase) -> None:
    [first, *_] = bundled.search("porte-parole chinois").citations
    assert "porte-parole chinois" in [mark.of(first.snippet) for mark in first.highlights]


@cache
def clues_of(text: str) -> tuple[Clue, ...]:
    words = text.split(" ")
    place, found = 0, []
    for number, word in enumerate(words):
        if word and number % 3 == 0:
            found.append(Clue(Span(place, place + len(word)), 1 / (1 + number), number))
        place += len(word) + 1
    return tuple(found)


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(
            st.sampled_from("le 13 mai , Kim Jong Un a vu ( 10 barils ) . « Il »".split())
        ).map(" ".join),
    ),
    st.sampled_from(["Qui ?", "Combien de barils ?", "quand", "Quel port ?", "pourquoi", ""]),
)
@settings(max_examples=300)
def test_the_answer_lies_in_any_snippet(text: str, question: str) -> None:
    asked = classify_question(question)
    best = load_models().native.best(tag_snippet(text, clues_of(text), asked), asked)
    assert best is None or 0 <= best.span.start < best.span.end <= len(text)
