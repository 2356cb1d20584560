"""Some processes that hold the same index open, and share the questions to it."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from knowledge.answers.answerer import MAX_CITATIONS
from knowledge.base import KnowledgeBase
from knowledge.model import Answer, Strictness
from knowledge.model.errors import IndexLost
from knowledge.neural.encoder import Encoder
from knowledge.neural.reader.protocol import Reader
from knowledge.processes.messages import Opening, Question
from knowledge.processes.process import AnsweringFailed, AnsweringProcess, ProcessEnded

__all__ = ["AnsweringProcesses", "ProcessUse"]

_TRIES = 2
"""Processes that a question is given to, if the first ends over it. A third is not risked: the
question may be what ends them."""

_RETRY_SECONDS = 30.0
"""How long a question whose process has ended waits for one, where none is there: one starts in
some seconds."""

QUESTION_SECONDS = 60.0
"""How long a question may take in a process; most take a hundredth of a second."""

_LONGEST_PAUSE_SECONDS = 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """How many processes answer a question, are free, and are being started; and how many have
    ended by themselves since the first was started."""

    answering: int
    free: int
    starting: int
    ended: int


class AnsweringProcesses:
    """Answers questions in ``count`` processes, each of which answers one at a time.

    Threads of one process take turns at Python; processes compute at once. Each opens the index in
    ``database``, and others when they are first asked; it reads what is committed to them as this
    one does, and writes nothing. Models, vocabulary and facts are its own; pages of the file are
    shared through the system. ``load_encoder`` and ``load_reader`` are functions of modules, or
    ``partial`` of those; see ``Opening``. ``environment``: of the processes, by default this one's.

    Safe to use from several threads. A context manager: its processes end with it, and with this
    process, however that ends. One that ends before is started anew, at once if it has answered
    anything, else after a pause that doubles each time, up to a minute.
    """

    def __init__(
        self,
        count: int,
        database: Path,
        *,
        load_encoder: Callable[[], Encoder | None] | None = None,
        load_reader: Callable[[], Reader | None] | None = None,
        reading_seconds: float | None = None,
        question_seconds: float = QUESTION_SECONDS,
        steps_back: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.count = count
        self._opening = Opening(
            database, load_encoder, load_reader, reading_seconds, question_seconds, steps_back
        )
        self._environment = dict(os.environ if environment is None else environment)
        self._lock = threading.Lock()
        self._joined = threading.Condition(self._lock)
        self._begun: list[AnsweringProcess] = []
        self._ready: list[AnsweringProcess] = []
        self._free: list[AnsweringProcess] = []
        self._waiting: deque[threading.Condition] = deque()
        self._ended = 0
        self._closing = threading.Event()
        for _ in range(count):
            threading.Thread(target=self._keep, name="answering process", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes. What they are at, and what is asked afterwards, is answered in this
        one."""
        with self._lock:
            self._closing.set()
            processes = [*self._begun]
            self._ready.clear()
            self._free.clear()
            self._joined.notify_all()
            self._call_next()
        for process in processes:
            process.end()

    def ask(
        self,
        base: KnowledgeBase,
        question: str,
        *,
        follows: str | None = None,
        limit: int = MAX_CITATIONS,
        strictness: Strictness = Strictness.BALANCED,
    ) -> Answer:
        """Return what ``base.ask`` would: by a process that is free, or the next to be; while
        none is there, by this one.

        A process that ends over the question costs it one more try, in another process or in the
        one that takes its place: in this one it is not risked. Raises what ``base.ask`` does, and
        AnsweringFailed.
        """
        asked = Question(base.database, question, follows, limit, strictness)
        tries = 0
        while tries < _TRIES:
            process = self._take(base.database)
            if process is None and tries and not self._closing.is_set():
                if not self._wait_for_any(_RETRY_SECONDS):
                    raise AnsweringFailed("a process has ended over a question, and is not back")
                continue
            if process is None:
                break
            try:
                return process.answer(asked)
            except ProcessEnded as ended:
                tries += ended.had_message and not self._closing.is_set()
                self._leave(process)
            except IndexLost:
                break  # ``base`` is to meet with it, too, and notes that it has to be made again
            finally:
                self._give_back(process)
        else:
            raise AnsweringFailed(f"{_TRIES} processes have ended over a question")
        return base.ask(question, follows=follows, limit=limit, strictness=strictness)

    def close_index(self, database: Path) -> None:
        """Have an index closed that is not asked for now, so that its file can be deleted.

        The one that the processes have open from their start stays so.
        """
        with self._lock:
            processes = [*self._ready]
        for process in processes:
            process.close_index(database)

    def use(self) -> ProcessUse:
        """Return what the processes are at."""
        with self._lock:
            free, ready = len(self._free), len(self._ready)
            return ProcessUse(ready - free, free, self.count - ready, self._ended)

    def wait_until_ready(self, seconds: float) -> bool:
        """Wait until all take questions, for so long at most; return whether they do."""
        with self._lock:
            return self._joined.wait_for(lambda: len(self._ready) == self.count, seconds)

    def _wait_for_any(self, seconds: float) -> bool:
        """Wait until one takes questions or all are closed, for so long at most; return whether
        that is so."""
        with self._lock:
            return self._joined.wait_for(
                lambda: bool(self._ready) or self._closing.is_set(), seconds
            )

    def _take(self, database: Path) -> AnsweringProcess | None:
        """Return a process that is free, rather one that has the index open; where none is, wait
        for one behind those that wait already. ``None``: there is none."""
        with self._lock:
            if self._waiting or not self._free:
                turn = threading.Condition(self._lock)
                self._waiting.append(turn)
                turn.wait_for(lambda: not self._ready or (self._free and self._waiting[0] is turn))
                self._waiting.remove(turn)
            process = None
            if self._free:
                fitting = [one for one in self._free if database in one.opened]
                process = (fitting or self._free)[-1]
                self._free.remove(process)
            self._call_next()
            return process

    def _call_next(self) -> None:
        """Let go on who has waited longest, where there is a process for it, or none at all."""
        if self._waiting and (self._free or not self._ready):
            self._waiting[0].notify()

    def _give_back(self, process: AnsweringProcess) -> None:
        with self._lock:
            if process in self._ready:
                self._free.append(process)
                self._call_next()

    def _join(self, process: AnsweringProcess) -> None:
        with self._lock:
            if self._closing.is_set():
                return
            self._ready.append(process)
            self._free.append(process)
            self._joined.notify_all()
            self._call_next()

    def _leave(self, process: AnsweringProcess) -> None:
        """Ask a process no more, and end it where it has not ended."""
        with self._lock:
            for mine in (self._begun, self._ready, self._free):
                if process in mine:
                    mine.remove(process)
            self._call_next()
        process.end()

    def _keep(self) -> None:
        """Have a process run, one after the other, until the end."""
        pause = 0.5
        while not self._closing.is_set():
            why, has_answered = self._run_one()
            if self._closing.is_set():
                return
            pause = 0.0 if has_answered else min(max(2 * pause, 1.0), _LONGEST_PAUSE_SECONDS)
            with self._lock:
                self._ended += 1
            _log.warning(
                "A process that answers questions has ended (%s); another one is started in %.0f s",
                why,
                pause,
            )
            self._closing.wait(pause)

    def _run_one(self) -> tuple[str, bool]:
        """Run a process to its end; return why it has ended, and whether it had answered."""
        try:
            process = AnsweringProcess(self._opening, self._environment)
        except OSError as error:
            return str(error), False
        try:
            with self._lock:
                self._begun.append(process)
            if self._closing.is_set():
                return "", False
            process.wait_until_ready()
            self._join(process)
            return f"exit code {process.wait()}", process.has_answered
        except ProcessEnded as error:
            return str(error), False
        finally:
            self._leave(process)
