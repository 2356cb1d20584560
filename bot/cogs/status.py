"""``/status``: admins see what runs, on what index, and how fast it answers."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.replies import reply
from bot.layouts.status import Running, status_layout
from bot.localisation import command_text
from bot.permissions import admins_only
from bot.threads import LOOK_UPS

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["Status"]


class Status(commands.Cog):
    """Tells how the bot is."""

    def __init__(self, bot: SourcierBot) -> None:
        self.bot = bot
        self._started = discord.utils.utcnow()

    @app_commands.command(
        name=command_text("status.name"), description=command_text("status.description")
    )
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the state of the bot, and of the index that this server is answered from."""
        await reply(interaction, self._view(interaction), private=True)

    async def _view(self, interaction: discord.Interaction[Any]) -> discord.ui.LayoutView:
        bot, server = self.bot, interaction.guild_id
        knowledge = await bot.knowledge_for(server)
        index = await LOOK_UPS.run(knowledge.status)
        running = Running(
            version=importlib.metadata.version("sourcier"),
            started=self._started,
            has_own_index=knowledge is not bot.knowledge,
            is_reindexing=knowledge.reindexing,
            reader=knowledge.reader_model,
            answers=bot.latencies.total,
            measured=bot.latencies.kept,
            p50=bot.latencies.percentile(50),
            p95=bot.latencies.percentile(95),
            servers=len(bot.guilds),
            shards=bot.shard_count or 1,
        )
        return status_layout(running, index, bot.catalogue.choose(interaction.locale))
