"""The terms that a fact is looked up by, in each language with rules whatever its own."""

from __future__ import annotations

from functools import cache, lru_cache

from knowledge.entities.analysis import concept_term
from knowledge.entities.gazetteer import find_names, may_name
from knowledge.languages import ruled_languages, vocabulary
from knowledge.model import Fact, FactKind
from knowledge.text.tokens import Token, is_stop_word, stems, tokenize

__all__ = ["quoted_terms", "spoken_terms", "terms_of", "word_terms"]


def word_terms(token: Token) -> tuple[str, ...]:
    """Return the terms of a word: folded, and stemmed by each language that facts are found in."""
    stemmed = [stem for language in ruled_languages() for stem in stems(token, language)]
    return tuple(dict.fromkeys([token.folded, *stemmed]))


@lru_cache(maxsize=4_096)  # names and units come again and again
def terms_of(text: str) -> tuple[str, ...]:
    """Return the terms of a text: its content words, and what its names stand for."""
    tokens = list(tokenize(text))
    terms = [term for one in tokens for term in _content_terms(one.folded, one.lower)]
    if may_name(text, [token.folded for token in tokens]):
        terms += [concept_term(one.concept, is_metonym=False) for one in find_names(text)]
    return tuple(terms)


@lru_cache(maxsize=100_000)
def _content_terms(folded: str, lower: str) -> tuple[str, ...]:
    """Return the terms of a word, none where it carries no content."""
    if is_stop_word(folded, None, lower=lower):
        return ()
    return word_terms(Token(folded, lower, 0, len(lower)))


def spoken_terms(fact: Fact) -> list[str]:
    """Return the terms of a fact's statements, other words, values and kind, each once.

    A whole number is among them in digits, however it is written. Function words among the words
    for the kind count in a look-up that has nothing else.
    """
    texts = [
        *fact.statements.values(), fact.statement, *fact.aliases, fact.speaker, fact.role,
        fact.counted, fact.unit, *_values(fact),
    ]  # fmt: skip
    terms = [term for text in texts if text for term in terms_of(text)]
    return list(dict.fromkeys([*terms, *_kind_terms(fact.kind)]))


@cache
def _kind_terms(kind: FactKind) -> tuple[str, ...]:
    words = " ".join(vocabulary().reporting.kinds[kind])
    return tuple(term for token in tokenize(words) for term in word_terms(token))


def _values(fact: Fact) -> list[str]:
    if isinstance(fact.value, str):
        return [fact.value]
    numbers = fact.value if isinstance(fact.value, tuple) else (fact.value,)
    return [str(int(one)) for one in numbers if one is not None and float(one).is_integer()]


def quoted_terms(fact: Fact) -> list[str]:
    """Return the terms of the words that say a fact, each once."""
    return list(dict.fromkeys(terms_of(fact.text)))
