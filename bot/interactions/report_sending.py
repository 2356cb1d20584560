"""Sending a report to an admin: the first page, and the others kept to be turned to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord

from bot.i18n.localisation import Language
from bot.services.registry import services_of
from bot.services.threads import STATE
from bot.state import StoredReport
from bot.ui.report_pages import report_page

__all__ = ["show_report"]


async def show_report(
    interaction: discord.Interaction[Any],
    written: Callable[[Language], list[list[str]]],
    colour: discord.Colour,
) -> None:
    """Fill the “thinking” message of a command with the first page of a report.

    ``written`` returns its pages in a language. One of several pages is kept, so that they can be
    turned after a restart, too.
    """
    services = services_of(interaction)
    pages = {code: written(language) for code, language in services.catalogue.languages.items()}
    identifier = None
    if interaction.guild_id is not None and max(map(len, pages.values())) > 1:
        report = StoredReport(pages, colour.value)
        identifier = await STATE.run(services.state.reports.keep, interaction.guild_id, report)
    language = services.catalogue.choose(interaction.locale)
    view = report_page(pages[language.code], 0, identifier, colour, language)
    await interaction.edit_original_response(view=view)
