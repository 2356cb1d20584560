"""The words of questions by what they ask for, of all languages together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from knowledge.entities import QuantitySort
from knowledge.languages import known_languages, vocabulary
from knowledge.languages.language import Questions

__all__ = ["QuestionType", "QuestionWords", "answer_type_nouns", "question_words"]


class QuestionType(StrEnum):
    """What a question's words ask for. ``OTHER``: nothing that they tell (yes or no, keywords)."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    WHY = "why"
    DEFINITION = "definition"
    NAME = "name"
    WHICH = "which"
    HOW = "how"
    WHAT = "what"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The words of questions as they are looked up.

    ``types``: what a question word, or two words with a space between, asks for. ``numbers``,
    ``measuring`` and ``number_nouns``: what is measured, ``None`` where that is not told.
    ``characters`` finds what asks in scripts that write no space between words; its groups are
    named for the types.
    """

    words: Questions
    types: Mapping[str, QuestionType]
    numbers: Mapping[str, QuantitySort | None]
    measuring: Mapping[str, QuantitySort | None]
    number_nouns: Mapping[str, QuantitySort | None]
    characters: re.Pattern[str]


@cache
def question_words() -> QuestionWords:
    """Return the words of all languages; a word means what it does to the last that has it."""
    types: dict[str, QuestionType] = {}
    for language in known_languages().values():
        for name, words in language.questions.types.items():
            types |= dict.fromkeys(words, QuestionType(name))
    words = vocabulary().questions
    groups = [
        f"(?P<{kind}>{'|'.join(words.characters[kind])})"
        for kind in QuestionType
        if kind in words.characters
    ]
    return QuestionWords(
        words,
        types,
        _measured(words.numbers),
        _measured(words.measuring),
        _measured(words.number_nouns),
        re.compile("|".join(groups)),
    )


def _measured(words: Mapping[str, tuple[str, ...]]) -> dict[str, QuantitySort | None]:
    return {
        word: None if name == "any" else QuantitySort(name)
        for name, listed in words.items()
        for word in listed
    }


@cache
def answer_type_nouns() -> frozenset[str]:
    """Return the nouns that name a kind of answer ("quelle année", "what city"): the answer rarely
    says them."""
    words = vocabulary().questions
    return words.dates | words.places | words.people | words.unsaid
