"""Ranked passages to an answer: what is quoted, what is marked, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from knowledge.answers.confidence import model_for, verdict_of
from knowledge.answers.confidence_features import confidence_features
from knowledge.answers.contacts import lacks_contact
from knowledge.answers.matched_words import matched_words
from knowledge.answers.outright import ConfidenceBound
from knowledge.answers.quoting import Quote
from knowledge.answers.snippets import choose_snippet
from knowledge.index import StoredPassage
from knowledge.model import (
    Citation,
    Evidence,
    Factor,
    QuestionWord,
    Span,
    Strictness,
    Support,
    Verdict,
)
from knowledge.questions.query import Query, QueryTerm
from knowledge.questions.question_words import answer_type_nouns
from knowledge.retrieval.lexical import ScoredPassage, supporting_forms
from knowledge.retrieval.retriever import Ranking
from knowledge.text.layout import items_after

__all__ = [
    "NOTHING_FOUND",
    "Judgement",
    "cite",
    "cite_search_hit",
    "cite_stretch",
    "cite_whole",
    "judge",
]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How sure an answer is (``confidence`` from 0 to 1), what may be claimed, and why."""

    verdict: Verdict
    confidence: float
    evidence: Evidence | None


NOTHING_FOUND = Judgement(Verdict.UNANSWERED, 0.0, None)
"""Without any passage nothing is claimed."""


def cite(scored: ScoredPassage, quote: Quote) -> Citation:
    """Return the citation of a passage as an answer: what answers is marked, or, where nothing was
    read, the question's own words."""
    if quote.answer is not None:
        highlights = (quote.answer,)
    else:
        highlights = matched_words(scored.passage.text, quote.snippet, scored.matches)
    return _citation(scored.passage, quote.snippet, highlights, scored.score)


def cite_search_hit(scored: ScoredPassage) -> Citation:
    """Return the citation of a passage as a search result: the words looked for are marked."""
    snippet = choose_snippet(scored, frozenset())
    highlights = matched_words(scored.passage.text, snippet, scored.matches)
    return _citation(scored.passage, snippet, highlights, scored.score)


def cite_stretch(scored: ScoredPassage, stretch: Span) -> Citation:
    """Return a citation of a stretch of a passage, nothing marked."""
    return _citation(scored.passage, stretch, (), scored.score)


def cite_whole(passage: StoredPassage) -> Citation:
    """Return a citation of the whole paragraph, nothing marked."""
    return _citation(passage, Span(0, len(passage.text)), (), 0.0)


def _citation(
    passage: StoredPassage, snippet: Span, highlights: tuple[Span, ...], score: float
) -> Citation:
    return Citation(
        passage=passage.passage,
        article=passage.article,
        title=passage.title,
        section=passage.section,
        paragraph=passage.number,
        text=passage.text,
        span=snippet,
        highlights=highlights,
        score=score,
        url=passage.url,
        items_left=items_after(passage.text, snippet.end)
        if "\n" in snippet.of(passage.text)
        else 0,
    )


def judge(
    ranking: Ranking, strictness: Strictness, bound: ConfidenceBound | None = None
) -> Judgement:
    """Return the verdict on the first passage of a ranking (not empty) as an answer.

    ``bound`` holds its confidence, which ``strictness`` does not change: only what is claimed.

    Where it was not read, words and likeness hardly tell a trap from a question that is answered:
    then nothing is claimed unless the passage has every word of the question; and by words alone it
    is not shown, either, where it has fewer than half of them.
    """
    query, best = ranking.query, ranking.found[0]
    model = model_for(best)
    factors = model.factors(confidence_features(ranking))
    confidence = model.confidence_of(factors)
    if bound is not None and (bounded := bound.within(confidence)) != confidence:
        factors += (Factor(bound.name, 1.0, _log_odds(bounded) - _log_odds(confidence)),)
        confidence = bounded
    verdict = verdict_of(confidence, strictness)
    if verdict is Verdict.ANSWERED and bound is not None and bound.holds_back:
        verdict = Verdict.UNCERTAIN
    words = tuple(QuestionWord(term.written, _support(term, best)) for term in query.terms)
    evidence = Evidence(words, factors, model.intercept)
    if bound is not None and bound.lowest:
        return Judgement(verdict, confidence, evidence)
    missing = sum(word.support is Support.MISSING for word in words)
    if best.found_by == "lexical" and best.prediction is None and 2 * missing > len(words):
        verdict = Verdict.UNANSWERED
    elif verdict is Verdict.ANSWERED and best.prediction is None and not _has_all(query, best):
        verdict = Verdict.UNCERTAIN
    if verdict is Verdict.ANSWERED and lacks_contact(query.text, best.passage.text):
        verdict = Verdict.UNCERTAIN
    return Judgement(verdict, confidence, evidence)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-12), 1 - 1e-12)
    return math.log(bounded / (1 - bounded))


def _has_all(query: Query, best: ScoredPassage) -> bool:
    """Whether a passage has every word of the question, and more than one, but for those that name
    a kind of answer, which it rarely says."""
    telling = [term for term in query.terms if term.word not in answer_type_nouns()]
    count = sum(len(term.word.split()) for term in telling)
    return count > 1 and all(_support(t, best) is not Support.MISSING for t in telling)


def _support(term: QueryTerm, best: ScoredPassage) -> Support:
    """Return how the passage supports a word of the question; its heading or title count."""
    found = supporting_forms(term, best)
    return max(found, key=lambda form: form.weight).support if found else Support.MISSING
