"""Boosted trees that tell whether a first passage answers (LightGBM; Ke et al., 2017)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.training.confidence_examples import Example

__all__ = ["Fit", "fit"]

_FOLDS = 5
_ROUNDS = 100
_PARAMETERS: Mapping[str, Any] = {
    "objective": "binary",
    "num_leaves": 10,
    "max_depth": 4,
    "learning_rate": 0.1,
    "min_data_in_leaf": 30,
    "lambda_l2": 5.0,
    "seed": 0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}
_RISING = frozenset({"read_answerable", "read_answer", "similarity", "sentence_similarity"})
"""Features that speak the more for an answer the higher they are."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a fit gives: names of features, trees as they are stored, and the confidence in each
    example by trees that have not seen its article."""

    features: tuple[str, ...]
    trees: tuple[Any, ...]
    held_out: tuple[float, ...]


def fit(examples: Sequence[Example]) -> Fit:
    """Fit trees to examples. Raises ValueError without any."""
    if not examples:
        raise ValueError("there is nothing to fit: no question found a passage")
    names = tuple(sorted(examples[0].features))
    held_out = [0.0] * len(examples)
    for chosen, others in _folds(examples):
        booster = _train(names, [examples[i] for i in others])
        said: Any = booster.predict(_rows(names, [examples[i] for i in chosen]))
        for i, confidence in zip(chosen, said.tolist(), strict=True):
            held_out[i] = confidence
    dumped = _train(names, examples).dump_model()
    trees = tuple(_stored(tree["tree_structure"]) for tree in dumped["tree_info"])
    return Fit(names, trees, tuple(held_out))


def _folds(examples: Sequence[Example]) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """Yield the places of a fold's examples and those of all others, whole articles together."""
    folds = [zlib.crc32(example.article.encode()) % _FOLDS for example in examples]
    for fold in range(_FOLDS):
        chosen = [i for i, own in enumerate(folds) if own == fold]
        others = [i for i, own in enumerate(folds) if own != fold]
        if chosen and others:
            yield chosen, others


def _train(names: Sequence[str], examples: Sequence[Example]) -> Any:  # noqa: ANN401 - no types
    import lightgbm  # pyright: ignore[reportMissingTypeStubs] - only here, in an extra

    data = lightgbm.Dataset(_rows(names, examples), [float(e.is_right) for e in examples])
    rising = [int(name in _RISING) for name in names]
    return lightgbm.train(  # pyright: ignore[reportUnknownMemberType]
        {**_PARAMETERS, "monotone_constraints": rising}, data, num_boost_round=_ROUNDS
    )


def _rows(names: Sequence[str], examples: Sequence[Example]) -> Any:  # noqa: ANN401 - numpy
    return np.array([[example.features[name] for name in names] for example in examples])


def _stored(node: Mapping[str, Any]) -> Any:  # noqa: ANN401 - nested JSON
    """Return a tree of LightGBM as ``knowledge.answers.confidence.parse_tree`` reads it."""
    if "split_feature" not in node:
        return round(node["leaf_value"], 4)
    return [
        round(node["internal_value"], 4),
        node["split_feature"],
        float(f"{node['threshold']:.6g}"),
        _stored(node["left_child"]),
        _stored(node["right_child"]),
    ]
