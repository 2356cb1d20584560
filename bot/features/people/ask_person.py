"""*Ask a person*: a question is sent to those whom the admins have named, once that is confirmed.

hp/       show what would be sent of the question of the answer that the button is below
hs/…      send it (see ``bot.ui.requests``)
hc/       send nothing
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.features.ask.conversations import question_answered
from bot.features.people.people_layouts import (
    CANCEL_ID,
    confirmation_layout,
    name_of,
    request_layout,
)
from bot.features.people.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import in_time, say, turn
from bot.interactions.components import Component
from bot.interactions.permissions import may_ping, may_write, require_open_channel
from bot.services.message_text import without_ids
from bot.services.registry import Services
from bot.services.server_settings import still_there
from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.question_line import question_of, questions_of
from bot.ui.requests import Proposal, Request

__all__ = ["AskPersonButton", "CancelRequestButton", "SendRequestButton"]

_log = logging.getLogger(__name__)

_Interaction: TypeAlias = "discord.Interaction[Any]"


@dataclass(frozen=True, slots=True)
class _Helpers:
    """Where questions to a person go, and the role that is pinged for them, if it can be."""

    channel: Any
    role: int | None


class _NotSent(Exception):
    """Nothing can be sent; ``sentence`` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


async def _helpers(interaction: _Interaction, services: Services, language: Language) -> _Helpers:
    """Return who is asked on this server, where we may write to them.

    Raises _NotSent, and ChannelClosed where it would be asked before all in a closed channel.
    """
    server, words = interaction.guild, PHRASES.of(language)
    settings = still_there(await services.server_settings.of(interaction.guild_id), server)
    if server is None or not settings.has_helpers:
        raise _NotSent(words.not_offered)
    if settings.helpers_channel is None:
        require_open_channel(settings, interaction)
        channel: Any = interaction.channel
        permissions = interaction.app_permissions
    else:
        channel = server.get_channel(settings.helpers_channel)
        permissions = None if channel is None else channel.permissions_for(server.me)
    if channel is None or permissions is None:
        raise _NotSent(words.not_offered)
    if not may_write(permissions, channel):
        raise _NotSent(words.cannot_send.format(channel=f"<#{channel.id}>"))
    role = None if settings.helpers is None else server.get_role(settings.helpers)
    is_pinged = role is not None and may_ping(role, permissions)
    return _Helpers(channel, settings.helpers if is_pinged else None)


class AskPersonButton(Component, prefix=Prefix.ASK_PERSON, payload=""):
    """Shows what would be sent, to whoever pressed."""

    async def act(self, interaction: _Interaction, services: Services, language: Language) -> None:
        """Show the question, where it would go, and under which name."""
        try:
            view = await in_time(interaction, self._offered(interaction, services, language))
        except _NotSent as refusal:
            view = containers.notice(refusal.sentence)
        await say(interaction, view)

    async def _offered(
        self, interaction: _Interaction, services: Services, language: Language
    ) -> ui.LayoutView:
        helpers = await _helpers(interaction, services, language)
        answer = interaction.message
        question = None if answer is None else await _question(interaction, answer)
        if answer is None or not question:
            raise _NotSent(PHRASES.of(language).question_gone)
        seen = None if answer.flags.ephemeral else answer.id
        proposal = Proposal(seen, helpers.channel.id, helpers.role, _is_in_vain(answer))
        return confirmation_layout(question, name_of(interaction.user), proposal, language)


def _is_in_vain(answer: discord.Message) -> bool:
    """Whether an answer says that the articles do not: its question was counted with it."""
    container = containers.container_of(ui.LayoutView.from_message(answer))
    return container.accent_colour == containers.GREY


async def _question(interaction: _Interaction, answer: discord.Message) -> str | None:
    """Return what an answer was asked, so that it can be understood alone."""
    several, us = questions_of(answer), interaction.client.user
    if several or us is None:
        return " ".join(several)
    question = await question_answered(answer, us)
    return None if question is None else without_ids(question)


class CancelRequestButton(Component, prefix=Prefix.CANCEL_REQUEST, payload=""):
    """Sends nothing."""

    async def act(
        self,
        interaction: _Interaction,
        services: Services,  # noqa: ARG002 - nothing is done
        language: Language,
    ) -> None:
        """Say so in the place of the question."""
        await turn(interaction, containers.notice(PHRASES.of(language).cancelled))


class SendRequestButton(Component, prefix=Prefix.SEND_REQUEST, once=True):
    """Sends a question as it was shown."""

    async def act(self, interaction: _Interaction, services: Services, language: Language) -> None:
        """Send it where that was shown, at the pace of such questions, and say where it went."""
        try:
            view = await in_time(
                interaction, self._sent(interaction, services, language), update=True
            )
        except _NotSent as refusal:
            view = containers.notice(refusal.sentence, containers.RED)
        await turn(interaction, view)

    async def _sent(
        self, interaction: _Interaction, services: Services, language: Language
    ) -> ui.LayoutView:
        shown = interaction.message
        question = None if shown is None else question_of(shown)
        if question is None or shown is None or not _offers(shown):
            raise MalformedReference(self.payload)
        proposal = Proposal.read(self.payload)
        helpers = await _helpers(interaction, services, language)
        name, answer = name_of(interaction.user), proposal.message
        now = replace(proposal, channel=helpers.channel.id, role=helpers.role)
        if now != proposal:
            self.stays = True
            return confirmation_layout(question, name, now, language, is_changed=True)
        server, here = interaction.guild_id or 0, interaction.channel_id or 0
        services.to_people.require(interaction.user.id, here, interaction.created_at)
        settings = await services.server_settings.of(server)
        theirs = services.catalogue.choose(interaction.locale)
        ours = services.catalogue.choose(settings.language, interaction.guild_locale)
        request = Request(theirs.code, here, answer, interaction.user.id)
        url = None if answer is None else f"https://discord.com/channels/{server}/{here}/{answer}"
        view = request_layout(question, name, helpers.role, url, request, ours)
        pinged = [] if helpers.role is None else [discord.Object(helpers.role)]
        allowed = discord.AllowedMentions(everyone=False, users=False, roles=pinged)
        channel = f"<#{helpers.channel.id}>"
        try:
            await helpers.channel.send(view=view, allowed_mentions=allowed)
        except (discord.Forbidden, discord.NotFound) as error:
            _log.info("A question to a person was not sent: %s", error)
            sentence = PHRASES.of(language).cannot_send.format(channel=channel)
            raise _NotSent(sentence) from error
        if not proposal.is_counted:
            services.unanswered.note_question(server, question)
        return containers.notice(PHRASES.of(language).sent.format(channel=channel))


def _offers(message: discord.Message) -> bool:
    """Whether a message is one that offers to send a question: anybody can send an id."""
    container = containers.container_of(ui.LayoutView.from_message(message))
    ids = (getattr(one, "custom_id", None) for one in container.walk_children())
    return CANCEL_ID in ids
