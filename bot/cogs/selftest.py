"""``/selftest``: admins see whether the golden questions are answered rightly."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.acknowledging import acknowledge
from bot.layouts import trials as trial_reports
from bot.layouts.paging import show_report
from bot.localisation import command_text
from bot.permissions import admins_only
from bot.servers import upkeep
from bot.servers.reindexing import ReindexStopped
from knowledge import ReindexProgress

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["SelfTests"]


class SelfTests(commands.Cog):
    """Asks the bot the questions whose answers are known."""

    def __init__(self, bot: SourcierBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=command_text("selftest.name"), description=command_text("selftest.description")
    )
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def selftest(self, interaction: discord.Interaction[Any]) -> None:
        """Ask the golden questions of what this server sees, and show hits and misses."""
        await acknowledge(interaction)
        knowledge = await self.bot.knowledge_for(interaction.guild_id)
        test = await upkeep.run(knowledge.selftest, self._go_on)
        written = partial(trial_reports.selftest_pages, test)
        await show_report(interaction, written, trial_reports.selftest_colour(test))

    def _go_on(self, _: ReindexProgress) -> None:
        """End a test that would hold up the end of the bot."""
        if self.bot.is_ending:
            raise ReindexStopped
