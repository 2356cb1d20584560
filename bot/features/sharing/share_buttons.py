"""Sharing an answer that only its asker sees, and deleting one that all can see."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.features.sharing.phrases import PHRASES, SharingPhrases
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import acknowledge, in_time, say, turn
from bot.interactions.components import Component
from bot.interactions.feature import Feature
from bot.interactions.permissions import (
    ANYWHERE,
    is_out_of_reach,
    is_with_bot_alone,
    may_write,
    require_open_channel,
)
from bot.interactions.replied_to import referenced
from bot.interactions.replies import watch
from bot.services.registry import Services
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.offers import frame_language, shared_view, without_offers

__all__ = ["DeleteButton", "ShareButton", "Sharing"]

_UNKNOWN_MESSAGE = 10_008
"""Discord's code; it knows no such channel, either, where a bot is not in it."""


class ShareButton(Component, prefix=Prefix.SHARE, payload="", once=True):
    """Shows to all in the channel what whoever clicked sees alone."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Post it under the clicker's name and take the button away, or say why it cannot be."""
        message = interaction.message
        assert message is not None  # noqa: S101 - a button is on a message
        await in_time(interaction, _require_open(interaction, services), update=True)
        refusal = _why_not_shared(interaction, PHRASES.of(language))
        if refusal is not None:
            self.stays = True
            await say(interaction, containers.notice(refusal))
            return
        files = await in_time(interaction, _files_of(message), update=True)
        frame = frame_language(getattr(self.item, "label", None), services.catalogue)
        about, delete = _asked_about(interaction), is_out_of_reach(interaction)
        view = shared_view(message, interaction.user, about, frame, delete=delete)
        await turn(interaction, without_offers(message))
        try:
            sent = await interaction.followup.send(
                view=view, files=files, allowed_mentions=discord.AllowedMentions.none(), wait=True
            )
        except discord.Forbidden:
            notice = containers.notice(PHRASES.of(language).share_forbidden)
            await interaction.followup.send(view=notice, ephemeral=True)
        else:
            watch(interaction, sent.id, view)


class DeleteButton(Component, prefix=Prefix.DELETE, payload=""):
    """Deletes an answer for its asker, and for members who may delete anybody's messages."""

    async def act(
        self,
        interaction: discord.Interaction[Any],
        services: Services,  # noqa: ARG002 - whose answer it is is in the message
        language: Language,
    ) -> None:
        """Delete the message, or say whose it is to delete."""
        message = interaction.message
        assert message is not None  # noqa: S101 - a button is on a message
        checking = _why_not_deleted(interaction, message, PHRASES.of(language))
        refusal = await in_time(interaction, checking, update=True)
        if refusal is not None:
            await say(interaction, containers.notice(refusal))
            return
        await acknowledge(interaction, update=True)
        await interaction.delete_original_response()


async def _require_open(interaction: discord.Interaction[Any], services: Services) -> None:
    """Let nothing be shared where the bot may no longer answer. Raises ChannelClosed."""
    settings = await services.server_settings.of(interaction.guild_id)
    require_open_channel(settings, interaction)


async def _files_of(message: discord.Message) -> list[discord.File]:
    return [await one.to_file() for one in message.attachments]


async def _asker(message: discord.Message) -> int | None:
    """Return who asked for a message of ours; ``None`` where Discord no longer tells.

    Of a command and a click Discord says whose it was; an answer to a message replies to it.
    """
    if message.interaction_metadata is not None:
        return message.interaction_metadata.user.id
    asked = await referenced(message)
    return None if asked is None else asked.author.id


async def _why_not_deleted(
    interaction: discord.Interaction[Any], message: discord.Message, phrases: SharingPhrases
) -> str | None:
    """Return why whoever acts may not delete an answer, ``None`` where they may."""
    if interaction.permissions.manage_messages or is_with_bot_alone(interaction):
        return None
    asker = await _asker(message)
    if asker is None:
        return phrases.delete_unknown
    return None if asker == interaction.user.id else phrases.delete_others


def _why_not_shared(interaction: discord.Interaction[Any], phrases: SharingPhrases) -> str | None:
    """Return why nothing can be shown to all where a click came from, ``None`` where it can be."""
    if interaction.guild_id is None:
        return None
    theirs, ours = interaction.permissions, interaction.app_permissions
    if not may_write(theirs, interaction.channel):
        return phrases.share_not_yours
    if interaction.client.get_guild(interaction.guild_id) is None:  # installed by a member alone
        return None if theirs.use_external_apps else phrases.share_no_apps
    return None if may_write(ours, interaction.channel) else phrases.share_not_mine


def _asked_about(interaction: discord.Interaction[Any]) -> str | None:
    """Return the address of the message that the shared answer was asked about, if any."""
    message = interaction.message
    asked = None if message is None else message.interaction_metadata
    if message is None or asked is None or asked.target_message_id is None:
        return None
    place = interaction.guild_id or "@me"
    return (
        f"https://discord.com/channels/{place}/{interaction.channel_id}/{asked.target_message_id}"
    )


class Sharing(Feature):
    """Shares answers and deletes them, also from the menu of their message."""

    phrases = PHRASES
    buttons = (ShareButton, DeleteButton)

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        super().__init__(bot, services)
        self._menu = app_commands.ContextMenu(
            name=PHRASES.command_text("delete.name"),
            callback=self.delete,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            extras={ANYWHERE: True},
        )

    async def cog_load(self) -> None:
        """Put the command into the menu: cogs do so by themselves for slash commands alone."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it out again."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    async def delete(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Delete an answer for its asker, and for members who may delete anybody's messages."""
        language = self.services.catalogue.choose(interaction.locale)
        text = await in_time(interaction, self._deleted(interaction, message, language))
        await say(interaction, containers.notice(text))

    async def _deleted(
        self, interaction: discord.Interaction[Any], message: discord.Message, language: Language
    ) -> str:
        """Delete a message of ours; return what to say of it."""
        phrases = PHRASES.of(language)
        if self.bot.user is None or message.author.id != self.bot.user.id:
            return phrases.delete_not_mine
        refusal = await _why_not_deleted(interaction, message, phrases)
        if refusal is not None:
            return refusal
        try:
            await message.delete()
        except discord.NotFound as error:
            is_gone = error.code == _UNKNOWN_MESSAGE  # by somebody else, a moment before
            return phrases.deleted if is_gone else phrases.delete_forbidden
        except discord.Forbidden:
            return phrases.delete_forbidden
        return phrases.deleted
