"""The buttons that turn the pages of a report to admins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.answering.acknowledging import in_time, say, turn
from bot.buttons.components import Component
from bot.layouts.paging import read_page_id, report_page
from bot.layouts.passages import notice
from bot.localisation import Language
from bot.permissions import require_admin
from bot.state.reports import KEPT, KEPT_DAYS
from bot.threads import STATE

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["ReportButton"]


class ReportButton(Component, template=r"rp/(?P<payload>.*)"):
    """Puts another page of a report in the place of this one, as long as the report is kept."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Show the page in the clicker's language."""
        require_admin(interaction)
        identifier, page = read_page_id(self.payload)
        server = interaction.guild_id or 0
        finding = STATE.run(bot.state.reports.find, server, identifier)
        report = await in_time(interaction, finding, update=True)
        pages = None if report is None else report.pages.get(language.code)
        if report is None or not pages:
            gone = language.upkeep.report_gone.format(kept=KEPT, days=KEPT_DAYS)
            await say(interaction, notice(gone))
            return
        view = report_page(pages, page, identifier, discord.Colour(report.colour), language)
        await turn(interaction, view)
