"""The buttons that turn the pages of a report to admins."""

from __future__ import annotations

from functools import partial
from typing import Any

import discord

from bot.features.reindex.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import in_time, say, turn
from bot.interactions.components import Component
from bot.interactions.permissions import require_admin
from bot.services.registry import Services
from bot.services.threads import STATE
from bot.state.reports import KEPT, KEPT_DAYS
from bot.ui.containers import notice
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.report_pages import read_page_id, report_page, report_page_id

__all__ = ["ReportButton"]


class ReportButton(Component, prefix=Prefix.REPORT_PAGE):
    """Puts another page of a report in the place of this one, as long as the report is kept."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Show the page in the clicker's language."""
        require_admin(interaction)
        identifier, page = read_page_id(self.payload)
        server = interaction.guild_id or 0
        finding = STATE.run(services.state.reports.find, server, identifier)
        report = await in_time(interaction, finding, update=True)
        pages = None if report is None else report.pages.get(language.code)
        if report is None or not pages:
            gone = PHRASES.of(language).report_gone.format(kept=KEPT, days=KEPT_DAYS)
            await say(interaction, notice(gone))
            return
        page_id = partial(report_page_id, identifier)
        view = report_page(pages, page, page_id, discord.Colour(report.colour), language)
        await turn(interaction, view)
