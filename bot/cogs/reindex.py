"""``/reindex``: admins bring the index up to date while everyone goes on asking."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import layouts, reports
from bot.localisation import command_text
from bot.permissions import admins_only
from bot.phrases import Phrases
from bot.reindexing import Reindex
from knowledge.errors import ArticleError
from knowledge.model import ReindexStage

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["PROGRESS_SECONDS", "ReindexArticles"]

_log = logging.getLogger(__name__)

PROGRESS_SECONDS = 2.0
"""Between two edits of the progress message; Discord allows about one a second."""

# An interaction's message can be edited for 15 minutes.
_REPORTABLE_SECONDS = 14 * 60.0


class ReindexArticles(commands.Cog):
    """Reads the articles again on request."""

    def __init__(self, bot: SourcierBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=command_text("reindex.name"), description=command_text("reindex.description")
    )
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def reindex(self, interaction: discord.Interaction[Any]) -> None:
        """Reindex, showing progress and then what changed. One that is running is not joined."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        language = self.bot.catalogue.choose(interaction.locale)
        job = self.bot.start_reindex()
        await self._show_progress(interaction, job, language.phrases)
        try:
            view = reports.report_layout(await job.report(), language)
        except ArticleError as error:  # in words, for whoever keeps the articles
            view = reports.refusal_layout(str(error))
        if not interaction.is_expired():
            await interaction.edit_original_response(view=view)
        await self.bot.refresh_servers()

    async def _show_progress(
        self, interaction: discord.Interaction[Any], job: Reindex, phrases: Phrases
    ) -> None:
        """Edit the reply from time to time until the job has ended or Discord stops listening."""
        clock = asyncio.get_running_loop()
        due, end = 0.0, clock.time() + _REPORTABLE_SECONDS
        async for moment in job.progress():
            now = clock.time()
            if now < due:
                continue
            due = now + PROGRESS_SECONDS
            is_reading = moment.stage is ReindexStage.READING
            text = phrases.reindex_progress if is_reading else phrases.reindex_encoding
            text = text.format(done=moment.done, total=moment.total)
            view = layouts.notice(phrases.reindex_still if now > end else text)
            try:
                await interaction.edit_original_response(view=view)
            except discord.HTTPException as error:  # the report is what matters
                _log.warning("The progress of a reindex was not shown: %s", error)
            if now > end:
                return
