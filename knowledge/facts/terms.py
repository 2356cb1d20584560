"""The terms that a fact is looked up by, in French and in English whatever its language."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.analysis import concept_term
from knowledge.gazetteer import find_names
from knowledge.language import Token, is_stop_word, stems, tokenize
from knowledge.model import Fact, FactKind

__all__ = ["quoted_terms", "spoken_terms", "terms_of", "word_terms"]

_LANGUAGES = ("fr", "en")
_KIND_WORDS = {
    FactKind.DATE: "date quand when",
    FactKind.QUANTITY: "chiffre nombre quantité number figure quantity",
    FactKind.PERSON: "personne qui person who",
    FactKind.ORGANISATION: "organisation organization",
    FactKind.PLACE: "lieu endroit place",
    FactKind.QUOTE: "citation propos quote",
    FactKind.SOURCE: "source",
    FactKind.CLAIM: "affirmation claim",
}


def word_terms(token: Token) -> tuple[str, ...]:
    """Return the terms of a word: folded, and stemmed by either language."""
    stemmed = [stem for language in _LANGUAGES for stem in stems(token, language)]
    return tuple(dict.fromkeys([token.folded, *stemmed]))


def terms_of(text: str) -> Iterator[str]:
    """Yield the terms of a text: its content words, and what its names stand for."""
    for token in tokenize(text):
        if not is_stop_word(token.folded, None, lower=token.lower):
            yield from word_terms(token)
    for name in find_names(text):
        yield concept_term(name.concept, is_metonym=False)


def spoken_terms(fact: Fact) -> list[str]:
    """Return the terms of a fact's statements, other words, values and kind, each once."""
    texts = [
        *fact.statements.values(), fact.statement, *fact.aliases, fact.speaker, fact.role,
        fact.counted, fact.unit, _KIND_WORDS[fact.kind],
    ]  # fmt: skip
    if isinstance(fact.value, str):
        texts.append(fact.value)
    return list(dict.fromkeys(term for text in texts if text for term in terms_of(text)))


def quoted_terms(fact: Fact) -> list[str]:
    """Return the terms of the words that say a fact, each once."""
    return list(dict.fromkeys(terms_of(fact.text)))
