"""👍 and 👎 under answers, and the form that asks why."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import ui

from bot.features.feedback.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import in_time
from bot.interactions.components import Component
from bot.interactions.failures import tell_privately
from bot.interactions.forms import new_form, typed
from bot.interactions.permissions import require_voter
from bot.services.message_text import without_ids
from bot.services.registry import Services
from bot.services.threads import STATE
from bot.state.feedback import MAX_REASON, Ballot, Vote
from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.votes import REASON, Rated, decode_rated, rated_id

__all__ = ["DownButton", "UpButton", "take_reason"]

_log = logging.getLogger(__name__)


async def _cast(
    interaction: discord.Interaction[Any],
    services: Services,
    payload: str,
    vote: Vote,
    reason: str | None = None,
) -> None:
    """Count the vote of whoever acted on the message acted on, if they may vote.

    Raises MalformedReference and Refused.
    """
    rated, message = decode_rated(payload), interaction.message
    if message is None:
        raise MalformedReference("a vote without its message")
    require_voter(interaction, await services.server_settings.of(interaction.guild_id))
    ballot = Ballot(
        server=interaction.guild_id,
        message=message.id,
        member=interaction.user.id,
        verdict=rated.verdict,
        passages=rated.passages,
        vote=vote,
        reason=reason,
    )
    state = services.state
    await STATE.run(lambda: state.feedback.cast(ballot, state.today()))
    _log.info("A vote: %s on an answer that was %s", vote, rated.verdict)


class UpButton(Component, prefix=Prefix.VOTE_UP):
    """Says that an answer helped."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Count the vote and say thank you, to the voter alone."""
        await in_time(interaction, _cast(interaction, services, self.payload, Vote.UP))
        await tell_privately(interaction, containers.notice(PHRASES.of(language).voted_up))


class DownButton(Component, prefix=Prefix.VOTE_DOWN):
    """Says that an answer did not help, and asks why."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Open the form, at once since Discord does not wait, and count the vote without it.

        Who may not vote is told so before, unless the settings have to be read first.
        """
        settings = services.server_settings.at_hand(interaction.guild_id)
        if settings is not None:
            require_voter(interaction, settings)
        form = _reason_form(decode_rated(self.payload), language)
        await interaction.response.send_modal(form)
        await _cast(interaction, services, self.payload, Vote.DOWN)


def _reason_form(rated: Rated, language: Language) -> ui.Modal:
    words = PHRASES.of(language)
    field = ui.TextInput[Any](
        custom_id="reason",
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=MAX_REASON,
    )
    label = ui.Label[Any](text=words.reason_label, description=words.reason_hint, component=field)
    return new_form(words.reason_title, rated_id(REASON, rated), label)


async def take_reason(
    interaction: discord.Interaction[Any], services: Services, language: Language, payload: str
) -> None:
    """Keep the reason in a form that was sent, and say thank you."""
    reason = without_ids(typed(interaction).get("reason", ""))
    await in_time(interaction, _cast(interaction, services, payload, Vote.DOWN, reason or None))
    await tell_privately(interaction, containers.notice(PHRASES.of(language).voted_down))
