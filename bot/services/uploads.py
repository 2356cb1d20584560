"""A member's file, read in a process of its own: it may be broken, or made to do harm."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import PurePath
from typing import IO, Any
from weakref import WeakValueDictionary

import discord
from pydantic import BaseModel, ConfigDict

from bot.extras import how_to_install
from bot.i18n.refusals import Refused
from bot.services.child_process import environment
from bot.services.question_queue import QuestionQueue, QueueFull
from bot.services.threads import UPLOADS
from bot.ui import markdown
from knowledge import CONVERTED_SUFFIXES, UPLOAD_SUFFIXES, FactKind, Refusal, Span

__all__ = ["MAX_BYTES", "READING_SECONDS", "Upload", "Uploads", "fetch", "read_upload"]

_log = logging.getLogger(__name__)

MAX_BYTES = 8_000_000
"""The size of a file that is taken."""

READING_SECONDS = 20.0
"""How long reading a file may take, and how much of a processor."""

_WAITING = 4
"""Files of a server that wait while one is read."""

_IN_MEMORY = 4
"""Files that are fetched, read, or wait for their turn to be read, of all servers."""

_MAX_SAID = 32 * 1024**2
"""Bytes that are taken of what is said of a file: a million characters, and the titles in it."""

_LOOK_SECONDS = 0.1
_EXHAUSTED = frozenset(
    getattr(signal, name) for name in ("SIGXCPU", "SIGKILL", "SIGABRT") if hasattr(signal, name)
)
"""What ends a reader that wants more time or memory than it may have."""

_FETCHING_SECONDS = 30.0
_DETAIL_ROOM = 600


class Upload(BaseModel):
    """What was read: the article as Markdown, and what to show of it before it is indexed.

    ``sections``: their titles; ``beginning``: the first of ``paragraphs``; ``first_facts``: the
    kind and the words of the first of ``facts``; ``words``: a digest of all paragraphs.
    """

    model_config = ConfigDict(frozen=True)

    markdown: str
    title: str
    language: str
    sections: tuple[str, ...]
    paragraphs: int
    beginning: str
    words: str
    facts: int
    first_facts: tuple[tuple[FactKind, str], ...]


async def fetch(file: discord.Attachment) -> bytes:
    """Download an attachment that may be taken. Raises Refused."""
    suffix = PurePath(file.filename).suffix.lower()
    if suffix not in UPLOAD_SUFFIXES:
        raise Refused("refused_kind", kinds=", ".join(UPLOAD_SUFFIXES))
    if file.size > MAX_BYTES:
        raise _too_large()
    try:
        async with asyncio.timeout(_FETCHING_SECONDS):
            data = await file.read()
    except TimeoutError:
        raise Refused("refused_fetch") from None
    if len(data) > MAX_BYTES:  # whatever Discord said before
        raise _too_large()
    return data


def _too_large() -> Refused:
    return Refused("refused_large", megabytes=MAX_BYTES // 1_000_000)


class Uploads:
    """Reads files for servers: one at a time of each, and few at once of all together.

    The servers take turns, so that one which sends many holds up itself alone. For one event loop.
    """

    def __init__(self) -> None:
        self._lines: WeakValueDictionary[int, QuestionQueue] = WeakValueDictionary()
        self._in_memory = asyncio.Semaphore(_IN_MEMORY)

    async def read(self, server: int, file: discord.Attachment, title: str | None) -> Upload:
        """Fetch a server's file and read it as an article. Raises Refused."""
        line = self._lines.setdefault(server, QuestionQueue(1, _WAITING))
        try:
            async with line.turn(), self._in_memory:
                data = await fetch(file)
                return await UPLOADS.run(read_upload, file.filename, data, title)
        except QueueFull:
            raise Refused("refused_busy") from None


def read_upload(name: str, data: bytes, title: str | None) -> Upload:
    """Read a file as an article. Blocks for at most ``READING_SECONDS``. Raises Refused.

    The process that reads it limits its own memory and processor time where the system can do
    that (``knowledge.corpus.conversion.__main__``); here its time is limited, and what it says.
    """
    command = [sys.executable, "-m", "knowledge.corpus.conversion", _plain(PurePath(name).name)]
    if title is not None:
        command.append(_plain(title))
    try:
        said: dict[str, Any] = json.loads(_said_by(command, data))
    except TimeoutError:
        raise Refused("refused_too_slow") from None
    except (ChildProcessError, ValueError) as error:
        _log.warning("An upload of %d bytes ended its reader: %s", len(data), error)
        raise Refused("refused_damaged") from error
    if "refusal" in said:
        raise _refused(Refusal(said["refusal"]), str(said["detail"]))
    return Upload.model_validate(said)


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
            env=environment(TMPDIR=folder, TEMP=folder, TMP=folder),
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
    end = time.perf_counter() + READING_SECONDS
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


def _plain(text: str) -> str:
    """Return text that can be an argument of a program."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _refused(reason: Refusal, detail: str) -> Refused:
    values: dict[str, object] = {}
    if reason is Refusal.KIND:
        values["kinds"] = ", ".join(UPLOAD_SUFFIXES)
    elif reason is Refusal.MISSING_EXTRA:
        kinds = [suffix for suffix in UPLOAD_SUFFIXES if suffix not in CONVERTED_SUFFIXES]
        values.update(kinds=", ".join(kinds), install=how_to_install("convert"))
    elif reason is Refusal.INVALID:
        values["reason"] = markdown.excerpt(detail, _DETAIL_ROOM, around=Span(0, 1))
    return Refused(f"refused_{reason.value}", **values)
