"""What the index holds of a text: the terms of its content words and of the names in it.

Where its words stand is read anew from the few texts that are looked into; names are stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from knowledge.entities.analysed_text import AnalysedText
from knowledge.entities.numerals import tells_number
from knowledge.model import Span
from knowledge.text.tokens import (
    MAX_WORD_CHARACTERS,
    Token,
    is_stop_word,
    read_word,
    stems,
    written_words,
)

__all__ = [
    "ENGINE_VERSION",
    "IndexTerms",
    "IndexedTerms",
    "Occurrence",
    "concept_term",
    "index_terms",
    "number_terms",
    "occurrences",
    "pack_names",
]

_REMEMBERED = 100_000
"""Words of a language whose terms are kept."""

ENGINE_VERSION = 12
"""Counts every change to what is stored for an article; an older index is analysed again."""


@dataclass(frozen=True, slots=True)
class IndexedTerms:
    """The terms that a stretch of text is found by, and where it stands."""

    terms: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """What a text is found by: the terms of its ``length`` content words and of its ``names``.

    ``folded`` are its content words as they are spelled, without case and accents; ``names`` the
    places, organisations and months that it names, in order, and the numbers that it writes in
    letters.
    """

    length: int
    terms: tuple[str, ...]
    folded: tuple[str, ...]
    names: tuple[IndexedTerms, ...]


class Occurrence(NamedTuple):
    """A word or a name of a text, and which of the terms looked for it has.

    ``place``: how many content words stand before it; ``None`` for a name that is no single one.
    """

    terms: tuple[str, ...]
    span: Span
    place: int | None


def index_terms(text: AnalysedText) -> IndexTerms:
    """Return what a text is found by, by the rules of its language."""
    terms: list[str] = []
    folded: list[str] = []
    language = text.language
    telling: list[int] = []
    for token in text.tokens:
        own, is_telling = _read(token.folded, token.lower, language)
        if is_telling:
            telling.append(token.start)
        if own:
            terms += own
            folded.append(token.folded)
    names = (
        *(
            IndexedTerms((concept_term(name.concept, is_metonym=name.is_metonym),), name.span)
            for name in text.known_names
        ),
        *(IndexedTerms((term,), span) for span, term in _numbers_beside(telling, text)),
    )
    terms += [term for name in names for term in name.terms]
    return IndexTerms(len(folded), tuple(terms), tuple(folded), names)


def occurrences(text: str, language: str | None, names: str, asked: Set[str]) -> list[Occurrence]:
    """Return the words and then the names of a text, each in order, that have any of the terms
    ``asked``, by the rules of its language; ``names``: its names as ``pack_names`` stored them."""
    terms_of = _terms_of_words(language)
    named = _names_among(names, asked)
    starts = {name.span.start for name in named}
    places: dict[Span, int] = {}
    found: list[Occurrence] = []
    place = 0
    for match in written_words(text):
        terms = terms_of[match[0]]
        if not terms:
            continue
        if not asked.isdisjoint(terms):
            found.append(Occurrence(_among(terms, asked), Span(*match.span()), place))
        if starts and match.start() in starts:
            places[Span(*match.span())] = place
        place += 1
    return [*found, *(Occurrence(one.terms, one.span, places.get(one.span)) for one in named)]


def _names_among(packed: str, asked: Set[str]) -> list[IndexedTerms]:
    """Return the names that have any of the terms ``asked``, and these of their terms."""
    if not any(term in packed for term in asked):  # most texts, unread
        return []
    return [
        IndexedTerms(_among(name.terms, asked), name.span)
        for name in _unpack_names(packed)
        if not asked.isdisjoint(name.terms)
    ]


def _among(terms: tuple[str, ...], asked: Set[str]) -> tuple[str, ...]:
    return tuple(term for term in terms if term in asked)


def pack_names(names: Sequence[IndexedTerms]) -> str:
    """Return names as the index keeps them: ``[[start, end, term, ...], ...]``, "" for none."""
    if not names:
        return ""
    rows = [[name.span.start, name.span.end, *name.terms] for name in names]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _unpack_names(packed: str) -> tuple[IndexedTerms, ...]:
    rows = json.loads(packed) if packed else ()
    return tuple(IndexedTerms(tuple(terms), Span(start, end)) for start, end, *terms in rows)


class _TermsOfWords(dict[str, tuple[str, ...]]):
    """The terms of the words of a language as they are written; none where one carries no content.

    Faster than a cache that keeps an order: most of what is looked into are words seen before.
    """

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, word: str) -> tuple[str, ...]:
        folded, lower = read_word(word[:MAX_WORD_CHARACTERS])
        terms = _read(folded, lower, self._language)[0] if folded else ()
        if len(word) <= MAX_WORD_CHARACTERS:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = terms
        return terms


@lru_cache(maxsize=8)
def _terms_of_words(language: str | None) -> _TermsOfWords:
    return _TermsOfWords(language)


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


def _numbers_beside(places: Sequence[int], text: AnalysedText) -> Iterator[tuple[Span, str]]:
    """Yield ``number_terms`` from the words at ``places`` that tell of numbers: none goes beyond
    its sentence, and the words of the others need not be looked at."""
    if not places:
        return
    for sentence in text.sentences:
        if any(sentence.start <= place < sentence.end for place in places):
            part = AnalysedText(sentence.of(text.text), text.language)
            for span, term in number_terms(part):
                yield Span(sentence.start + span.start, sentence.start + span.end), term


def concept_term(concept: str, *, is_metonym: bool) -> str:
    """Return the index term of a concept of the gazetteer.

    A name that stands for it ("Kremlin") has a term of its own, so that it can count less. No
    word has these terms: they start with a character that words cannot have.
    """
    return f"{'~' if is_metonym else '@'}{concept}"
