"""Buttons that show something of the articles, and those that turn the pages of it.

A click is recognised by its ``custom_id`` alone (see ``bot.ui.custom_ids``): nothing is kept in
memory or on disk between an answer and the clicks on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.i18n.localisation import Language
from bot.interactions.components import Component
from bot.services.registry import Services
from bot.ui.offers import kept_offers
from knowledge import KnowledgeBase

__all__ = ["ArticleButton", "PageTurner", "turn_page"]


async def turn_page(
    interaction: discord.Interaction[Any],
    view: ui.LayoutView,
    language: Language,
    files: Sequence[discord.File] = (),
) -> None:
    """Put a page in the place of the one before, in a message of the clicker's own.

    ``files`` are what the page shows; those of the one before go.

    Nobody turns the page that somebody else has open: whoever did not ask for a message that all
    can see gets the page privately.
    """
    message = interaction.message
    asked = None if message is None else message.interaction_metadata
    is_theirs = message is None or message.flags.ephemeral or asked is None
    if is_theirs or (asked is not None and asked.user.id == interaction.user.id):
        view = kept_offers(view, message, language)
        await interaction.response.edit_message(view=view, attachments=files)
    else:
        await interaction.response.send_message(view=view, files=files, ephemeral=True)


class ArticleButton(Component):
    """A button that shows something of the articles. Subclasses say what a click does."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Show what may be shown on this server."""
        knowledge = await services.bases.knowledge_for(interaction.guild_id)
        await self.respond(interaction, knowledge, language)

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Do what the button is for. Raises whatever goes wrong."""
        raise NotImplementedError


def _turns_for_all(interaction: discord.Interaction[Any]) -> bool:
    """Whether the page that is turned is one that all see."""
    message = interaction.message
    if message is None or message.flags.ephemeral:
        return False
    asked = message.interaction_metadata
    return asked is None or asked.user.id == interaction.user.id


class PageTurner(ArticleButton):
    """A button that turns pages, which keep the frame that they have."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Turn it in the server's language where all see it, else in the clicker's."""
        if _turns_for_all(interaction):
            settings = await services.server_settings.of(interaction.guild_id)
            language = services.catalogue.choose(settings.language, interaction.locale)
        await super().act(interaction, services, language)
