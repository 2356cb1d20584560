"""Members' files, read in a process of their own: they may be broken, or made to do harm."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeAlias
from weakref import WeakValueDictionary

import discord
from pydantic import BaseModel, ConfigDict

from bot.i18n.refusals import Refused
from bot.services.question_queue import QuestionQueue, QueueFull
from bot.services.threads import UPLOADS
from bot.services.upload_refusals import refused_by
from knowledge import (
    FACTS_SUFFIX,
    MAX_BESIDE_BYTES,
    MAX_FILE_BYTES,
    QUESTIONS_SUFFIX,
    UPLOAD_SUFFIXES,
    ConversionRefused,
    FactKind,
    Refusal,
    describe_apart,
    describe_archive_apart,
)

__all__ = [
    "MAX_BYTES",
    "READING_SECONDS",
    "TAKEN",
    "FileRead",
    "Step",
    "Told",
    "Upload",
    "Uploads",
    "fetch",
    "read_upload",
]

MAX_BYTES = MAX_FILE_BYTES
"""The size of a file that is taken."""

READING_SECONDS = 120.0
"""How long the files of a command are read for, all together: what is left is refused."""

ARCHIVE = ".zip"
TAKEN = (*UPLOAD_SUFFIXES, ARCHIVE)
"""Endings of files that hold articles."""

_BESIDE = (FACTS_SUFFIX, QUESTIONS_SUFFIX)
_WAITING = 4
"""Commands of a server that wait while the files of one are read."""

_IN_MEMORY = 6
"""Files that are fetched, read, or wait for their turn to be read, of all servers."""

_FETCHING_SECONDS = 30.0


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


async def fetch(file: discord.Attachment) -> bytes:
    """Download an attachment that may be taken. Raises Refused."""
    beside = any(file.filename.lower().endswith(suffix) for suffix in _BESIDE)
    if not beside and PurePath(file.filename).suffix.lower() not in TAKEN:
        raise refused_by(Refusal.KIND)
    most = MAX_BESIDE_BYTES if beside else MAX_BYTES
    too_large = refused_by(Refusal.LARGE, str(most))
    if file.size > most:
        raise too_large
    try:
        async with asyncio.timeout(_FETCHING_SECONDS):
            data = await file.read()
    except (TimeoutError, discord.HTTPException):
        raise Refused("refused_fetch") from None
    if len(data) > most:  # whatever Discord said before
        raise too_large
    return data


@dataclass(frozen=True, slots=True)
class _Group:
    """A file that holds articles, and those that were sent to stand beside its article."""

    file: discord.Attachment
    beside: tuple[discord.Attachment, ...] = ()


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
                groups, orphans = _grouped(files)
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

    async def read(self, group: _Group) -> AsyncGenerator[FileRead]:
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
                archive = _packed([(name, data), *beside]) if beside else data
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


def _grouped(
    files: Sequence[discord.Attachment],
) -> tuple[list[_Group], list[discord.Attachment]]:
    """Return the files that hold articles with those beside them, and files beside none."""
    beside: dict[str, discord.Attachment] = {}
    articles: list[discord.Attachment] = []
    orphans: list[discord.Attachment] = []
    for file in files:
        name = file.filename.lower()
        if not name.endswith(_BESIDE):
            articles.append(file)
        elif beside.setdefault(name, file) is not file:
            orphans.append(file)
    groups: list[_Group] = []
    for file in articles:
        stem = PurePath(file.filename.lower()).stem
        suffixes = () if file.filename.lower().endswith(ARCHIVE) else _BESIDE
        found = [beside.pop(f"{stem}{suffix}", None) for suffix in suffixes]
        groups.append(_Group(file, tuple(one for one in found if one is not None)))
    return groups, [*orphans, *beside.values()]


def _packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return files as an archive, in which they are beside each other by the first one's name."""
    (name, _), *_ = files
    stem = PurePath(name).stem
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for given, data in files:
            suffix = next((one for one in _BESIDE if given.lower().endswith(one)), None)
            archive.writestr(name if suffix is None else f"{stem}{suffix}", data)
    return packed.getvalue()


def read_upload(name: str, data: bytes, title: str | None) -> Upload:
    """Read a file as an article. Blocks for at most half a minute. Raises Refused."""
    try:
        return Upload.model_validate(describe_apart(name, data, title))
    except ConversionRefused as refused:
        raise refused_by(refused.reason, refused.detail) from None
