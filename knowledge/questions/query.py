"""What a question asks for: its content words, as the terms that the index may know them by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import OSA

from knowledge.entities import AnalysedText, analysed
from knowledge.entities.analysis import concept_term, number_terms
from knowledge.entities.gazetteer import NameMatch
from knowledge.languages import ruled_languages, vocabulary
from knowledge.model import Support
from knowledge.questions.answer_type import AnswerType, answer_types
from knowledge.questions.limits import MAX_INDEX_LANGUAGES, MAX_QUESTION_CHARACTERS
from knowledge.questions.question_words import answer_type_nouns
from knowledge.text.spelling import Suggestion, allowed_typos
from knowledge.text.tokens import Token, has_digit, is_stop_word, stems

__all__ = [
    "METONYM",
    "Query",
    "QueryTerm",
    "TermForm",
    "read_query",
]

_MAX_TERMS = 40
_MAX_CORRECTIONS = 12
_ANSWER_TYPE_NOUN_WEIGHT = 0.3
_TYPO_WEIGHTS = {0: 0.9, 1: 0.8, 2: 0.6}
_MISSPELT_STEM = 0.75
_IN_DIGITS = 0.9
_OTHER_NAME = 0.9
METONYM = 0.7
"""What a capital counts for its state, and a state for its capital."""

TermCounts = Callable[[Sequence[str]], Mapping[str, int]]
Suggest = Callable[[str], Sequence[Suggestion]]


@dataclass(frozen=True, slots=True)
class TermForm:
    """An index term that stands for a word of the question.

    ``weight`` is 1 as written and less when it stands for it otherwise, as ``support`` says.
    ``passages``: how many have it (``knowledge.index.IndexReader.term_counts``).
    """

    term: str
    weight: float
    passages: int
    support: Support = Support.SAID


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A content word of the question, or a name of several words; ``written`` as its asker did.

    Without forms where the index knows nothing like it. ``spellings``: the words that it is in
    texts, without case and accents: itself, or where it was corrected what it was taken for.
    ``is_essential``: a number, a month or a name, which nothing else can stand for.
    """

    word: str
    written: str
    forms: tuple[TermForm, ...]
    spellings: tuple[str, ...] = ()
    weight: float = 1.0
    is_essential: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question's content words, each once, in the order of the text, and what it asks for.

    ``language`` is ISO 639-1, ``None`` where it cannot be told; ``is_foreign``: the index has no
    article in it.
    """

    text: str
    terms: tuple[QueryTerm, ...]
    kinds: frozenset[AnswerType]
    language: str | None
    is_foreign: bool


def read_query(
    text: str,
    language: str | None,
    languages: Sequence[str],
    term_counts: TermCounts,
    suggest: Suggest,
) -> Query:
    """Read a question against an index.

    ``language`` is the question's, ``None`` where it cannot be told; ``languages`` those of the
    index, most frequent first. ``term_counts`` counts those of some terms that the index has;
    ``suggest`` tells its words that are nearest to one that it lacks. A word is looked up as the
    index's languages stem it, by its other names where it is one, else as French and English stem
    it (cognates), and only then corrected.
    """
    text = text[:MAX_QUESTION_CHARACTERS]
    kinds = answer_types(text)
    units = _units(text)
    is_foreign = language is not None and bool(languages) and language not in languages
    index = _Index(tuple(languages[:MAX_INDEX_LANGUAGES]), term_counts, suggest)
    index.look_up(
        term
        for tokens, _ in units
        for token in tokens
        for term in _stems(token, (*index.languages, *ruled_languages()))
    )
    terms: dict[str, QueryTerm] = {}
    for tokens, name in units:
        for term in _read_unit(text, tokens, name, index):
            weight = _ANSWER_TYPE_NOUN_WEIGHT if kinds and term.word in answer_type_nouns() else 1.0
            essential = name is not None or _is_essential(
                text, tokens[0], term, capitals=language != "de", is_foreign=is_foreign
            )
            terms.setdefault(term.word, replace(term, weight=weight, is_essential=essential))
    return Query(text, tuple(terms.values()), kinds, language, is_foreign)


def _is_essential(
    text: str, token: Token, term: QueryTerm, *, capitals: bool, is_foreign: bool
) -> bool:
    """Whether a word is a number, or a name by its capital, where ``capitals`` tell names.

    At the start of a sentence every word has a capital: there, one that the index does not know,
    unless it is a foreign word, which the index hardly ever knows.
    """
    if has_digit(token.folded):
        return True
    before = text[: token.span.start].rstrip(" \u00a0«“\"'(’¿¡")
    is_inside = bool(before) and before[-1] not in ".!?…:\n"
    is_capital = capitals and text[token.span.start].isupper() and not text.isupper()
    return is_capital and (is_inside or not (term.forms or is_foreign))


@dataclass(slots=True)
class _Index:
    """What a word is looked up in. ``corrections`` bounds the work on a message of nonsense."""

    languages: tuple[str, ...]
    term_counts: TermCounts
    suggest: Suggest
    corrections: int = _MAX_CORRECTIONS
    _counts: dict[str, int] = field(default_factory=dict[str, int])

    def look_up(self, terms: Iterable[str]) -> None:
        """Count terms, all of them at once; those that the index lacks are 0."""
        new = [term for term in dict.fromkeys(terms) if term not in self._counts]
        if new:
            self._counts |= dict.fromkeys(new, 0) | dict(self.term_counts(new))

    def may_correct(self) -> bool:
        """Whether one more word may be corrected, and count it."""
        self.corrections -= 1
        return self.corrections >= 0

    def forms(
        self, weights: Mapping[str, float], support: Support = Support.SAID
    ) -> tuple[TermForm, ...]:
        """Return those of the terms that the index has."""
        self.look_up(weights)
        return tuple(
            TermForm(term, weight, self._counts[term], support)
            for term, weight in weights.items()
            if self._counts[term]
        )


def _units(text: str) -> list[tuple[list[Token], NameMatch | None]]:
    """Return the content words in order; those of one name together, with the name."""
    names = list(analysed(text).known_names)
    units: list[tuple[list[Token], NameMatch | None]] = []
    previous = ""
    for token in analysed(text).tokens:
        is_noun = previous in vocabulary().questions.before_nouns
        previous = token.folded
        while names and names[0].span.end <= token.span.start:
            names.pop(0)
        name = names[0] if names and names[0].span.start <= token.span.start else None
        if name is None and _says_nothing(token) and not is_noun:
            continue
        if name is not None and units and units[-1][1] == name:
            units[-1][0].append(token)
        elif len(units) < _MAX_TERMS:
            units.append(([token], name))
    return units


def _says_nothing(token: Token) -> bool:
    return is_stop_word(token.folded, None, lower=token.lower)


def _read_unit(
    text: str, tokens: Sequence[Token], name: NameMatch | None, index: _Index
) -> list[QueryTerm]:
    first, written = tokens[0], tokens[0].span.of(text)
    if name is None:
        return (
            _noun(first, written, index) if _says_nothing(first) else [_word(first, written, index)]
        )
    if len(tokens) == 1:
        own = index.forms(_stems(first, index.languages))
        own += index.forms(_names(name, _OTHER_NAME), Support.OTHER_NAME)
        if not own:
            return [_word(first, written, index)]
        return [QueryTerm(first.folded, written, own, (first.folded,))]
    forms = index.forms(_names(name, 1.0), Support.OTHER_NAME)
    if forms:
        whole = text[first.span.start : tokens[-1].span.end]
        words = " ".join(token.folded for token in tokens)
        return [QueryTerm(words, whole, forms, (words,))]
    return [
        _word(token, token.span.of(text), index) for token in tokens if not _says_nothing(token)
    ]


def _noun(token: Token, written: str, index: _Index) -> list[QueryTerm]:
    """Return a function word that stands where a noun does, if the articles have such a noun.

    Members leave accents out: "le mais" is "le maïs" in an article on maize.
    """
    forms = index.forms(_stems(token, index.languages))
    return [QueryTerm(token.folded, written, forms, (token.folded,))] if forms else []


def _word(token: Token, written: str, index: _Index) -> QueryTerm:
    numbers = number_terms(AnalysedText(written))
    in_digits = index.forms({term: _IN_DIGITS for _, term in numbers}, Support.OTHER_NAME)
    for languages in index.languages, ruled_languages():
        if forms := index.forms(_stems(token, languages)):
            return QueryTerm(token.folded, written, forms + in_digits, (token.folded,))
    if in_digits:
        return QueryTerm(token.folded, written, in_digits, (token.folded,))
    if not index.may_correct():
        return QueryTerm(token.folded, written, ())
    weights, spellings = _corrected(token, index)
    return QueryTerm(token.folded, written, index.forms(weights, Support.CORRECTED), spellings)


def _names(name: NameMatch, weight: float) -> dict[str, float]:
    """Return the terms of a name: of the same sort first, then of what stands for the same."""
    return {
        concept_term(name.concept, is_metonym=name.is_metonym): weight,
        concept_term(name.concept, is_metonym=not name.is_metonym): METONYM,
    }


def _stems(token: Token, languages: Sequence[str]) -> dict[str, float]:
    return {term: 1.0 for language in languages for term in stems(token, language)}


def _corrected(token: Token, index: _Index) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the stems of the nearest words; where there are none, the nearest stems. And the
    words that these are of.

    A word may be misspelt and inflected in another way than in the articles, both at once.
    """
    weights: dict[str, float] = {}
    spellings: list[str] = []
    for suggestion in index.suggest(token.folded):
        spellings.append(suggestion.word)
        word = token._replace(folded=suggestion.word, lower=suggestion.word)
        for term in _stems(word, index.languages):
            weights.setdefault(term, _TYPO_WEIGHTS[suggestion.typos])
    if not weights:
        for stem in _stems(token, index.languages):
            ending = token.folded[len(stem) :]
            if stem == token.folded or ending.startswith(stem[-1]):
                continue  # the word itself; a letter that was doubled is a typo, no inflection
            for suggestion in index.suggest(stem):
                meant = suggestion.word + ending
                typos = OSA.distance(token.folded, meant)
                if typos <= allowed_typos(token.folded):
                    spellings.append(meant)
                    weight = _MISSPELT_STEM * _TYPO_WEIGHTS[typos]
                    weights.setdefault(suggestion.word, weight)
    return weights, tuple(spellings)
