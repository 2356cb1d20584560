"""Votes on answers: 👍 and 👎 for members, ``/feedback`` for admins."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.features.feedback.feedback_layout import opinions_layout
from bot.features.feedback.vote_buttons import DownButton, UpButton, take_reason
from bot.i18n.localisation import Language, command_text
from bot.interactions.components import Component
from bot.interactions.permissions import admins_only, require_admin
from bot.interactions.replies import show
from bot.services.registry import Services

__all__ = ["Feedback"]


class Feedback(commands.Cog):
    """Takes members' votes, and shows admins what did not help."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self.bot = bot
        self.services = services

    async def cog_load(self) -> None:
        """Know the buttons of every message that there is."""
        self.bot.add_dynamic_items(UpButton, DownButton, OpinionsButton)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take the forms that members send, whenever they were opened."""
        if interaction.type is discord.InteractionType.modal_submit:
            await take_reason(interaction)

    @app_commands.command(
        name=command_text("feedback.name"), description=command_text("feedback.description")
    )
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def feedback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the passages that got a 👎, with the reasons, to the admin alone."""
        language = self.services.catalogue.choose(interaction.locale)
        view = _page(self.services, interaction.guild_id or 0, 0, language)
        await show(interaction, view)


async def _page(services: Services, server: int, page: int, language: Language) -> ui.LayoutView:
    votes = await asyncio.to_thread(services.state.feedback.of, server)
    knowledge = await services.bases.knowledge_for(server)
    return await asyncio.to_thread(opinions_layout, votes, knowledge, page, language)


class OpinionsButton(Component, template=r"op/(?P<payload>\d{1,6})"):
    """Turns the pages of ``/feedback``."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Show another page in the place of this one, to whoever still is an admin."""
        require_admin(interaction)
        await interaction.response.defer()
        view = await _page(services, interaction.guild_id or 0, int(self.payload), language)
        await interaction.edit_original_response(view=view)
