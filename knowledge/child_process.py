"""Programs of ours that run beside this one and speak with it through pipes, from both sides.

A message is a pickled value; both ends are programs of ours, and nobody else writes to the pipes.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn, TypeVar

__all__ = ["ChildProcess", "Failed", "Pipe", "Ready", "passed_on", "speak", "stand_back"]

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_OOM_SCORE = Path("/proc/self/oom_score_adj")
_LIKELIER_TO_END = 500


@dataclass(frozen=True, slots=True)
class Ready:
    """A program has what it needs."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A program could not start, or not do what it was told last, by a fault: its traceback."""

    traceback: str


_Begun = TypeVar("_Begun")


class Pipe:
    """What is said in both directions, a message at a time."""

    def __init__(self, heard: IO[bytes], told: IO[bytes]) -> None:
        self._heard, self._told = heard, told
        self._sending = threading.Lock()

    def send(self, message: object) -> None:
        """Say something, from any thread. Raises OSError, and ValueError where the pipe is
        closed."""
        with self._sending:
            pickle.dump(message, self._told, pickle.HIGHEST_PROTOCOL)
            self._told.flush()

    def receive(self) -> object:
        """Wait for a message and return it. Raises EOFError where the other side has ended, maybe
        in the midst of one, and OSError or ValueError where the pipe cannot be read any more."""
        try:
            return pickle.load(self._heard)  # noqa: S301 - from a program of ours
        except pickle.UnpicklingError as error:
            raise EOFError(str(error)) from error

    def close(self) -> None:
        """Close both directions; what was not sent is lost."""
        for one in (self._told, self._heard):
            with contextlib.suppress(OSError):
                one.close()


class ChildProcess(Pipe):
    """A module that runs as a program (``python -m``), in which ``speak`` is called: see there for
    what is said first.

    It ends with the program that started it, however that ends, and not by signals that a terminal
    or a service manager sends to both: those are for the program.
    """

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        """Start it. Raises OSError."""
        process = subprocess.Popen(  # noqa: S603 - our own program
            # Whatever lies in the folder where the program was started is none of its modules.
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_complete(environment),
            start_new_session=True,
        )
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        super().__init__(process.stdout, process.stdin)
        self._process = process

    @property
    def pid(self) -> int:
        """The number that the system has given it."""
        return self._process.pid

    def wait(self) -> int:
        """Wait for its end, and return its exit code: below 0, the signal that has ended it."""
        return self._process.wait()

    def end(self) -> int:
        """End it at once: it has nothing to lose. Leaves neither a zombie nor a pipe. Returns what
        ``wait`` does."""
        self._process.kill()
        exit_code = self._process.wait()
        self.close()
        return exit_code


def passed_on() -> dict[str, str]:
    """Return what a program is told of our environment that needs nothing of it: no secrets."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


def _complete(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which our modules are found, and numpy computes in one thread."""
    places = os.pathsep.join(place or str(Path.cwd()) for place in sys.path)
    return {**environment, "PYTHONPATH": places, "OPENBLAS_NUM_THREADS": "1"}


def speak(begin: Callable[[object], _Begun], go_on: Callable[[Pipe, _Begun], None]) -> NoReturn:
    """Speak with whoever started this program, until that has ended; then end, without waiting for
    other threads.

    The first message is for ``begin``, and answered by ``Ready`` or, whatever it raises, by
    ``Failed``; ``go_on`` has the pipe for the others, and what ``begin`` has returned.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # those are for whoever started us
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    # Whatever else is printed must not come among the messages.
    pipe = Pipe(sys.stdin.buffer, os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)
    with contextlib.suppress(EOFError, OSError):  # it has ended
        opening = pipe.receive()
        try:
            begun = begin(opening)
        except Exception:  # noqa: BLE001 - the log of whoever started us is to say why
            pipe.send(Failed(traceback.format_exc()))
        else:
            pipe.send(Ready())
            go_on(pipe, begun)
    os._exit(0)


def stand_back(steps: int) -> None:
    """Let whoever started us go first, by ``steps`` of ``nice``, and be the one that ends where
    memory runs out, as far as the system can do that."""
    with contextlib.suppress(AttributeError, OSError):  # Windows
        os.nice(steps)
    with contextlib.suppress(OSError):  # Linux has it, and lets it be raised
        _OOM_SCORE.write_text(str(_LIKELIER_TO_END), encoding="ascii")
