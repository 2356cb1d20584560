"""``/unanswered``: admins see what was asked in vain, and clear it."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.features.unanswered.phrases import PHRASES
from bot.features.unanswered.unanswered_buttons import (
    ClearButton,
    UnansweredPageButton,
    unanswered_page,
)
from bot.interactions.feature import Feature
from bot.interactions.permissions import admins_only
from bot.interactions.replies import show

__all__ = ["UnansweredQuestions"]


class UnansweredQuestions(Feature):
    """Shows admins what the articles lack."""

    phrases = PHRASES
    buttons = (UnansweredPageButton, ClearButton)

    @app_commands.command(**PHRASES.command("unanswered"))
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def unanswered(self, interaction: discord.Interaction[Any]) -> None:
        """Show what was asked in vain, the most frequent first, to the admin alone."""
        language = self.services.catalogue.choose(interaction.locale)
        await show(interaction, unanswered_page(self.services, interaction, 0, language))
