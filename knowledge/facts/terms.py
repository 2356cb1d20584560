"""The terms that a fact is looked up by, in French and in English whatever its language."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.entities.analysis import concept_term
from knowledge.entities.gazetteer import find_names
from knowledge.languages import CODES
from knowledge.model import Fact, FactKind
from knowledge.text.tokens import Token, is_stop_word, stems, tokenize

__all__ = ["quoted_terms", "spoken_terms", "terms_of", "word_terms"]

# Function words among them count in a look-up that has nothing else.
_KIND_WORDS = {
    FactKind.DATE: "date dates quand when",
    FactKind.QUANTITY: "chiffre chiffres nombre quantité combien number figure figures quantity",
    FactKind.PERSON: "personne personnes qui person who people",
    FactKind.ORGANISATION: "organisation organisations organization",
    FactKind.PLACE: "lieu lieux endroit où place places where",
    FactKind.QUOTE: "citation citations propos quote quotes",
    FactKind.SOURCE: "source sources",
    FactKind.CLAIM: "affirmation affirmations claim claims",
}


def word_terms(token: Token) -> tuple[str, ...]:
    """Return the terms of a word: folded, and stemmed by either language."""
    stemmed = [stem for language in CODES for stem in stems(token, language)]
    return tuple(dict.fromkeys([token.folded, *stemmed]))


def terms_of(text: str) -> Iterator[str]:
    """Yield the terms of a text: its content words, and what its names stand for."""
    for token in tokenize(text):
        if not is_stop_word(token.folded, None, lower=token.lower):
            yield from word_terms(token)
    for name in find_names(text):
        yield concept_term(name.concept, is_metonym=False)


def spoken_terms(fact: Fact) -> list[str]:
    """Return the terms of a fact's statements, other words, values and kind, each once.

    A whole number is among them in digits, however it is written.
    """
    texts = [
        *fact.statements.values(), fact.statement, *fact.aliases, fact.speaker, fact.role,
        fact.counted, fact.unit, *_values(fact),
    ]  # fmt: skip
    terms = [term for text in texts if text for term in terms_of(text)]
    terms += [term for token in tokenize(_KIND_WORDS[fact.kind]) for term in word_terms(token)]
    return list(dict.fromkeys(terms))


def _values(fact: Fact) -> list[str]:
    if isinstance(fact.value, str):
        return [fact.value]
    numbers = fact.value if isinstance(fact.value, tuple) else (fact.value,)
    return [str(int(one)) for one in numbers if one is not None and float(one).is_integer()]


def quoted_terms(fact: Fact) -> list[str]:
    """Return the terms of the words that say a fact, each once."""
    return list(dict.fromkeys(terms_of(fact.text)))
