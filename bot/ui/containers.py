"""The pieces that every layout is made of: boxes with a colour, buttons, lines that fit.

Discord allows 40 components and 4,000 displayed characters a message; each layout stays within
both, and says ``[…]`` where it had to leave text out. The words of articles pass through
``bot.ui.markdown`` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.ui import markdown
from knowledge import Span

__all__ = [
    "AMBER",
    "GREEN",
    "GREY",
    "RED",
    "ROOM",
    "TITLE_ROOM",
    "URL_ROOM",
    "button",
    "coloured",
    "container_of",
    "linked_title",
    "notice",
    "numbered",
    "on_top",
    "short",
]

GREEN = discord.Colour(0x2D9D5C)
AMBER = discord.Colour(0xF0A92E)
GREY = discord.Colour(0x80848E)
RED = discord.Colour(0xD83C3E)

ROOM = 3_700
"""Characters to fill: Discord's limit is 4,000, the rest is a margin for headings and marks."""

TITLE_ROOM = 200
"""Characters of a title or heading beside other things."""

URL_ROOM = 300
"""Characters of the address that a title leads to, at most."""


def coloured(colour: discord.Colour, children: Sequence[ui.Item[Any]]) -> ui.LayoutView:
    """Lay out a message in a box with an accent colour."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, accent_colour=colour))
    # A stopped view is not kept in memory once it is sent: clicks are recognised by their
    # ``custom_id`` alone.
    view.stop()
    return view


def container_of(view: ui.LayoutView) -> ui.Container[Any]:
    """Return the box that ``coloured`` made."""
    (container,) = view.children
    assert isinstance(container, ui.Container)  # noqa: S101 - ``coloured`` makes them so
    return container


def on_top(view: ui.LayoutView, item: ui.Item[Any]) -> ui.LayoutView:
    """Return what ``coloured`` made with one item more above the others."""
    container = container_of(view)
    colour = container.accent_colour
    shown = colour if isinstance(colour, discord.Colour) else GREY
    return coloured(shown, [item, *container.children])


def short(text: str, room: int) -> str:
    """Return text on one line, cut where its Markdown takes more than ``room`` characters."""
    return markdown.excerpt(" ".join(text.split()), room, around=Span(0, 1))


def linked_title(title: str, *urls: str | None, room: int = TITLE_ROOM) -> str:
    """Return an article's title, as a link to the first of its addresses that is not too long."""
    if len(markdown.escape(title)) > room:
        return short(title, room)
    limit = min(URL_ROOM, 2 * room)
    links = (markdown.link(title, url) for url in urls if url is not None)
    plain = markdown.link(title, None)
    return next((link for link in links if len(link) - len(plain) <= limit), plain)


def numbered(first: int, last: int | None = None) -> str:
    """Return the sign of a paragraph, or of several, which no line end parts from its number."""
    return f"¶\u00a0{first}" if last in (None, first) else f"¶\u00a0{first}–{last}"


def button(label: str, custom_id: str, *, enabled: bool = True) -> ui.Button[Any]:
    """Return a grey button, whose click is recognised by its ``custom_id`` alone."""
    return ui.Button(label=label, custom_id=custom_id, disabled=not enabled)


def notice(text: str, colour: discord.Colour = GREY) -> ui.LayoutView:
    """Lay out a sentence of the bot's own."""
    return coloured(colour, [ui.TextDisplay(text)])
