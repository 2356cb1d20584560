"""The files of a command: which are taken, which belong together, and fetching them."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import discord

from bot.i18n.refusals import Refused
from bot.services.upload_refusals import refused_by
from knowledge import (
    FACTS_SUFFIX,
    MAX_BESIDE_BYTES,
    MAX_FILE_BYTES,
    QUESTIONS_SUFFIX,
    UPLOAD_SUFFIXES,
    Refusal,
)

__all__ = ["ARCHIVE", "MAX_BYTES", "FileGroup", "fetch", "grouped", "packed"]

MAX_BYTES = MAX_FILE_BYTES
"""The size of a file that is taken."""

ARCHIVE = ".zip"
_TAKEN = (*UPLOAD_SUFFIXES, ARCHIVE)
"""Endings of files that hold articles."""

_BESIDE = (FACTS_SUFFIX, QUESTIONS_SUFFIX)

_FETCHING_SECONDS = 30.0


async def fetch(file: discord.Attachment) -> bytes:
    """Download an attachment that may be taken. Raises Refused."""
    beside = any(file.filename.lower().endswith(suffix) for suffix in _BESIDE)
    if not beside and PurePath(file.filename).suffix.lower() not in _TAKEN:
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
class FileGroup:
    """A file that holds articles, and those that were sent to stand beside its article."""

    file: discord.Attachment
    beside: tuple[discord.Attachment, ...] = ()


def grouped(
    files: Sequence[discord.Attachment],
) -> tuple[list[FileGroup], list[discord.Attachment]]:
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
    groups: list[FileGroup] = []
    for file in articles:
        stem = PurePath(file.filename.lower()).stem
        suffixes = () if file.filename.lower().endswith(ARCHIVE) else _BESIDE
        found = [beside.pop(f"{stem}{suffix}", None) for suffix in suffixes]
        groups.append(FileGroup(file, tuple(one for one in found if one is not None)))
    return groups, [*orphans, *beside.values()]


def packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return files as an archive, in which they are beside each other by the first one's name."""
    (name, _), *_ = files
    stem = PurePath(name).stem
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for given, data in files:
            suffix = next((one for one in _BESIDE if given.lower().endswith(one)), None)
            archive.writestr(name if suffix is None else f"{stem}{suffix}", data)
    return written.getvalue()
