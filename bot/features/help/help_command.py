"""``/help``: what can be asked here, with examples that can be pressed."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.features.help.example_button import ExampleButton
from bot.features.help.help_layout import command_lines, help_layout
from bot.features.help.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.interactions.feature import Feature
from bot.interactions.permissions import ANYWHERE
from bot.interactions.replies import show
from bot.services.registry import Services
from bot.services.repeating import Repeating
from bot.services.server_settings import still_there
from bot.services.threads import LOOK_UPS
from knowledge import KnowledgeError

__all__ = ["PREPARE_SECONDS", "Help"]

_log = logging.getLogger(__name__)

PREPARE_SECONDS = 30.0
"""How often it is looked whether the index is a new one, whose examples are to be found."""


class Help(Feature):
    """Shows what can be asked, from examples that are found before anybody wants them."""

    phrases = PHRASES
    buttons = (ExampleButton,)

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        super().__init__(bot, services)
        self._preparing = Repeating(PREPARE_SECONDS, self._prepare)

    async def cog_load(self) -> None:
        """Know the buttons of every message that there is, and find examples aside."""
        self._preparing.start()

    async def cog_unload(self) -> None:
        """Stop looking for examples."""
        self.services.examples.give_up()
        self._preparing.cancel()

    async def _prepare(self) -> None:
        if self._preparing.current_loop:  # a start has enough to do
            await self.prepare()

    async def prepare(self) -> None:
        """Find the examples of the common articles, unless they are known."""
        for language in self.services.catalogue.languages.values():
            try:
                await self.services.examples.of(
                    self.services.bases.common, language, self.services.catalogue
                )
            except KnowledgeError as error:
                _log.warning("No examples for /help: %s", error)

    @app_commands.command(
        **PHRASES.command("help"),
        extras={ANYWHERE: True},
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Show what can be asked here, to the member alone."""
        language = self.services.catalogue.choose(interaction.locale)
        await show(interaction, self._shown(interaction, language))

    async def _shown(
        self, interaction: discord.Interaction[Any], language: Language
    ) -> ui.LayoutView:
        server = interaction.guild_id
        settings = await self.services.server_settings.of(server)
        knowledge = await self.services.bases.knowledge_for(server)
        is_admin = server is not None and interaction.permissions.manage_guild
        features = [one for one in self.bot.cogs.values() if isinstance(one, Feature)]
        lines = command_lines(features, self.services.catalogue, language, is_admin=is_admin)
        articles = await LOOK_UPS.run(knowledge.articles)
        examples = await self.services.examples.of(
            knowledge, language, self.services.catalogue, settings.strictness
        )
        chosen = still_there(settings, interaction.guild)
        return help_layout(articles, examples, lines, chosen, language)
