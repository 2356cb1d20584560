"""A member's file, read in a process of its own: it may be broken, or made to do harm."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
from pathlib import Path, PurePath
from typing import Any

import discord
from pydantic import BaseModel, ConfigDict

import knowledge
from bot.extras import how_to_install
from bot.i18n.refusals import Refused
from bot.ui import markdown
from knowledge import CONVERTED_SUFFIXES, UPLOAD_SUFFIXES, FactKind, Refusal, Span

__all__ = ["MAX_BYTES", "READING_SECONDS", "Upload", "fetch", "read_upload"]

_log = logging.getLogger(__name__)

MAX_BYTES = 8_000_000
"""The size of a file that is taken."""

READING_SECONDS = 30.0
"""How long reading a file may take."""

_MODULES = Path(knowledge.__file__).parents[1]
_FETCHING_SECONDS = 30.0
_DETAIL_ROOM = 600


class Upload(BaseModel):
    """What was read: the article as Markdown, and what to show of it before it is indexed.

    ``sections``: their titles; ``beginning``: the first of ``paragraphs``; ``first_facts``: the
    kind and the words of the first of ``facts``.
    """

    model_config = ConfigDict(frozen=True)

    markdown: str
    title: str
    language: str
    sections: tuple[str, ...]
    paragraphs: int
    beginning: str
    facts: int
    first_facts: tuple[tuple[FactKind, str], ...]


async def fetch(file: discord.Attachment) -> bytes:
    """Download an attachment that may be taken. Raises Refused."""
    suffix = PurePath(file.filename).suffix.lower()
    if suffix not in UPLOAD_SUFFIXES:
        raise Refused("uploads", "refused_kind", kinds=", ".join(UPLOAD_SUFFIXES))
    if file.size > MAX_BYTES:
        raise _too_large()
    try:
        async with asyncio.timeout(_FETCHING_SECONDS):
            data = await file.read()
    except TimeoutError:
        raise Refused("uploads", "refused_fetch") from None
    if len(data) > MAX_BYTES:  # whatever Discord said before
        raise _too_large()
    return data


def _too_large() -> Refused:
    return Refused("uploads", "refused_large", megabytes=MAX_BYTES // 1_000_000)


def read_upload(name: str, data: bytes, title: str | None) -> Upload:
    """Read a file as an article. Blocks for at most ``READING_SECONDS``. Raises Refused."""
    command = [sys.executable, "-m", "knowledge.corpus.conversion", _plain(PurePath(name).name)]
    if title is not None:
        command.append(_plain(title))
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and arguments that are no options
            command,
            input=data,
            capture_output=True,
            timeout=READING_SECONDS,
            env=_environment(),
            check=True,
        )
        said: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise Refused("uploads", "refused_too_slow") from None
    except (subprocess.CalledProcessError, ValueError) as error:
        _log.warning("An upload of %d bytes ended its reader: %s", len(data), type(error).__name__)
        raise Refused("uploads", "refused_damaged") from error
    if "refusal" in said:
        raise _refused(Refusal(said["refusal"]), str(said["detail"]))
    return Upload.model_validate(said)


def _environment() -> dict[str, str]:
    """Return the environment of the reader: with our own modules, and without the bot's token."""
    kept = {key: value for key, value in os.environ.items() if key != "DISCORD_TOKEN"}
    places = [str(_MODULES), *filter(None, [kept.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(places)}


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
    return Refused("uploads", f"refused_{reason.value}", **values)
