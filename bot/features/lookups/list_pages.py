"""A page of a look-up as it is sent: its rows, or the picture of a timeline in their place."""

from __future__ import annotations

import io
from collections.abc import Sequence

import discord
from discord import ui

from bot.extras import is_installed
from bot.features.lookups.findings import MAX_DATED, find
from bot.features.lookups.list_layout import list_layout, picture_layout
from bot.features.lookups.timeline_picture import NAME, timeline_sheet
from bot.i18n.localisation import Language
from bot.interactions.pictures import EXTRA, drawn_in_time
from bot.services.drawing.pictures import Pictures
from bot.services.drawing.timeline import Sheet
from bot.services.threads import LOOK_UPS
from bot.ui.custom_ids.listing import Listing
from knowledge import KnowledgeBase

__all__ = ["list_page", "timeline"]


async def list_page(
    knowledge: KnowledgeBase, listing: Listing, language: Language
) -> ui.LayoutView:
    """Return a page of a list, looked up now."""
    findings = await LOOK_UPS.run(find, knowledge, listing)
    return list_layout(findings, language, is_shortened=False)


async def timeline(
    knowledge: KnowledgeBase, listing: Listing, language: Language, pictures: Pictures
) -> tuple[ui.LayoutView, Sequence[discord.File]]:
    """Return a timeline, looked up now, and what is to be sent with it: its picture, with a button
    that lists what is in it.

    Where there is no picture, since too many are drawn or it cannot be, it is a list that says so.
    """
    findings = await LOOK_UPS.run(find, knowledge, listing)
    note: str | None = None
    if findings.total and is_installed(EXTRA):
        sheet = await LOOK_UPS.run(_sheet, knowledge, listing, language)
        drawn, note = (
            (None, None) if sheet is None else await drawn_in_time(sheet, language, pictures)
        )
        if drawn is not None:
            file = discord.File(io.BytesIO(drawn), NAME)
            return picture_layout(findings, language, file), [file]
    return list_layout(findings, language, is_shortened=False, note=note), []


def _sheet(knowledge: KnowledgeBase, listing: Listing, language: Language) -> Sheet | None:
    dated = knowledge.timeline(listing.start, listing.end, limit=MAX_DATED)
    return timeline_sheet(dated, language)
