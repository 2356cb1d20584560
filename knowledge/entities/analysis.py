"""What the index holds of a text: the terms of its content words and of the names in it.

Where its words stand is read anew from the few texts that are looked into; names are stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.entities.analysed_text import AnalysedText
from knowledge.entities.numerals import belongs_to_number, tells_number, value_alone
from knowledge.model import Span
from knowledge.text.tokens import Token, fold, is_stop_word, stems, tokenize

__all__ = [
    "ENGINE_VERSION",
    "Analysis",
    "IndexTerms",
    "IndexedTerms",
    "analysis_of",
    "concept_term",
    "index_terms",
    "number_terms",
    "pack_names",
]

ENGINE_VERSION = 12
"""Counts every change to what is stored for an article; an older index is analysed again."""

_APART = " \n\t\u00a0\u202f.,;:!?…()[]«»“”\"'’-–—/"
"""Signs that are part of no word."""


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


@dataclass(frozen=True, slots=True)
class Analysis:
    """Where a text has its terms: those of its content words and of its names, each in order."""

    words: tuple[IndexedTerms, ...]
    names: tuple[IndexedTerms, ...]


def index_terms(text: AnalysedText) -> IndexTerms:
    """Return what a text is found by, by the rules of its language."""
    terms: list[str] = []
    folded: list[str] = []
    language = text.language
    telling: list[int] = []
    for at, token in enumerate(text.tokens):
        own, is_telling = _read(token.folded, token.lower, language)
        if is_telling:
            telling.append(at)
        if own:
            terms += own
            folded.append(token.folded)
    names = (
        *(
            IndexedTerms((concept_term(name.concept, is_metonym=name.is_metonym),), name.span)
            for name in text.known_names
        ),
        *(IndexedTerms((term,), span) for span, term in _numbers_at(telling, text)),
    )
    terms += [term for name in names for term in name.terms]
    return IndexTerms(len(folded), tuple(terms), tuple(folded), names)


@lru_cache(maxsize=1_024)
def analysis_of(text: str, language: str | None, names: str) -> Analysis:
    """Return where a text has its terms; ``names``: its names as ``pack_names`` stored them."""
    words: list[IndexedTerms] = []
    for token in tokenize(text):
        terms, _ = _read(token.folded, token.lower, language)
        if terms:
            words.append(IndexedTerms(terms, token.span))
    return Analysis(tuple(words), _unpack_names(names))


def pack_names(names: Sequence[IndexedTerms]) -> str:
    """Return names as the index keeps them: ``[[start, end, term, ...], ...]``, "" for none."""
    if not names:
        return ""
    rows = [[name.span.start, name.span.end, *name.terms] for name in names]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _unpack_names(packed: str) -> tuple[IndexedTerms, ...]:
    rows = json.loads(packed) if packed else ()
    return tuple(IndexedTerms(tuple(terms), Span(start, end)) for start, end, *terms in rows)


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


def _numbers_at(places: Sequence[int], text: AnalysedText) -> Iterator[tuple[Span, str]]:
    """Yield ``number_terms`` from those of the tokens, at ``places``, that tell of numbers.

    Most are numbers by themselves. None goes beyond its sentence: where others are, only the words
    of these sentences are looked at.
    """
    if all(_is_alone(at, text) for at in places):
        yield from _values_alone(places, text)
        return
    for sentence in text.sentences:
        own = [at for at in places if sentence.start <= text.tokens[at].start < sentence.end]
        if all(_is_alone(at, text) for at in own):
            yield from _values_alone(own, text)
            continue
        part = AnalysedText(sentence.of(text.text), text.language)
        for span, term in number_terms(part):
            yield Span(sentence.start + span.start, sentence.start + span.end), term


def _values_alone(places: Sequence[int], text: AnalysedText) -> Iterator[tuple[Span, str]]:
    for token in map(text.tokens.__getitem__, places):
        value = value_alone(token.folded, text.language)
        if value is not None:
            yield token.span, str(value)


def _is_alone(at: int, text: AnalysedText) -> bool:
    """Whether a token is a word with no word of a number beside it, however words are parted."""
    tokens, written = text.tokens, text.text
    start, end = tokens[at].start, tokens[at].end
    return (
        written[max(start - 1, 0) : start] in _APART
        and written[end : end + 1] in _APART
        and fold(written[start:end]) == tokens[at].folded
        and tokens[at].folded.isalpha()
        and not any(
            belongs_to_number(tokens[beside].folded, text.language)
            for beside in (at - 1, at + 1)
            if 0 <= beside < len(tokens)
        )
    )


def concept_term(concept: str, *, is_metonym: bool) -> str:
    """Return the index term of a concept of the gazetteer.

    A name that stands for it ("Kremlin") has a term of its own, so that it can count less. No
    word has these terms: they start with a character that words cannot have.
    """
    return f"{'~' if is_metonym else '@'}{concept}"
