"""Members' files, read in a process of their own: they may be broken, or made to do harm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from weakref import WeakValueDictionary

import discord
from pydantic import BaseModel, ConfigDict

from bot.i18n.refusals import Refused
from bot.services.question_queue import QuestionQueue, QueueFull
from bot.services.threads import UPLOADS
from bot.services.upload_files import ARCHIVE, FileGroup, fetch, grouped, packed
from bot.services.upload_refusals import refused_by
from knowledge import (
    ConversionRefused,
    FactKind,
    Refusal,
    describe_apart,
    describe_archive_apart,
)

__all__ = [
    "READING_SECONDS",
    "FileRead",
    "Step",
    "Told",
    "Upload",
    "Uploads",
    "read_upload",
]

READING_SECONDS = 120.0
"""How long the files of a command are read for, all together: what is left is refused."""

_WAITING = 4
"""Commands of a server that wait while the files of one are read."""

_IN_MEMORY = 6
"""Files that are fetched, read, or wait for their turn to be read, of all servers."""


class Upload(BaseModel):
    """What was read: the article as Markdown, and what to show of it before it is indexed.

    ``sections``: their titles; ``beginning``: the first of ``paragraphs``; ``first_facts``: the
    kind and the words of the first of ``facts``; ``words``: a digest of all paragraphs.
    ``facts_file`` and ``questions_file``: what stands in the files beside it, and ``notes``: what
    was left out of these.
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
    facts_file: str = ""
    questions_file: str = ""
    notes: tuple[str, ...] = ()

    @property
    def characters(self) -> int:
        """How much of a server's room it takes."""
        return len(self.markdown) + len(self.facts_file) + len(self.questions_file)


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file by its name, and what was read of it or why nothing was.

    ``has_namesake``: whether the server has an article with its title.
    """

    name: str
    upload: Upload | None = None
    refused: Refused | None = None
    has_namesake: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: whether a file is being fetched or read, which one, and how many files of
    ``total`` are done. Of an archive the total grows once it has been opened; it is 0 while the
    files of others are waited for."""

    name: str
    done: int
    total: int
    is_fetching: bool = False


Told: TypeAlias = Callable[[Step], None]
"""What is called with each step, in the event loop."""


class Uploads:
    """Reads files for servers: one at a time of each, and few at once of all together.

    The servers take turns, so that one which sends many holds up itself alone. For one event loop.
    """

    def __init__(self) -> None:
        self._lines: WeakValueDictionary[int, QuestionQueue] = WeakValueDictionary()
        self._in_memory = asyncio.Semaphore(_IN_MEMORY)

    async def read(
        self,
        server: int,
        files: Sequence[discord.Attachment],
        title: str | None,
        told: Told = lambda _: None,
    ) -> AsyncGenerator[FileRead]:
        """Fetch files of a server and yield what is read of each, and of each in an archive.

        ``title``: of an article that is alone. Raises Refused where too many wait already.
        """
        line = self._lines.setdefault(server, QuestionQueue(1, _WAITING))
        if line.is_busy or self._in_memory.locked():
            told(Step("", 0, 0))
        try:
            async with line.turn():
                groups, orphans = grouped(files)
                for orphan in orphans:
                    yield FileRead(orphan.filename, refused=refused_by(Refusal.ORPHAN))
                run = _Run(title if len(groups) == 1 else None, len(groups), told)
                for group in groups:
                    async with self._in_memory:
                        async for one in run.read(group):
                            yield one
        except QueueFull:
            raise Refused("refused_busy") from None


class _Run:
    """The reading of the files of one command."""

    def __init__(self, title: str | None, total: int, told: Told) -> None:
        self._title = title
        self._told = told
        self._total = total
        self._done = 0
        self._loop = asyncio.get_running_loop()
        self._end = self._loop.time() + READING_SECONDS

    async def read(self, group: FileGroup) -> AsyncGenerator[FileRead]:
        """Yield what is read of a file, or of those in it."""
        name = group.file.filename
        try:
            self._tell(name, is_fetching=True)
            data = await fetch(group.file)
            beside: list[tuple[str, bytes]] = []
            for one in group.beside:
                try:
                    beside.append((one.filename, await fetch(one)))
                except Refused as refused:  # the article is taken without it
                    yield FileRead(one.filename, refused=refused)
            self._tell(name)
            self._require_time()
            if not beside and not name.lower().endswith(ARCHIVE):
                upload = await UPLOADS.run(read_upload, name, data, self._title)
                yield FileRead(name, upload)
            else:
                archive = packed([(name, data), *beside]) if beside else data
                async for one in self._of_archive(archive):
                    yield one
        except Refused as refused:
            yield FileRead(name, refused=refused)
        self._done += 1

    async def _of_archive(self, data: bytes) -> AsyncGenerator[FileRead]:
        """Yield what is read of each file in a ``.zip``. Raises Refused for it as a whole."""
        first, names = 0, ("",)
        while first < len(names):
            if first and self._loop.time() > self._end:
                for name in names[first:]:
                    yield FileRead(name, refused=refused_by(Refusal.TOO_SLOW))
                break
            watch = self._watch(first)
            try:
                said = await UPLOADS.run(describe_archive_apart, data, self._title, first, watch)
            except ConversionRefused as refused:
                raise refused_by(refused.reason, refused.detail) from None
            if first == 0:
                self._total += len(said.files) - 1
            names = said.files
            for name, one in zip(names[first:], said.told, strict=False):
                await asyncio.sleep(0)  # the reasons against many files take a second together
                if isinstance(one, ConversionRefused):
                    yield FileRead(name, refused=refused_by(one.reason, one.detail))
                else:
                    yield FileRead(name, Upload.model_validate(one))
            first += len(said.told)
            self._advance(first, 0)
        self._done += len(names) - 1

    def _require_time(self) -> None:
        if self._loop.time() > self._end:
            raise refused_by(Refusal.TOO_SLOW)

    def _watch(self, first: int) -> Callable[[int], None]:
        """Return what another thread may call with how many files from ``first`` on are done."""

        def watch(done: int) -> None:
            self._loop.call_soon_threadsafe(self._advance, first, done)

        return watch

    def _advance(self, first: int, done: int) -> None:
        self._told(Step("", self._done + first + done, max(self._total, self._done + first + done)))

    def _tell(self, name: str, *, is_fetching: bool = False) -> None:
        self._told(Step(name, self._done, self._total, is_fetching))


def read_upload(name: str, data: bytes, title: str | None) -> Upload:
    """Read a file as an article. Blocks for at most half a minute. Raises Refused."""
    try:
        return Upload.model_validate(describe_apart(name, data, title))
    except ConversionRefused as refused:
        raise refused_by(refused.reason, refused.detail) from None
