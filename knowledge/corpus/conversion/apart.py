"""A file, read in a process of its own: it may be broken, or made to do harm."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import IO, Any

from knowledge.corpus.conversion.draft import ConversionRefused, Refusal

__all__ = ["CONVERTING_SECONDS", "convert_apart", "describe_apart"]

_log = logging.getLogger(__name__)

CONVERTING_SECONDS = 20.0
"""How long reading a file may take, and how much of a processor."""

_MAX_SAID = 32 * 1024**2
"""Bytes that are taken of what is said of a file: a million characters, and the titles in it."""

_LOOK_SECONDS = 0.1
_EXHAUSTED = frozenset(
    getattr(signal, name) for name in ("SIGXCPU", "SIGKILL", "SIGABRT") if hasattr(signal, name)
)
"""What ends a reader that wants more time or memory than it may have."""

_MODULES = Path(__file__).parents[3]
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What such a process is told of ours: no secrets."""


def convert_apart(name: str, data: bytes) -> str:
    """Return the article in a file as Markdown, as ``convert`` does.

    Blocks for at most ``CONVERTING_SECONDS``. Raises ConversionRefused.
    """
    return str(_said("--markdown", _plain(PurePath(name).name), data=data)["markdown"])


def describe_apart(name: str, data: bytes, title: str | None = None) -> dict[str, Any]:
    """Return what is to be told of a file before its article is put in use: see ``__main__``.

    The process limits its own memory and processor time where the system can do that; here its
    time is limited, and what it says. Blocks for at most ``CONVERTING_SECONDS``. Raises
    ConversionRefused.
    """
    titles = [] if title is None else [_plain(title)]
    return _said(_plain(PurePath(name).name), *titles, data=data)


def _said(*arguments: str, data: bytes) -> dict[str, Any]:
    command = [sys.executable, "-m", "knowledge.corpus.conversion", *arguments]
    try:
        said: dict[str, Any] = json.loads(_said_by(command, data))
    except TimeoutError:
        raise ConversionRefused(Refusal.TOO_SLOW) from None
    except (ChildProcessError, ValueError) as error:
        _log.warning("A file of %d bytes ended its reader: %s", len(data), error)
        raise ConversionRefused(Refusal.DAMAGED) from error
    if "refusal" in said:
        raise ConversionRefused(Refusal(said["refusal"]), str(said["detail"]))
    return said


def _said_by(command: Sequence[str], data: bytes) -> bytes:
    """Return what a program says of its input, and leave nothing of it behind.

    Both go through files without a name, so that nothing piles up in memory. Raises TimeoutError,
    and ChildProcessError where it fails or says too much.
    """
    with (
        tempfile.TemporaryDirectory(prefix="sourcier-", ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryFile(dir=folder) as given,
        tempfile.TemporaryFile(dir=folder) as said,
    ):
        given.write(data)
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603 - our own program, and arguments that are no options
            command,
            stdin=given,
            stdout=said,
            stderr=subprocess.DEVNULL,
            # What it writes for a while is in the folder, too.
            env=_environment(TMPDIR=folder, TEMP=folder, TMP=folder),
            start_new_session=True,
        )
        try:
            _wait(process, said)
        finally:
            process.kill()
            process.wait()
        if -process.returncode in _EXHAUSTED:
            raise TimeoutError
        if process.returncode != 0:
            raise ChildProcessError(f"exit code {process.returncode}")
        said.seek(0)
        return said.read(_MAX_SAID)


def _wait(process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """Wait for a program to end. Raises TimeoutError, ChildProcessError where it says too much."""
    end = time.perf_counter() + CONVERTING_SECONDS
    while True:
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            if os.fstat(said.fileno()).st_size > _MAX_SAID:
                raise ChildProcessError("it says too much") from None
            if time.perf_counter() > end:
                raise TimeoutError from None
        else:
            return


def _environment(**own: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    places = [str(_MODULES), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, **own, "PYTHONPATH": os.pathsep.join(places), "OPENBLAS_NUM_THREADS": "1"}


def _plain(text: str) -> str:
    """Return text that can be an argument of a program."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
