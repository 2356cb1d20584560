"""How sure an answer is: a logistic model over evidence that can be looked at.

The coefficients are in ``confidence.json`` with the data, command and day that fitted them
(``python -m knowledge.calibration``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from knowledge.expectation import find_kind
from knowledge.model import Factor, Span, Verdict
from knowledge.retrieval.lexical import ScoredPassage, worth
from knowledge.retrieval.query import METONYM, Query, QueryTerm
from knowledge.retrieval.retriever import Ranking

__all__ = ["ConfidenceModel", "ConfidenceModels", "evidence", "load_models"]


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """Coefficients by feature, and the confidences from which an answer counts as one."""

    intercept: float
    coefficients: Mapping[str, float]
    answered: float
    uncertain: float

    def confidence(self, features: Mapping[str, float]) -> float:
        """Return the probability, from 0 to 1, that the first passage answers the question."""
        total = self.intercept + sum(
            coefficient * features[name] for name, coefficient in self.coefficients.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def factors(self, features: Mapping[str, float]) -> tuple[Factor, ...]:
        """Return what each feature adds to the log-odds, the largest contribution first."""
        factors = (
            Factor(name, features[name], coefficient * features[name])
            for name, coefficient in self.coefficients.items()
        )
        return tuple(sorted(factors, key=lambda factor: (-abs(factor.contribution), factor.name)))

    def verdict(self, confidence: float) -> Verdict:
        """Return what may be claimed at this confidence."""
        if confidence >= self.answered:
            return Verdict.ANSWERED
        return Verdict.UNCERTAIN if confidence >= self.uncertain else Verdict.UNANSWERED


@dataclass(frozen=True, slots=True)
class ConfidenceModels:
    """The models of the package: for evidence of words alone, and of words and meaning."""

    lexical: ConfidenceModel
    semantic: ConfidenceModel

    def for_evidence_of(self, scored: ScoredPassage) -> ConfidenceModel:
        """Return the model that was fitted to what ``scored`` was found by."""
        return self.lexical if scored.similarity is None else self.semantic


@lru_cache(maxsize=1)
def load_models() -> ConfidenceModels:
    """Return the models that ship with the package."""
    stored = json.loads(files("knowledge").joinpath("confidence.json").read_text("utf-8"))
    return ConfidenceModels(_model(stored["lexical"]), _model(stored["semantic"]))


def _model(stored: Mapping[str, Any]) -> ConfidenceModel:
    return ConfidenceModel(
        intercept=stored["intercept"],
        coefficients=stored["coefficients"],
        answered=stored["thresholds"]["answered"],
        uncertain=stored["thresholds"]["uncertain"],
    )


def evidence(ranking: Ranking, snippet: Span) -> dict[str, float]:
    """Return the features of the first passage of a ranking (not empty).

    All lie between 0 and 1, so that they mean the same in a small and in a large index; those of
    meaning are there where it was compared. ``snippet`` is what would be quoted.
    """
    query, ranked, passages = ranking.query, ranking.found, ranking.passages
    best = ranked[0]
    terms = query.telling_terms
    total = sum(worth(term, passages) for term in terms) or 1.0
    count = max(len(terms), 1)
    quoted = [match for match in best.matches if snippet.contains_any(match.spans)]
    unknown = [term for term in terms if not term.forms]
    runner_up = ranked[1].score if len(ranked) > 1 else 0.0
    expects = bool(query.kinds)
    present = any(find_kind(snippet.of(best.passage.text), kind) for kind in query.kinds)
    features = {
        "passage_coverage": sum(match.value for match in best.matches) / total,
        "snippet_coverage": sum(match.value for match in quoted) / total,
        "words_matched": len(best.matches) / count,
        "words_unknown": len(unknown) / count,
        "words_corrected": sum(term.is_corrected for term in terms) / count,
        "essential_missing": float(_lacks_essentials(query, best)),
        "kind_missing": float(expects and not present),
        "short_question": 1 / count,
    }
    if best.similarity is None:
        features["margin"] = 1 - runner_up / best.score if best.score else 0.0
    else:
        features["margin"] = min(1.0, (best.score - runner_up) / _LARGE_MARGIN)
        features["similarity"] = _stretched(best.similarity.paragraph or 0)
        features["sentence_similarity"] = _stretched(best.similarity.best_sentence or 0)
    return features


def _lacks_essentials(query: Query, scored: ScoredPassage) -> bool:
    """Whether a passage, its heading and its title lack a number, month or name of the question:
    whatever it says, it does not say it of these.

    A capital does not stand for its state here, nor the reverse, and a day is missing where the
    passage does not have it beside its month.
    """
    present = {*scored.passage.body, *scored.passage.context}
    for term in query.terms:
        if term.is_essential and not any(
            form.term in present for form in term.forms if form.weight > METONYM
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


# Cosines of unrelated texts lie around 0.75 in this space by design, near ones at 0.9.
_FAR, _NEAR = 0.7, 0.95
_LARGE_MARGIN = 4.0


def _stretched(cosine: float) -> float:
    return max(0.0, min(1.0, (cosine - _FAR) / (_NEAR - _FAR)))
