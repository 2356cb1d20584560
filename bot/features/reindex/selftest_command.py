"""``/selftest``: admins see whether the golden questions are answered rightly."""

from __future__ import annotations

from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.features.reindex import selftest_report as trial_reports
from bot.features.reindex.phrases import PHRASES
from bot.interactions.acknowledging import acknowledge
from bot.interactions.feature import Feature
from bot.interactions.permissions import admins_only
from bot.interactions.report_sending import show_report
from bot.services.reindexing import ReindexStopped
from bot.services.threads import UPKEEP
from knowledge import ReindexProgress

__all__ = ["SelfTests"]


class SelfTests(Feature):
    """Asks the bot the questions whose answers are known."""

    phrases = PHRASES

    @app_commands.command(**PHRASES.command("selftest"))
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def selftest(self, interaction: discord.Interaction[Any]) -> None:
        """Ask the golden questions of what this server sees, and show hits and misses."""
        await acknowledge(interaction)
        knowledge = await self.services.bases.knowledge_for(interaction.guild_id)
        test = await UPKEEP.run(knowledge.selftest, self._go_on)
        written = partial(trial_reports.selftest_pages, test)
        await show_report(interaction, written, trial_reports.selftest_colour(test))

    def _go_on(self, _: ReindexProgress) -> None:
        """End a test that would hold up the end of the bot."""
        if self.services.indexes.is_ending:
            raise ReindexStopped
