"""What a question asks for, by its question words, in French, English and other languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entities import QuantitySort
from knowledge.questions.answer_type import AnswerType, answer_types, find_answer_type
from knowledge.questions.question_type import QuestionType, classify_question, counted_word


@pytest.mark.parametrize(
    ("question", "question_type", "focus"),
    [
        ("Qui a rencontré Poutine ?", "who", None),
        ("À qui vend-il sa récolte ?", "who", None),
        ("Quel président a signé ?", "who", "president"),
        ("Whose army was it?", "who", None),
        ("Quand Kim est-il parti ?", "when", None),
        ("En quelle année ?", "when", "annee"),
        ("depuis quand", "when", None),
        ("What year did it begin?", "when", "year"),
        ("Combien de barils ?", "how_many", "barils"),
        ("How many of them?", "how_many", "of"),
        ("Où est-ce ?", "where", None),
        ("Dans quelle ville ?", "where", "ville"),
        ("Which country left?", "where", "country"),
        ("Pourquoi ?", "why", None),
        ("Dans quel but ?", "why", "but"),
        ("C'est quoi un oblast ?", "definition", None),
        ("Qui est Pak Thae Song ?", "definition", None),
        ("Comment s'appelle le navire ?", "name", None),
        ("What is the name of the ship?", "name", "name"),
        ("Quelle société a reçu des armes ?", "which", "societe"),
        ("Comment a-t-il riposté ?", "how", None),
        ("Que dit-il ?", "what", None),
        ("cb de tps", "how_many", "tps"),
        ("c koi", "definition", None),
        ("pk il est parti", "why", None),
        ("¿Dónde está?", "where", None),
        ("¿Cuántos barriles?", "how_many", "barriles"),
        ("Wann war das?", "when", None),
        ("Wie viele Fässer?", "how_many", None),
        ("Wer war dort?", "who", None),
        ("Quanti barili?", "how_many", "barili"),
        ("Onde fica?", "where", None),
        ("누구를 만났나요?", "who", None),
        ("언제 만났나요?", "when", None),
        ("なぜですか", "why", None),
        ("在哪里", "where", None),
        ("Когда это было?", "when", None),
        ("Сколько баррелей?", "how_many", "баррелеи"),
        ("لماذا", "why", None),
        ("l'un ou l'autre", "other", None),
        ("la région qui exporte", "other", None),
        ("Est-ce vrai ?", "other", None),
        ("", "other", None),
    ],
)
def test_a_question_has_a_form_and_a_focus(
    question: str, question_type: str, focus: str | None
) -> None:
    found = classify_question(question)
    assert found.question_type == question_type
    assert found.focus == focus


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("Combien de temps a-t-elle duré ?", QuantitySort.DURATION),
        ("How old is he?", QuantitySort.AGE),
        ("Quel âge a-t-il ?", QuantitySort.AGE),
        ("À quelle heure ?", QuantitySort.TIME),
        ("Quel pourcentage ?", QuantitySort.SHARE),
        ("À quel prix ?", QuantitySort.MONEY),
        ("How far is it?", QuantitySort.LENGTH),
        ("How many barrels?", QuantitySort.COUNT),
    ],
)
def test_a_number_that_is_asked_for_has_a_sort(question: str, sort: QuantitySort) -> None:
    found = classify_question(question)
    assert (found.question_type, found.sort) == (QuestionType.HOW_MANY, sort)


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Quand Kim est-il parti ?", {AnswerType.DATE}),
        ("How many barrels?", {AnswerType.NUMBER}),
        ("Qui a rencontré Poutine ?", {AnswerType.PERSON}),
        ("Dans quelle ville ?", {AnswerType.PLACE}),
        ("Pourquoi ?", set()),
    ],
)
def test_some_forms_expect_a_kind_that_a_text_shows(question: str, kinds: set[AnswerType]) -> None:
    assert answer_types(question) == kinds


def test_what_is_counted_is_the_word_after_how_many() -> None:
    assert counted_word("combien de barils en juillet") == "barils"
    assert counted_word("how many barrels") == "barrels"
    assert counted_word("how much oil") is None


def found(text: str, kind: AnswerType) -> list[str]:
    return [span.of(text) for span in find_answer_type(text, kind)]


def test_dates_numbers_and_names_are_told_by_their_form() -> None:
    text = "Le 9 septembre 2023, Jo Chun Ryong a vu 10\u00a0933 barils, soit 5 % de plus qu’en mai."
    assert found(text, AnswerType.DATE) == ["9 septembre 2023", "mai"]
    assert found(text, AnswerType.NUMBER) == ["10\u00a0933 barils", "5 %"]
    assert found(text, AnswerType.PERSON) == ["Jo Chun Ryong"]


@given(st.text(st.characters(), max_size=200), st.sampled_from(AnswerType))
def test_what_is_found_by_its_form_is_a_slice(text: str, kind: AnswerType) -> None:
    end = 0
    for span in find_answer_type(text, kind):
        assert end <= span.start < span.end <= len(text)
        end = span.end


@given(st.text(st.characters(), max_size=200))
def test_any_text_asks_for_something_or_nothing(text: str) -> None:
    assert classify_question(text).question_type in QuestionType
