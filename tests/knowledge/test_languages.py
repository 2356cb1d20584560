"""What is known of languages: one file each, and all of them together as one."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from knowledge.entities import Approximation, QuantitySort, analysed
from knowledge.entities.units import units
from knowledge.facts.terms import spoken_terms
from knowledge.languages import is_function_word, known_languages, ruled_languages, vocabulary
from knowledge.languages.reading import read, united
from knowledge.model import Fact, FactKind, FactOrigin, Span
from knowledge.questions.phrases import chat_phrases
from knowledge.questions.question_words import QuestionType, question_words
from knowledge.text.detection import detect_language
from knowledge.text.tokens import fold, is_stop_word

KNOWN = known_languages()
AS_WRITTEN = {"function_words.accented", "function_words.telltale", "reporting.kinds"}
"""Entries whose words have their accents."""
PATTERNS = {"numbers.ordinal_rules", "questions.characters", *(
    f"chat.{one}" for one in (
        "greetings", "courtesies", "apologies", "connectives", "requests", "topics", "tails",
        "idle", "instructions", "complaints", "unspaced",
    )
)}  # fmt: skip
"""Entries that are no words, but rules and regular expressions."""


def entries(table: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the name and the value of each entry of a language."""
    for field in fields(table):
        value, name = getattr(table, field.name), f"{place}{field.name}"
        if is_dataclass(value):
            yield from entries(value, f"{name}.")
        else:
            yield name, value


def listed(value: Any) -> Iterator[str]:
    """Yield the words of an entry."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from [key] if isinstance(inner, int) else listed(inner)
    elif not isinstance(value, int):
        yield from value


@pytest.mark.parametrize("code", KNOWN)
def test_words_are_folded_but_for_those_where_accents_count(code: str) -> None:
    for name, value in entries(KNOWN[code]):
        for word in listed(value):
            if name not in PATTERNS and word[-1] not in "²³":  # "km²", which is read as such
                assert word == (word.lower() if name in AS_WRITTEN else fold(word)), name


def test_facts_are_found_in_french_and_english_and_english_counts_in_doubt() -> None:
    assert ruled_languages() == ("fr", "en")


@pytest.mark.parametrize("code", ruled_languages())
def test_numbers_are_in_order(code: str) -> None:
    language = KNOWN[code]
    assert list(language.numbers.small.values()) == list(range(len(language.numbers.small)))
    assert len(language.dates.weekdays) == 7
    assert set(language.dates.seasons.values()) <= set(range(1, 13))
    assert set(language.dates.parts.values()) <= {0, 1, 2, 3}


@pytest.mark.parametrize("code", KNOWN)
def test_names_in_a_file_are_those_that_the_engine_knows(code: str) -> None:
    language = KNOWN[code]
    measured = {"any", *QuantitySort}
    assert set(language.questions.types) <= set(QuestionType)
    assert set(language.questions.characters) <= set(QuestionType)
    assert set(language.questions.numbers) <= measured
    assert set(language.questions.measuring) <= measured
    assert set(language.questions.number_nouns) <= measured
    assert set(language.quantities.approximations) <= set(Approximation)
    assert set(language.quantities.units) <= {unit.name for unit in units().values()}
    assert set(language.reporting.kinds) <= set(FactKind)


@pytest.mark.parametrize("code", KNOWN)
def test_an_accented_function_word_is_one_without_its_accents(code: str) -> None:
    function_words = KNOWN[code].function_words
    assert {fold(word) for word in function_words.accented} <= function_words.words


@pytest.mark.parametrize("kind", FactKind)
def test_a_fact_is_found_by_the_name_of_its_kind(kind: FactKind) -> None:
    fact = Fact("f", kind, FactOrigin.CURATED, "a", "p", 1, Span(0, 1), "x", "x")
    assert len(spoken_terms(fact)) > 1


@pytest.mark.parametrize(
    ("folded", "language", "lower", "expected"),
    [
        ("mais", "fr", "mais", True),
        ("mais", "fr", "maïs", False),
        ("mais", "en", "mais", False),
        ("the", "fr", "the", False),
        ("the", "es", "the", True),  # no function words of its own: what is one in any language
        ("the", "xx", "the", True),  # no file
        ("mais", None, "mais", True),
    ],
)
def test_accents_and_language_tell_function_words(
    folded: str, language: str | None, lower: str, *, expected: bool
) -> None:
    assert is_function_word(folded, language, lower) is expected
    assert is_stop_word(folded, language, lower=lower) is expected


@pytest.mark.parametrize("code", ruled_languages())
def test_a_telltale_word_tells_the_language_of_a_name(code: str) -> None:
    for word in KNOWN[code].function_words.telltale:
        assert detect_language(f"{word} Vladivostok") == code


def test_the_words_of_all_languages_are_those_of_one() -> None:
    together = vocabulary()
    for language in KNOWN.values():
        assert language.function_words.words <= together.function_words.words
        assert language.dates.weekdays <= together.dates.weekdays
        assert language.numbers.tens.items() <= together.numbers.tens.items()
        assert set(language.chat.requests) <= set(together.chat.requests)


def test_a_word_means_what_it_does_in_the_language_of_the_text() -> None:
    one = read({"precedence": 1, "numbers": {"scales": {"billion": 12}, "tens": {"dix": 10}}})
    two = read({"precedence": 2, "numbers": {"scales": {"billion": 9}}})
    assert united([one, two]).numbers.scales == {"billion": 9}
    assert united([two, one]).numbers.scales == {"billion": 12}
    assert united([one, two]).numbers.tens == {"dix": 10}


def test_every_question_word_of_every_language_is_looked_up() -> None:
    for language in KNOWN.values():
        for name, words in language.questions.types.items():
            assert {question_words().types[word] for word in words} == {QuestionType(name)}


def test_every_phrase_is_a_regular_expression() -> None:
    phrases = chat_phrases()
    for name in (field.name for field in fields(phrases)):
        assert not getattr(phrases, name).at_start(["vladivostok"])
        assert not getattr(phrases, name).at_end(["vladivostok"])
        assert getattr(phrases, name).within(["vladivostok"]) is None


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ({"dates": {"weekday": "montag"}}, r"“dates\.weekday” is not known\. There are: weekdays,"),
        ({"dates": {"weekdays": 7}}, r"“dates\.weekdays” cannot be 7"),
        ({"numbers": {"tens": {"zwanzig": "20"}}}, r"“numbers\.tens\.zwanzig” cannot be '20'"),
        ({"chat": "hallo"}, "“chat” cannot be 'hallo'"),
    ],
)
def test_a_wrong_entry_is_named(written: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(written)


def test_a_text_in_several_languages_is_read_with_the_words_of_all() -> None:
    [quantity] = analysed("Il y a forty-deux baril of wine", "fr").quantities[:1]
    assert quantity.value == 42
