"""The first passages of a ranking, read for the answer, and brought into order by that.

What a prediction counts is in ``reranking.json`` with the data, command and day that fitted it
(``python -m knowledge.training reranking``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from knowledge.model import ReaderUse, Span
from knowledge.neural.reader import Reader, SpanPrediction
from knowledge.neural.reader.layout import laid_out
from knowledge.neural.reader.protocol import Readable
from knowledge.questions.named_title import without_title
from knowledge.retrieval.lexical import ScoredPassage
from knowledge.retrieval.retriever import Ranking
from knowledge.text.stretches import with_neighbours

__all__ = ["RERANKED", "answer_odds", "predict", "rerank", "stored_weights", "unit"]

RERANKED = 3
"""Passages read: four and five changed no figure."""

_CERTAIN = 8.0
"""Log-odds beyond which the reader's word is not taken to be surer."""

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
    weight = stored_weights()[first[0].found_by] * unit(ranking)
    odds = [answer_odds(one) for one in predictions if one is not None]
    found = [
        replace(
            one,
            # What there was no time for is taken for no likelier than what was read.
            score=one.score + weight * (min(odds) if said is None else answer_odds(said)),
            prediction=said,
        )
        for one, said in zip(first, predictions, strict=True)
    ]
    found.sort(key=lambda one: -one.score)
    return replace(ranking, found=(*found, *rest), reader=ReaderUse.READ)


def predict(
    ranking: Ranking, reader: Reader, seconds: float | None = None
) -> list[SpanPrediction | None]:
    """Return the predictions of the first ``RERANKED`` passages, in characters of each."""
    readings = [_reading(one) for one in ranking.found[:RERANKED]]
    predictions = _read(reader, ranking, readings, seconds)
    return [
        None if prediction is None else _in_passage(prediction, one)
        for prediction, one in zip(predictions, readings, strict=True)
    ]


def _read(
    reader: Reader, ranking: Ranking, readings: Sequence[_Reading], seconds: float | None
) -> list[SpanPrediction | None]:
    """Read passages, each without its article's title in the question."""
    titles = [one.passage.title for one in ranking.found]
    questions = [without_title(ranking.query.text, title) for title in titles[: len(readings)]]
    found: list[SpanPrediction | None] = [None] * len(readings)
    for question in dict.fromkeys(questions):
        places = [at for at, own in enumerate(questions) if own == question]
        said = reader.read(question, [readings[at].readable for at in places], seconds=seconds)
        for at, prediction in zip(places, said, strict=True):
            found[at] = prediction
    return found


class _Reading(NamedTuple):
    """What is read of a passage: from ``start`` on, below a question of ``asked`` characters."""

    readable: Readable
    start: int
    asked: int


def _reading(scored: ScoredPassage) -> _Reading:
    passage, stretch = scored.passage, _stretch(scored)
    readable, asked = laid_out(passage.title, passage.headings, stretch.of(passage.text))
    return _Reading(readable, stretch.start, asked)


def _in_passage(prediction: SpanPrediction, reading: _Reading) -> SpanPrediction:
    """Return a prediction in characters of the passage, without answers that are in the question
    above it."""
    inside = tuple(one for one in prediction.candidates if one.span.start >= reading.asked)
    return replace(prediction, candidates=inside).moved(reading.start - reading.asked)


def unit(ranking: Ranking) -> float:
    """Return what scores of the ranking (not empty) are counted in: where meaning was compared
    they are log-odds, by words alone in what the question is worth."""
    return ranking.idf_weight if ranking.found[0].similarity is None else 1.0


def answer_odds(prediction: SpanPrediction) -> float:
    """Return the log-odds that the passage answers, by the reader's own account, within bounds."""
    return max(-_CERTAIN, min(_CERTAIN, prediction.answerable))


@lru_cache(maxsize=1)
def stored_weights() -> Mapping[str, float]:
    """Return what log-odds count, by what passages were found by."""
    text = files("knowledge.retrieval").joinpath("reranking.json").read_text("utf-8")
    return json.loads(text)["weights"]


def _stretch(scored: ScoredPassage) -> Span:
    """Return what is read of a passage: all of it, or whole sentences around the best one."""
    passage = scored.passage
    best = scored.best_sentence
    if len(passage.text) <= _STRETCH or best is None:
        return Span(0, min(len(passage.text), _STRETCH))
    whole = with_neighbours(passage.sentences, scored.sentence_values, best, _STRETCH)
    return Span(whole.start, min(whole.end, whole.start + _STRETCH))
