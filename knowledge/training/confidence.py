"""Fits the confidence to labelled questions: ``python -m knowledge.training confidence --help``.

Boosted trees (LightGBM; Ke et al., 2017) on the features of
``knowledge.answers.confidence_features``. The label is whether the first passage answers, so that a
right question with a wrong passage counts against confidence. The thresholds come from what trees
that have not seen the article say of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.answers import confidence
from knowledge.evaluation.question_sets import area_under_curve
from knowledge.neural import NO_ENCODERS, Encoders, load_encoders
from knowledge.neural.reader import load_reader
from knowledge.training.confidence_examples import Engine, Example, Topic, collect
from knowledge.training.confidence_trees import fit, fit_with_reader
from knowledge.training.encoder_cache import caching_encoders
from knowledge.training.fitting import Call, fitting_parser
from knowledge.training.reader.data import kept_back_questions
from knowledge.training.reader_cache import caching_reader

__all__ = ["Thresholds", "choose_thresholds", "main"]

_MAX_FALSE_ON_TOPIC = 0.30
_MAX_FALSE_OFF_TOPIC = 0.03
_MIN_SHOWN = 0.98

_NAMES = {"lexical": (False, False), "likeness": (False, True), "dense": (True, True)}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least confidences of the verdicts "answered" and "uncertain"."""

    answered: float
    uncertain: float


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
    """Return a confidence, 0 where ``knowledge.answers.answering`` never claims anything."""
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
    return caching_encoders(Encoders(loaded.passages if by_passages else None, loaded.likeness))


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


def main(arguments: Sequence[str]) -> None:
    """Fit, print the figures, and put the model in its place in ``--output``."""
    output = Path(confidence.__file__).with_suffix(".json")
    parser = fitting_parser("confidence", "Fit the confidence to question sets.", output)
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument("--model", choices=_NAMES, default="lexical")
    parser.add_argument("--reader", action="store_true", help="for passages that were read, too")
    options = parser.parse_args(arguments)
    encoders = _encoders(options.model)
    if encoders is None:
        parser.error("a semantic model is not installed: pip install 'sourcier[semantic]'")
    folders: list[Path] = options.folders
    name: str = options.model
    told: dict[str, str] = {}
    examples = [e for folder in folders for e in collect(folder, Engine(encoders))]
    if options.reader:
        reader = load_reader()
        if reader is None:
            parser.error("there is no reader: see “sourcier check”")
        engine = Engine(encoders, caching_reader(reader))
        told["reader"] = reader.model
        kept_back = kept_back_questions(folders[0].parent)
        read = [e for folder in folders for e in collect(folder, engine, kept_back)]
        fitted, examples, name = fit_with_reader(read, examples), read, f"{name}, read"
    else:
        fitted = fit(examples)
    thresholds = choose_thresholds(examples, fitted.held_out)
    stored: dict[str, Any] = {
        "fitted": Call("confidence", arguments, folders).provenance(
            **told,
            sets=_figures(examples, fitted.held_out),
            answered=_shares(examples, fitted.held_out, thresholds),
        ),
        "thresholds": {
            "answered": round(thresholds.answered, 4),
            "uncertain": round(thresholds.uncertain, 4),
        },
        "features": list(fitted.features),
        "trees": list(fitted.trees),
    }
    if fitted.weight is not None:
        stored["extends"] = {"model": options.model, "weight": fitted.weight}
    output = options.output
    models: dict[str, Any] = {}
    if output.exists():
        models = json.loads(output.read_text(encoding="utf-8"))
    models[name] = stored
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
