"""What the index holds of a text: the terms of its content words and of the names in it.

Where its words stand is read anew from the few texts that are looked into; names are stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.entities.analysed_text import AnalysedText
from knowledge.entities.known_words import words_in
from knowledge.entities.numerals import belongs_to_number, value_alone
from knowledge.model import Span
from knowledge.text.tokens import fold

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

ENGINE_VERSION = 12
"""Counts every change to what is stored for an article; an older index is analysed again."""

_APART = " \n\t\u00a0\u202f.,;:!?…()[]«»“”\"'’-–—/"
"""Signs that are part of no word."""
_IS_PARTED_ELSE = re.compile("[\u00ad\u0483-\u0487\u0591-\u0df3]")
"""Signs inside words, and letters of scripts that have some: ``knowledge.entities.words`` may part
there what is one token."""


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
    words = text.known_words.words
    terms = [term for word in words for term in word.terms]
    folded = tuple([word.folded for word in words if word.terms])
    telling = [at for at, word in enumerate(words) if word.tells_number]
    names = (
        *(
            IndexedTerms((concept_term(name.concept, is_metonym=name.is_metonym),), name.span)
            for name in text.known_names
        ),
        *(IndexedTerms((term,), span) for span, term in _numbers_at(telling, text)),
    )
    terms += [term for name in names for term in name.terms]
    return IndexTerms(len(folded), tuple(terms), folded, names)


def occurrences(text: str, language: str | None, names: str, asked: Set[str]) -> list[Occurrence]:
    """Return the words and then the names of a text, each in order, that have any of the terms
    ``asked``, by the rules of its language; ``names``: its names as ``pack_names`` stored them."""
    named = _names_among(names, asked)
    starts = {name.span.start for name in named}
    places: dict[Span, int] = {}
    found: list[Occurrence] = []
    place = 0
    words, _, spans = words_in(text, language)
    for at, (_, _, terms, _) in enumerate(words):
        if not terms:
            continue
        if not asked.isdisjoint(terms):
            found.append(Occurrence(_among(terms, asked), Span(*spans[at]), place))
        if starts and spans[at][0] in starts:
            places[Span(*spans[at])] = place
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


def number_terms(text: AnalysedText) -> Iterator[tuple[Span, str]]:
    """Yield the numbers that a text writes in letters (French, English), each with the index term
    of the same number in digits."""
    for span, value in text.numerals.spelled():
        yield span, str(value)


def _numbers_at(places: Sequence[int], text: AnalysedText) -> Iterator[tuple[Span, str]]:
    """Yield ``number_terms`` from those of the words, at ``places``, that tell of numbers.

    Most are numbers by themselves. None goes beyond its sentence: where others are, only the words
    of these sentences are looked at.
    """
    if not places:
        return
    alone = () if _IS_PARTED_ELSE.search(text.text) else _alone(places, text)
    if len(alone) == len(places):
        yield from _values_alone(places, text)
        return
    spans = text.known_words.spans
    for sentence in text.sentences:
        own = [at for at in places if sentence.start <= spans[at][0] < sentence.end]
        if all(at in alone for at in own):
            yield from _values_alone(own, text)
            continue
        part = AnalysedText(sentence.of(text.text), text.language)
        for span, term in number_terms(part):
            yield Span(sentence.start + span.start, sentence.start + span.end), term


def _values_alone(places: Sequence[int], text: AnalysedText) -> Iterator[tuple[Span, str]]:
    for at in places:
        value = value_alone(text.known_words.folded[at], text.language)
        if value is not None:
            yield Span(*text.known_words.spans[at]), str(value)


def _alone(places: Sequence[int], text: AnalysedText) -> Sequence[int]:
    """Return those of ``places`` whose words have no word of a number beside them."""
    _, folded, spans = text.known_words
    return [
        at
        for at in places
        if _is_apart(text.text, *spans[at], folded[at])
        and not any(
            belongs_to_number(beside, text.language)
            for beside in (*folded[max(at - 1, 0) : at], *folded[at + 1 : at + 2])
        )
    ]


def _is_apart(text: str, start: int, end: int, folded: str) -> bool:
    """Whether a token is a word however words are parted."""
    return (
        text[max(start - 1, 0) : start] in _APART
        and text[end : end + 1] in _APART
        and text[start:end].isalpha()
        and fold(text[start:end]) == folded
    )


def concept_term(concept: str, *, is_metonym: bool) -> str:
    """Return the index term of a concept of the gazetteer.

    A name that stands for it ("Kremlin") has a term of its own, so that it can count less. No
    word has these terms: they start with a character that words cannot have.
    """
    return f"{'~' if is_metonym else '@'}{concept}"
