"""What the fitters share: how each is called, its models, and what its file tells of itself."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from knowledge.neural import load_encoder, load_reader
from knowledge.neural.encoder import Encoder
from knowledge.neural.reader import Reader
from knowledge.training.encoder_cache import caching_encoder
from knowledge.training.reader_cache import caching_reader
from knowledge.training.written import WrittenSet, read_written

__all__ = ["PROGRAM", "Fitter", "Models", "load_models", "run", "written_parser"]

PROGRAM = "python -m knowledge.training"


@dataclass(frozen=True, slots=True)
class Models:
    """The models of the package; each text is encoded, and each passage read, but once."""

    encoder: Encoder
    reader: Reader


@dataclass(frozen=True, slots=True)
class Fitter:
    """A step: ``fit`` takes a set and the models, and returns what is written to ``output``."""

    name: str
    description: str
    output: Path
    fit: Callable[[WrittenSet, Models], Mapping[str, Any]]


def load_models() -> Models:
    """Return the models. Exits where they cannot be used."""
    encoder, reader = load_encoder(), load_reader()
    if encoder is None or reader is None:
        sys.exit("The models cannot be used: see “sourcier check”.")
    return Models(caching_encoder(encoder), caching_reader(reader))


def written_parser(name: str, description: str) -> argparse.ArgumentParser:
    """Return a parser of ``FOLDER NAME``, a written set."""
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} {name}", description=description)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="folder of the written sets")
    parser.add_argument("name", metavar="NAME", help="which of them: NAME.articles.jsonl")
    return parser


def run(fitter: Fitter, arguments: Sequence[str], models: Models | None = None) -> None:
    """Fit, print what was fitted, and write it with the command, the data and the day."""
    parser = written_parser(fitter.name, fitter.description)
    parser.add_argument("--output", type=Path, default=fitter.output)
    options = parser.parse_args(arguments)
    used = load_models() if models is None else models
    found = fitter.fit(read_written(options.folder, options.name), used)
    # Where the file was written is not part of the command.
    command = shlex.join([fitter.name, options.folder.as_posix(), options.name])
    fitted = {
        "command": f"{PROGRAM} {command}",
        "data": f"{options.folder.as_posix()}/{options.name}",
        "date": datetime.now(UTC).date().isoformat(),
        "models": [used.encoder.model, used.reader.model],
        **found.get("fitted", {}),
    }
    text = written({**found, "fitted": fitted})
    options.output.write_text(text, encoding="utf-8")
    print(json.dumps(fitted, indent=2))  # noqa: T201 - a command


def written(value: Mapping[str, Any]) -> str:
    """Return JSON that can be read and compared: a list that has no object in it on one line."""
    return _laid_out(value, 0) + "\n"


def _laid_out(value: object, depth: int) -> str:
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        members = [
            f"{inner}{json.dumps(key)}: {_laid_out(one, depth + 1)}"
            for key, one in cast("dict[str, object]", value).items()
        ]
        return "{\n" + ",\n".join(members) + f"\n{outer}}}"
    if isinstance(value, list) and any(
        isinstance(one, list) for one in cast("list[object]", value)
    ):
        rows = [
            inner + json.dumps(one, separators=(",", ":")) for one in cast("list[object]", value)
        ]
        return "[\n" + ",\n".join(rows) + f"\n{outer}]"
    return json.dumps(value, ensure_ascii=False)
