"""Uploads that take several pages to show: what a newer version changes, what several files are.

ap/WHAT/ID/PAGE   go on to a page (from 0) of a report that ``bot.state.reports`` keeps; WHAT is
                  what can be confirmed there: the number of a version, ``b`` and the number of the
                  first of several that came together, or ``0``
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import discord
from discord import ui

from bot.features.reindex.reindex_report import article_block, left_out_block, problems_block
from bot.features.reindex.selftest_report import comparison_blocks, comparison_line
from bot.features.uploads.phrases import PHRASES
from bot.features.uploads.upload_layouts import counts_line, title_of
from bot.i18n.localisation import Language
from bot.i18n.refusals import Refused
from bot.services.uploads import FileRead, Upload
from bot.state.article_versions import OFFER_HOURS, KeptArticle
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.report_pages import Block, pages_of
from knowledge import ReindexReport

__all__ = [
    "NOTHING",
    "confirm_row",
    "files_colour",
    "files_pages",
    "replacement_colour",
    "replacement_pages",
    "upload_page_id",
]

NOTHING = "0"
"""What can be confirmed where nothing can."""

_NAME_ROOM = 120
_TITLE_ROOM = 160
_REASON_ROOM = 600
_LINES = 60
"""Lines that are told of one file, at most."""


def upload_page_id(what: str, identifier: str, page: int) -> str:
    """Return the ``custom_id`` of a button that shows a page; see the module."""
    return f"{Prefix.UPLOAD_PAGE}/{what}/{identifier}/{page}"


def confirm_row(what: str, language: Language) -> Sequence[ui.Item[Any]]:
    """Return the buttons that put in use what can be confirmed, or forget it; none for nothing."""
    if what == NOTHING:
        return ()
    words = PHRASES.of(language)
    accept: ui.Button[Any] = ui.Button(
        label=words.index_it if what.isdecimal() else words.index_all,
        custom_id=f"{Prefix.ACCEPT_UPLOAD}/{what}",
        style=discord.ButtonStyle.primary,
    )
    cancel = containers.button(words.cancel, f"{Prefix.CANCEL_UPLOAD}/{what}")
    return (ui.ActionRow(accept, cancel),)


def replacement_colour(report: ReindexReport) -> discord.Colour:
    """Return grey, or amber where a golden question gets worse."""
    is_worse = report.golden is not None and report.golden.worse
    return containers.AMBER if is_worse else containers.GREY


def replacement_pages(
    offered: KeptArticle,
    upload: Upload,
    instead: KeptArticle,
    report: ReindexReport,
    language: Language,
) -> list[list[str]]:
    """Return the pages that tell what changes where an upload takes the place of an article.

    ``report``: of a reindex that was rehearsed with it.
    """
    words = PHRASES.of(language)
    first = [
        f"**{title_of(upload.title)}**",
        f"-# {counts_line(upload, language)}",
        f"-# {words.replaces.format(title=title_of(instead.title))}",
    ]
    golden = report.golden
    told = words.golden_none if golden is None else comparison_line(golden, language)
    first.append(f"-# {told}")
    first.append(f"-# {words.waits.format(hours=OFFER_HOURS)}")
    ours = partial(_is_of, offered.slug)
    blocks = [] if golden is None else comparison_blocks(golden, language)
    if problems := [one for one in report.problems if ours(one.path.name)]:
        blocks.append(problems_block(problems, language))
    if notes := [one for one in report.notes if ours(one.path.name)]:
        blocks.append(left_out_block(notes, language))
    blocks += [article_block(one, language) for one in report.changes if one.slug == offered.slug]
    return pages_of("\n".join(first), blocks, language)


def _is_of(slug: str, name: str) -> bool:
    """Whether a file is an article's own, or beside it: no slug is the beginning of another."""
    return name.startswith(f"{slug}.")


def files_colour(files: Sequence[FileRead]) -> discord.Colour:
    """Return grey where every file was read, red where none was, amber else."""
    refused = sum(one.refused is not None for one in files)
    if not refused:
        return containers.GREY
    return containers.RED if refused == len(files) else containers.AMBER


def files_pages(
    files: Sequence[FileRead],
    language: Language,
    *,
    is_title_left: bool = False,
    is_one_wanted: bool = False,
) -> list[list[str]]:
    """Return the pages that tell what became of each file, those that were not taken first.

    ``is_title_left``: whether a title was given, and fits none of several. ``is_one_wanted``:
    whether one article was to be replaced, so that nothing is kept of several files.
    """
    words = PHRASES.of(language)
    read = [one for one in files if one.upload is not None]
    first = [
        f"**{words.files_read.format(count=len(read), total=len(files))}**",
    ]
    if is_title_left:
        first.append(f"-# {words.title_left}")
    if is_one_wanted:
        first.append(f"-# {Refused('refused_one', count=len(files)).sentence(language)}")
    elif read:
        first.append(f"-# {words.waits.format(hours=OFFER_HOURS)}")
    blocks = [_refused(one, language) for one in files if one.refused is not None]
    blocks += [_read(one, one.upload, language) for one in files if one.upload is not None]
    return pages_of("\n".join(first), blocks, language)


def _refused(file: FileRead, language: Language) -> Block:
    said = "" if file.refused is None else file.refused.sentence(language)
    return Block(f"❌ **{containers.short(file.name, _NAME_ROOM)}**", _small(said.split("\n")))


def _read(file: FileRead, upload: Upload, language: Language) -> Block:
    title = containers.short(upload.title, _TITLE_ROOM)
    heading = f"✅ **{title}** · {containers.short(file.name, _NAME_ROOM)}"
    notes = [f"⚠️ {containers.short(note, _REASON_ROOM)}" for note in upload.notes[:_LINES]]
    if file.has_namesake:
        notes.insert(0, f"⚠️ {PHRASES.of(language).same_title}")
    return Block(heading, _small([counts_line(upload, language), *notes]))


def _small(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"-# {line}" for line in lines)
