"""What the fitters share: how each is called, and what its file tells of where it comes from."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["PROGRAM", "Call", "fitting_parser"]

PROGRAM = "python -m knowledge.training"


def fitting_parser(name: str, description: str, output: Path) -> argparse.ArgumentParser:
    """Return the parser of the command ``name``, whose ``--output`` is ``output`` by default."""
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} {name}", description=description)
    parser.add_argument("--output", type=Path, default=output)
    return parser


@dataclass(frozen=True, slots=True)
class Call:
    """How a fitter was called: its name, its arguments, and the files and folders among them."""

    name: str
    arguments: Sequence[str]
    data: Sequence[Path]

    def provenance(self, **further: object) -> dict[str, Any]:
        """Return what a file tells of itself: ``command``, ``data``, ``date``, and ``further``.

        Where the file was written is not part of the command.
        """
        words = [self.name, *self.arguments]
        if "--output" in words:
            at = words.index("--output")
            del words[at : at + 2]
        return {
            "command": f"{PROGRAM} {shlex.join(words)}",
            "data": [path.as_posix() for path in self.data],
            "date": datetime.now(UTC).date().isoformat(),
            **further,
        }
