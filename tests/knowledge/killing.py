"""Processes that tests kill: they begin in no time, with the engine and its tables loaded."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Forked", "forking"]

# An index is opened and closed, for the tables that this loads, before there is any process to
# kill. A process says first which one it is, and this one says at last how it ended.
_PROGRAM = """
import os, sys, tempfile
from pathlib import Path
from knowledge.base import KnowledgeBase

with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "a.md").write_text("# A\\n\\nLe chat dort.\\n", encoding="utf-8")
    KnowledgeBase.open(Path(folder) / "knowledge.db", [Path(folder) / "a.md"]).close()

def work():
{work}

for _ in sys.stdin:
    child = os.fork()
    if not child:
        print(os.getpid(), flush=True)
        work()
        os._exit(0)
    print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Forked:
    """One process after the other, each doing the same work until it is killed."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self._program = program
        self._process = 0

    def begin(self) -> None:
        """Begin the next process."""
        assert self._program.stdin is not None
        self._program.stdin.write("\n")
        self._program.stdin.flush()
        self._process = int(self.said())

    def said(self) -> str:
        """Wait for the next line that the process prints, and return it."""
        assert self._program.stdout is not None
        return self._program.stdout.readline().rstrip("\n")

    def kill(self, after: float = 0.0) -> None:
        """Kill the process in so many seconds, in which it must not end by itself."""
        time.sleep(after)
        os.kill(self._process, signal.SIGKILL)
        while not (said := self.said()).startswith("ended"):
            assert said, "the program itself has ended"
        assert said == f"ended {-signal.SIGKILL}"


@contextmanager
def forking(work: str, *arguments: object) -> Iterator[Forked]:
    """Yield processes that do ``work``: statements, with ``arguments`` as text in ``sys.argv``."""
    code = _PROGRAM.format(work=textwrap.indent(work, "    "))
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a group of its own
    ) as program:
        try:
            yield Forked(program)
        finally:
            os.killpg(program.pid, signal.SIGKILL)
