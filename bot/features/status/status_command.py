"""``/status``: admins see what runs, on what index, and how fast it answers."""

from __future__ import annotations

import importlib.metadata
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.features.status.details_button import DetailsButton
from bot.features.status.phrases import PHRASES
from bot.features.status.status_layout import Running, status_layout
from bot.interactions.feature import Feature
from bot.interactions.permissions import admins_only
from bot.interactions.replies import Reply, reply
from bot.services.registry import Services
from bot.services.threads import LOOK_UPS

__all__ = ["Status"]


class Status(Feature):
    """Tells how the bot is."""

    phrases = PHRASES
    buttons = (DetailsButton,)

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        super().__init__(bot, services)
        self._started = discord.utils.utcnow()

    @app_commands.command(**PHRASES.command("status"))
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the state of the bot, and of the index that this server is answered from."""
        await reply(interaction, self._status(interaction), private=True)

    async def _status(self, interaction: discord.Interaction[Any]) -> Reply:
        services, server = self.services, interaction.guild_id
        knowledge = await services.bases.knowledge_for(server)
        index = await LOOK_UPS.run(knowledge.status)
        running = Running(
            version=importlib.metadata.version("sourcier"),
            started=self._started,
            has_own_index=knowledge is not services.bases.common,
            is_reindexing=knowledge.reindexing,
            moment=services.indexes.moment_of(knowledge),
            answers=services.latencies.total,
            measured=services.latencies.kept,
            p50=services.latencies.percentile(50),
            p95=services.latencies.percentile(95),
            servers=len(self.bot.guilds),
            shards=self.bot.shard_count or 1,
            processes=None if services.processes is None else services.processes.use(),
        )
        language = services.catalogue.choose(interaction.locale)
        return Reply(status_layout(running, index, language), language)
