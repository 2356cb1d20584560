"""Fits the weights of the fusion: ``python -m knowledge.training fusion --help``.

A conditional logit (McFadden, 1974): the passages found for a question compete, and the weights
make the right one likeliest, by gradient ascent (Adam; Kingma and Ba, 2015) with a small L2
penalty. Every article is asked by itself and all of them as a library, where passages of several
languages compete.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.base import KnowledgeBase
from knowledge.neural import Encoder
from knowledge.retrieval import fusion
from knowledge.retrieval.fusion import SIGNALS
from knowledge.retrieval.lexical import ScoredPassage
from knowledge.training.fitting import Fitter, Models, run
from knowledge.training.written import WrittenQuestion, WrittenSet, open_articles

__all__ = ["FITTER", "Contest", "collect", "fit", "hits_at_1", "main"]

_COMPETING = 60
_STEPS = 500
_RATE = 0.15
_PENALTY = 1e-4
_SPREAD = np.array([1.0, 0.1, 0.1, 1.0, 0.1, 0.1, 1.0])
"""How far each column varies among passages, about: it sets the size of a step."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contest:
    """The passages found for a question: a row of columns each, and which are right.

    The columns are the signals and a 1 where the passage is in the question's language, else 0;
    then the signals where it is in another, else 0.
    """

    columns: Floats
    is_right: NDArray[np.bool_]


def collect(written: WrittenSet, encoder: Encoder) -> list[Contest]:
    """Ask every answered question of its own article and of all; those whose right passage is not
    among the found ones teach nothing and are left out."""
    contests: list[Contest] = []
    for article, questions in written.items():
        with open_articles([article], encoder) as knowledge:
            contests += _ask(knowledge, questions)
    with open_articles(list(written), encoder) as library:
        contests += _ask(library, [one for own in written.values() for one in own])
    return contests


def _ask(knowledge: KnowledgeBase, questions: Sequence[WrittenQuestion]) -> Iterator[Contest]:
    for question in questions:
        if question.answer is None:
            continue
        ranking = knowledge.rank(question.question, limit=_COMPETING)
        right = [question.is_answered_by(one.passage) for one in ranking.found]
        if any(right):
            columns = [_columns(one, ranking.query.language) for one in ranking.found]
            yield Contest(np.array(columns), np.array(right))


def _columns(scored: ScoredPassage, language: str | None) -> list[float]:
    signals, none = list(scored.signals), [0.0] * len(SIGNALS)
    if language in (None, scored.passage.language):
        return [*signals, 1.0, *none]
    return [*none, 0.0, *signals]


def fit(contests: Sequence[Contest]) -> Floats:
    """Return the weights of the columns."""
    most = max(len(contest.columns) for contest in contests)
    rows = np.zeros((len(contests), most, len(_SPREAD)))
    is_right = np.zeros((len(contests), most), dtype=bool)
    is_there = np.zeros((len(contests), most), dtype=bool)
    for i, contest in enumerate(contests):
        count = len(contest.columns)
        rows[i, :count] = contest.columns / _SPREAD
        is_right[i, :count], is_there[i, :count] = contest.is_right, True
    weights = np.zeros(len(_SPREAD))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        scores = np.where(is_there, rows @ weights, -np.inf)
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        right = chances * is_right
        right /= right.sum(axis=1, keepdims=True)
        gradient = np.einsum("in,ink->k", right - chances, rows) / len(contests)
        gradient -= _PENALTY * weights
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        corrected = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        weights = weights + _RATE * corrected
    return weights / _SPREAD


def hits_at_1(contests: Sequence[Contest], weights: Floats) -> float:
    """Return in how many contests a right passage comes first."""
    won = [contest.is_right[np.argmax(contest.columns @ weights)] for contest in contests]
    return float(np.mean(won))


def fit_all(written: WrittenSet, models: Models) -> dict[str, Any]:
    """Return what ``fusion.json`` holds."""
    contests = collect(written, models.encoder)
    weights = np.round(fit(contests), 2)
    size = len(SIGNALS)
    same, base, other = weights[:size], weights[size], weights[size + 1 :]
    return {
        "weights": {
            "monolingual": {**dict(zip(SIGNALS, same.tolist(), strict=True)), "base": float(base)},
            "cross-lingual": dict(zip(SIGNALS, other.tolist(), strict=True)),
        },
        "fitted": {
            "questions": len(contests),
            "hit@1": round(hits_at_1(contests, weights), 4),
        },
    }


FITTER = Fitter(
    "fusion",
    "Fit the weights of the fusion.",
    Path(fusion.__file__).with_suffix(".json"),
    fit_all,
)


def main(arguments: Sequence[str]) -> None:
    """Fit all weights, print the figures, and write ``--output``."""
    run(FITTER, arguments)
