"""What can be done with a message: ask it, or check it in the articles, both privately.

Where there is no menu to do it from, ``/check`` does it with a text.
"""

from __future__ import annotations

import re
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.features.ask.answer_reply import answer_reply
from bot.features.check.check_layout import check_layout
from bot.features.check.phrases import PHRASES
from bot.interactions.command_declaration import look_up
from bot.interactions.feature import Feature
from bot.interactions.replies import Reply, manner_of, reply
from bot.services.message_text import words_of
from bot.services.registry import Services
from bot.ui import containers

__all__ = ["MAX_CLAIM", "CheckCommands"]

MAX_CLAIM = 1_000
"""Characters of a text to ``/check``."""


class CheckCommands(Feature):
    """The commands of a message's own menu, on servers, in direct messages and elsewhere."""

    phrases = PHRASES

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        super().__init__(bot, services)
        self._menus = [
            app_commands.ContextMenu(
                name=PHRASES.command_text(f"{name}.name"),
                callback=callback,
                allowed_contexts=app_commands.AppCommandContext(
                    guild=True, dm_channel=True, private_channel=True
                ),
                allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            )
            for name, callback in (
                ("check_message", self.check_message),
                ("ask_this", self.ask_this),
            )
        ]

    async def cog_load(self) -> None:
        """Put the commands into the menu: cogs do so by themselves for slash commands alone."""
        for menu in self._menus:
            self.bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take them out again."""
        for menu in self._menus:
            self.bot.tree.remove_command(menu.name, type=menu.type)

    @look_up(PHRASES, "check", text="check.text")
    async def check(
        self,
        interaction: discord.Interaction[Any],
        text: app_commands.Range[str, 1, MAX_CLAIM],
        private: bool | None = None,  # noqa: FBT001 - an option of a command
    ) -> None:
        """Show the passages nearest to a claim, here or to whoever asks alone."""
        manner = await manner_of(interaction, private)
        checked = self._checked(interaction, _words_of(text), private=manner.private)
        await reply(interaction, checked, private=manner.private)

    async def check_message(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        """Show the passages nearest to what a message claims, and which of its words they have."""
        checked = self._checked(interaction, _words_in(message), private=True)
        await reply(interaction, checked, private=True)

    async def ask_this(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        """Answer a message as if whoever asks this had written it."""
        await reply(interaction, self._answered(interaction, message), private=True)

    async def _checked(
        self, interaction: discord.Interaction[Any], claim: str | None, *, private: bool
    ) -> Reply:
        if claim is None:
            return await self._wordless(interaction, private=private)
        answer = await self.services.answering.answer(
            claim, "Check", interaction.guild_id, is_counted=False
        )
        manner = await manner_of(interaction, private, asked_in=answer.language)
        return Reply(check_layout(answer, manner.language), manner.language)

    async def _answered(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> Reply:
        question = _words_in(message)
        if question is None:
            return await self._wordless(interaction, private=True)
        answer = await self.services.answering.answer(question, "Ask this", interaction.guild_id)
        return await answer_reply(interaction, answer, private=True)

    async def _wordless(self, interaction: discord.Interaction[Any], *, private: bool) -> Reply:
        manner = await manner_of(interaction, private)
        view: ui.LayoutView = containers.notice(PHRASES.of(manner.language).wordless)
        return Reply(view, manner.language)


def _words_in(message: discord.Message) -> str | None:
    """Return what a message says, or the one that it forwards; ``None`` where there is no word."""
    return _words_of(message.content, *(one.content for one in message.message_snapshots))


def _words_of(*contents: str) -> str | None:
    words = " ".join(words for content in contents if (words := words_of(content)))
    return words if re.search(r"\w", words) else None
