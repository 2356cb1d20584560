"""Fits what a prediction counts: ``python -m knowledge.training reranking --help``.

A conditional logit as in ``knowledge.training.fusion``: of the passages that are read, the score
before and the reader's probability make the right one likeliest. Only questions on articles that
the reader was never trained on. One weight for all languages, since few of the questions that are
kept back are in another than their articles.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.base import KnowledgeBase
from knowledge.evaluation.question_sets import read_questions
from knowledge.neural import NO_ENCODERS, Encoders, load_encoders
from knowledge.neural.reader import Reader, load_reader
from knowledge.retrieval import reranking
from knowledge.retrieval.reranking import RERANKED, answer_probability, predict, unit
from knowledge.training.encoder_cache import caching_encoders
from knowledge.training.fitting import Call, fitting_parser
from knowledge.training.fusion import Contest, recall_at_1
from knowledge.training.reader.data import kept_back_questions
from knowledge.training.reader_cache import caching_reader

__all__ = ["collect", "fit", "main"]

_WEIGHTS = np.arange(0, 12, 0.25)
_SCALES = np.array([0.25, 0.5, 0.75, 1.0, 1.5, 2, 3, 4, 6, 8, 10])


def collect(
    folder: Path, encoders: Encoders, reader: Reader, only: frozenset[str]
) -> list[Contest]:
    """Ask the questions of ``folder`` that are in ``only``; those whose right passage is not among
    the ones that are read teach nothing and are left out. Signals: score, probability."""
    questions = [q for q in read_questions(folder / "queries.jsonl") if q.gold_ids]
    contests: list[Contest] = []
    with tempfile.TemporaryDirectory(prefix="sourcier-") as place:
        database = Path(place) / "knowledge.db"
        with KnowledgeBase.open(database, [folder / "corpus.jsonl"], encoders) as knowledge:
            for question in questions:
                if question.question not in only:
                    continue
                ranking = knowledge.rank(question.question, limit=RERANKED)
                found = ranking.found
                right = [one.passage.article in (question.gold_ids or ()) for one in found]
                if any(right):
                    signals = [
                        (
                            one.score / unit(ranking),
                            0.0 if prediction is None else answer_probability(prediction),
                        )
                        for one, prediction in zip(found, predict(ranking, reader), strict=True)
                    ]
                    contests.append(Contest(np.array(signals), np.array(right)))
    return contests


def likelihood(contests: Sequence[Contest], weights: NDArray[np.float64]) -> float:
    """Return the mean logarithm of the right passages' probabilities."""
    total = 0.0
    for contest in contests:
        scores = contest.signals @ weights
        probabilities = np.exp(scores - scores.max())
        total += float(np.log(probabilities[contest.is_right].sum() / probabilities.sum()))
    return total / len(contests)


def fit(contests: Sequence[Contest]) -> float:
    """Return the weight of the probability beside the score: of a grid, the likeliest."""
    pairs = [np.array([scale, weight]) for scale in _SCALES for weight in _WEIGHTS]
    scale, weight = max(pairs, key=lambda pair: likelihood(contests, pair))
    return float(weight / scale)


def main(arguments: Sequence[str]) -> None:
    """Fit the weight for every sort of comparison, print them, and write them to ``--output``."""
    output = Path(reranking.__file__).with_suffix(".json")
    parser = fitting_parser("reranking", "Fit what the reader's prediction counts.", output)
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    folders: list[Path] = options.folders
    encoders, loaded = caching_encoders(load_encoders()), load_reader()
    if loaded is None or encoders.likeness is None or encoders.passages is None:
        parser.error("the reader and both semantic models are needed: see “sourcier check”")
    reader, only = caching_reader(loaded), kept_back_questions(folders[0].parent)
    weights: dict[str, float] = {}
    figures: dict[str, Any] = {}
    for name, models in (
        ("lexical", NO_ENCODERS),
        ("likeness", Encoders(None, encoders.likeness)),
        ("dense", encoders),
    ):
        contests = [one for folder in folders for one in collect(folder, models, reader, only)]
        weights[name] = round(fit(contests), 2)
        figures[name] = {
            "questions": len(contests),
            "recall@1 before": round(recall_at_1(contests, np.array([1.0, 0.0])), 4),
            "recall@1": round(recall_at_1(contests, np.array([1.0, weights[name]])), 4),
        }
    stored = {
        "weights": weights,
        "fitted": Call("reranking", arguments, folders).provenance(
            reader=reader.model, sets=figures
        ),
    }
    text = json.dumps(stored, indent=2) + "\n"
    options.output.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201 - a command
