"""Candidates under a budget, then every candidate scored in full.

BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) over
stemmed terms, headings as a second field, and the best stretch of sentences on top: a paragraph
that says the question's words together beats one that scatters them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from knowledge.entities import analysed
from knowledge.entities.analysis import Analysis, analysis_of, index_terms
from knowledge.index import IndexReader, IndexStatistics, StoredPassage
from knowledge.model import Span
from knowledge.neural.reader.protocol import SpanPrediction
from knowledge.questions.answer_type import find_answer_type
from knowledge.questions.query import Query, QueryTerm, TermForm
from knowledge.retrieval.similarity import Similarity

__all__ = [
    "ScoredPassage",
    "Scoring",
    "TermMatch",
    "candidates",
    "idf_weight",
    "score",
    "supporting_forms",
    "total_idf_weight",
    "value_within",
]


@dataclass(frozen=True, slots=True)
class Scoring:
    """Constants of the score and bounds of the work."""

    k1: float = 1.2
    b: float = 0.75
    context: float = 0.8
    """What a heading or a title counts, against a mention in the paragraph."""
    sentence: float = 0.5
    """What the best sentence counts, against the whole paragraph."""
    pair: float = 0.3
    """What two words of the question count that stand together in the paragraph as in it."""
    kind: float = 0.4
    """What a sentence gains that has something of the kind that is asked for."""
    postings: int = 5_000
    """Postings ranked for candidates, those of the rarest terms."""
    candidates: int = 50
    """Candidates scored in full."""
    chunks: int = 10
    """Candidates whose sentences are looked into."""


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

    ``similarity`` is there where meaning was compared, too; ``signals`` are then what the score is
    the weighted sum of (``knowledge.retrieval.fusion.SIGNALS``). ``prediction`` is there where
    it was read for the answer.
    """

    passage: StoredPassage
    score: float
    matches: tuple[TermMatch, ...]
    sentence_values: tuple[float, ...]
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


def idf(form: TermForm, passages: int) -> float:
    """Return the inverse document frequency of a term (Lucene's form, never negative)."""
    count = min(form.passages, passages)
    return math.log(1 + (passages - count + 0.5) / (count + 0.5))


def idf_weight(term: QueryTerm, passages: int) -> float:
    """Return what a word of the question is worth at most among ``passages`` passages.

    A word that the index does not know is worth as much as the rarest one.
    """
    if not term.forms:
        return term.weight * math.log(1 + (passages + 0.5) / 0.5)
    return term.weight * max(form.weight * idf(form, passages) for form in term.forms)


def total_idf_weight(query: Query, passages: int) -> float:
    """Return what the words of a question are worth together (idf weights); never 0."""
    return sum(idf_weight(term, passages) for term in query.terms) or 1.0


def candidates(query: Query, reader: IndexReader, scoring: Scoring) -> list[int]:
    """Return the rowids of passages worth scoring, roughly best first.

    The work is bounded by ``scoring`` whatever the size of the index.
    """
    counts = {form.term: form.postings for term in query.terms for form in term.forms}
    rarest = sorted(counts, key=lambda term: (counts[term], term))
    affordable = [
        term
        for term, total in zip(rarest, accumulate(counts[term] for term in rarest), strict=True)
        if total <= scoring.postings
    ]
    if affordable:
        return reader.candidates(affordable, scoring.candidates)
    return reader.candidates(rarest[:1], scoring.candidates, ranked=False)


def score(
    query: Query,
    reader: IndexReader,
    statistics: IndexStatistics,
    scoring: Scoring,
    rowids: Sequence[int],
    looked_into: int,
) -> list[ScoredPassage]:
    """Return the best ``looked_into`` of the passages ``rowids`` with their matches, best first."""
    scored = [
        (_bm25(query, passage, statistics, scoring), passage) for passage in reader.passages(rowids)
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1].rowid))
    best = scored[:looked_into]
    found = [
        _look_into(
            query,
            passage,
            analysis_of(passage.text, passage.language, passage.names),
            bm25,
            statistics,
            scoring,
        )
        for bm25, passage in best
    ]
    found.sort(key=lambda one: (-one.score, one.passage.rowid))
    return found


def _bm25(
    query: Query, passage: StoredPassage, statistics: IndexStatistics, scoring: Scoring
) -> float:
    body = Counter(passage.body)
    context = frozenset(passage.context)
    # Every passage of an article has its title: a further mention of it tells none from the others.
    named = _title_terms(passage.title, passage.language)
    norm = 1 - scoring.b + scoring.b * passage.length / max(statistics.mean_length, 1)
    total = 0.0
    for term in query.terms:
        best = 0.0
        for form in term.forms:
            said = 0 if form.term in named else body[form.term]
            frequency = said / norm + scoring.context * (form.term in context)
            saturated = frequency * (scoring.k1 + 1) / (frequency + scoring.k1)
            best = max(best, form.weight * idf(form, statistics.passages) * saturated)
        total += term.weight * best
    return total


@lru_cache(maxsize=1_024)
def _title_terms(title: str, language: str) -> frozenset[str]:
    """Return the terms of a title."""
    return frozenset(index_terms(analysed(title, language)).terms)


def _look_into(
    query: Query,
    passage: StoredPassage,
    analysis: Analysis,
    score: float,
    statistics: IndexStatistics,
    scoring: Scoring,
) -> ScoredPassage:
    matches = _matches(query, analysis, statistics.passages)
    found = [span for kind in query.kinds for span in find_answer_type(passage.text, kind)]
    values = tuple(
        value_within(matches, sentence) * (1 + scoring.kind * sentence.contains_any(found))
        for sentence in passage.sentences
    )
    bonus = scoring.sentence * max(values, default=0)
    bonus += scoring.pair * _pairs(matches, analysis)
    return ScoredPassage(passage, score + bonus, matches, values)


def _pairs(matches: Sequence[TermMatch], analysis: Analysis) -> float:
    """Return the worth of the neighbouring words of the question that are neighbours here."""
    order = {word.span: position for position, word in enumerate(analysis.words)}
    total = 0.0
    for first, second in pairwise(matches):
        if second.position != first.position + 1:
            continue
        after = {order[span] + 1 for span in first.spans if span in order}
        if any(order.get(span) in after for span in second.spans):
            total += min(first.value, second.value)
    return total


def _matches(query: Query, analysis: Analysis, passages: int) -> tuple[TermMatch, ...]:
    standing: dict[str, list[Span]] = defaultdict(list)
    for part in (*analysis.words, *analysis.names):
        for form in part.terms:
            standing[form].append(part.span)
    matches: list[TermMatch] = []
    for position, term in enumerate(query.terms):
        present = [form for form in term.forms if form.term in standing]
        if present:
            value = term.weight * max(form.weight * idf(form, passages) for form in present)
            spans = sorted({span for form in present for span in standing[form.term]})
            matches.append(TermMatch(term, position, value, tuple(spans)))
    return tuple(matches)


def supporting_forms(term: QueryTerm, passage: StoredPassage) -> list[TermForm]:
    """Return the forms of a word of the question that a passage, its headings or its title has."""
    present = {*passage.body, *passage.context}
    return [form for form in term.forms if form.term in present]


def value_within(matches: Sequence[TermMatch], window: Span) -> float:
    """Return what the matches are worth that stand in a stretch of the passage."""
    return sum(match.value for match in matches if window.contains_any(match.spans))
