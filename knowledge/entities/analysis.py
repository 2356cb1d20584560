"""What the index holds of a text: its content words and the names in it, as terms with places."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from knowledge.entities.analysed_text import AnalysedText
from knowledge.entities.numerals import tells_number
from knowledge.model import Span
from knowledge.text.tokens import Token, is_stop_word, stems

__all__ = [
    "ENGINE_VERSION",
    "Analysis",
    "IndexedTerms",
    "analyse",
    "concept_term",
    "number_terms",
]

ENGINE_VERSION = 11
"""Counts every change to what is stored for an article; an older index is analysed again."""


@dataclass(frozen=True, slots=True)
class IndexedTerms:
    """The terms that a stretch of text is found by, and where it stands."""

    terms: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Analysis:
    """A text as the index sees it.

    ``words`` are its content words in order; ``folded`` the same as they are spelled, without
    case and accents; ``names`` the places, organisations and months that it names, in order, and
    the numbers that it writes in letters.
    """

    words: tuple[IndexedTerms, ...]
    folded: tuple[str, ...]
    names: tuple[IndexedTerms, ...]

    def to_json(self) -> str:
        """Return words and names as ``[[[start, end, term, ...], ...], [...]]``."""
        return json.dumps(
            [
                [[part.span.start, part.span.end, *part.terms] for part in parts]
                for parts in (self.words, self.names)
            ],
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @staticmethod
    @lru_cache(maxsize=1_024)
    def from_json(stored: str) -> Analysis:
        """Return what ``to_json`` stored; ``folded`` is not kept and empty."""
        words, names = (
            tuple(IndexedTerms(tuple(terms), Span(start, end)) for start, end, *terms in parts)
            for parts in json.loads(stored)
        )
        return Analysis(words, (), names)


def analyse(text: AnalysedText) -> Analysis:
    """Return what the index holds of a text by the rules of its language."""
    words: list[IndexedTerms] = []
    folded: list[str] = []
    language = text.language
    tells = False
    for token in text.tokens:
        terms, is_telling = _read(token.folded, token.lower, language)
        tells |= is_telling
        if terms:
            words.append(IndexedTerms(terms, token.span))
            folded.append(token.folded)
    numbers = number_terms(text) if tells else ()
    names = (
        *(
            IndexedTerms((concept_term(name.concept, is_metonym=name.is_metonym),), name.span)
            for name in text.known_names
        ),
        *(IndexedTerms((term,), span) for span, term in numbers),
    )
    return Analysis(tuple(words), tuple(folded), names)


@lru_cache(maxsize=200_000)
def _read(folded: str, lower: str, language: str | None) -> tuple[tuple[str, ...], bool]:
    """Return the terms of a word, none where it carries no content, and whether a text that has it
    may write a number in letters."""
    is_function = is_stop_word(folded, language, lower=lower)
    terms = () if is_function else stems(Token(folded, lower, 0, len(lower)), language or "")
    return terms, tells_number(folded, language)


def number_terms(text: AnalysedText) -> Iterator[tuple[Span, str]]:
    """Yield the numbers that a text writes in letters (French, English), each with the index term
    of the same number in digits."""
    for span, value in text.numerals.spelled():
        yield span, str(value)


def concept_term(concept: str, *, is_metonym: bool) -> str:
    """Return the index term of a concept of the gazetteer.

    A name that stands for it ("Kremlin") has a term of its own, so that it can count less. No
    word has these terms: they start with a character that words cannot have.
    """
    return f"{'~' if is_metonym else '@'}{concept}"
