"""A process that answers questions, as the program sees it that started it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from knowledge.child_process import ChildProcess, Failed, Ready
from knowledge.model import Answer
from knowledge.processes.messages import Answered, IndexClosing, Opening, Question, Refused

__all__ = ["AnsweringFailed", "AnsweringProcess", "ProcessEnded"]


class AnsweringFailed(Exception):
    """A question could not be answered, by a fault. ``str(error)`` tells programmers of it."""


class ProcessEnded(Exception):
    """A process has ended, or cannot be spoken to; what it was asked is not answered.

    ``had_message``: whether it may have begun with that.
    """

    def __init__(self, why: str, *, had_message: bool) -> None:
        super().__init__(why)
        self.had_message = had_message


class AnsweringProcess:
    """Answers one question at a time, for one thread at a time.

    A signal that ends the program does not end it, so that what the program has taken is answered.
    """

    def __init__(self, opening: Opening, environment: Mapping[str, str]) -> None:
        """Start it; it is to be waited for. Raises OSError."""
        self.opened: set[Path] = set()
        """The indexes that it was asked of."""
        self.has_answered = False
        self._process = ChildProcess("knowledge.processes", environment)
        self._opening = opening

    @property
    def pid(self) -> int:
        """The number that the system has given it."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Have it open its index, and wait until it has. Raises ProcessEnded, which says why."""
        match self._said_to(self._opening):
            case Ready():
                self.opened.add(self._opening.database)
            case Failed(traceback):
                raise ProcessEnded(traceback, had_message=True)
            case other:
                raise ProcessEnded(f"it said {other!r} instead of being ready", had_message=True)

    def answer(self, question: Question) -> Answer:
        """Return its answer. Raises ProcessEnded, AnsweringFailed, and what the engine raises."""
        said = self._said_to(question)
        self.has_answered = True
        self.opened.add(question.database)
        match said:
            case Answered(answer):
                return answer
            case Refused(error):
                raise error
            case Failed(traceback):
                raise AnsweringFailed(traceback)
            case other:
                raise AnsweringFailed(f"it said {other!r} to a question")

    def close_index(self, database: Path) -> None:
        """Have it close an index, after the question that it is at, if any."""
        self.opened.discard(database)
        with contextlib.suppress(OSError, ValueError):  # it has ended
            self._process.send(IndexClosing(database))

    def wait(self) -> int:
        """Wait for its end, and return its exit code: below 0, the signal that has ended it."""
        return self._process.wait()

    def end(self) -> int:
        """End it at once: it has nothing to lose. Leaves neither a zombie nor a pipe. Returns what
        ``wait`` does."""
        return self._process.end()

    def _said_to(self, message: object) -> object:
        had_message = False
        try:
            self._process.send(message)
            had_message = True
            return self._process.receive()
        except (EOFError, OSError, ValueError) as error:
            why = f"exit code {self.end()}"
            raise ProcessEnded(why, had_message=had_message) from error
