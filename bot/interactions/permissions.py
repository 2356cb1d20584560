"""Who may do what, and where the bot may answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import discord
from discord import app_commands

from bot.i18n.refusals import Refused
from bot.server_settings import ServerSettings, Voting
from bot.services.server_settings import still_there

__all__ = [
    "ANYWHERE",
    "ChannelClosed",
    "admins_only",
    "channel_of",
    "is_for_admins",
    "is_with_bot_alone",
    "may_ping",
    "may_write",
    "require_admin",
    "require_manager",
    "require_open",
    "require_open_channel",
    "require_voter",
]

_Command = TypeVar("_Command")
_AnyCommand: TypeAlias = "app_commands.Command[Any, ..., Any] | app_commands.ContextMenu"

ANYWHERE = "anywhere"
"""Key of a command's ``extras`` that says that it may be used where the bot may not answer."""


_THREADS = (
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)


class ChannelClosed(app_commands.CheckFailure):
    """The admins do not let the bot answer in this channel; ``open_channels``: where they do."""

    def __init__(self, open_channels: frozenset[int]) -> None:
        super().__init__("The bot may not answer in this channel.")
        self.open_channels = open_channels


def admins_only() -> Callable[[_Command], _Command]:
    """Let only members who can manage the server run a command.

    Discord's own default is what hides the command, but a server's owner can override it for
    anyone, so that the same is checked again when the command runs.
    """

    def decorate(command: _Command) -> _Command:
        restricted = app_commands.default_permissions(manage_guild=True)(command)
        return app_commands.checks.has_permissions(manage_guild=True)(restricted)

    return decorate


def require_admin(interaction: discord.Interaction[Any]) -> None:
    """Let nobody pass who cannot manage the server. Raises MissingPermissions."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])


def require_manager(interaction: discord.Interaction[Any], settings: ServerSettings) -> int:
    """Return the server whose articles a member may manage: by permission, or by the role set.

    Raises Refused.
    """
    roles = [role.id for role in getattr(interaction.user, "roles", ())]
    may = interaction.permissions.manage_guild or settings.managers in roles
    if interaction.guild_id is None or not may:
        raise Refused("managers_only")
    return interaction.guild_id


def require_voter(interaction: discord.Interaction[Any], settings: ServerSettings) -> None:
    """Let nobody vote on an answer who may not on this server. Raises Refused."""
    if settings.voting is Voting.EVERYONE:
        return
    settings = still_there(settings, interaction.guild)
    if not settings.takes_votes:
        raise Refused("votes_off")
    if settings.voters not in [role.id for role in getattr(interaction.user, "roles", ())]:
        raise Refused("voters_only", role=f"<@&{settings.voters}>")


def channel_of(place: object, channel: int | None) -> int | None:
    """Return the id of the channel to judge ``channel`` by: a thread counts as its channel.

    ``place``: the channel, as far as it is known.
    """
    return place.parent_id if isinstance(place, discord.Thread) else channel


def is_with_bot_alone(interaction: discord.Interaction[Any]) -> bool:
    """Whether nobody else sees what is said there: it is a direct message to the bot."""
    return interaction.guild_id is None and interaction.context.dm_channel is True


def is_out_of_reach(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot gets at a message there through the message's own buttons alone: it is
    neither in that channel of a server nor in a direct message with whoever acts."""
    if interaction.guild_id is None:
        return not is_with_bot_alone(interaction)
    is_member = interaction.client.get_guild(interaction.guild_id) is not None
    return not (is_member and interaction.app_permissions.view_channel)


def may_write(permissions: discord.Permissions, channel: object) -> bool:
    """Whether somebody with these permissions in a channel or thread may write there."""
    if getattr(channel, "type", None) in _THREADS:
        return permissions.view_channel and permissions.send_messages_in_threads
    return permissions.view_channel and permissions.send_messages


def may_ping(role: discord.Role, permissions: discord.Permissions) -> bool:
    """Whether a mention of a role pings its members where we have these permissions.

    ``@everyone`` is none of ours to ping.
    """
    return not role.is_default() and (role.mentionable or permissions.mention_everyone)


def is_for_admins(command: _AnyCommand) -> bool:
    """Whether a command, or the group that it is in, is not for everybody."""
    root = command.root_parent or command if isinstance(command, app_commands.Command) else command
    return root.default_permissions is not None


def require_open(
    settings: ServerSettings, interaction: discord.Interaction[Any], command: _AnyCommand
) -> None:
    """Let no command pass that would answer where the bot may not. Raises ChannelClosed.

    Commands of admins, and those with ``ANYWHERE`` among their extras, are for every channel.
    """
    if is_for_admins(command) or command.extras.get(ANYWHERE):
        return
    require_open_channel(settings, interaction)


def require_open_channel(settings: ServerSettings, interaction: discord.Interaction[Any]) -> None:
    """Let nothing pass that would answer where the bot may not. Raises ChannelClosed."""
    channel = channel_of(interaction.channel, interaction.channel_id)
    if channel is not None and not settings.answers_in(channel):
        chosen = still_there(settings, interaction.guild)
        raise ChannelClosed(chosen.allowed_channels - chosen.denied_channels)
