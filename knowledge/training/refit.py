"""Fits everything anew, in the order in which one thing depends on another.

Ranking first (fusion), then what is marked in its snippets (spans), then what the reader adds to
the ranking, and at last the confidence, whose features come from all of these. Takes hours. The
reader itself is made by ``knowledge.training.reader``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from knowledge.training.fitting import PROGRAM

__all__ = ["main", "steps"]

_CONFIDENCES = ("lexical", "likeness", "dense")


def steps(data: Path) -> tuple[tuple[str, ...], ...]:
    """Return the commands in their order, with their arguments; ``data`` has the question sets."""

    def sets(*names: str) -> tuple[str, ...]:
        return tuple((data / name).as_posix() for name in names)

    fitted_to = sets("piaf_ontopic_fr", "piaf_fr", "xquad_en2es", "squad2_en")
    return (
        (
            "fusion",
            *("--monolingual", *sets("piaf_fr", "piaf_typos_fr")),
            *("--cross-lingual", *sets("xquad_en2es")),
        ),
        (
            "spans",
            *sets("piaf_fr", "squad2_en"),
            *("--more", *sets("piaf_fr/near_misses.jsonl")),
        ),
        ("reranking", *sets("piaf_fr", "squad2_en", "xquad_en2es")),
        *(("confidence", "--model", name, *fitted_to) for name in _CONFIDENCES),
        *(("confidence", "--model", name, "--reader", *fitted_to) for name in _CONFIDENCES),
    )


def main(arguments: Sequence[str]) -> None:
    """Run every step in a process of its own, so that each reads what the ones before it wrote.

    Raises ``subprocess.CalledProcessError`` where a step fails; those after it are not run.
    """
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} refit", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("tests/data"), metavar="FOLDER")
    parser.add_argument("--dry-run", action="store_true", help="print the commands only")
    options = parser.parse_args(arguments)
    for step in steps(options.data):
        print(PROGRAM, *step, flush=True)  # noqa: T201 - a command
        if not options.dry_run:
            command = [sys.executable, "-m", "knowledge.training", *step]
            subprocess.run(command, check=True)  # noqa: S603 - our own program
