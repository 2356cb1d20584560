"""Fits the confidence to labelled questions: ``python -m knowledge.training confidence --help``.

The label is whether the first passage answers, so that a right question with a wrong passage
counts against confidence. The figures are those of trees that have not seen the article.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from knowledge.answers import confidence
from knowledge.evaluation.question_sets import area_under_curve
from knowledge.training.confidence_examples import Example, Topic, collect
from knowledge.training.confidence_trees import fit
from knowledge.training.fitting import Fitter, Models, run
from knowledge.training.written import WrittenSet

__all__ = ["FITTER", "THRESHOLDS", "figures", "main"]

THRESHOLDS = {"answered": 0.55, "uncertain": 0.1}
"""The least confidences of the verdicts "answered" and "uncertain": a claim is right more often
than not even where every second question is a trap, and what is unlikely is not shown."""

_ONE_IN = {"lexical": 1, "lexical, read": 3, "dense": 3, "dense, read": 1}
"""Of how many questions one is asked: most answers come from the last model, and where words alone
are compared it takes many to tell what they mean."""


def figures(examples: Sequence[Example], confidences: Sequence[float]) -> dict[str, float]:
    """Return how confidence parts answered questions from others, and what would be claimed."""
    by_topic = {
        topic: [c for e, c in zip(examples, confidences, strict=True) if e.topic is topic]
        for topic in Topic
    }
    claims = [
        e.is_right
        for e, c in zip(examples, confidences, strict=True)
        if c >= THRESHOLDS["answered"] and e.topic is Topic.ANSWERED
    ]
    answered = by_topic[Topic.ANSWERED]
    return {
        "examples": len(examples),
        **{
            f"auc, {topic}": round(area_under_curve(answered, by_topic[topic]), 4)
            for topic in (Topic.MISSING, Topic.OTHER)
        },
        **{
            f"claimed, {topic}": round(
                sum(c >= THRESHOLDS["answered"] for c in own) / max(len(own), 1), 4
            )
            for topic, own in by_topic.items()
        },
        "right among claimed answers": round(sum(claims) / max(len(claims), 1), 4),
    }


def fit_all(written: WrittenSet, models: Models) -> dict[str, Any]:
    """Return what ``confidence.json`` holds: a model for each sort of evidence."""
    stored: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for name, one_in in _ONE_IN.items():
        encoder = models.encoder if name.startswith("dense") else None
        reader = models.reader if name.endswith("read") else None
        examples = collect(written, encoder, reader, one_in)
        fitted = fit(examples)
        stored[name] = {"features": list(fitted.features), "trees": list(fitted.trees)}
        told[name] = figures(examples, fitted.held_out)
    return {"thresholds": THRESHOLDS, "models": stored, "fitted": told}


FITTER = Fitter(
    "confidence",
    "Fit the confidence in an answer.",
    Path(confidence.__file__).with_suffix(".json"),
    fit_all,
)


def main(arguments: Sequence[str]) -> None:
    """Fit all models, print the figures, and write ``--output``."""
    run(FITTER, arguments)
