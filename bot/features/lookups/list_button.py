"""The button that turns the pages of a look-up."""

from __future__ import annotations

from typing import Any

import discord

from bot.features.lookups.list_pages import list_page
from bot.i18n.localisation import Language
from bot.interactions.article_buttons import PageTurner, Shown
from bot.services.registry import services_of
from bot.ui.custom_ids.listing import decode_listing
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import KnowledgeBase

__all__ = ["ListButton"]


class ListButton(PageTurner, prefix=Prefix.LIST_PAGE):
    """Turns the pages of a look-up, which is done anew."""

    async def make(
        self, interaction: discord.Interaction[Any], knowledge: KnowledgeBase, language: Language
    ) -> Shown:
        """Return another page of what there is now."""
        listing = decode_listing(self.payload)
        pictures = services_of(interaction).pictures
        return Shown(*await list_page(knowledge, listing, language, pictures))
