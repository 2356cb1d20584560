"""``/insights``: admins see what is asked on their server, in numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands, ui

from bot.extras import is_installed
from bot.features.insights.insights_layout import chart_of, insights_layout
from bot.features.insights.numbers import kept_of, read_insights
from bot.features.insights.phrases import PHRASES
from bot.interactions.feature import Feature
from bot.interactions.permissions import admins_only
from bot.interactions.pictures import EXTRA, drawn_in_time
from bot.interactions.replies import show_with_files
from bot.services.threads import LOOK_UPS, STATE

__all__ = ["NAME", "InsightsCommand"]

NAME = "insights.png"


class InsightsCommand(Feature):
    """Shows admins how much is asked, how well it is answered, and by which passages."""

    phrases = PHRASES

    @app_commands.command(**PHRASES.command("insights"))
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def insights(self, interaction: discord.Interaction[Any]) -> None:
        """Show the numbers of the last weeks to the admin alone."""
        await show_with_files(interaction, self._made(interaction))

    async def _made(
        self, interaction: discord.Interaction[Any]
    ) -> tuple[ui.LayoutView, Sequence[discord.File]]:
        services, server = self.services, interaction.guild_id or 0
        language = services.catalogue.choose(interaction.locale)
        settings = await services.server_settings.of(server)
        kept = await STATE.run(kept_of, services.state, server)
        knowledge = await services.bases.knowledge_for(server)
        insights = await LOOK_UPS.run(read_insights, kept, knowledge)
        chart = chart_of(insights, language) if is_installed(EXTRA) else None
        drawn, note = None, None
        if chart is not None:
            drawn, note = await drawn_in_time(chart, language, services.pictures)
        file = None if drawn is None else discord.File(io.BytesIO(drawn), NAME)
        keeping = settings.keep_unanswered
        view = insights_layout(insights, language, file, note, is_keeping=keeping)
        return view, [] if file is None else [file]
