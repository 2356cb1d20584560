"""A helper's reply to a question: by a form, or by a message that mentions the bot.

Whoever asked is told where they asked, under the helper's name, and nobody but them is pinged; by
a direct message where that cannot be, or where they alone had seen the answer.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.features.people.people_layouts import (
    MAX_REPLY,
    announcement_layout,
    name_of,
    replied_layout,
)
from bot.features.people.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import acknowledge, say
from bot.interactions.components import Component
from bot.interactions.failures import tell_privately
from bot.interactions.forms import new_form, typed
from bot.interactions.permissions import channel_of, may_write
from bot.server_settings import ServerSettings
from bot.services.registry import Services
from bot.services.server_settings import still_there
from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.question_line import question_of
from bot.ui.requests import Request, request_of

__all__ = ["HelperReplyButton", "announce", "may_help", "take_reply"]

_log = logging.getLogger(__name__)

_Interaction: TypeAlias = "discord.Interaction[Any]"


def may_help(member: object, settings: ServerSettings, server: discord.Guild | None) -> bool:
    """Whether a member may reply: all who see the question, or those with the role that is set."""
    role = still_there(settings, server).helpers
    if role is None or not isinstance(member, discord.Member):
        return role is None
    has_role = role in [one.id for one in member.roles]  # get_role does not know @everyone
    return has_role or member.guild_permissions.manage_guild


class HelperReplyButton(Component, prefix=Prefix.REPLY_AS_HELPER):
    """Opens the form for a reply."""

    async def act(
        self,
        interaction: _Interaction,
        services: Services,
        language: Language,
    ) -> None:
        """Open it at once, since a form cannot be announced first.

        Who may not reply is told so before they write, unless the settings have to be read first.
        """
        request = Request.read(self.payload)
        words = PHRASES.of(language)
        settings = services.server_settings.at_hand(interaction.guild_id)
        if settings is not None and not may_help(interaction.user, settings, interaction.guild):
            await say(interaction, containers.notice(_for_helpers_only(settings, language)))
            return
        field = ui.TextInput[Any](
            custom_id="reply", style=discord.TextStyle.paragraph, max_length=MAX_REPLY
        )
        label = ui.Label[Any](text=words.form_label, description=words.form_hint, component=field)
        custom_id = f"{Prefix.HELPER_FORM}/{request.payload}"
        await interaction.response.send_modal(new_form(words.form_title, custom_id, label))


async def take_reply(
    interaction: _Interaction, services: Services, language: Language, payload: str
) -> None:
    """Tell whoever asked what a helper wrote into a form."""
    message = interaction.message
    found = None if message is None else request_of(message, interaction.client.user)
    if message is None or found is None or found != Request.read(payload):
        raise MalformedReference(payload)
    await acknowledge(interaction)
    said = await _taken(interaction, services, message, found, language)
    await tell_privately(interaction, containers.notice(said))


async def _taken(
    interaction: _Interaction,
    services: Services,
    message: discord.Message,
    request: Request,
    language: Language,
) -> str:
    """Announce a reply; return what to say to the helper."""
    words = PHRASES.of(language)
    settings = await services.server_settings.of(interaction.guild_id)
    if not may_help(interaction.user, settings, interaction.guild):
        return _for_helpers_only(settings, language)
    text = typed(interaction).get("reply", "")[:MAX_REPLY].strip()
    if not text:
        return words.nothing_written
    channel = interaction.channel_id or 0
    services.rate_limiter.require(interaction.user.id, channel, interaction.created_at)
    is_told = await announce(interaction.client, services, message, request, interaction.user, text)
    return words.told if is_told else words.not_told


def _for_helpers_only(settings: ServerSettings, language: Language) -> str:
    return PHRASES.of(language).helpers_only.format(role=f"<@&{settings.helpers}>")


async def announce(
    client: discord.Client,
    services: Services,
    message: discord.Message,
    request: Request,
    helper: discord.abc.User,
    text: str,
) -> bool:
    """Tell whoever asked what a helper replied, and note it on the question ``message``.

    Return whether they could be told.
    """
    server = message.guild
    settings = await services.server_settings.of(None if server is None else server.id)
    theirs = services.catalogue.choose(request.language)
    for_all = services.catalogue.choose(settings.language, request.language)
    name, question = name_of(helper), question_of(message)
    is_told = server is not None and (
        await _told_there(server, settings, request, question, (name, text), for_all)
        or await _told_directly(client, server, request, question, (name, text), theirs)
    )
    if is_told:
        locale = None if server is None else server.preferred_locale
        ours = services.catalogue.choose(settings.language, locale)
        with suppress(discord.HTTPException):  # it was deleted, or Discord is in trouble
            view = replied_layout(message, name, text, ours)
            await message.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
    return is_told


async def _told_there(
    server: discord.Guild,
    settings: ServerSettings,
    request: Request,
    question: str | None,
    said: tuple[str, str],
    language: Language,
) -> bool:
    """Reply to the answer that the question was asked below, where we may; say whether we did."""
    channel: Any = server.get_channel_or_thread(request.channel)
    if request.message is None or channel is None:
        return False
    place = channel_of(channel, channel.id) or channel.id
    if not (settings.answers_in(place) and may_write(channel.permissions_for(server.me), channel)):
        return False
    name, text = said
    head = PHRASES.of(language).replied.format(asker=request.asker, name=f"**{name}**")
    reference = discord.MessageReference(
        message_id=request.message,
        channel_id=request.channel,
        guild_id=server.id,
        fail_if_not_exists=False,
    )
    asker = discord.Object(request.asker)
    try:
        await channel.send(
            view=announcement_layout(head, question, text),
            reference=reference,
            allowed_mentions=discord.AllowedMentions(
                everyone=False, roles=False, users=[asker], replied_user=False
            ),
        )
    except discord.HTTPException as error:
        _log.info("A reply could not be told where it was asked: %s", error)
        return False
    return True


async def _told_directly(
    client: discord.Client,
    server: discord.Guild,
    request: Request,
    question: str | None,
    said: tuple[str, str],
    language: Language,
) -> bool:
    """Send the reply in a direct message, if it is taken; say whether it was."""
    name, text = said
    where = containers.short(server.name, containers.TITLE_ROOM)
    head = PHRASES.of(language).replied_on.format(name=f"**{name}**", server=f"**{where}**")
    try:
        direct = await client.create_dm(discord.Object(request.asker))
        await direct.send(
            view=announcement_layout(head, question, text),
            allowed_mentions=discord.AllowedMentions.none(),
        )
    except discord.HTTPException as error:  # they take none
        _log.info("A reply could not be told directly: %s", error)
        return False
    return True
