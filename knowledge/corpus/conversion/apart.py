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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any

from knowledge.child_process import passed_on
from knowledge.corpus.conversion.draft import ConversionRefused, Refusal

__all__ = [
    "CONVERTING_SECONDS",
    "ArchiveReading",
    "convert_apart",
    "describe_apart",
    "describe_archive_apart",
]

_log = logging.getLogger(__name__)

CONVERTING_SECONDS = 20.0
"""How long reading a file may take, and how much of a processor."""

_MAX_SAID = 32 * 1024**2
"""Bytes that are taken of what is said of a file: a million characters, and the titles in it."""

_LOOK_SECONDS = 0.1
_TOO_SLOW = "it takes too long"
_EXHAUSTED = frozenset(
    getattr(signal, name) for name in ("SIGXCPU", "SIGKILL", "SIGABRT") if hasattr(signal, name)
)
"""What ends a reader that wants more time or memory than it may have."""

_MODULES = Path(__file__).parents[3]


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


@dataclass(frozen=True, slots=True)
class ArchiveReading:
    """What a process has told of an archive: the names of all files, and of some what they are.

    ``told`` are of the files from that on that it was asked for; the others want another process.
    """

    files: tuple[str, ...]
    told: tuple[dict[str, Any] | ConversionRefused, ...]


def describe_archive_apart(
    data: bytes,
    title: str | None = None,
    first: int = 0,
    progress: Callable[[int], None] | None = None,
) -> ArchiveReading:
    """Return what is to be told of the files in a ``.zip`` from number ``first`` on, of one at
    least: see ``__main__``. ``title``: of an article that is alone in it.

    ``progress`` is called in this thread with how many of them are done. Blocks for at most
    ``CONVERTING_SECONDS``. Raises ConversionRefused for the archive as a whole.
    """
    titles = [] if title is None else [_plain(title)]

    def watch(lines: int) -> None:
        if progress is not None:
            progress(max(lines - 1, 0))

    refusal: ConversionRefused | None = None
    try:
        said = _said_by(_command("--archive", str(first), *titles), data, watch)
    except _Failed as failed:
        said, refusal = failed.said, _refused(failed, data)
    try:
        # The last line may have been cut off.
        told: list[dict[str, Any]] = [json.loads(line) for line in said.split(b"\n")[:-1]]
    except ValueError as error:
        raise ConversionRefused(Refusal.DAMAGED) from error
    if not told:
        raise refusal or ConversionRefused(Refusal.DAMAGED)
    head, *files = told
    if "refusal" in head:
        raise ConversionRefused(Refusal(head["refusal"]), str(head["detail"]))
    found: list[dict[str, Any] | ConversionRefused] = [
        ConversionRefused(Refusal(one["refusal"]), str(one["detail"])) if "refusal" in one else one
        for one in files
    ]
    if not found:  # the first one has ended it
        found = [refusal or ConversionRefused(Refusal.DAMAGED)]
    return ArchiveReading(tuple(map(str, head["files"])), tuple(found))


def _command(*arguments: str) -> list[str]:
    # Whatever lies in the folder where the program was started is none of its modules.
    return [sys.executable, "-P", "-m", "knowledge.corpus.conversion", *arguments]


def _said(*arguments: str, data: bytes) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(_said_by(_command(*arguments), data))
    except _Failed as failed:
        raise _refused(failed, data) from None
    except ValueError as error:
        raise _refused(_Failed(f"it says no JSON: {error}"), data) from error
    if "refusal" in said:
        raise ConversionRefused(Refusal(said["refusal"]), str(said["detail"]))
    return said


class _Failed(Exception):
    """A program did not come to its end: it was ``exhausted``, or failed. ``said``: until then."""

    def __init__(self, why: str, said: bytes = b"", *, exhausted: bool = False) -> None:
        super().__init__(why)
        self.said = said
        self.exhausted = exhausted


def _refused(failed: _Failed, data: bytes) -> ConversionRefused:
    if failed.exhausted:
        return ConversionRefused(Refusal.TOO_SLOW)
    _log.warning("A file of %d bytes ended its reader: %s", len(data), failed)
    return ConversionRefused(Refusal.DAMAGED)


def _said_by(
    command: Sequence[str], data: bytes, watch: Callable[[int], None] | None = None
) -> bytes:
    """Return what a program says of its input, and leave nothing of it behind.

    Both go through files without a name, so that nothing piles up in memory. ``watch`` is called
    with how many lines it has said so far. Raises _Failed.
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
            why = _wait(process, said, watch)
        finally:
            process.kill()
            process.wait()
        said.seek(0)
        told = said.read(_MAX_SAID)
        if why == _TOO_SLOW or (not why and -process.returncode in _EXHAUSTED):
            raise _Failed(_TOO_SLOW, told, exhausted=True)
        if why or process.returncode != 0:
            raise _Failed(why or f"exit code {process.returncode}", told)
        return told


def _wait(
    process: subprocess.Popen[bytes], said: IO[bytes], watch: Callable[[int], None] | None
) -> str:
    """Wait for a program to end, and return why it has to be ended, "" where it has by itself."""
    end = time.perf_counter() + CONVERTING_SECONDS
    seen = lines = 0
    while True:
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            size = os.fstat(said.fileno()).st_size
            if size > _MAX_SAID:
                return "it says too much"
            if time.perf_counter() > end:
                return _TOO_SLOW
            if watch is not None and size > seen and hasattr(os, "pread"):  # not on Windows
                lines += os.pread(said.fileno(), size - seen, seen).count(b"\n")
                seen = size
                watch(lines)
        else:
            return ""


def _environment(**own: str) -> dict[str, str]:
    places = [str(_MODULES), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **passed_on(),
        **own,
        "PYTHONPATH": os.pathsep.join(places),
        "OPENBLAS_NUM_THREADS": "1",
    }


def _plain(text: str) -> str:
    """Return text that can be an argument of a program."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
