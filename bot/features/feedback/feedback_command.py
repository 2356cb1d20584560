"""Votes on answers: 👍 and 👎 for members, ``/feedback`` for admins."""

from __future__ import annotations

from typing import Any, ClassVar

import discord
from discord import app_commands

from bot.features.feedback.opinions_button import OpinionsButton, opinions_page
from bot.features.feedback.phrases import PHRASES
from bot.features.feedback.vote_buttons import DownButton, UpButton, take_reason
from bot.interactions.feature import Feature
from bot.interactions.forms import Form
from bot.interactions.permissions import admins_only
from bot.interactions.replies import show
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["Feedback"]


class Feedback(Feature):
    """Takes members' votes, and shows admins what did not help."""

    phrases = PHRASES
    buttons = (UpButton, DownButton, OpinionsButton)
    forms: ClassVar = {Prefix.VOTE_REASON: Form("a reason", take_reason)}

    @app_commands.command(**PHRASES.command("feedback"))
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def feedback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the passages that got a 👎, with the reasons, to the admin alone."""
        language = self.services.catalogue.choose(interaction.locale)
        view = opinions_page(self.services, interaction.guild_id or 0, 0, language)
        await show(interaction, view)
