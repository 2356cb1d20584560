"""*Follow up*: a form that asks on after an answer, with the question that it answered.

Of a reply to its answers to commands Discord shows a bot no word; what is typed into a form it
does show.

fu/      open the form for the answer that the button is below
fu/ID    open it for another message of the channel: the one that a bare reply replies to
ff/, ff/ID   the form itself, known by its id when it is sent
"""

from __future__ import annotations

import re
from typing import Any

import discord
from discord import ui

from bot.features.ask.answer_buttons import follow_up_button
from bot.features.ask.answer_reply import answer_reply, answered
from bot.features.ask.conversations import question_answered
from bot.features.ask.phrases import PHRASES
from bot.i18n.localisation import Catalogue, Language
from bot.i18n.phrases import SHARED
from bot.interactions.acknowledging import in_time
from bot.interactions.components import Component
from bot.interactions.forms import new_form, typed
from bot.interactions.message_language import language_of
from bot.interactions.permissions import require_open_channel
from bot.interactions.replies import Reply, manner_of, reply
from bot.services.message_text import without_ids
from bot.services.registry import Services
from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.question_line import FollowedUp, question_of
from bot.ui.sent_messages import every_component, replied_at_hand

__all__ = ["MAX_QUESTION", "FollowUpButton", "take_follow_up", "unseen_layout"]

_Interaction = discord.Interaction[Any]

MAX_QUESTION = 300
"""Characters of a question to ``/ask``, and of one that follows up."""

_HINT_ROOM = 100
_ANSWER = r"[0-9]{0,20}"


class FollowUpButton(Component, prefix=Prefix.FOLLOW_UP, payload=_ANSWER):
    """Opens the form."""

    async def act(
        self,
        interaction: _Interaction,
        services: Services,  # noqa: ARG002 - whether it may be answered is asked when it is sent
        language: Language,
    ) -> None:
        """Open it at once, since a form cannot be announced first."""
        message = None if self.payload else interaction.message
        question = None if message is None else question_of(message)
        await interaction.response.send_modal(_form(self.payload, question, language))


def _form(answer: str, question: str | None, language: Language) -> ui.Modal:
    words = PHRASES.of(language)
    field = ui.TextInput[Any](
        custom_id="question", style=discord.TextStyle.paragraph, max_length=MAX_QUESTION
    )
    hint = words.follow_up_hint
    if question is not None:
        hint = words.follow_up_after.format(question=question)
    hint = hint if len(hint) <= _HINT_ROOM else f"{hint[: _HINT_ROOM - 1]}…"
    label = ui.Label[Any](text=words.follow_up_label, description=hint, component=field)
    return new_form(words.follow_up_title, f"{Prefix.FOLLOW_UP_FORM}/{answer}", label)


async def take_follow_up(
    interaction: _Interaction,
    services: Services,
    _: Language,
    payload: str,
) -> None:
    """Answer the question in a form that was sent, where the bot may answer, at the pace of all
    questions; whom the first answer was shown to alone, this one is, too."""
    if not re.fullmatch(_ANSWER, payload):
        raise MalformedReference(payload)
    clicked = interaction.message
    was_private = clicked is not None and clicked.flags.ephemeral
    reading = services.server_settings.of(interaction.guild_id)
    settings = await in_time(interaction, reading, private=True)
    require_open_channel(settings, interaction)
    channel = interaction.channel_id or 0
    services.rate_limiter.require(interaction.user.id, channel, interaction.created_at)
    manner = await manner_of(interaction, True if was_private else None)
    made = _answer(interaction, services, payload, private=manner.private)
    await reply(interaction, made, private=manner.private)


async def _answer(
    interaction: _Interaction, services: Services, payload: str, *, private: bool
) -> Reply:
    question = typed(interaction).get("question", "")[:MAX_QUESTION]
    first, us = await _first(interaction, payload), interaction.client.user
    before = None if first is None or us is None else await question_answered(first, us)
    server = interaction.guild_id
    answer = await answered(services, interaction.client, question, "Follow-up", server, before)
    followed = None
    if first is not None and before is not None:
        url = None if first.flags.ephemeral else first.jump_url
        followed = FollowedUp(without_ids(before), url)
    return await answer_reply(interaction, answer, private=private, followed=followed)


async def _first(interaction: _Interaction, payload: str) -> discord.Message | None:
    """Return the answer that is followed up, ``None`` where Discord does not have it any more."""
    if not payload:
        return interaction.message
    channel = interaction.client.get_partial_messageable(
        interaction.channel_id or 0, guild_id=interaction.guild_id
    )
    try:
        return await channel.fetch_message(int(payload))
    except discord.HTTPException:  # deleted, forbidden, or Discord is in trouble
        return None


def unseen_layout(
    message: discord.Message, catalogue: Catalogue, set_language: str | None
) -> ui.LayoutView:
    """Lay out what is said to a reply whose words Discord keeps back, with the button for them.

    ``set_language``: what the server has set for what all see. Else it is that of the message that
    it replies to: whoever asked has chosen it by the question.
    """
    answer = replied_at_hand(message)
    frame = set_language or (None if answer is None else _frame_of(answer, catalogue))
    language = language_of(catalogue, message, frame)
    text = ui.TextDisplay[Any](PHRASES.of(language).reply_unseen)
    button = follow_up_button(language, None if answer is None else answer.id)
    return containers.coloured(containers.GREY, [text, ui.ActionRow(button)])


def _frame_of(answer: discord.Message, catalogue: Catalogue) -> str | None:
    """Return the code of the language that the buttons of an answer are in, if it has any."""
    labels = {getattr(component, "label", None) for component in every_component(answer)}
    for one in catalogue.languages.values():
        if labels & {SHARED.of(one).why, PHRASES.of(one).follow_up}:
            return one.code
    return None
