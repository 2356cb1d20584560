"""Lexical and dense signals to one score: a weighted sum, by the models and the languages in play.

A convex sum of scores, not of ranks: rank fusion gives a leg that cannot tell (lexical, across
languages) as much say as one that can. The weights are in ``fusion.json`` with the data, command
and day that fitted them (``python -m knowledge.training fusion``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from knowledge.retrieval.lexical import ScoredPassage
from knowledge.retrieval.similarity import Similarity

__all__ = ["SIGNALS", "Weights", "fuse", "weights_for"]

SIGNALS = ("lexical", "paragraph", "sentence", "likeness")
"""The share of the question's idf weight that was found, and three cosines: see ``Similarity``."""


class Weights(NamedTuple):
    """What each of ``SIGNALS`` counts."""

    lexical: float
    paragraph: float
    sentence: float
    likeness: float


@lru_cache(maxsize=1)
def _stored() -> Mapping[str, Weights]:
    text = files("knowledge.retrieval").joinpath("fusion.json").read_text("utf-8")
    return {name: Weights(**entry["weights"]) for name, entry in json.loads(text).items()}


def weights_for(*, is_foreign: bool, by_passages: bool) -> Weights:
    """Return the weights where the question is in another language than the articles or not, with
    the model of passages or that of likeness alone."""
    pairing = "cross-lingual" if is_foreign else "monolingual"
    return _stored()[pairing if by_passages else f"{pairing}, likeness alone"]


def fuse(
    scored: ScoredPassage, similarity: Similarity, total: float, weights: Weights
) -> ScoredPassage:
    """Return a passage that words have scored with the score and the sentences' of all signals.

    ``total`` is the question's idf weight. A model that is not there gives 0.
    """
    signals = (
        scored.score / total,
        similarity.paragraph or 0.0,
        similarity.best_sentence or 0.0,
        similarity.best_likeness or 0.0,
    )
    score = sum(weight * signal for weight, signal in zip(weights, signals, strict=True))
    none = (0.0,) * len(scored.sentence_values)
    values = tuple(
        weights.lexical * value / total + weights.sentence * near + weights.likeness * alike
        for value, near, alike in zip(
            scored.sentence_values,
            similarity.sentences or none,
            similarity.likeness or none,
            strict=True,
        )
    )
    return replace(
        scored, score=score, sentence_values=values, similarity=similarity, signals=signals
    )
