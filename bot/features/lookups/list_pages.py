"""A page of a look-up as it is sent: its rows, and above those of a timeline the picture of it."""

from __future__ import annotations

import asyncio
import io
import logging

import discord
from discord import ui

from bot.extras import is_installed
from bot.features.lookups.findings import MAX_LISTED, find
from bot.features.lookups.list_layout import list_layout
from bot.features.lookups.timeline_picture import EXTRA, NAME, draw_timeline
from bot.i18n.localisation import Language
from bot.ui.custom_ids.listing import Listing, LookUp
from knowledge import KnowledgeBase

__all__ = ["timeline_page", "turned_page"]

_log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 1.5
"""A picture that takes longer does not come with the next page: Discord waits three seconds."""


def timeline_page(
    knowledge: KnowledgeBase, listing: Listing, language: Language
) -> ui.LayoutView | tuple[ui.LayoutView, discord.File]:
    """Return a page of a timeline with its picture, without where there is none."""
    findings = find(knowledge, listing)
    picture = _picture(knowledge, listing, language) if findings.total else None
    view = list_layout(findings, language, is_shortened=False, picture=picture)
    return view if picture is None else (view, picture)


async def turned_page(
    knowledge: KnowledgeBase, listing: Listing, language: Language
) -> tuple[ui.LayoutView, list[discord.File]]:
    """Return another page of a list, looked up anew, and what is to be sent with it.

    A timeline keeps its picture where that is drawn in time.
    """
    findings = await asyncio.to_thread(find, knowledge, listing)
    picture: discord.File | None = None
    if listing.look_up is LookUp.TIMELINE and findings.total:
        drawing = asyncio.create_task(asyncio.to_thread(_picture, knowledge, listing, language))
        ready, _ = await asyncio.wait({drawing}, timeout=_PATIENCE_SECONDS)
        picture = await drawing if ready else None
    view = list_layout(findings, language, is_shortened=False, picture=picture)
    return view, [] if picture is None else [picture]


def _picture(knowledge: KnowledgeBase, listing: Listing, language: Language) -> discord.File | None:
    """Draw the timeline where that can be done; the list does not depend on it."""
    if not is_installed(EXTRA):
        return None
    try:
        dated = knowledge.timeline(listing.start, listing.end, limit=MAX_LISTED)
        drawn = draw_timeline(dated, language)
    except Exception:  # noqa: BLE001 - whatever a plotting library raises
        _log.exception("The timeline could not be drawn.")
        return None
    return None if drawn is None else discord.File(io.BytesIO(drawn), NAME)
