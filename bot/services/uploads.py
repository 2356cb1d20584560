"""A member's file, read in a process of its own: it may be broken, or made to do harm."""

from __future__ import annotations

import asyncio
from pathlib import PurePath
from weakref import WeakValueDictionary

import discord
from pydantic import BaseModel, ConfigDict

from bot.extras import how_to_install
from bot.i18n.refusals import Refused
from bot.services.question_queue import QuestionQueue, QueueFull
from bot.services.threads import UPLOADS
from bot.ui import markdown
from knowledge import (
    CONVERTED_SUFFIXES,
    UPLOAD_SUFFIXES,
    ConversionRefused,
    FactKind,
    Refusal,
    Span,
    describe_apart,
)

__all__ = ["MAX_BYTES", "Upload", "Uploads", "fetch", "read_upload"]

MAX_BYTES = 8_000_000
"""The size of a file that is taken."""

_WAITING = 4
"""Files of a server that wait while one is read."""

_IN_MEMORY = 4
"""Files that are fetched, read, or wait for their turn to be read, of all servers."""

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
    """Read a file as an article. Blocks for at most half a minute. Raises Refused."""
    try:
        return Upload.model_validate(describe_apart(name, data, title))
    except ConversionRefused as refused:
        raise _refused(refused.reason, refused.detail) from None


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
