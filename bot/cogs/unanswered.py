"""``/unanswered``: admins see what was asked in vain, and clear it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot import layouts
from bot.answering.replies import show
from bot.buttons.components import Component
from bot.localisation import Language, command_text
from bot.permissions import admins_only, require_admin
from bot.servers.unanswered import CLEAR, CONFIRM, confirmation_layout, unanswered_layout
from bot.state.unanswered import Unanswered
from bot.threads import LOOK_UPS, STATE

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["UnansweredQuestions"]


class UnansweredQuestions(commands.Cog):
    """Shows admins what the articles lack."""

    def __init__(self, bot: SourcierBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Know the buttons of every message that there is."""
        self.bot.add_dynamic_items(PageButton, ClearButton)

    @app_commands.command(
        name=command_text("unanswered.name"), description=command_text("unanswered.description")
    )
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def unanswered(self, interaction: discord.Interaction[Any]) -> None:
        """Show what was asked in vain, the most frequent first, to the admin alone."""
        language = self.bot.catalogue.choose(interaction.locale)
        await show(interaction, _page(self.bot, interaction, 0, language))


async def _page(
    bot: SourcierBot, interaction: discord.Interaction[Any], page: int, language: Language
) -> ui.LayoutView:
    server = interaction.guild_id or 0
    settings = await bot.servers.settings(server)
    knowledge = await bot.knowledge_for(server)

    def read() -> tuple[Unanswered, ...]:
        today = bot.state.calendar.moment().today
        return bot.state.unanswered.of(server, today)

    kept, keeping = await STATE.run(read), settings.keep_unanswered
    return await LOOK_UPS.run(
        unanswered_layout, kept, knowledge, page, language, is_keeping=keeping
    )


class PageButton(Component, template=r"ua/(?P<payload>\d{1,6})"):
    """Turns the pages of ``/unanswered``."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Show another page in the place of this one, to whoever still is an admin."""
        require_admin(interaction)
        await interaction.response.defer()  # putting questions together may take a second
        view = await _page(bot, interaction, int(self.payload), language)
        await interaction.edit_original_response(view=view)


class ClearButton(Component, template=r"(?P<payload>uc/(?:ask|yes|no))"):
    """Clears what is kept, once that is confirmed."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Ask for the confirmation, clear, or go back, for whoever still is an admin."""
        require_admin(interaction)
        server = interaction.guild_id or 0
        await interaction.response.defer()
        if self.payload == CLEAR:
            count = await STATE.run(bot.state.unanswered.count, server)
            view = confirmation_layout(count, language)
        elif self.payload == CONFIRM:
            cleared = await STATE.run(bot.state.unanswered.clear, server)
            view = layouts.notice(language.server.cleared.format(count=cleared))
        else:
            view = await _page(bot, interaction, 0, language)
        await interaction.edit_original_response(view=view)
