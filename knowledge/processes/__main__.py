"""``python -m knowledge.processes``: answers questions from standard input on standard output.

Both have the messages of ``knowledge.processes.messages``: first an ``Opening``, then questions,
each answered in turn. Indexes are only read. Ends with whoever started
it, a question that it is at excepted.
"""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import sys
import traceback
from collections import OrderedDict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from knowledge.base import KnowledgeBase
from knowledge.child_process import Failed, Pipe, speak, stand_back
from knowledge.model.errors import KnowledgeError
from knowledge.processes.messages import Answered, IndexClosing, Opening, Question, Refused

__all__ = ["MAX_INDEXES", "main"]

MAX_INDEXES = 16
"""Indexes that are open at once beside the first."""


class _Indexes:
    """The indexes that this process has open: the first for good, others while they are used."""

    def __init__(self, opening: Opening) -> None:
        """Open the first. One that is lost now is met with by the questions, too."""
        self.opening = opening
        self._encoder = opening.load_encoder() if opening.load_encoder else None
        self._reader = opening.load_reader() if opening.load_reader else None
        self._first: KnowledgeBase | None = None
        with contextlib.suppress(KnowledgeError):
            self._first = self._opened(opening.database, aside=False)
        self._others: OrderedDict[Path, KnowledgeBase] = OrderedDict()

    def of(self, database: Path) -> KnowledgeBase:
        """Return the index in a file, open. Raises IndexUnavailable."""
        if database == self.opening.database:
            if self._first is None:
                self._first = self._opened(database, aside=True)
            return self._first
        if database not in self._others:
            self._others[database] = self._opened(database, aside=True)
            if len(self._others) > MAX_INDEXES:
                self._others.popitem(last=False)[1].close()
        self._others.move_to_end(database)
        return self._others[database]

    def close(self, database: Path) -> None:
        """Let go of the index in a file."""
        base = self._others.pop(database, None)
        if base is not None:
            base.close()

    def _opened(self, database: Path, *, aside: bool) -> KnowledgeBase:
        return KnowledgeBase.open_to_ask(
            database,
            self._encoder,
            self._reader,
            aside=aside,
            reading_seconds=self.opening.reading_seconds,
        )


def main() -> None:
    """Answer what is asked, until whoever asks has ended."""
    speak(_begin, _answer)


def _begin(opening: object) -> _Indexes:
    assert isinstance(opening, Opening)  # noqa: S101 - whoever starts us says so first
    stand_back(opening.steps_back)
    return _Indexes(opening)


def _answer(pipe: Pipe, indexes: _Indexes) -> None:
    """Answer one message after the other. Raises EOFError and OSError at their end."""
    while True:
        message = pipe.receive()
        if isinstance(message, Question):
            with _limited(indexes.opening.question_seconds):
                reply = _reply(indexes, message)
            pipe.send(reply)
        elif isinstance(message, IndexClosing):
            indexes.close(message.database)


@contextmanager
def _limited(seconds: float) -> Generator[None]:
    """End this process where what is inside takes longer, be it in the midst of a library in C."""
    if sys.platform == "win32":
        faulthandler.dump_traceback_later(seconds, exit=True)
        yield
        faulthandler.cancel_dump_traceback_later()
    else:  # SIGALRM ends a process that does not handle it; that costs no thread
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
        signal.setitimer(signal.ITIMER_REAL, 0)


def _reply(indexes: _Indexes, question: Question) -> Answered | Refused | Failed:
    try:
        answer = indexes.of(question.database).ask(
            question.text,
            follows=question.follows,
            limit=question.limit,
            strictness=question.strictness,
        )
    except KnowledgeError as error:
        return Refused(error)
    except Exception:  # noqa: BLE001 - a fault costs its question alone
        return Failed(traceback.format_exc())
    return Answered(answer)


if __name__ == "__main__":
    main()
