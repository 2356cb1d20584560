"""The command: ``python tests/benchmarks scale --paragraphs N …``."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import ParamSpec, TypeVar

from rich.console import Console

from scale import corpus
from scale.engines import NAMES, Models, database_of
from scale.measuring import (
    Measured,
    measure_answers,
    measure_apart,
    measure_build,
    measure_changes,
    measure_start,
)
from scale.questions import KINDS, Question, questions
from scale.report import markdown, plot

T = TypeVar("T")
P = ParamSpec("P")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of the command."""
    parser.add_argument("--paragraphs", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--engines", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--questions", type=int, default=60, help="questions of each kind")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long askers go on")
    models = parser.add_mutually_exclusive_group()
    models.add_argument(
        "--with-models",
        action="store_const",
        dest="models",
        const=Models.BOTH,
        default=Models.NONE,
        help="with meaning and reading",
    )
    models.add_argument(
        "--with-made-vectors",
        action="store_const",
        dest="models",
        const=Models.MADE,
        help="with meaning, of vectors mixed from real ones: for what it costs, not what it finds",
    )
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--plot", type=Path, help="a file for the picture")
    parser.add_argument(
        "--folder", type=Path, help="where corpora and indexes are kept, and found again"
    )


def run(options: argparse.Namespace) -> None:
    """Measure every engine at every size, and print and write the figures."""
    results: list[Measured] = []
    with ExitStack() as stack:
        folder = options.folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="sourcier-"))
        )
        for size in sorted(options.paragraphs):
            texts = folder / f"corpus-{size}"
            corpus.write(size, texts)
            asked = [
                question
                for question in questions(texts, size, options.questions)
                if question.kind in options.kinds
            ]
            for name in options.engines:
                index = folder / _folder_name(name, size, options.models)
                results.append(_measure(name, size, texts, index, asked, options))
                if options.json is not None:
                    figures = [one.to_json() for one in results]
                    options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    Console(width=200).print(markdown(results), markup=False, highlight=False)
    if options.plot is not None:
        plot(results, options.plot)


def _folder_name(name: str, size: int, models: Models) -> str:
    return f"{name}-{size}" if models is Models.NONE else f"{name}-{size}-{models}"


def _measure(
    name: str,
    size: int,
    texts: Path,
    index: Path,
    asked: Sequence[Question],
    options: argparse.Namespace,
) -> Measured:
    result = Measured(name, size, options.models)
    if not index.exists():
        result.index_seconds = _aside(measure_build, name, texts, index, options.models)
    result = _aside(measure_answers, result, texts, index, asked, options.seconds)
    if name == "sourcier":
        result = _aside(measure_apart, result, texts, index, asked, options.seconds)
    if name == "sourcier" and options.models is Models.NONE:
        database = database_of(index)
        starts = [measure_start(database, texts, question.text) for question in asked[:3]]
        result.start = min(starts, key=lambda one: one.clock)
        result = _aside(measure_changes, result, texts, index)
    return result


def _aside(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Do work in a new process, so that its memory is its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, *arguments, **named).result()
