"""The button that asks an example."""

from __future__ import annotations

from typing import Any

import discord

from bot.features.ask.answer_reply import answer_reply
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import in_time
from bot.interactions.components import Component
from bot.interactions.permissions import require_open_channel
from bot.interactions.replies import Reply, reply
from bot.services.registry import Services
from bot.ui.custom_ids.examples import MAX_ON_BUTTON
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["ExampleButton"]


class ExampleButton(Component, prefix=Prefix.EXAMPLE, payload=f".{{1,{MAX_ON_BUTTON}}}"):
    """Asks an example."""

    async def act(
        self,
        interaction: discord.Interaction[Any],
        services: Services,
        language: Language,  # noqa: ARG002 - the frame is in the question's language
    ) -> None:
        """Answer it to whoever clicked, where the bot may answer, at the pace of all questions."""
        reading = services.server_settings.of(interaction.guild_id)
        settings = await in_time(interaction, reading)
        require_open_channel(settings, interaction)
        channel = interaction.channel_id or 0
        services.rate_limiter.require(interaction.user.id, channel, interaction.created_at)
        await reply(interaction, self._answer(interaction, services), private=True)

    async def _answer(self, interaction: discord.Interaction[Any], services: Services) -> Reply:
        answer = await services.answering.answer(self.payload, "Example", interaction.guild_id)
        return await answer_reply(interaction, answer, private=True)
