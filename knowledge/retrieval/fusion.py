"""Lexical and dense signals to one score: a weighted sum, by the languages in play.

A convex sum of scores, not of ranks: rank fusion gives a leg that cannot tell (lexical, across
languages) as much say as one that can. The weights are in ``fusion.json`` with the data, command
and day that fitted them (``python -m knowledge.training fusion``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from knowledge.retrieval.lexical import ScoredPassage
from knowledge.retrieval.similarity import Similarity

__all__ = ["SIGNALS", "Weights", "fuse", "fused_score", "stored_weights", "typical", "weights_for"]

SIGNALS = ("lexical", "paragraph", "sentence")
"""The share of the question's idf weight that was found, and two cosines: see ``Similarity``."""


class Weights(NamedTuple):
    """What each of ``SIGNALS`` counts, and what a passage has before any of them."""

    lexical: float
    paragraph: float
    sentence: float
    base: float = 0.0


@lru_cache(maxsize=1)
def stored_weights() -> Mapping[str, Weights]:
    """Return the weights of the package, by whether a passage is in the question's language."""
    stored = json.loads(files("knowledge.retrieval").joinpath("fusion.json").read_text("utf-8"))
    return {name: Weights(**weights) for name, weights in stored["weights"].items()}


def weights_for(asked: str | None, language: str) -> Weights:
    """Return the weights of a passage in ``language`` for a question in the language ``asked``
    (ISO 639-1, ``None`` where it cannot be told).

    Across languages words tell otherwise, and cosines are lower as a whole, which ``base`` makes
    up for where an index has articles in several.
    """
    is_same = asked in (None, language)
    return stored_weights()["monolingual" if is_same else "cross-lingual"]


def typical(similarities: Iterable[Similarity]) -> Similarity:
    """Return the mean of similarities (some): what is taken for a passage that has no vectors yet,
    so that words alone decide where it stands among those that have."""
    known = list(similarities)
    paragraph = sum(one.paragraph for one in known) / len(known)
    return Similarity(paragraph, (sum(one.best_sentence for one in known) / len(known),))


def fused_score(score: float, similarity: Similarity, total: float, weights: Weights) -> float:
    """Return the score of all signals for a passage that has ``score`` by words; ``total`` as in
    ``fuse``."""
    return (
        weights.base
        + weights.lexical * score / total
        + weights.paragraph * similarity.paragraph
        + weights.sentence * similarity.best_sentence
    )


def fuse(
    scored: ScoredPassage, similarity: Similarity, total: float, weights: Weights
) -> ScoredPassage:
    """Return a passage that words have scored with the score and the sentences' of all signals.

    ``total`` is the question's idf weight.
    """
    signals = (scored.score / total, similarity.paragraph, similarity.best_sentence)
    score = fused_score(scored.score, similarity, total, weights)
    size = len(scored.sentence_values)
    near = similarity.sentences if len(similarity.sentences) == size else (0.0,) * size
    values = tuple(
        weights.lexical * value / total + weights.sentence * cosine
        for value, cosine in zip(scored.sentence_values, near, strict=True)
    )
    return replace(
        scored, score=score, sentence_values=values, similarity=similarity, signals=signals
    )
