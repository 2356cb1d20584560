"""The button of ``/status`` that shows versions and the names of models."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.features.status.status_layout import details_layout
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import in_time, say
from bot.interactions.components import Component
from bot.interactions.permissions import require_admin
from bot.services.registry import Services
from bot.services.threads import LOOK_UPS
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["DetailsButton"]


class DetailsButton(Component, prefix=Prefix.STATUS_DETAILS, payload=""):
    """Shows the details of the index that a server is answered from."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Show them to whoever clicked and still is an admin."""
        require_admin(interaction)
        made = _details(services, interaction.guild_id, language)
        await say(interaction, await in_time(interaction, made))


async def _details(services: Services, server: int | None, language: Language) -> ui.LayoutView:
    knowledge = await services.bases.knowledge_for(server)
    index = await LOOK_UPS.run(knowledge.status)
    return details_layout(index, knowledge.reader_model, language)
