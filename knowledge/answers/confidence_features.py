"""What speaks for the first passage as an answer, and what against: features of a ranking.

Coverage and similarity alone point the wrong way as soon as a question is on the topic: near
misses repeat the article's words and honest paraphrases do not. So the features ask about the
specific thing, too: which words nothing supports, whether the noun that is asked about is there,
whether the sentence has something of the kind asked for, and how likely its best stretch answers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

from knowledge.answers.quoting import Quote
from knowledge.answers.spans import AnswerSpan
from knowledge.model import Span, Support
from knowledge.neural.reader.protocol import SpanPrediction
from knowledge.questions.query import METONYM, Query, QueryTerm
from knowledge.questions.question_type import classify_question
from knowledge.retrieval.lexical import ScoredPassage, idf_weight, value_within
from knowledge.retrieval.retriever import Ranking
from knowledge.text.tokens import clauses

__all__ = ["confidence_features", "lacks_essentials"]

_CONTEXT = 0.8
"""What a heading or a title counts for a word, against a mention in the paragraph."""

_FAR, _NEAR = 0.7, 0.95
"""Cosines of the model of passages: of unrelated texts, by design, and of near ones."""

_LARGE_MARGIN = 4.0
_NO_ANSWER = -10.0
_CERTAIN = 15.0


def confidence_features(ranking: Ranking, quote: Quote) -> dict[str, float]:
    """Return the features of the first passage of a ranking (not empty).

    Most lie between 0 and 1, so that they mean the same in a small and in a large index; those of
    meaning are there where it was compared, those of reading where the passage was read. ``quote``
    is what would be quoted of the passage.
    """
    query, best = ranking.query, ranking.found[0]
    features = {
        **_support(ranking, best),
        **_expected(query, best, quote.answer),
        "essential_missing": float(lacks_essentials(query, best)),
        "short_question": 1 / max(len(query.terms), 1),
        "foreign": float(query.is_foreign),
        "margin": _margin(ranking),
    }
    similarity = best.similarity
    if similarity is not None:
        if similarity.paragraph is not None:
            features["similarity"] = _stretched(similarity.paragraph)
            features["sentence_similarity"] = _stretched(similarity.best_sentence or 0.0)
        features["likeness"] = similarity.best_likeness or 0.0
    if best.prediction is not None:
        features |= _read(best.prediction, ranking)
    return features


def _support(ranking: Ranking, best: ScoredPassage) -> dict[str, float]:
    """Return which of the question's words the passage supports, by their worth."""
    query, passages = ranking.query, ranking.passages
    total = ranking.idf_weight
    rarest = math.log(1 + (passages + 0.5) / 0.5)
    matches = {match.term.word: match for match in best.matches}
    said = alike = 0.0
    missing: list[float] = []
    for term in query.terms:
        value = idf_weight(term, passages)
        by_word, by_meaning = _best_forms(term, best)
        if by_word:
            said += value * by_word * (1.0 if term.word in matches else _CONTEXT)
        elif by_meaning:
            alike += value * by_meaning
        else:
            missing.append(value)
    sentence = _best_sentence(best)
    parts = clauses(best.passage.text, sentence)
    count = max(len(query.terms), 1)
    return {
        "words_said": said / total,
        "words_alike": alike / total,
        "words_missing": len(missing) / count,
        "words_unknown": sum(not term.forms for term in query.terms) / count,
        "words_corrected": sum(term.is_corrected for term in query.terms) / count,
        "telling_word_missing": max(missing, default=0.0) / rarest,
        "sentence_coverage": value_within(best.matches, sentence) / total,
        "clause_coverage": max((value_within(best.matches, part) for part in parts), default=0)
        / total,
    }


def _best_forms(term: QueryTerm, best: ScoredPassage) -> tuple[float, float]:
    """Return the weight of the best form that the passage, its heading or its title has: as a
    word or another name, and by meaning; 0 without."""
    present = [
        form
        for form in term.forms
        if form.term in best.passage.body or form.term in best.passage.context
    ]
    by_word = (form.weight for form in present if form.support is not Support.SIMILAR)
    by_meaning = (form.weight for form in present if form.support is Support.SIMILAR)
    return max(by_word, default=0.0), max(by_meaning, default=0.0)


def _best_sentence(best: ScoredPassage) -> Span:
    at = best.best_sentence
    return Span(0, len(best.passage.text)) if at is None else best.passage.sentences[at]


def _expected(query: Query, best: ScoredPassage, answer: AnswerSpan | None) -> Mapping[str, float]:
    """Return whether what is asked for is there: the noun asked about, a thing of the kind."""
    focus = classify_question(query.text).focus
    asked = [term for term in query.terms if focus is not None and focus in term.word.split()]
    lacking = [term for term in asked if _best_forms(term, best) == (0.0, 0.0)]
    return {
        "asks_noun": float(bool(asked)),
        "noun_missing": float(bool(lacking)),
        "asks_kind": float(answer is not None and answer.has_expected is not None),
        "kind_missing": float(answer is not None and answer.has_expected is False),
        "answer_score": _NO_ANSWER if answer is None else answer.score,
        "answer_certainty": 0.0 if answer is None else answer.certainty,
        "answer_repeats": 0.0 if answer is None else answer.repeats,
    }


def _margin(ranking: Ranking) -> float:
    """Return how far the best passage leads, from 0 to 1."""
    best = ranking.found[0]
    if len(ranking.found) < 2:
        return 1.0
    lead = best.score - ranking.found[1].score
    if best.similarity is None:
        return lead / best.score if best.score else 0.0
    return min(1.0, lead / _LARGE_MARGIN)


def lacks_essentials(query: Query, scored: ScoredPassage) -> bool:
    """Whether a passage, its heading and its title lack a number, month or name of the question:
    whatever it says, it does not say it of these.

    Neither a capital for its state nor a word of like meaning stands for it here, and a day is
    missing where the passage does not have it beside its month.
    """
    present = {*scored.passage.body, *scored.passage.context}
    for term in query.terms:
        if term.is_essential and not any(
            form.term in present
            for form in term.forms
            if form.weight > METONYM and form.support is not Support.SIMILAR
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
    """Return what the reader says of the best passage, and by how much more than of another."""
    others = (one.prediction for one in ranking.found[1:] if one.prediction is not None)
    second = max((_bounded(other.score) for other in others), default=-_CERTAIN)
    return {
        "read_answerable": _bounded(prediction.answerable),
        "read_answer": _bounded(prediction.span_score),
        "read_lead": _bounded(prediction.score) - second,
    }


def _bounded(logit: float) -> float:
    return max(-_CERTAIN, min(_CERTAIN, logit))


def _stretched(cosine: float) -> float:
    return max(0.0, min(1.0, (cosine - _FAR) / (_NEAR - _FAR)))
