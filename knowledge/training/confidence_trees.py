"""Boosted trees that tell whether a first passage answers (LightGBM; Ke et al., 2017).

Where passages were read, the trees go on from those without reading: a weight for their log-odds,
and further trees on what the reader says, which speak the more for an answer the higher it is.
They are fitted to questions on articles that neither the reader nor, for this, the trees that
they go on from have seen.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.training.confidence_examples import Example

__all__ = ["Fit", "fit", "fit_with_reader"]

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
_NEAR_MISS_WEIGHT = 3.0
"""What a question of the near-miss files counts: they are few beside the others, and the hardest
that members ask. Chosen on held-out articles: more of it lowers every other figure."""

_READING = "read_"
"""What the names of the features of reading begin with."""
_READING_ROUNDS = 60
_READING_PARAMETERS: Mapping[str, Any] = {**_PARAMETERS, "max_depth": 2}
_NEWTON_STEPS = 30


@dataclass(frozen=True, slots=True)
class Fit:
    """What a fit gives: names of features, trees as they are stored, and the confidence in each
    example by trees that have not seen its article. ``weight``: what the log-odds count that the
    trees go on from, ``None`` where they begin anew."""

    features: tuple[str, ...]
    trees: tuple[Any, ...]
    held_out: tuple[float, ...]
    weight: float | None = None


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
    return Fit(names, _trees(_train(names, examples)), tuple(held_out))


def fit_with_reader(examples: Sequence[Example], unread: Sequence[Example]) -> Fit:
    """Fit further trees to examples that were read, going on from trees fitted to ``unread`` ones
    of other articles. Raises ValueError where either are none."""
    articles = {example.article for example in examples}
    others = [example for example in unread if example.article not in articles]
    if not examples or not others:
        raise ValueError("there is nothing to fit: no question found a passage that was read")
    base_names = tuple(sorted(others[0].features))
    names = tuple(name for name in sorted(examples[0].features) if name.startswith(_READING))
    base: Any = _train(base_names, others).predict(_rows(base_names, examples), raw_score=True)

    def trained(chosen: Sequence[int]) -> tuple[float, Any]:
        some, own = [examples[i] for i in chosen], base[list(chosen)]
        weight = _weight_beside(own, names, some)
        return weight, _train(names, some, weight * own)

    held_out = [0.0] * len(examples)
    for chosen, rest in _folds(examples, salt="read"):
        weight, booster = trained(rest)
        rows = _rows(names, [examples[i] for i in chosen])
        odds: Any = weight * base[list(chosen)] + booster.predict(rows, raw_score=True)
        for i, confidence in zip(chosen, (1 / (1 + np.exp(-odds))).tolist(), strict=True):
            held_out[i] = confidence
    weight, booster = trained(range(len(examples)))
    return Fit(names, _trees(booster), tuple(held_out), round(weight, 3))


def _folds(
    examples: Sequence[Example], salt: str = ""
) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """Yield the places of a fold's examples and those of all others, whole articles together."""
    folds = [zlib.crc32((salt + example.article).encode()) % _FOLDS for example in examples]
    for fold in range(_FOLDS):
        chosen = [i for i, own in enumerate(folds) if own == fold]
        others = [i for i, own in enumerate(folds) if own != fold]
        if chosen and others:
            yield chosen, others


def _weight_beside(base: Any, names: Sequence[str], examples: Sequence[Example]) -> float:  # noqa: ANN401 - numpy
    """Return what log-odds count beside the features ``names``: by a logistic line over both
    (Newton's method, an L2 penalty)."""
    columns = np.column_stack([base, _rows(names, examples)])
    spread = columns.std(axis=0) + 1e-9
    rows = np.column_stack([(columns - columns.mean(axis=0)) / spread, np.ones(len(columns))])
    right = np.array([example.is_right for example in examples], dtype=float)
    counts = np.array(_weights(examples))
    line = np.zeros(rows.shape[1])
    for _ in range(_NEWTON_STEPS):
        probabilities = 1 / (1 + np.exp(-rows @ line))
        slope = rows.T @ (counts * (probabilities - right)) + line
        curve = (rows * (counts * probabilities * (1 - probabilities))[:, None]).T @ rows
        line = line - np.linalg.solve(curve + np.eye(len(line)), slope)
    return max(0.0, float(line[0] / spread[0]))


def _weights(examples: Sequence[Example]) -> list[float]:
    return [_NEAR_MISS_WEIGHT if example.is_near_miss_set else 1.0 for example in examples]


def _train(
    names: Sequence[str],
    examples: Sequence[Example],
    going_on_from: Any = None,  # noqa: ANN401 - numpy
) -> Any:  # noqa: ANN401 - no types
    import lightgbm  # pyright: ignore[reportMissingTypeStubs] - only here, in an extra

    data = lightgbm.Dataset(
        _rows(names, examples),
        [float(e.is_right) for e in examples],
        weight=_weights(examples),
        init_score=going_on_from,
    )
    parameters, rounds = dict(_PARAMETERS), _ROUNDS
    if going_on_from is not None:
        rising = [1] * len(names)
        parameters = {**_READING_PARAMETERS, "monotone_constraints": rising}
        rounds = _READING_ROUNDS
    return lightgbm.train(  # pyright: ignore[reportUnknownMemberType]
        parameters, data, num_boost_round=rounds
    )


def _trees(booster: Any) -> tuple[Any, ...]:  # noqa: ANN401 - no types
    dumped = booster.dump_model()
    return tuple(_stored(tree["tree_structure"]) for tree in dumped["tree_info"])


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
