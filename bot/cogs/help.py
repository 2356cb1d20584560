"""``/help``: what can be asked here, with examples that can be pressed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot import layouts
from bot.answering.acknowledging import in_time
from bot.answering.replies import reply, show
from bot.buttons.components import Component
from bot.layouts.help import EXAMPLE, command_lines, help_layout
from bot.localisation import Language, command_text
from bot.permissions import ANYWHERE, require_open_channel
from bot.repeating import every
from bot.servers.examples import MAX_EXAMPLE, Examples
from bot.servers.settings import still_there
from bot.threads import LOOK_UPS
from knowledge import KnowledgeError

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["PREPARE_SECONDS", "Help"]

_log = logging.getLogger(__name__)

PREPARE_SECONDS = 30.0
"""How often it is looked whether the index is a new one, whose examples are to be found."""


class Help(commands.Cog):
    """Shows what can be asked, from examples that are found before anybody wants them."""

    def __init__(self, bot: SourcierBot) -> None:
        self.bot = bot
        self._examples = Examples()
        self._preparing = every(PREPARE_SECONDS, self._prepare)

    async def cog_load(self) -> None:
        """Know the buttons of every message that there is, and find examples aside."""
        self.bot.add_dynamic_items(ExampleButton)
        self._preparing.start()

    async def cog_unload(self) -> None:
        """Stop looking for examples."""
        self._examples.give_up()
        self._preparing.cancel()

    async def _prepare(self) -> None:
        if self._preparing.current_loop:  # a start has enough to do
            await self.prepare()

    async def prepare(self) -> None:
        """Find the examples of the common articles, unless they are known."""
        for language in self.bot.catalogue.languages.values():
            try:
                await self._examples.of(self.bot.knowledge, language, self.bot.catalogue)
            except KnowledgeError as error:
                _log.warning("No examples for /help: %s", error)

    @app_commands.command(
        name=command_text("help.name"),
        description=command_text("help.description"),
        extras={ANYWHERE: True},
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Show what can be asked here, to the member alone."""
        language = self.bot.catalogue.choose(interaction.locale)
        await show(interaction, self._shown(interaction, language))

    async def _shown(
        self, interaction: discord.Interaction[Any], language: Language
    ) -> ui.LayoutView:
        server = interaction.guild_id
        settings = await self.bot.servers.settings(server)
        knowledge = await self.bot.knowledge_for(server)
        is_admin = server is not None and interaction.permissions.manage_guild
        lines = command_lines(
            self.bot.tree.get_commands(), self.bot.catalogue, language, is_admin=is_admin
        )
        articles = await LOOK_UPS.run(knowledge.articles)
        examples = await self._examples.of(knowledge, language, self.bot.catalogue)
        chosen = still_there(settings, interaction.guild)
        return help_layout(articles, examples, lines, chosen, language)


class ExampleButton(Component, template=rf"{EXAMPLE}/(?P<payload>.{{1,{MAX_EXAMPLE}}})"):
    """Asks an example."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Answer it to whoever clicked, where the bot may answer, at the pace of all questions."""
        settings = await in_time(interaction, bot.servers.settings(interaction.guild_id))
        require_open_channel(settings, interaction)
        channel = interaction.channel_id or 0
        bot.pace.require(interaction.user.id, channel, interaction.created_at)
        await reply(interaction, self._answer(interaction, bot, language), private=True)

    async def _answer(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> ui.LayoutView:
        settings = await bot.servers.settings(interaction.guild_id)
        answer = await bot.answering.answer(self.payload, "Example", interaction.guild_id)
        return layouts.answer_layout(answer, language.phrases, settings.length)
