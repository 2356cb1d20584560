"""Fits the confidence to labelled questions: ``python -m knowledge.calibration --help``.

A logistic regression by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani
and Friedman, "The Elements of Statistical Learning", 4.4.1) with a small ridge penalty. The label
is whether the first passage answers, so that a right question with a wrong passage counts against
confidence. Each set is asked in an index of its whole corpus; in an index of each half of it,
where the other half's questions are off topic; and in indexes of single articles, since evidence
weighs otherwise among few paragraphs.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from knowledge.answering import cite
from knowledge.base import KnowledgeBase
from knowledge.confidence import ConfidenceModel, evidence
from knowledge.evaluation import Question, area_under_curve, read_questions
from knowledge.semantic import NO_ENCODERS, Encoder, Encoders, load_encoders

__all__ = ["Example", "collect", "fit", "main", "threshold_for"]

_RIDGE = 1.0
_STEPS = 50
_MIN_PARAGRAPHS = 3
_STRIDE = 40
_MAX_WRONG_ANSWERED = 0.15
_MAX_WRONG_SHOWN = 0.5


@dataclass(frozen=True, slots=True)
class Example:
    """The evidence of one question, and whether its first passage answers it."""

    features: Mapping[str, float]
    is_right: bool


class _Remembering:
    """An encoder that encodes each text once: the same ones come in many indexes."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._queries: dict[str, bytes] = {}
        self._passages: dict[str, bytes] = {}
        self.model = encoder.model
        self.dimension = encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> list[bytes]:
        return _remembered(texts, self._queries, self._encoder.encode_queries)

    def encode_passages(self, texts: Sequence[str]) -> list[bytes]:
        return _remembered(texts, self._passages, self._encoder.encode_passages)


def _remembering(encoders: Encoders) -> Encoders:
    passages, likeness = encoders.passages, encoders.likeness
    return Encoders(
        None if passages is None else _Remembering(passages),
        None if likeness is None else _Remembering(likeness),
    )


def _remembered(
    texts: Sequence[str],
    known: dict[str, bytes],
    encode: Callable[[Sequence[str]], list[bytes]],
) -> list[bytes]:
    new = [text for text in dict.fromkeys(texts) if text not in known]
    known.update(zip(new, encode(new), strict=True))
    return [known[text] for text in texts]


def collect(folder: Path, encoders: Encoders) -> list[Example]:
    """Ask the questions of ``folder`` (``corpus.jsonl``, ``queries.jsonl``).

    Questions about which nothing is found have no evidence and are left out: their confidence
    is 0 without a model.
    """
    questions = read_questions(folder / "queries.jsonl")
    lines = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    by_title: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        by_title[json.loads(line)["title"]].append(line)
    articles = list(by_title.values())
    examples = list(_examples(lines, questions, encoders))
    for half in articles[::2], articles[1::2]:
        examples += _examples([line for article in half for line in article], questions, encoders)
    for i, article in enumerate(articles):
        if len(article) >= _MIN_PARAGRAPHS:
            slugs = {json.loads(line)["id"] for line in article}
            own = [q for q in questions if slugs.intersection(q.gold_ids or ())]
            others = questions[i % _STRIDE :: _STRIDE]
            asked = list({q.id: q for q in (*own, *others)}.values())
            examples += _examples(article, asked, encoders)
    return examples


def _examples(
    corpus: Sequence[str], questions: Sequence[Question], encoders: Encoders
) -> Iterator[Example]:
    with tempfile.TemporaryDirectory(prefix="sourcier-") as folder:
        path = Path(folder) / "corpus.jsonl"
        path.write_text("\n".join(corpus) + "\n", encoding="utf-8")
        with KnowledgeBase.open(Path(folder) / "knowledge.db", [path], encoders) as knowledge:
            for question in questions:
                ranking = knowledge.rank(question.question, limit=2)
                if ranking.found:
                    citation = cite(ranking.query, ranking.found[0])
                    features = evidence(ranking, citation.span)
                    yield Example(features, citation.article in (question.gold_ids or ()))


def fit(examples: Sequence[Example]) -> tuple[float, dict[str, float]]:
    """Return intercept and coefficients. Raises ValueError without examples."""
    if not examples:
        raise ValueError("there is nothing to fit: no question found a passage")
    names = sorted(examples[0].features)
    rows = [[1.0, *(example.features[name] for name in names)] for example in examples]
    size = len(names) + 1
    weights = [0.0] * size
    for _ in range(_STEPS):
        gradient = [0.0] + [-_RIDGE * weight for weight in weights[1:]]
        hessian = [[0.0] * size for _ in range(size)]
        for i in range(1, size):
            hessian[i][i] = _RIDGE
        for row, example in zip(rows, examples, strict=True):
            total = sum(weight * value for weight, value in zip(weights, row, strict=True))
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            for i, value in enumerate(row):
                gradient[i] += (example.is_right - chance) * value
                for j in range(i + 1):
                    hessian[i][j] += chance * (1 - chance) * value * row[j]
        for i in range(size):
            for j in range(i):
                hessian[j][i] = hessian[i][j]
        step = _solve(hessian, gradient)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return weights[0], dict(zip(names, weights[1:], strict=True))


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a symmetric positive definite system by Gaussian elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    solution = [0.0] * size
    for i in reversed(range(size)):
        known = sum(rows[i][k] * solution[k] for k in range(i + 1, size))
        solution[i] = (rows[i][size] - known) / rows[i][i]
    return solution


def threshold_for(scored: Sequence[tuple[float, bool]], max_wrong: float) -> float:
    """Return the least confidence from which at most ``max_wrong`` of all that lies above is wrong.

    1 where there is none. ``scored``: confidences with whether the passage answers.
    """
    best, wrong = 1.0, 0
    for count, (confidence, is_right) in enumerate(sorted(scored, reverse=True), start=1):
        wrong += not is_right
        if wrong / count <= max_wrong:
            best = confidence
    return best


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print the figures, and put the model in its place in ``--output``."""
    parser = argparse.ArgumentParser(
        prog="python -m knowledge.calibration", description="Fit the confidence to question sets."
    )
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("confidence.json"))
    parser.add_argument(
        "--semantic", action="store_true", help="fit the model for words and meaning"
    )
    options = parser.parse_args(arguments)
    encoders = _remembering(load_encoders()) if options.semantic else NO_ENCODERS
    if options.semantic and not encoders:
        parser.error("the semantic models are not installed: pip install 'sourcier[semantic]'")
    examples = [e for folder in options.folders for e in collect(folder, encoders)]
    intercept, coefficients = fit(examples)
    model = ConfidenceModel(intercept, coefficients, 0.0, 0.0)
    scored = [(model.confidence(e.features), e.is_right) for e in examples]
    thresholds = {
        "answered": round(threshold_for(scored, _MAX_WRONG_ANSWERED), 4),
        "uncertain": round(threshold_for(scored, _MAX_WRONG_SHOWN), 4),
    }
    right = [confidence for confidence, is_right in scored if is_right]
    wrong = [confidence for confidence, is_right in scored if not is_right]
    stored = {
        "intercept": round(intercept, 4),
        "coefficients": {name: round(value, 4) for name, value in coefficients.items()},
        "thresholds": thresholds,
        "fitted": {
            "command": f"python -m knowledge.calibration {'--semantic ' * options.semantic}"
            + " ".join(folder.as_posix() for folder in options.folders),
            "date": datetime.now(UTC).date().isoformat(),
            "examples": len(examples),
            "right": len(right),
            "auc": round(area_under_curve(right, wrong), 4),
            "wrong_among_answered": _MAX_WRONG_ANSWERED,
            "wrong_among_shown": _MAX_WRONG_SHOWN,
        },
    }
    output: Path = options.output
    models: dict[str, object] = {}
    if output.exists():
        models = json.loads(output.read_text(encoding="utf-8"))
    models["semantic" if options.semantic else "lexical"] = stored
    output.write_text(json.dumps(models, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(stored, indent=2))  # noqa: T201 - a command


if __name__ == "__main__":
    main()
