"""👍 and 👎 under answers, and the form that asks why."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot import layouts
from bot.answering.acknowledging import in_time
from bot.answering.typed import without_ids
from bot.buttons.components import Component
from bot.custom_ids.references import MalformedReference
from bot.custom_ids.votes import DOWN, REASON, UP, Rated, decode_rated, rated_id
from bot.failures import fail_interaction, tell_privately
from bot.localisation import Language
from bot.state.feedback import MAX_REASON, Ballot, Vote
from bot.threads import STATE

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["DownButton", "UpButton", "take_reason"]

_log = logging.getLogger(__name__)


async def _cast(
    interaction: discord.Interaction[Any],
    bot: SourcierBot,
    payload: str,
    vote: Vote,
    reason: str | None = None,
) -> None:
    """Count the vote of whoever acted on the message acted on. Raises MalformedReference."""
    rated, message = decode_rated(payload), interaction.message
    if message is None:
        raise MalformedReference("a vote without its message")
    ballot = Ballot(
        server=interaction.guild_id,
        message=message.id,
        member=interaction.user.id,
        verdict=rated.verdict,
        passages=rated.passages,
        vote=vote,
        reason=reason,
    )
    await STATE.run(lambda: bot.state.feedback.cast(ballot, bot.state.today()))
    _log.info("A vote: %s on an answer that was %s", vote, rated.verdict)


class UpButton(Component, template=rf"{UP}/(?P<payload>.*)"):
    """Says that an answer helped."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Count the vote and say thank you, to the voter alone."""
        await in_time(interaction, _cast(interaction, bot, self.payload, Vote.UP))
        await tell_privately(interaction, layouts.notice(language.server.voted_up))


class DownButton(Component, template=rf"{DOWN}/(?P<payload>.*)"):
    """Says that an answer did not help, and asks why."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Open the form, at once since Discord does not wait, and count the vote without it."""
        form = _reason_form(decode_rated(self.payload), language)
        await interaction.response.send_modal(form)
        await _cast(interaction, bot, self.payload, Vote.DOWN)


def _reason_form(rated: Rated, language: Language) -> ui.Modal:
    form = ui.Modal(title=language.server.reason_title, custom_id=rated_id(REASON, rated))
    field = ui.TextInput[Any](
        custom_id="reason",
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=MAX_REASON,
    )
    hint = language.server.reason_hint
    form.add_item(ui.Label(text=language.server.reason_label, description=hint, component=field))
    # Not kept in memory: ``take_reason`` knows a form that was sent by its id alone.
    form.stop()
    return form


async def take_reason(interaction: discord.Interaction[Any]) -> None:
    """Keep the reason in a form that was sent, and say thank you; other forms are left alone."""
    data: Any = interaction.data
    kind, _, payload = str(data.get("custom_id", "")).partition("/")
    if kind != REASON:
        return
    bot: SourcierBot = interaction.client
    language = bot.catalogue.choose(interaction.locale)
    try:
        reason = without_ids(_typed(data.get("components", [])))
        vote = _cast(interaction, bot, payload, Vote.DOWN, reason or None)
        await in_time(interaction, vote)
        await tell_privately(interaction, layouts.notice(language.server.voted_down))
    except MalformedReference:
        await tell_privately(interaction, layouts.notice(language.phrases.old_button))
    except Exception as error:  # noqa: BLE001 - nobody else would tell the member
        await fail_interaction(interaction, error, "the form of a reason")


def _typed(components: Any) -> str:  # noqa: ANN401 - what Discord sends is not typed
    """Return what was typed into the one field of a form, wherever it stands."""
    for component in components:
        value = component.get("value")
        if isinstance(value, str):
            return value
        inner = component.get("components", []) or [component.get("component", {})]
        if found := _typed([one for one in inner if one]):
            return found
    return ""
