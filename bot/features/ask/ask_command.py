"""Asking: ``/ask``, a mention, a reply to the bot, or a direct message."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import suppress
from typing import Any, ClassVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.features.ask.answer_reply import answer_reply, answered, laid_out
from bot.features.ask.conversations import previous_question
from bot.features.ask.follow_up import MAX_QUESTION, FollowUpButton, take_follow_up, unseen_layout
from bot.features.ask.phrases import PHRASES
from bot.features.ask.typing_indicator import TypingIndicator
from bot.features.ask.why_button import WhyButton
from bot.i18n.phrases import SHARED
from bot.interactions.acknowledging import PATIENCE_SECONDS
from bot.interactions.failures import fail_message
from bot.interactions.feature import Feature
from bot.interactions.forms import Form
from bot.interactions.message_language import language_of
from bot.interactions.permissions import channel_of
from bot.interactions.replies import Reply, manner_of, reply
from bot.server_settings import ServerSettings
from bot.services.message_text import words_of
from bot.services.metrics import Stage
from bot.services.question_queue import QueueFull
from bot.services.rate_limiter import TooFast
from bot.services.registry import Services
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.requests import is_reply_to_request
from bot.ui.sent_messages import replied_at_hand
from knowledge import detect_language

__all__ = ["DECLINED", "Ask"]

_log = logging.getLogger(__name__)

DECLINED = "🔇"
"""The reaction to a message that speaks to the bot where it may not answer."""

_EVERYONE = re.compile(r"@(?:everyone|here)\b")


class Ask(Feature):
    """Answers questions, in the language of whoever asks."""

    phrases = PHRASES
    buttons = (WhyButton, FollowUpButton)
    forms: ClassVar = {Prefix.FOLLOW_UP_FORM: Form("a follow-up", take_follow_up)}

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        super().__init__(bot, services)
        self._typing_indicator = TypingIndicator(PATIENCE_SECONDS)

    @app_commands.command(**PHRASES.command("ask"))
    @app_commands.rename(
        question=PHRASES.command_text("ask.question.name"),
        private=SHARED.command_text("private.name"),
    )
    @app_commands.describe(
        question=PHRASES.command_text("ask.question.description"),
        private=SHARED.command_text("private.description"),
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(
        self,
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, MAX_QUESTION],
        private: bool | None = None,  # noqa: FBT001 - an option of a command
    ) -> None:
        """Answer a question here, or to its asker alone."""
        manner = await manner_of(interaction, private)
        answer = self._answered(interaction, question, "/ask", private=manner.private)
        await reply(interaction, answer, private=manner.private)

    async def _answered(
        self, interaction: discord.Interaction[Any], question: str, way: str, *, private: bool
    ) -> Reply:
        answer = await answered(
            self.services, interaction.client, question, way, interaction.guild_id
        )
        return await answer_reply(interaction, answer, private=private)

    def _is_to_us(self, message: discord.Message) -> bool:
        """Whether a message speaks to the bot: directly, by its name, or in reply to it.

        ``@everyone``, ``@here`` and roles are not its name.
        """
        if message.guild is None or self.bot.user in message.mentions:
            return True
        return self._is_reply(message)

    def _is_reply(self, message: discord.Message) -> bool:
        replied = replied_at_hand(message)
        return replied is not None and replied.author == self.bot.user

    def _is_unseen(self, message: discord.Message) -> bool:
        """Whether Discord kept a message's words back.

        Without the privileged intent it does so in replies to the bot's interaction responses,
        and in replies to any message of the bot that do not ping it.
        """
        is_bare = not message.content and not message.attachments and not message.stickers
        return is_bare and message.guild is not None and self._is_reply(message)

    async def _decline(self, message: discord.Message) -> None:
        """Let a sender know that the bot may not answer here, without a word for all to read."""
        try:
            await message.add_reaction(DECLINED)
        except discord.HTTPException as error:  # not even that may be done there
            _log.info("A message in a closed channel got no reaction: %s", error)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that speaks to the bot; errors end in ``SourcierBot.on_error``."""
        if message.author.bot or message.webhook_id is not None or message.is_system():
            return
        if not self._is_to_us(message) or is_reply_to_request(message, self.bot.user):
            return
        self.services.running.join()
        server = None if message.guild is None else message.guild.id
        settings = await self.services.server_settings.of(server)
        channel = channel_of(message.channel, message.channel.id)
        if server is not None and channel is not None and not settings.answers_in(channel):
            with suppress(TooFast):  # a flood gets as many reactions as it would get answers
                self.services.rate_limiter.require(
                    message.author.id, message.channel.id, message.created_at
                )
                await self._decline(message)
            return
        question = words_of(message.content)
        try:
            self.services.rate_limiter.require(
                message.author.id, message.channel.id, message.created_at
            )
            async with self._typing_indicator.waiting_in(message.channel):
                view = await self._view(message, question, settings)
        except (TooFast, QueueFull) as refusal:
            asked_in = settings.language or await asyncio.to_thread(detect_language, question)
            language = language_of(self.services.catalogue, message, asked_in)
            await fail_message(message, refusal, "a message", language, self.services.metrics)
            return
        with self.services.metrics.timed(Stage.REPLYING):
            sent = await message.channel.send(
                view=view,
                reference=message.to_reference(fail_if_not_exists=False),
                mention_author=False,
            )
        self.services.watched.note(server, sent.channel.id, sent.id, view)

    async def _view(
        self, message: discord.Message, question: str, settings: ServerSettings
    ) -> discord.ui.LayoutView:
        """Return what to reply to a message: an answer, or how to ask where it has no word."""
        if not re.search(r"\w", _EVERYONE.sub("", question)):
            if self._is_unseen(message):
                return unseen_layout(message, self.services.catalogue, settings.language)
            language = language_of(self.services.catalogue, message, settings.language)
            return containers.notice(SHARED.of(language).how_to_ask)
        follows = None if self.bot.user is None else await previous_question(message, self.bot.user)
        way = "Message" if follows is None else "Follow-up"
        server = None if message.guild is None else message.guild.id
        answer = await answered(self.services, self.bot, question, way, server, follows)
        language = language_of(
            self.services.catalogue, message, settings.language or answer.language
        )
        place = (server, message.guild)
        return await laid_out(
            answer, self.services, place, language, settings.length, with_question=False
        )
