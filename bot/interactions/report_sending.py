"""Sending a report to an admin: the first page, and the others kept to be turned to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import discord
from discord import ui

from bot.i18n.localisation import Language
from bot.services.registry import services_of
from bot.services.threads import LOOK_UPS, STATE
from bot.state import StoredReport
from bot.ui.report_pages import report_page, report_page_id

__all__ = ["first_page", "show_report"]


async def show_report(
    interaction: discord.Interaction[Any],
    written: Callable[[Language], list[list[str]]],
    colour: discord.Colour,
) -> None:
    """Fill the “thinking” message of a command with the first page of a report.

    ``written`` returns its pages in a language. One of several pages is kept, so that they can be
    turned after a restart, too.
    """
    view = await first_page(interaction, written, colour, report_page_id)
    await interaction.edit_original_response(view=view)


async def first_page(
    interaction: discord.Interaction[Any],
    written: Callable[[Language], list[list[str]]],
    colour: discord.Colour,
    page_id: Callable[[str, int], str],
    below: Callable[[Language], Sequence[ui.Item[Any]]] = lambda _: (),
) -> ui.LayoutView:
    """Return the first page of a report, which is kept where it has several.

    ``page_id`` returns the ``custom_id`` of a button that shows a page of the report with an
    identifier; ``below``: what stands below the page, in a language.
    """
    services = services_of(interaction)

    def write() -> dict[str, list[list[str]]]:
        return {code: written(language) for code, language in services.catalogue.languages.items()}

    # Thousands of lines take a second.
    pages = await LOOK_UPS.run(write)
    turning = None
    if interaction.guild_id is not None and max(map(len, pages.values())) > 1:
        report = StoredReport(pages, colour.value)
        identifier = await STATE.run(services.state.reports.keep, interaction.guild_id, report)
        turning = partial(page_id, identifier)
    language = services.catalogue.choose(interaction.locale)
    return report_page(pages[language.code], 0, turning, colour, language, below(language))
