"""Fits the confidence to labelled questions: ``python -m knowledge.calibration --help``.

Boosted trees (LightGBM; Ke et al., 2017) on the features of ``knowledge.evidence``. The label is
whether the first passage answers, so that a right question with a wrong passage counts against
confidence. The thresholds come from what trees that have not seen the article say of it.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from knowledge.calibration_sets import Example, Topic, collect
from knowledge.evaluation import area_under_curve
from knowledge.semantic import NO_ENCODERS, Encoders, load_encoders
from knowledge.semantic.remembering import remembering

__all__ = ["Fit", "Thresholds", "choose_thresholds", "fit", "main"]

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

_MAX_FALSE_ON_TOPIC = 0.30
_MAX_FALSE_OFF_TOPIC = 0.03
_MIN_SHOWN = 0.98

_NAMES = {"words": (False, False), "likeness": (False, True), "meaning": (True, True)}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least confidences of the verdicts "answered" and "uncertain"."""

    answered: float
    uncertain: float


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
    folds = [zlib.crc32(example.article.encode()) % _FOLDS for example in examples]
    held_out = [0.0] * len(examples)
    for fold in range(_FOLDS):
        chosen = [i for i, own in enumerate(folds) if own == fold]
        others = [example for example, own in zip(examples, folds, strict=True) if own != fold]
        if chosen and others:
            booster = _train(names, others)
            said: Any = booster.predict(_rows(names, [examples[i] for i in chosen]))
            for i, confidence in zip(chosen, said.tolist(), strict=True):
                held_out[i] = confidence
    dumped = _train(names, examples).dump_model()
    trees = tuple(_stored(tree["tree_structure"]) for tree in dumped["tree_info"])
    return Fit(names, trees, tuple(held_out))


def _train(names: Sequence[str], examples: Sequence[Example]) -> Any:  # noqa: ANN401 - no types
    import lightgbm  # pyright: ignore[reportMissingTypeStubs] - only here, in an extra

    weights = [_NEAR_MISS_WEIGHT if e.is_near_miss_set else 1.0 for e in examples]
    data = lightgbm.Dataset(
        _rows(names, examples), [float(e.is_right) for e in examples], weight=weights
    )
    return lightgbm.train(  # pyright: ignore[reportUnknownMemberType]
        dict(_PARAMETERS), data, num_boost_round=_ROUNDS
    )


def _rows(names: Sequence[str], examples: Sequence[Example]) -> Any:  # noqa: ANN401 - numpy
    import numpy as np

    return np.array([[example.features[name] for name in names] for example in examples])


def _stored(node: Mapping[str, Any]) -> Any:  # noqa: ANN401 - nested JSON
    """Return a tree of LightGBM as ``knowledge.confidence.parse_tree`` reads it."""
    if "split_feature" not in node:
        return round(node["leaf_value"], 4)
    return [
        round(node["internal_value"], 4),
        node["split_feature"],
        float(f"{node['threshold']:.6g}"),
        _stored(node["left_child"]),
        _stored(node["right_child"]),
    ]


def choose_thresholds(examples: Sequence[Example], confidences: Sequence[float]) -> Thresholds:
    """Return the thresholds that keep the stated rates among ``examples``.

    An unanswered question of the topic may be claimed in at most 30%, one of another topic in at
    most 3% (of another article's questions, often as general as "who had this idea?"); of the
    right passages 98% are shown.
    """
    claimed = [_claim(example, c) for example, c in zip(examples, confidences, strict=True)]
    false = {
        topic: [
            confidence
            for example, confidence in zip(examples, claimed, strict=True)
            if example.topic is topic
        ]
        for topic in (Topic.MISSING, Topic.OTHER)
    }
    right = [c for example, c in zip(examples, confidences, strict=True) if example.is_right]
    answered = max(
        _upper(false[Topic.MISSING], _MAX_FALSE_ON_TOPIC),
        _upper(false[Topic.OTHER], _MAX_FALSE_OFF_TOPIC),
    )
    return Thresholds(answered, min(_upper(right, _MIN_SHOWN), answered))


def _claim(example: Example, confidence: float) -> float:
    """Return a confidence, 0 where ``knowledge.answering`` claims nothing whatever it is."""
    is_held = example.features["essential_missing"] or example.features["kind_missing"]
    return 0.0 if is_held else confidence


def _upper(values: Sequence[float], share: float) -> float:
    """Return the least value that at most ``share`` of ``values`` exceed."""
    ordered = sorted(values, reverse=True)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def _encoders(name: str) -> Encoders | None:
    """Return the models that a confidence is fitted for, ``None`` where one is not installed."""
    by_passages, by_likeness = _NAMES[name]
    if not by_likeness:
        return NO_ENCODERS
    loaded = load_encoders()
    if loaded.likeness is None or (by_passages and loaded.passages is None):
        return None
    return remembering(Encoders(loaded.passages if by_passages else None, loaded.likeness))


def _figures(examples: Sequence[Example], confidences: Sequence[float]) -> dict[str, Any]:
    """Return, by set, how many examples there are and how confidence parts right from wrong."""
    found: dict[str, Any] = {}
    for name in sorted({example.source for example in examples}):
        own = [(e, c) for e, c in zip(examples, confidences, strict=True) if e.source == name]
        found[name] = {"examples": len(own)}
        right = [c for e, c in own if e.topic is Topic.ANSWERED]
        for topic in (Topic.MISSING, Topic.OTHER):
            wrong = [c for e, c in own if e.topic is topic]
            if right and wrong:
                found[name][f"auc_{topic.value}"] = round(area_under_curve(right, wrong), 4)
    return found


def _shares(
    examples: Sequence[Example], confidences: Sequence[float], thresholds: Thresholds
) -> dict[str, float]:
    """Return which share of each sort of question ends up as an answer, by held-out trees."""
    total = Counter(example.topic for example in examples)
    claimed = Counter(
        example.topic
        for example, confidence in zip(examples, confidences, strict=True)
        if _claim(example, confidence) >= thresholds.answered
    )
    return {topic.value: round(claimed[topic] / total[topic], 4) for topic in total}


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print the figures, and put the model in its place in ``--output``."""
    parser = argparse.ArgumentParser(
        prog="python -m knowledge.calibration", description="Fit the confidence to question sets."
    )
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument("--model", choices=_NAMES, default="words")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("confidence.json"))
    options = parser.parse_args(arguments)
    encoders = _encoders(options.model)
    if encoders is None:
        parser.error("a semantic model is not installed: pip install 'sourcier[semantic]'")
    examples = [e for folder in options.folders for e in collect(folder, encoders)]
    fitted = fit(examples)
    thresholds = choose_thresholds(examples, fitted.held_out)
    stored = {
        "fitted": {
            "command": f"python -m knowledge.calibration --model {options.model} "
            + " ".join(folder.as_posix() for folder in options.folders),
            "date": datetime.now(UTC).date().isoformat(),
            "sets": _figures(examples, fitted.held_out),
            "answered": _shares(examples, fitted.held_out, thresholds),
        },
        "thresholds": {
            "answered": round(thresholds.answered, 4),
            "uncertain": round(thresholds.uncertain, 4),
        },
        "features": list(fitted.features),
        "trees": list(fitted.trees),
    }
    output: Path = options.output
    models: dict[str, Any] = {}
    if output.exists():
        models = json.loads(output.read_text(encoding="utf-8"))
    models[options.model] = stored
    output.write_text(_written(models), encoding="utf-8")
    print(json.dumps({k: stored[k] for k in ("fitted", "thresholds")}, indent=2))  # noqa: T201


def _written(models: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the models as JSON that can be read and compared: a tree a line."""
    parts: list[str] = []
    for name, stored in models.items():
        head = {key: value for key, value in stored.items() if key != "trees"}
        trees = ",\n".join(
            "      " + json.dumps(tree, separators=(",", ":")) for tree in stored["trees"]
        )
        text = json.dumps(head, indent=2)[:-2].replace("\n", "\n  ")
        parts.append(f'  {json.dumps(name)}: {text},\n    "trees": [\n{trees}\n    ]\n  }}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
