"""Questions that go from the bot to a person, and the replies that come back."""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar

import discord
from discord.ext import commands

from bot.features.people.ask_person import (
    AskPersonButton,
    CancelRequestButton,
    SendRequestButton,
)
from bot.features.people.helper_reply import (
    HelperReplyButton,
    announce,
    may_help,
    take_reply,
)
from bot.features.people.people_layouts import MAX_REPLY
from bot.features.people.phrases import PHRASES
from bot.interactions.failures import fail_message
from bot.interactions.feature import Feature
from bot.interactions.forms import Form
from bot.interactions.message_language import language_of
from bot.services.message_text import words_of
from bot.services.rate_limiter import TooFast
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.requests import Request, request_of
from bot.ui.sent_messages import replied_at_hand

__all__ = ["ANNOUNCED", "People"]

ANNOUNCED = "✅"
"""The reaction to a helper's message that was told to whoever asked."""


class People(Feature):
    """Sends questions to helpers, and tells askers what they reply."""

    phrases = PHRASES
    buttons = (AskPersonButton, SendRequestButton, CancelRequestButton, HelperReplyButton)
    forms: ClassVar = {Prefix.HELPER_FORM: Form("a reply", take_reply)}

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take a helper's message in reply to a question."""
        replied = replied_at_hand(message)
        if message.author.bot or replied is None:
            return
        request = request_of(replied, self.bot.user)
        if request is not None:
            self.services.running.join()
            await self._take(message, replied, request)

    async def _take(
        self, message: discord.Message, question: discord.Message, request: Request
    ) -> None:
        server = None if message.guild is None else message.guild.id
        settings = await self.services.server_settings.of(server)
        language = language_of(self.services.catalogue, message, settings.language)
        words = PHRASES.of(language)
        try:
            self.services.rate_limiter.require(
                message.author.id, message.channel.id, message.created_at
            )
        except TooFast as refusal:
            await fail_message(
                message, refusal, "a helper's message", language, self.services.metrics
            )
            return
        text = words_of(message.content)[:MAX_REPLY]
        if not may_help(message.author, settings, message.guild):
            said = words.helpers_only.format(role=f"<@&{settings.helpers}>")
        elif not text:
            said = words.reply_unseen
        elif await announce(self.bot, self.services, question, request, message.author, text):
            with suppress(discord.HTTPException):  # it may not even do that there
                await message.add_reaction(ANNOUNCED)
            return
        else:
            said = words.not_told
        with suppress(discord.Forbidden):
            await message.channel.send(
                view=containers.notice(said),
                reference=message.to_reference(fail_if_not_exists=False),
                mention_author=False,
                allowed_mentions=discord.AllowedMentions.none(),
            )
