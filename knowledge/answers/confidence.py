"""How sure an answer is: boosted trees over evidence that can be looked at.

The trees are in ``confidence.json`` with the data, command and day that fitted them
(``python -m knowledge.training confidence``). What a feature adds to the log-odds is what they
change at the splits on it, on the way that an example takes through the trees (Saabas,
"Interpreting random forests", 2014), so that the parts sum to the whole.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from knowledge.model import Factor, Strictness, Verdict
from knowledge.retrieval.lexical import ScoredPassage

__all__ = [
    "ConfidenceModel",
    "Leaf",
    "Node",
    "Split",
    "highest_unsure",
    "load_model",
    "model_for",
    "parse_tree",
    "stored_models",
    "threshold",
    "verdict_of",
]


@dataclass(frozen=True, slots=True)
class Leaf:
    """The end of a way through a tree; ``value`` in log-odds."""

    value: float


@dataclass(frozen=True, slots=True)
class Split:
    """A question to a feature: ``low`` where it is at most ``threshold``, else ``high``.

    ``value``: what the tree says on average of the examples that come here, in log-odds.
    """

    value: float
    feature: str
    threshold: float
    low: Node
    high: Node


Node = Split | Leaf


@dataclass(frozen=True)
class ConfidenceModel:
    """Trees whose values sum to log-odds. ``features``: the names of all that they may ask for."""

    features: tuple[str, ...]
    trees: tuple[Node, ...]

    @cached_property
    def intercept(self) -> float:
        """The log-odds before any evidence."""
        return sum((tree.value for tree in self.trees), 0.0)

    def contributions(self, features: Mapping[str, float]) -> dict[str, float]:
        """Return what each feature adds to the log-odds."""
        added = dict.fromkeys(self.features, 0.0)
        for tree in self.trees:
            node = tree
            while isinstance(node, Split):
                following = node.low if features[node.feature] <= node.threshold else node.high
                added[node.feature] += following.value - node.value
                node = following
        return added

    def confidence(self, features: Mapping[str, float]) -> float:
        """Return the probability, from 0 to 1, that the first passage answers the question."""
        return self.confidence_of(self.factors(features))

    def confidence_of(self, factors: Sequence[Factor]) -> float:
        """Return the same, of what ``factors`` has returned."""
        total = self.intercept + math.fsum(factor.contribution for factor in factors)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def factors(self, features: Mapping[str, float]) -> tuple[Factor, ...]:
        """Return what each feature adds to the log-odds, the largest contribution first."""
        factors = (
            Factor(name, features[name], added)
            for name, added in self.contributions(features).items()
        )
        return tuple(sorted(factors, key=lambda factor: (-abs(factor.contribution), factor.name)))


_SURE_FROM = {Strictness.STRICT: 0.7, Strictness.GENEROUS: 0.45}
"""The least confidence of the verdict "answered" where a server wants another than that of
``confidence.json``. Of the 2,256 questions of the written set ``dev``, each asked of its own
article, 58 in 100 of them traps: of 100 claims 13 are wrong from 0.7 on, 19 from 0.55, 25 from
0.45; of 100 questions that the article answers 44, 61 and 70 get one. Far below that, every second
claim that is added is wrong; far above, hardly any is left. Whatever is held back stays so: see
``judge``."""


def threshold(verdict: Verdict, strictness: Strictness = Strictness.BALANCED) -> float:
    """Return the confidence from which on a verdict may be claimed; 0 for the last."""
    if verdict is Verdict.ANSWERED and strictness in _SURE_FROM:
        return _SURE_FROM[strictness]
    return stored_models()["thresholds"].get(verdict.value, 0.0)


def highest_unsure() -> float:
    """Return the confidence that an answer has at most which may not be shown as sure."""
    return threshold(Verdict.ANSWERED) - 0.01


def verdict_of(confidence: float, strictness: Strictness = Strictness.BALANCED) -> Verdict:
    """Return what may be claimed at a confidence, whichever model it comes from."""
    return next(verdict for verdict in Verdict if confidence >= threshold(verdict, strictness))


def model_for(scored: ScoredPassage) -> ConfidenceModel:
    """Return the model of the package that was fitted to what ``scored`` was found by."""
    return load_model(scored.found_by if scored.prediction is None else f"{scored.found_by}, read")


@lru_cache(maxsize=1)
def stored_models() -> Mapping[str, Any]:
    """Return ``confidence.json``."""
    return json.loads(files("knowledge.answers").joinpath("confidence.json").read_text("utf-8"))


@lru_cache(maxsize=4)
def load_model(name: str) -> ConfidenceModel:
    """Return a model that ships with the package.

    "lexical" for evidence of words alone, "dense" for words and meaning; "lexical, read" and
    "dense, read" where the passage was read, too. Raises KeyError for any other name.
    """
    stored = stored_models()["models"][name]
    features = tuple(stored["features"])
    return ConfidenceModel(features, tuple(parse_tree(tree, features) for tree in stored["trees"]))


def parse_tree(stored: Any, features: Sequence[str]) -> Node:  # noqa: ANN401 - nested JSON
    """Read a tree as it is stored: a number is a leaf, ``[value, feature, threshold, low, high]``
    a split, the feature by its place in ``features``."""
    if not isinstance(stored, list):
        return Leaf(float(stored))
    value, feature, threshold, low, high = stored  # pyright: ignore[reportUnknownVariableType]
    return Split(
        float(value),  # pyright: ignore[reportUnknownArgumentType]
        features[int(feature)],  # pyright: ignore[reportUnknownArgumentType]
        float(threshold),  # pyright: ignore[reportUnknownArgumentType]
        parse_tree(low, features),
        parse_tree(high, features),
    )
