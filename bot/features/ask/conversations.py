"""The question before a message: the one that the bot's answer, to which it replies, had answered.

Nothing is kept between messages. An answer to a message is a reply to it, so that Discord leads
from a reply back to the question, as far as that is still there and may be read. An answer to a
command has the question on top; one of several questions, or of an older version of the bot, its
content words in the Why? button.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

import discord

from bot.interactions.replied_to import referenced
from bot.services.message_text import words_of
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.reasons import decode_reasons
from bot.ui.question_line import question_of
from knowledge import in_full, is_follow_up

__all__ = ["LOOK_BACK", "previous_question"]

LOOK_BACK = 3
"""Questions that are looked at behind a follow-up: each one costs a request to Discord."""


async def previous_question(message: discord.Message, us: discord.abc.Snowflake) -> str | None:
    """Return the question that ``message`` follows up, put so that it stands alone.

    ``None`` where the message stands alone, replies to no answer of ours (``us``: our user), or
    where the question was deleted or may not be read.
    """
    chain: list[str] = []
    asked: discord.Message | None = message
    while asked is not None and asked.reference is not None and len(chain) < LOOK_BACK:
        # Long messages take some tenths of a second, for which nobody else may have to wait.
        if not await asyncio.to_thread(is_follow_up, words_of(asked.content)):
            break
        answer = await referenced(asked)
        if answer is None or answer.author.id != us.id:
            break
        asked = await referenced(answer)
        question = _of_command(answer) if asked is None else words_of(asked.content)
        if not question:
            break
        chain.append(question)
    return await asyncio.to_thread(in_full, chain[::-1]) if chain else None


def _of_command(answer: discord.Message) -> str | None:
    """Return the question on top of an answer to a command, else the words in its Why? button."""
    if answer.reference is not None:  # it answered a message, which is gone
        return None
    return question_of(answer) or _words_of_why(answer)


def _words_of_why(answer: discord.Message) -> str | None:
    for id_ in _custom_ids(answer.components):
        if id_.startswith(f"{Prefix.WHY}/"):
            try:
                reasons = decode_reasons(id_.removeprefix(f"{Prefix.WHY}/"))
            except MalformedReference:
                return None
            return " ".join(one.word for one in reasons.words)
    return None


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        custom_id: str | None = getattr(component, "custom_id", None)
        if custom_id is not None:
            yield custom_id
        yield from _custom_ids(getattr(component, "children", ()))
