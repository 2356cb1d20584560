"""What speaks for the first passage as an answer, and what against: features of a ranking.

Coverage and similarity alone point the wrong way as soon as a question is on the topic: near
misses repeat the article's words and honest paraphrases do not. So the features ask about the
specific thing, too: what the reader says, and whether a word that tells, a number or a name of the
question is missing.
"""

from __future__ import annotations

import math
from itertools import pairwise

from knowledge.model import Span
from knowledge.neural.reader.protocol import SpanPrediction
from knowledge.questions.query import METONYM, Query, QueryTerm
from knowledge.retrieval.bm25 import idf_weight
from knowledge.retrieval.lexical import (
    ScoredPassage,
    supporting_forms,
    value_within,
)
from knowledge.retrieval.retriever import Ranking
from knowledge.text.sentences import clauses

__all__ = ["confidence_features", "lacks_essentials"]

_CONTEXT = 0.8
"""What a heading or a title counts for a word, against a mention in the paragraph."""

_LARGE_MARGIN = 6.0
_CERTAIN = 15.0
"""Log-odds beyond which the reader's word is not taken to be surer."""


def confidence_features(ranking: Ranking) -> dict[str, float]:
    """Return the features of the first passage of a ranking (not empty).

    Most lie between 0 and 1, so that they mean the same in a small and in a large index; cosines
    are there where meaning was compared, log-odds where the passage was read.
    """
    query, best = ranking.query, ranking.found[0]
    features = {
        **_support(ranking, best),
        "essential_missing": float(lacks_essentials(query, best)),
        "short_question": 1 / max(len(query.terms), 1),
        "foreign": float(query.language not in (None, best.passage.language)),
        "margin": _margin(ranking),
    }
    similarity = best.similarity
    if similarity is not None:
        features["similarity"] = similarity.paragraph
        features["sentence_similarity"] = similarity.best_sentence
    if best.prediction is not None:
        features |= _read(best.prediction, ranking)
    return features


def _support(ranking: Ranking, best: ScoredPassage) -> dict[str, float]:
    """Return which of the question's words the passage supports, by their worth."""
    query, passages = ranking.query, ranking.passages
    total = ranking.idf_weight
    rarest = math.log(1 + (passages + 0.5) / 0.5)
    matches = {match.term.word: match for match in best.matches}
    said = 0.0
    missing: list[float] = []
    for term in query.terms:
        value = idf_weight(term, passages)
        if weight := _best_form(term, best):
            said += value * weight * (1.0 if term.word in matches else _CONTEXT)
        else:
            missing.append(value)
    parts = clauses(best.passage.text, _best_sentence(best))
    count = max(len(query.terms), 1)
    return {
        "words_said": said / total,
        "words_unknown": sum(not term.forms for term in query.terms) / count,
        "telling_word_missing": max(missing, default=0.0) / rarest,
        "clause_coverage": max((value_within(best.matches, part) for part in parts), default=0)
        / total,
    }


def _best_form(term: QueryTerm, best: ScoredPassage) -> float:
    """Return the weight of the best form that the passage, its heading or its title has; or 0."""
    return max((form.weight for form in supporting_forms(term, best)), default=0.0)


def _best_sentence(best: ScoredPassage) -> Span:
    at = best.best_sentence
    return Span(0, len(best.passage.text)) if at is None else best.passage.sentences[at]


def _margin(ranking: Ranking) -> float:
    """Return how far the best passage leads, from 0 to 1."""
    best = ranking.found[0]
    if len(ranking.found) < 2:
        return 1.0
    lead = best.score - ranking.found[1].score
    if best.similarity is None:
        return lead / best.score if best.score > 0 else 0.0
    return min(1.0, lead / _LARGE_MARGIN)


def lacks_essentials(query: Query, scored: ScoredPassage) -> bool:
    """Whether a passage, its heading and its title lack a number, month or name of the question:
    whatever it says, it does not say it of these.

    A capital does not stand for its state here, and a day is missing where the passage does not
    have it beside its month.
    """
    for term in query.terms:
        if term.is_essential and not any(
            form.term in scored.terms for form in term.forms if form.weight > METONYM
        ):
            return True
    matches = {match.term.word: match for match in scored.matches}
    for day, month in pairwise(query.terms):
        if not (day.word.isdigit() and len(day.word) <= 2 and _is_month(month)):
            continue
        if day.word in matches and month.word in matches:
            ends = {span.end for span in matches[day.word].spans}
            starts = {span.start - 1 for span in matches[month.word].spans}
            if not ends & starts:
                return True
    return False


def _is_month(term: QueryTerm) -> bool:
    return any(form.term.startswith("@month") for form in term.forms)


def _read(prediction: SpanPrediction, ranking: Ranking) -> dict[str, float]:
    """Return what the reader says of the best passage, and of the likeliest other one."""
    others = (one.prediction for one in ranking.found[1:] if one.prediction is not None)
    return {
        "read_answerable": _bounded(prediction.answerable),
        "read_answer": _bounded(prediction.span_score),
        "read_others": max((_bounded(one.answerable) for one in others), default=-_CERTAIN),
    }


def _bounded(logit: float) -> float:
    return max(-_CERTAIN, min(_CERTAIN, logit))
