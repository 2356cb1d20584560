"""``/reindex``: admins bring the index up to date while everyone goes on asking."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.features.reindex import reindex_report as reports
from bot.features.reindex import selftest_report as trial_reports
from bot.features.reindex.phrases import PHRASES
from bot.features.reindex.report_button import ReportButton
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import acknowledge
from bot.interactions.feature import Feature
from bot.interactions.permissions import admins_only
from bot.interactions.report_sending import show_report
from bot.services.reindexing import Reindex
from bot.ui import containers
from knowledge import ArticleError, ReindexWorse

__all__ = ["PROGRESS_SECONDS", "ReindexCommand"]

_log = logging.getLogger(__name__)

PROGRESS_SECONDS = 2.0
"""Between two edits of the progress message; Discord allows about one a second."""

# An interaction's message can be edited for 15 minutes, which the clock on the wall does not tell.
_EDITABLE_SECONDS = 15 * 60.0
_REPORTABLE_SECONDS = 14 * 60.0


class ReindexCommand(Feature):
    """Reads the articles again on request."""

    phrases = PHRASES
    buttons = (ReportButton,)

    @app_commands.command(**PHRASES.command("reindex"))
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.rename(force=PHRASES.command_text("reindex.force.name"))
    @app_commands.describe(force=PHRASES.command_text("reindex.force.description"))
    async def reindex(
        self,
        interaction: discord.Interaction[Any],
        force: bool = False,  # noqa: FBT001, FBT002 - an option of a command
    ) -> None:
        """Reindex what this server sees, showing progress and then what changed.

        One that is running is not joined.
        """
        await acknowledge(interaction)
        server, own = interaction.guild_id, None
        if server is not None and self.services.bases.has_own(server):
            own = await asyncio.to_thread(self.services.bases.write_out, server)
        await self._report(interaction, self.services.indexes.start_reindex(own, force=force))
        await self.services.indexes.refresh_others(server)

    async def _report(self, interaction: discord.Interaction[Any], job: Reindex) -> None:
        """Show how far a reindex is, and then what it did or why it did nothing."""
        language = self.services.catalogue.choose(interaction.locale)
        clock = asyncio.get_running_loop()
        end = clock.time() + _EDITABLE_SECONDS
        await self._show_progress(interaction, job, language)
        try:
            report = await job.report()
        except ArticleError as error:  # in words, for whoever keeps the articles
            if clock.time() < end:
                view = reports.refusal_layout(str(error))
                await interaction.edit_original_response(view=view)
            return
        except ReindexWorse as worse:
            if clock.time() < end:
                written = partial(trial_reports.rolled_back_pages, worse.comparison)
                await show_report(interaction, written, containers.RED)
            return
        if clock.time() < end:
            written = partial(reports.report_pages, report)
            await show_report(interaction, written, reports.report_colour(report))

    async def _show_progress(
        self, interaction: discord.Interaction[Any], job: Reindex, language: Language
    ) -> None:
        """Edit the reply from time to time until the job has ended or Discord stops listening."""
        still = PHRASES.of(language).still
        clock = asyncio.get_running_loop()
        due, end = 0.0, clock.time() + _REPORTABLE_SECONDS
        async for moment in job.progress():
            now = clock.time()
            if now < due:
                continue
            due = now + PROGRESS_SECONDS
            text = reports.progress_text(moment, language)
            view = containers.notice(still if now > end else text)
            try:
                await interaction.edit_original_response(view=view)
            except discord.HTTPException as error:  # the report is what matters
                _log.warning("The progress of a reindex was not shown: %s", error)
            if now > end:
                return
