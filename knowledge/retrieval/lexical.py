"""Candidates by BM25, and the best of them looked into.

The best sentence counts on top, and words that stand together: a paragraph that says the question's
words together beats one that scatters them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge.entities.analysis import Occurrence, occurrences
from knowledge.index import IndexReader, IndexStatistics, StoredPassage
from knowledge.model import Span
from knowledge.neural.reader.protocol import SpanPrediction
from knowledge.questions.answer_type import find_answer_type
from knowledge.questions.query import Query, QueryTerm, TermForm
from knowledge.retrieval.bm25 import Bm25, PassageScores, idf, idf_weight
from knowledge.retrieval.similarity import Similarity
from knowledge.retrieval.spellings import has_word, plain_bytes

__all__ = [
    "ScoredPassage",
    "Scoring",
    "TermMatch",
    "first_scores",
    "look_into",
    "most_bonus",
    "supporting_forms",
    "value_within",
]


@dataclass(frozen=True, slots=True)
class Scoring:
    """Constants of the score and bounds of the work."""

    bm25: Bm25 = field(default_factory=Bm25)
    sentence: float = 0.5
    """What the best sentence counts, against the whole paragraph."""
    pair: float = 0.3
    """What two words of the question count that stand together in the paragraph as in it."""
    spelling: float = 0.7
    """What a word of the question counts on top where the paragraph spells it alike, and does not
    only inflect it otherwise: of many that have all of its frequent words, the one that is meant
    spells most of them so."""
    kind: float = 0.4
    """What a sentence gains that has something of the kind that is asked for."""
    candidates: int = 50
    """Passages that words find, of which meaning and facts may bring any forward."""
    chunks: int = 10
    """Candidates whose sentences are looked into, at least."""


@dataclass(frozen=True, slots=True)
class TermMatch:
    """Where a passage says the word of the question at ``position``, and what that is worth."""

    term: QueryTerm
    position: int
    value: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with its score and its matches; ``sentence_values`` aligns with its sentences.

    ``terms``: those of the question that its text, its headings or its titles have.
    ``similarity`` is there where meaning was compared, too; ``signals`` are then what the score is
    the weighted sum of (``knowledge.retrieval.fusion.SIGNALS``). ``prediction`` is there where it
    was read for the answer.
    """

    passage: StoredPassage
    score: float
    matches: tuple[TermMatch, ...]
    sentence_values: tuple[float, ...]
    terms: frozenset[str]
    similarity: Similarity | None = None
    signals: tuple[float, ...] = ()
    prediction: SpanPrediction | None = None

    @property
    def best_sentence(self) -> int | None:
        """The place of the sentence of the highest value, of equal ones the first."""
        values = self.sentence_values
        return max(range(len(values)), key=lambda at: (values[at], -at), default=None)

    @property
    def found_by(self) -> str:
        """What it was compared by: "lexical", words alone, or "dense", meaning, too."""
        return "lexical" if self.similarity is None else "dense"


def first_scores(
    query: Query,
    reader: IndexReader,
    statistics: IndexStatistics,
    scoring: Scoring,
    scores: PassageScores,
    rowids: Sequence[int],
) -> dict[int, float]:
    """Return what passages score before they are looked into, by rowid: BM25, and more where they
    spell words alike. ``look_into`` adds at most ``most_bonus``."""
    values = scores.of(rowids)
    if not query.is_foreign:  # another language spells the same words otherwise
        for rowid, worth in _spelled_alike(query, reader.texts(rowids), statistics.passages):
            values[rowid] += scoring.spelling * worth
    return values


def most_bonus(query: Query, scoring: Scoring) -> float:
    """Return what looking into a passage adds to its score at most, as a share of what the words of
    the question are worth that it has: its best sentence has them all, and each beside the next."""
    return scoring.sentence * (1 + scoring.kind * bool(query.kinds)) + scoring.pair


def look_into(
    query: Query,
    passages: Iterable[StoredPassage],
    values: Mapping[int, float],
    statistics: IndexStatistics,
    scoring: Scoring,
) -> list[ScoredPassage]:
    """Return passages, whose ``first_scores`` are ``values``, with their matches, best first."""
    worth = [_worth_of_forms(term, statistics.passages) for term in query.terms]
    asked = frozenset(form for forms in worth for form in forms)
    found = [
        _look_into(query, passage, values[passage.rowid], asked, worth, scoring)
        for passage in passages
    ]
    found.sort(key=lambda one: (-one.score, one.passage.rowid))
    return found


def _spelled_alike(
    query: Query, texts: Iterable[tuple[int, str]], passages: int
) -> Iterator[tuple[int, float]]:
    """Yield the rowid of each text and what the words are worth that it spells as the question does
    (or as it was corrected), whatever their case and accents."""
    worth = [
        (
            [spelling.encode() for spelling in term.spellings],
            idf_weight(term, passages),
        )
        for term in query.terms
        if term.forms
    ]
    for rowid, text in texts:
        plain = plain_bytes(text)
        alike = 0.0
        for spellings, value in worth:
            for word in spellings:
                if has_word(plain, word):
                    alike += value
                    break
        yield rowid, alike


def _worth_of_forms(term: QueryTerm, passages: int) -> dict[str, float]:
    """Return what each form of a word is worth, of those with the same term the most."""
    worth: dict[str, float] = {}
    for form in term.forms:
        worth[form.term] = max(worth.get(form.term, 0.0), form.weight * idf(form, passages))
    return worth


def _look_into(
    query: Query,
    passage: StoredPassage,
    score: float,
    asked: frozenset[str],
    worth: Sequence[Mapping[str, float]],
    scoring: Scoring,
) -> ScoredPassage:
    """``worth``: what each form of each word of the question is worth; ``asked``: all of these."""
    found = occurrences(passage.text, passage.language, passage.names, asked)
    matches = _matches(query, found, worth)
    values = _values_of_sentences(matches, passage.sentences)
    if query.kinds and any(values):
        fit = [span for kind in query.kinds for span in find_answer_type(passage.text, kind)]
        values = [
            value * (1 + scoring.kind) if value and sentence.contains_any(fit) else value
            for value, sentence in zip(values, passage.sentences, strict=True)
        ]
    bonus = scoring.sentence * max(values, default=0)
    bonus += scoring.pair * _pairs(matches, found)
    terms = asked.intersection(passage.context).union(*(one.terms for one in found))
    return ScoredPassage(passage, score + bonus, matches, tuple(values), terms)


def _values_of_sentences(matches: Sequence[TermMatch], sentences: Sequence[Span]) -> list[float]:
    """Return what the matches are worth that stand in each sentence: see ``value_within``."""
    starts = [sentence.start for sentence in sentences]
    values = [0.0] * len(sentences)
    for match in matches:
        inside = {
            place
            for span in match.spans
            if (place := bisect_right(starts, span.start) - 1) >= 0
            and span.end <= sentences[place].end
        }
        for place in inside:
            values[place] += match.value
    return values


def _pairs(matches: Sequence[TermMatch], found: Iterable[Occurrence]) -> float:
    """Return the worth of the neighbouring words of the question that are neighbours here."""
    places = {one.span: one.place for one in found if one.place is not None}
    total = 0.0
    for first, second in pairwise(matches):
        if second.position != first.position + 1:
            continue
        after = {places[span] + 1 for span in first.spans if span in places}
        if any(span in places and places[span] in after for span in second.spans):
            total += min(first.value, second.value)
    return total


def _matches(
    query: Query, found: Iterable[Occurrence], worth: Sequence[Mapping[str, float]]
) -> tuple[TermMatch, ...]:
    standing: dict[str, list[Span]] = defaultdict(list)
    for one in found:
        for term in one.terms:
            standing[term].append(one.span)
    matches: list[TermMatch] = []
    for position, (term, values) in enumerate(zip(query.terms, worth, strict=True)):
        present = [form for form in values if form in standing]
        if present:
            value = term.weight * max(values[form] for form in present)
            spans = sorted({span for form in present for span in standing[form]})
            matches.append(TermMatch(term, position, value, tuple(spans)))
    return tuple(matches)


def supporting_forms(term: QueryTerm, scored: ScoredPassage) -> list[TermForm]:
    """Return the forms of a word of the question that a passage, its headings or its title has."""
    return [form for form in term.forms if form.term in scored.terms]


def value_within(matches: Sequence[TermMatch], window: Span) -> float:
    """Return what the matches are worth that stand in a stretch of the passage."""
    return sum(match.value for match in matches if window.contains_any(match.spans))
