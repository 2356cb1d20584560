"""A reader that does what a question says: for processes that tests hold, and end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from knowledge.neural.reader.protocol import Readable, SpanPrediction

__all__ = ["FAIL", "HOLD", "KILL", "ObedientReader", "unreadable"]

KILL, HOLD, FAIL = "killkillkill", "holdholdhold", "failfailfail"
"""Words of a question, upon which the process is killed; waits until there is a file ``released``
in a folder, where it makes one with its number as its name; or has a fault."""


class ObedientReader:
    """Reads nothing: that tells an answer of a process that has it from others."""

    model = "obedient/1"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(
        self, question: str, passages: Sequence[Readable], *, seconds: float | None = None
    ) -> list[SpanPrediction | None]:
        """Do what a question says."""
        if KILL in question:
            os.kill(os.getpid(), signal.SIGKILL)
        if FAIL in question:
            raise RuntimeError("a fault of the reader")
        if HOLD in question:
            (self._folder / str(os.getpid())).touch()
            while not (self._folder / "released").exists():
                time.sleep(0.01)
        return [None] * len(passages)


def unreadable() -> ObedientReader:
    """Fail as models do that cannot be loaded."""
    raise RuntimeError("no such model")
