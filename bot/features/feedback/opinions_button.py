"""The pages of ``/feedback``, and the button that turns them."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.features.feedback.feedback_layout import opinions_layout
from bot.i18n.localisation import Language
from bot.interactions.components import Component
from bot.interactions.permissions import require_admin
from bot.services.registry import Services
from bot.services.threads import LOOK_UPS, STATE
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["OpinionsButton", "opinions_page"]


async def opinions_page(
    services: Services, server: int, page: int, language: Language
) -> ui.LayoutView:
    """Return a page of a server's votes. Raises IndexUnavailable and StateError."""
    votes = await STATE.run(services.state.feedback.of, server)
    knowledge = await services.bases.knowledge_for(server)
    return await LOOK_UPS.run(opinions_layout, votes, knowledge, page, language)


class OpinionsButton(Component, prefix=Prefix.OPINIONS_PAGE, payload=r"\d{1,6}"):
    """Turns the pages of ``/feedback``."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Show another page in the place of this one, to whoever still is an admin."""
        require_admin(interaction)
        await interaction.response.defer()
        view = await opinions_page(services, interaction.guild_id or 0, int(self.payload), language)
        await interaction.edit_original_response(view=view)
