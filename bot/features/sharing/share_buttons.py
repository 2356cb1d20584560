"""Sharing an answer that only its asker sees, and deleting one that all can see."""

from __future__ import annotations

from typing import Any

import discord

from bot.features.sharing.phrases import PHRASES, SharingPhrases
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import acknowledge, in_time, say, turn
from bot.interactions.components import Component
from bot.interactions.feature import Feature
from bot.interactions.permissions import is_with_bot_alone, require_open_channel
from bot.interactions.replied_to import referenced
from bot.server_settings import ServerSettings
from bot.services.registry import Services
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.offers import shared_view, without_offers

__all__ = ["DeleteButton", "ShareButton", "Sharing"]

_THREADS = (
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)


class ShareButton(Component, prefix=Prefix.SHARE, payload=""):
    """Shows to all in the channel what whoever clicked sees alone."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Post it under the clicker's name and take the button away, or say why it cannot be."""
        message = interaction.message
        assert message is not None  # noqa: S101 - a button is on a message
        reading = _settings_where_open(interaction, services)
        settings = await in_time(interaction, reading, update=True)
        refusal = _why_not_shared(interaction, PHRASES.of(language))
        if refusal is not None:
            await say(interaction, containers.notice(refusal))
            return
        files = await in_time(interaction, _files_of(message), update=True)
        for_all = services.catalogue.choose(settings.language, interaction.locale)
        view = shared_view(message, interaction.user, _asked_about(interaction), for_all)
        await turn(interaction, without_offers(message))
        try:
            await interaction.followup.send(
                view=view, files=files, allowed_mentions=discord.AllowedMentions.none()
            )
        except discord.Forbidden:
            notice = containers.notice(PHRASES.of(language).share_forbidden)
            await interaction.followup.send(view=notice, ephemeral=True)


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
        may = interaction.permissions.manage_messages or is_with_bot_alone(interaction)
        asker = None if may else await in_time(interaction, _asker(message), update=True)
        if may or asker == interaction.user.id:
            await acknowledge(interaction, update=True)
            await interaction.delete_original_response()
            return
        phrases = PHRASES.of(language)
        text = phrases.delete_unknown if asker is None else phrases.delete_others
        await say(interaction, containers.notice(text))


async def _settings_where_open(
    interaction: discord.Interaction[Any], services: Services
) -> ServerSettings:
    """Return the server's settings. Raises ChannelClosed where the bot may no longer answer."""
    settings = await services.server_settings.of(interaction.guild_id)
    require_open_channel(settings, interaction)
    return settings


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


def _why_not_shared(interaction: discord.Interaction[Any], phrases: SharingPhrases) -> str | None:
    """Return why nothing can be shown to all where a click came from, ``None`` where it can be."""
    if interaction.guild_id is None:
        return None
    theirs, ours = interaction.permissions, interaction.app_permissions
    if not _may_write(theirs, interaction.channel):
        return phrases.share_not_yours
    if interaction.client.get_guild(interaction.guild_id) is None:  # installed by a member alone
        return None if theirs.use_external_apps else phrases.share_no_apps
    return None if _may_write(ours, interaction.channel) else phrases.share_not_mine


def _may_write(permissions: discord.Permissions, channel: object) -> bool:
    if getattr(channel, "type", None) in _THREADS:
        return permissions.view_channel and permissions.send_messages_in_threads
    return permissions.view_channel and permissions.send_messages


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
    """Shares answers and deletes them; it has no command."""

    phrases = PHRASES
    buttons = (ShareButton, DeleteButton)
