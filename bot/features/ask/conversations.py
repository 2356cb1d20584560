"""The question that an answer of the bot had answered, for what follows that answer up.

Nothing is kept between messages. An answer to a message is a reply to it, so that Discord leads
from a reply back to the question, as far as that is still there and may be read. An answer to a
command or a form has the question on top, and above it the one that it followed up; one of several
questions, or of an older version of the bot, its content words in the Why? button.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import discord

from bot.interactions.replied_to import referenced
from bot.services.message_text import words_of
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.reasons import decode_reasons
from bot.ui.question_line import question_before, question_of
from bot.ui.sent_messages import every_component
from knowledge import in_full, is_follow_up

__all__ = ["LOOK_BACK", "LOOK_BACK_SECONDS", "previous_question", "question_answered"]

LOOK_BACK = 3
"""Questions that are looked at behind a follow-up: each one costs a request to Discord."""

LOOK_BACK_SECONDS = 3.0
"""How long Discord may take to tell the question that a follow-up leans on."""


async def previous_question(message: discord.Message, us: discord.abc.Snowflake) -> str | None:
    """Return the question that ``message`` follows up, put so that it stands alone.

    ``None`` where the message stands alone, replies to no answer of ours (``us``: our user), or
    where the question was deleted, may not be read, or is not told in time.
    """
    # Long messages take some tenths of a second, for which nobody else may have to wait.
    if message.reference is None or not await _leans(words_of(message.content)):
        return None
    return await _in_time(_before(message, us))


async def question_answered(answer: discord.Message, us: discord.abc.Snowflake) -> str | None:
    """Return the question that ``answer``, a message of ours, has answered, so that it stands
    alone. ``None`` as ``previous_question``."""
    return await _in_time(_answered(answer, us))


async def _in_time(looking: Coroutine[Any, Any, str | None]) -> str | None:
    """An answer to a question alone is better than one that waits for a Discord in trouble."""
    try:
        async with asyncio.timeout(LOOK_BACK_SECONDS):
            return await looking
    except TimeoutError:
        return None


async def _before(message: discord.Message, us: discord.abc.Snowflake) -> str | None:
    answer = await referenced(message)
    return None if answer is None else await _answered(answer, us)


async def _answered(answer: discord.Message | None, us: discord.abc.Snowflake) -> str | None:
    chain: list[str] = []
    while answer is not None and answer.author.id == us.id and len(chain) < LOOK_BACK:
        if (shown := question_of(answer)) is not None:
            chain += filter(None, (shown, question_before(answer)))
            break
        asked = await referenced(answer)
        question = _words_of_why(answer) if asked is None else words_of(asked.content)
        if not question:
            break
        chain.append(question)
        if asked is None or asked.reference is None or not await _leans(question):
            break
        answer = await referenced(asked)
    return await asyncio.to_thread(in_full, chain[::-1]) if chain else None


async def _leans(question: str) -> bool:
    return await asyncio.to_thread(is_follow_up, question)


def _words_of_why(answer: discord.Message) -> str | None:
    """Return the words in the Why? button of an answer to a command."""
    if answer.reference is not None:  # it answered a message, which is gone
        return None
    for component in every_component(answer):
        id_: str = getattr(component, "custom_id", None) or ""
        if id_.startswith(f"{Prefix.WHY}/"):
            try:
                reasons = decode_reasons(id_.removeprefix(f"{Prefix.WHY}/"))
            except MalformedReference:
                return None
            return " ".join(one.word for one in reasons.words)
    return None
