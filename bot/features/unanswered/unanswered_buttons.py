"""The pages of ``/unanswered``, and the buttons that turn and clear them."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.features.unanswered.phrases import PHRASES
from bot.features.unanswered.unanswered_layout import (
    CLEAR,
    CONFIRM,
    confirmation_layout,
    unanswered_layout,
)
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import in_time, turn
from bot.interactions.components import Component
from bot.interactions.permissions import require_admin, require_manager
from bot.services.registry import Services
from bot.services.threads import LOOK_UPS, STATE
from bot.state.unanswered import Unanswered
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["ClearButton", "SwitchOnButton", "UnansweredPageButton", "unanswered_page"]


async def unanswered_page(
    services: Services, interaction: discord.Interaction[Any], page: int, language: Language
) -> ui.LayoutView:
    """Return a page of what was asked in vain on a server, for those who may manage its articles.

    Raises Refused, IndexUnavailable, StateError.
    """
    settings = await services.server_settings.of(interaction.guild_id)
    server = require_manager(interaction, settings)
    knowledge = await services.bases.knowledge_for(server)

    def read() -> tuple[Unanswered, ...]:
        today = services.state.calendar.moment().today
        return services.state.unanswered.of(server, today)

    kept, keeping = await STATE.run(read), settings.keep_unanswered
    return await LOOK_UPS.run(
        unanswered_layout,
        kept,
        knowledge,
        page,
        language,
        is_keeping=keeping,
        is_admin=interaction.permissions.manage_guild,
    )


class UnansweredPageButton(Component, prefix=Prefix.UNANSWERED_PAGE, payload=r"\d{1,6}"):
    """Turns the pages of ``/unanswered``."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Show another page in the place of this one, to whoever still may see it."""
        making = unanswered_page(services, interaction, int(self.payload), language)
        await turn(interaction, await in_time(interaction, making, update=True))


class SwitchOnButton(Component, prefix=Prefix.KEEP_UNANSWERED, payload="on"):
    """Keeps questions that are asked in vain from now on."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Switch it on, for whoever is an admin, and show the list."""
        require_admin(interaction)
        server = interaction.guild_id or 0

        async def switched() -> ui.LayoutView:
            await services.server_settings.change(server, keep_unanswered=True)
            return await unanswered_page(services, interaction, 0, language)

        await turn(interaction, await in_time(interaction, switched(), update=True))


class ClearButton(Component, prefix=Prefix.CLEAR_UNANSWERED, payload="ask|yes|no"):
    """Clears what is kept, once that is confirmed."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Ask for the confirmation, clear, or go back, for whoever still is an admin."""
        require_admin(interaction)
        server = interaction.guild_id or 0
        await interaction.response.defer()
        if self.custom_id == CLEAR:
            count = await STATE.run(services.state.unanswered.count, server)
            view = confirmation_layout(count, language)
        elif self.custom_id == CONFIRM:
            cleared = await STATE.run(services.state.unanswered.clear, server)
            view = containers.notice(PHRASES.of(language).cleared.format(count=cleared))
        else:
            view = await unanswered_page(services, interaction, 0, language)
        await interaction.edit_original_response(view=view)
