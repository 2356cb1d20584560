"""The first passages of a ranking, read for the answer, and brought into order by that.

What a prediction counts is in ``reranking.json`` with the data, command and day that fitted it
(``python -m knowledge.training reranking``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

from knowledge.model import ReaderUse, Span
from knowledge.neural.reader import Reader, SpanPrediction
from knowledge.retrieval.lexical import ScoredPassage
from knowledge.retrieval.retriever import Ranking
from knowledge.text.stretches import with_neighbours

__all__ = ["RERANKED", "answer_probability", "predict", "rerank", "unit"]

RERANKED = 3
"""Passages read: two more changed no figure by more than probability."""

_STRETCH = 1_200
"""Characters read of a passage at most: three or four windows around its best sentence."""


def rerank(ranking: Ranking, reader: Reader, seconds: float | None = None) -> Ranking:
    """Return the ranking with its first passages read and brought forward by what that gave.

    ``seconds``: how long it may take. What is not read keeps its score, and no passage that is
    not read overtakes one that is.
    """
    first, rest = ranking.found[:RERANKED], ranking.found[RERANKED:]
    if not first:
        return ranking
    predictions = predict(ranking, reader, seconds)
    if predictions[0] is None:
        return replace(ranking, reader=ReaderUse.SKIPPED)
    weight = _weights()[first[0].found_by] * unit(ranking)
    found = [
        one if prediction is None else _raised(one, prediction, weight)
        for one, prediction in zip(first, predictions, strict=True)
    ]
    found.sort(key=lambda one: -one.score)
    return replace(ranking, found=(*found, *rest), reader=ReaderUse.READ)


def predict(
    ranking: Ranking, reader: Reader, seconds: float | None = None
) -> list[SpanPrediction | None]:
    """Return the predictions of the first ``RERANKED`` passages, in characters of each."""
    texts = [one.passage.text for one in ranking.found[:RERANKED]]
    stretches = [_stretch(one) for one in ranking.found[:RERANKED]]
    parts = [span.of(text) for span, text in zip(stretches, texts, strict=True)]
    predictions = reader.read(ranking.query.text, parts, seconds=seconds)
    return [
        None if prediction is None else prediction.moved(span.start)
        for prediction, span in zip(predictions, stretches, strict=True)
    ]


def unit(ranking: Ranking) -> float:
    """Return what scores of the ranking (not empty) are counted in: where meaning was compared
    they are log-odds, by words alone in what the question is worth."""
    return ranking.idf_weight if ranking.found[0].similarity is None else 1.0


def answer_probability(prediction: SpanPrediction) -> float:
    """Return how likely the passage answers, from 0 to 1, by the reader's own account."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, prediction.answerable))))


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    text = files("knowledge.retrieval").joinpath("reranking.json").read_text("utf-8")
    return json.loads(text)["weights"]


def _raised(scored: ScoredPassage, prediction: SpanPrediction, weight: float) -> ScoredPassage:
    return replace(
        scored, score=scored.score + weight * answer_probability(prediction), prediction=prediction
    )


def _stretch(scored: ScoredPassage) -> Span:
    """Return what is read of a passage: all of it, or whole sentences around the best one."""
    passage = scored.passage
    best = scored.best_sentence
    if len(passage.text) <= _STRETCH or best is None:
        return Span(0, min(len(passage.text), _STRETCH))
    whole = with_neighbours(passage.sentences, scored.sentence_values, best, _STRETCH)
    return Span(whole.start, min(whole.end, whole.start + _STRETCH))
