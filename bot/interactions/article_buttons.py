"""Buttons that show something of the articles, and those that turn the pages of it.

A click is recognised by its ``custom_id`` alone (see ``bot.ui.custom_ids``): nothing is kept in
memory or on disk between an answer and the clicks on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.i18n.localisation import Language
from bot.interactions.acknowledging import in_time, say, turn
from bot.interactions.components import Component
from bot.services.registry import Services
from bot.ui.offers import kept_offers
from knowledge import KnowledgeBase

__all__ = ["ArticleButton", "PageTurner", "Shown"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a click shows, and the files in it."""

    view: ui.LayoutView
    files: Sequence[discord.File] = ()


class ArticleButton(Component):
    """A button that shows something of the articles. Subclasses say what a click shows."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Show it privately to whoever clicked."""
        shown = await in_time(interaction, self._shown(interaction, services, language))
        await say(interaction, shown.view, shown.files)

    async def _shown(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> Shown:
        """Make it of what may be shown on this server."""
        knowledge = await services.bases.knowledge_for(interaction.guild_id)
        return await self.make(interaction, knowledge, language)

    async def make(
        self, interaction: discord.Interaction[Any], knowledge: KnowledgeBase, language: Language
    ) -> Shown:
        """Return what a click shows. Raises whatever goes wrong."""
        raise NotImplementedError


def _is_theirs(interaction: discord.Interaction[Any]) -> bool:
    """Whether a page is the clicker's to turn: nobody turns the page that somebody else has open.

    It is where they alone see it, or asked for it, or nobody did by a command or a click.
    """
    message = interaction.message
    if message is None or message.flags.ephemeral or message.interaction_metadata is None:
        return True
    return message.interaction_metadata.user.id == interaction.user.id


class PageTurner(ArticleButton):
    """A button that turns pages, which keep the frame that they have."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Put a page in the place of the one before, or show it to whoever clicked alone."""
        if not _is_theirs(interaction):
            await super().act(interaction, services, language)
            return
        shown = await in_time(interaction, self._turned(interaction, services), update=True)
        await turn(interaction, shown.view, shown.files)

    async def _turned(self, interaction: discord.Interaction[Any], services: Services) -> Shown:
        """Make it in the server's language where all see it, else in the clicker's."""
        message = interaction.message
        is_for_all = message is not None and not message.flags.ephemeral
        settings = await services.server_settings.of(interaction.guild_id) if is_for_all else None
        wanted = None if settings is None else settings.language
        language = services.catalogue.choose(wanted, interaction.locale)
        shown = await self._shown(interaction, services, language)
        return Shown(kept_offers(shown.view, message, language), shown.files)
