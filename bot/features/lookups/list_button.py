"""The buttons that turn the pages of a look-up, and that list what is in a timeline's picture."""

from __future__ import annotations

from typing import Any

import discord

from bot.features.lookups.list_pages import list_page
from bot.i18n.localisation import Language
from bot.interactions.article_buttons import ArticleButton, PageTurner, Shown
from bot.ui.custom_ids.listing import decode_listing
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import KnowledgeBase

__all__ = ["EntriesButton", "ListButton"]


class _ListShower:
    """Looks up what the payload of a button says, anew."""

    payload: str

    async def make(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002 - all that is needed is in the button
        knowledge: KnowledgeBase,
        language: Language,
    ) -> Shown:
        """Return a page of what there is now."""
        return Shown(await list_page(knowledge, decode_listing(self.payload), language))


class ListButton(_ListShower, PageTurner, prefix=Prefix.LIST_PAGE):
    """Turns the pages of a look-up."""


class EntriesButton(_ListShower, ArticleButton, prefix=Prefix.LIST_ENTRIES):
    """Lists a timeline to whoever clicked, beside its picture."""
