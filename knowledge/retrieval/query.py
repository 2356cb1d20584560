"""What a question asks for: its content words, as the terms that the index may know them by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.expectation import KIND_NOUNS, AnswerKind, expected_kinds
from knowledge.language import Token, is_stop_word, stems, tokenize
from knowledge.retrieval.spelling import Speller

__all__ = ["MAX_QUESTION_CHARACTERS", "Query", "QueryTerm", "TermForm", "read_query"]

MAX_QUESTION_CHARACTERS = 2_000
"""What is read of a question; Discord's longest message."""

_MAX_TERMS = 40
_MAX_INDEX_LANGUAGES = 6
_KIND_NOUN_WEIGHT = 0.3
_TYPO_WEIGHTS = {0: 0.9, 1: 0.8, 2: 0.6}
_STEM_WEIGHT = 0.75

PassageCounts = Callable[[Sequence[str]], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class TermForm:
    """An index term that stands for a word of the question.

    ``weight`` is 1 as written and less when corrected; the index has it in ``passages`` passages.
    """

    term: str
    weight: float
    passages: int


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A content word of the question; without forms where the index knows nothing like it."""

    word: str
    forms: tuple[TermForm, ...]
    weight: float = 1.0

    @property
    def is_corrected(self) -> bool:
        """Whether the index knows the word only as corrected."""
        return bool(self.forms) and all(form.weight < 1 for form in self.forms)


@dataclass(frozen=True, slots=True)
class Query:
    """A question's content words, each once, in the order of the text, and what it asks for."""

    text: str
    terms: tuple[QueryTerm, ...]
    kinds: frozenset[AnswerKind]


def read_query(
    text: str, languages: Sequence[str], passage_counts: PassageCounts, speller: Speller
) -> Query:
    """Read a question against an index.

    ``languages``: those of the index, most frequent first. ``passage_counts`` gives the number
    of passages of each term that the index has. A word is looked up as the index's languages
    stem it, else as French and English do (cognates), and only then corrected.
    """
    text = text[:MAX_QUESTION_CHARACTERS]
    kinds = expected_kinds(text)
    own = languages[:_MAX_INDEX_LANGUAGES]
    tokens = _content_words(text)
    terms: list[QueryTerm] = []
    for token in tokens:
        forms = (
            _forms(_stems(token, own), passage_counts)
            or _forms(_stems(token, ("fr", "en")), passage_counts)
            or _forms(_corrected(token, own, speller), passage_counts)
        )
        weight = _KIND_NOUN_WEIGHT if kinds and token.folded in KIND_NOUNS else 1.0
        terms.append(QueryTerm(token.folded, forms, weight))
    return Query(text, tuple(terms), kinds)


def _content_words(text: str) -> list[Token]:
    tokens: dict[str, Token] = {}
    for token in tokenize(text):
        if not is_stop_word(token.folded, None):
            tokens.setdefault(token.folded, token)
            if len(tokens) == _MAX_TERMS:
                break
    return list(tokens.values())


def _stems(token: Token, languages: Sequence[str]) -> dict[str, float]:
    return {term: 1.0 for language in languages for term in stems(token, language)}


def _corrected(token: Token, languages: Sequence[str], speller: Speller) -> dict[str, float]:
    """Return the stems of the nearest words; where there are none, the nearest stems.

    A word may be misspelt and inflected in another way than in the articles, both at once.
    """
    weights: dict[str, float] = {}
    for suggestion in speller.suggest(token.folded):
        word = replace(token, folded=suggestion.word, lower=suggestion.word)
        for term in _stems(word, languages):
            weights.setdefault(term, _TYPO_WEIGHTS[suggestion.typos])
    if not weights:
        for stem in _stems(token, languages):
            for suggestion in speller.suggest(stem):
                weight = _STEM_WEIGHT * _TYPO_WEIGHTS[suggestion.typos]
                weights.setdefault(suggestion.word, weight)
    return weights


def _forms(weights: Mapping[str, float], passage_counts: PassageCounts) -> tuple[TermForm, ...]:
    counts = passage_counts(list(weights))
    return tuple(
        TermForm(term, weight, counts[term]) for term, weight in weights.items() if term in counts
    )
