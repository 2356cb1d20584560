"""The languages that the engine knows, each in one file."""

from dataclasses import fields

import pytest

from knowledge.languages import CODES, LANGUAGES, Language, is_function_word, merged
from knowledge.text.detection import detect_language
from knowledge.text.tokens import fold, is_stop_word


def test_every_language_has_its_file() -> None:
    assert tuple(LANGUAGES) == CODES


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=CODES)
def test_words_are_folded_but_for_those_where_accents_count(language: Language) -> None:
    written = {"accented_function_words", "telltale_words"}
    for field in fields(Language):
        for word in getattr(language, field.name):
            assert word == (word.lower() if field.name in written else fold(word))


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=CODES)
def test_numbers_are_in_order(language: Language) -> None:
    assert len(language.small_numbers) == len(set(language.small_numbers))
    assert len(language.weekdays) == 7
    assert set(language.seasons.values()) <= set(range(1, 13))
    assert set(language.parts.values()) <= {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("folded", "language", "lower", "expected"),
    [
        ("mais", "fr", "mais", True),
        ("mais", "fr", "maïs", False),
        ("mais", "en", "mais", False),
        ("the", "fr", "the", False),
        ("the", "de", "the", True),  # no file: what is one in any language
        ("mais", None, "mais", True),
    ],
)
def test_accents_and_language_tell_function_words(
    folded: str, language: str | None, lower: str, *, expected: bool
) -> None:
    assert is_function_word(folded, language, lower) is expected
    assert is_stop_word(folded, language, lower=lower) is expected


@pytest.mark.parametrize("code", CODES)
def test_a_telltale_word_tells_the_language_of_a_name(code: str) -> None:
    for word in LANGUAGES[code].telltale_words:
        assert detect_language(f"{word} Vladivostok") == code


def test_mappings_of_all_languages_are_one() -> None:
    assert merged("tens") | {"vingt": 20, "twenty": 20} == merged("tens")
