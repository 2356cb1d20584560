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
from bot.features.lookups.phrases import PHRASES
from bot.features.lookups.timeline_picture import EXTRA, NAME, timeline_sheet
from bot.i18n.localisation import Language
from bot.services.drawing.drawer import DrawingFailed
from bot.services.drawing.pictures import Pictures, TooManyPictures
from bot.services.drawing.timeline import Sheet
from bot.services.threads import LOOK_UPS
from bot.ui.custom_ids.listing import Listing, LookUp
from knowledge import KnowledgeBase

__all__ = ["PATIENCE_SECONDS", "list_page"]

_log = logging.getLogger(__name__)

PATIENCE_SECONDS = 10.0
"""How long a page waits for its picture; the next one of the same timeline has it at once."""


async def list_page(
    knowledge: KnowledgeBase, listing: Listing, language: Language, pictures: Pictures
) -> tuple[ui.LayoutView, list[discord.File]]:
    """Return a page of a list, looked up now, and what is to be sent with it.

    Where a timeline has no picture, since too many are drawn or it cannot be, its page says so.
    """
    findings = await LOOK_UPS.run(find, knowledge, listing)
    drawn: bytes | None = None
    note: str | None = None
    if listing.look_up is LookUp.TIMELINE and findings.total and is_installed(EXTRA):
        sheet = await LOOK_UPS.run(_sheet, knowledge, listing, language)
        if sheet is not None:
            drawn, note = await _picture(sheet, language, pictures)
    files = [] if drawn is None else [discord.File(io.BytesIO(drawn), NAME)]
    view = list_layout(
        findings, language, is_shortened=False, picture=files[0] if files else None, note=note
    )
    return view, files


def _sheet(knowledge: KnowledgeBase, listing: Listing, language: Language) -> Sheet | None:
    dated = knowledge.timeline(listing.start, listing.end, limit=MAX_LISTED)
    return timeline_sheet(dated, language)


async def _picture(
    sheet: Sheet, language: Language, pictures: Pictures
) -> tuple[bytes | None, str | None]:
    """Return the picture, or why there is none: the list does not depend on it."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await pictures.picture(sheet), None
    except (TooManyPictures, TimeoutError):
        return None, PHRASES.of(language).picture_busy
    except DrawingFailed as error:
        _log.error("The timeline could not be drawn: %s", error)
        return None, PHRASES.of(language).picture_failed
