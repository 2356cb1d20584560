"""Reports to admins in pages: what is too long for one message is never cut.

rp/ID/PAGE   go on to a page (from 0) of a report that ``bot.state.reports`` keeps
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix

__all__ = [
    "MAX_PAGES",
    "Block",
    "pages_of",
    "read_page_id",
    "report_page",
    "report_page_id",
]

MAX_PAGES = 200
"""Pages of a report; what is beyond is counted on the last one."""

_ROOM = 1_800
"""Characters of a page: some three screens of a phone."""
_BLOCKS = 8
"""Blocks of a page at most."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and its lines, all Markdown; a block that is parted has the heading again."""

    heading: str
    lines: tuple[str, ...] = ()


def pages_of(first: str, blocks: Sequence[Block], language: Language) -> list[list[str]]:
    """Return the pages of a report, each some pieces of Markdown: ``first``, then the blocks.

    A heading and a line have at most 900 characters together.
    """
    pages, room = [[first]], _ROOM - len(first)
    left = sum(max(len(block.lines), 1) for block in blocks)
    for block in blocks:
        for position, piece in enumerate(_pieces(block)):
            is_full = len(piece) >= room or (position == 0 and len(pages[-1]) > _BLOCKS)
            if is_full and len(pages) == MAX_PAGES:
                pages[-1].append(f"-# {SHARED.of(language).and_more.format(count=left)}")
                return pages
            if is_full:
                pages.append([piece if position == 0 else f"{block.heading} …\n{piece}"])
                room = _ROOM - len(pages[-1][0])
            elif position == 0:
                pages[-1].append(piece)
                room -= len(piece)
            else:
                pages[-1][-1] += f"\n{piece}"
                room -= len(piece) + 1
            left -= 1
    return pages


def _pieces(block: Block) -> list[str]:
    """Return the heading with the first line, which are not parted, and the other lines."""
    return ["\n".join([block.heading, *block.lines[:1]]), *block.lines[1:]]


def report_page_id(identifier: str, page: int) -> str:
    """Return the ``custom_id`` of a button that shows a page of a kept report."""
    return f"{Prefix.REPORT_PAGE}/{identifier}/{page}"


def report_page(
    pages: Sequence[Sequence[str]],
    page: int,
    page_id: Callable[[int], str] | None,
    colour: discord.Colour,
    language: Language,
    below: Sequence[ui.Item[Any]] = (),
) -> ui.LayoutView:
    """Lay out a page (from 0; one beyond the last is the last), with buttons to turn it.

    ``page_id`` returns the ``custom_id`` of a button that shows a page, where the report was kept
    since it has several; ``below``: what stands below each of them.
    """
    page = min(max(page, 0), len(pages) - 1)
    children: list[ui.Item[Any]] = []
    for text in pages[page]:
        if children:
            children.append(ui.Separator())
        children.append(ui.TextDisplay(text))
    if page_id is not None and len(pages) > 1:
        phrases = SHARED.of(language)
        place = phrases.page.format(page=page + 1, pages=len(pages))
        before, after = page_id(max(page - 1, 0)), page_id(page + 1)
        turning = ui.ActionRow[Any](
            containers.button(phrases.previous, before, enabled=page > 0),
            containers.button(phrases.next, after, enabled=page + 1 < len(pages)),
        )
        children += [ui.Separator(), ui.TextDisplay(f"-# {place}"), turning]
    if below:
        children += [ui.Separator(), *below]
    return containers.coloured(colour, children)


def read_page_id(payload: str) -> tuple[str, int]:
    """Read what follows ``rp/``: a report's identifier and a page. Raises MalformedReference."""
    identifier, _, page = payload.partition("/")
    if not page.isascii() or not page.isdigit() or len(page) > 4:
        raise MalformedReference(f"not a page of a report: {payload!r}")
    return identifier, int(page)
