"""Fits what a prediction counts: ``python -m knowledge.training reranking --help``.

A conditional logit as in ``knowledge.training.fusion``: of the passages that are read, the score
before and the reader's log-odds make the right one likeliest. On articles that the models were
never trained on, each by itself and all as a library.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.base import KnowledgeBase
from knowledge.neural import Encoder
from knowledge.neural.reader import Reader
from knowledge.retrieval import reranking
from knowledge.retrieval.reranking import RERANKED, answer_odds, predict, unit
from knowledge.training.fitting import Fitter, Models, run
from knowledge.training.fusion import Contest, hits_at_1
from knowledge.training.written import WrittenQuestion, WrittenSet, open_articles

__all__ = ["FITTER", "collect", "fit", "main"]

_WEIGHTS = np.arange(0, 1.2, 0.02)
_SCALES = np.array([0.25, 0.5, 0.75, 1.0, 1.5, 2, 3, 4, 6, 8, 10, 15, 20])


def collect(written: WrittenSet, encoder: Encoder | None, reader: Reader) -> list[Contest]:
    """Ask every answered question of its own article and of all; those whose right passage is not
    among the ones that are read teach nothing and are left out. Columns: score, log-odds."""
    contests: list[Contest] = []
    for article, questions in written.items():
        with open_articles([article], encoder) as knowledge:
            contests += _ask(knowledge, questions, reader)
    with open_articles(list(written), encoder) as library:
        contests += _ask(library, [one for own in written.values() for one in own], reader)
    return contests


def _ask(
    knowledge: KnowledgeBase, questions: Sequence[WrittenQuestion], reader: Reader
) -> Iterator[Contest]:
    for question in questions:
        if question.answer is None:
            continue
        ranking = knowledge.rank(question.question, limit=RERANKED)
        right = [question.is_answered_by(one.passage) for one in ranking.found]
        if any(right):
            columns = [
                (one.score / unit(ranking), 0.0 if said is None else answer_odds(said))
                for one, said in zip(ranking.found, predict(ranking, reader), strict=True)
            ]
            yield Contest(np.array(columns), np.array(right))


def likelihood(contests: Sequence[Contest], weights: NDArray[np.float64]) -> float:
    """Return the mean logarithm of the right passages' probabilities."""
    total = 0.0
    for contest in contests:
        scores = contest.columns @ weights
        probabilities = np.exp(scores - scores.max())
        total += float(np.log(probabilities[contest.is_right].sum() / probabilities.sum()))
    return total / len(contests)


def fit(contests: Sequence[Contest]) -> float:
    """Return the weight of the log-odds beside the score: of a grid, the likeliest."""
    pairs = [np.array([scale, scale * weight]) for scale in _SCALES for weight in _WEIGHTS]
    scale, weight = max(pairs, key=lambda pair: likelihood(contests, pair))
    return float(weight / scale)


def fit_all(written: WrittenSet, models: Models) -> dict[str, Any]:
    """Return what ``reranking.json`` holds: the weight with and without an encoder."""
    weights: dict[str, float] = {}
    figures: dict[str, Any] = {}
    for name, encoder in (("lexical", None), ("dense", models.encoder)):
        contests = collect(written, encoder, models.reader)
        weights[name] = round(fit(contests), 3)
        figures[name] = {
            "questions": len(contests),
            "hit@1 before": round(hits_at_1(contests, np.array([1.0, 0.0])), 4),
            "hit@1": round(hits_at_1(contests, np.array([1.0, weights[name]])), 4),
        }
    return {"weights": weights, "fitted": figures}


FITTER = Fitter(
    "reranking",
    "Fit what the reader's prediction counts in a ranking.",
    Path(reranking.__file__).with_suffix(".json"),
    fit_all,
)


def main(arguments: Sequence[str]) -> None:
    """Fit both weights, print the figures, and write ``--output``."""
    run(FITTER, arguments)
