"""Fits the weights of the fusion: ``python -m knowledge.training fusion --help``.

A conditional logit (McFadden, 1974): the passages found for a question compete, and the weights
make the right one likeliest, by gradient ascent (Adam; Kingma and Ba, 2015) with a small L2
penalty. Sets within a language and across give the two sides, each with both models and
with that of likeness alone.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.base import KnowledgeBase
from knowledge.evaluation.question_sets import read_questions
from knowledge.neural import Encoders, load_encoders
from knowledge.retrieval import fusion
from knowledge.retrieval.fusion import SIGNALS
from knowledge.training.encoder_cache import caching_encoders
from knowledge.training.fitting import Call, fitting_parser

__all__ = ["Contest", "collect", "fit", "main", "recall_at_1"]

_COMPETING = 100
_MAX_QUESTIONS = 1_000
_STEPS = 600
_RATE = 0.2
_PENALTY = 1e-4
_SPREAD = np.array([1.0, 0.1, 0.1, 0.3])
"""How far each signal varies among passages, about: it sets the size of a step."""


@dataclass(frozen=True, slots=True)
class Contest:
    """The passages found for a question: their signals, a row each, and which are right."""

    signals: NDArray[np.float64]
    is_right: NDArray[np.bool_]


def collect(folder: Path, encoders: Encoders) -> list[Contest]:
    """Ask the questions of ``folder`` (``corpus.jsonl``, ``queries.jsonl``), evenly sampled; those
    whose right passage is not among the found ones teach nothing and are left out."""
    questions = [q for q in read_questions(folder / "queries.jsonl") if q.gold_ids]
    contests: list[Contest] = []
    with tempfile.TemporaryDirectory(prefix="sourcier-") as place:
        database = Path(place) / "knowledge.db"
        with KnowledgeBase.open(database, [folder / "corpus.jsonl"], encoders) as knowledge:
            for question in questions[:: max(1, len(questions) // _MAX_QUESTIONS)]:
                found = knowledge.rank(question.question, limit=_COMPETING).found
                right = [one.passage.article in (question.gold_ids or ()) for one in found]
                if any(right):
                    signals = np.array([one.signals for one in found], dtype=np.float64)
                    contests.append(Contest(signals, np.array(right)))
    return contests


def fit(contests: Sequence[Contest]) -> NDArray[np.float64]:
    """Return the weights of ``SIGNALS``; none is negative."""
    scaled = [contest.signals / _SPREAD for contest in contests]
    weights = np.ones(len(SIGNALS))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        gradient = -_PENALTY * weights
        for rows, contest in zip(scaled, contests, strict=True):
            scores = rows @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            right = chances * contest.is_right
            gradient += rows.T @ (right / right.sum() - chances) / len(contests)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        corrected = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        weights = np.maximum(weights + _RATE * corrected, 0.0)
    return weights / _SPREAD


def recall_at_1(contests: Sequence[Contest], weights: NDArray[np.float64]) -> float:
    """Return in how many contests a right passage comes first."""
    won = [contest.is_right[np.argmax(contest.signals @ weights)] for contest in contests]
    return float(np.mean(won))


def main(arguments: Sequence[str]) -> None:
    """Fit all weights, print them, and write them to ``--output``."""
    output = Path(fusion.__file__).with_suffix(".json")
    parser = fitting_parser("fusion", "Fit the weights of the fusion.", output)
    parser.add_argument(
        "--monolingual",
        type=Path,
        nargs="+",
        required=True,
        metavar="FOLDER",
        help="sets whose questions are in their language",
    )
    parser.add_argument(
        "--cross-lingual",
        type=Path,
        nargs="+",
        required=True,
        metavar="FOLDER",
        help="sets whose questions are in another",
    )
    options = parser.parse_args(arguments)
    encoders = caching_encoders(load_encoders())
    if encoders.likeness is None or encoders.passages is None:
        parser.error("both semantic models are needed: pip install 'sourcier[semantic]'")
    stored: dict[str, Any] = {}
    named: dict[str, list[Path]] = {
        "monolingual": options.monolingual,
        "cross-lingual": options.cross_lingual,
    }
    for pairing, folders in named.items():
        for suffix, models in (
            ("", encoders),
            (", likeness alone", Encoders(None, encoders.likeness)),
        ):
            contests = [one for folder in folders for one in collect(folder, models)]
            weights = fit(contests)
            if models.passages is None:
                weights[1:3] = 0.0
            stored[pairing + suffix] = {
                "weights": dict(zip(SIGNALS, np.round(weights, 2).tolist(), strict=True)),
                "fitted": Call("fusion", arguments, folders).provenance(
                    questions=len(contests),
                    **{"recall@1": round(recall_at_1(contests, weights), 4)},
                ),
            }
    text = json.dumps(stored, indent=2) + "\n"
    options.output.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201 - a command
