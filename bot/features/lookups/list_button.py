"""The button that turns the pages of a look-up."""

from __future__ import annotations

from typing import Any

import discord

from bot.features.lookups.list_pages import turned_page
from bot.i18n.localisation import Language
from bot.interactions.article_buttons import PageTurner, turn_page
from bot.ui.custom_ids.listing import decode_listing
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import KnowledgeBase

__all__ = ["ListButton"]


class ListButton(PageTurner, prefix=Prefix.LIST_PAGE):
    """Turns the pages of a look-up, which is done anew."""

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Show another page of what there is now."""
        listing = decode_listing(self.payload)
        view, files = await turned_page(knowledge, listing, language)
        await turn_page(interaction, view, language, files)
