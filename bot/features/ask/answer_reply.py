"""A command is answered with an answer."""

from __future__ import annotations

from typing import Any

import discord

from bot.features.ask.answer_layout import answer_layout
from bot.interactions.replies import Reply, manner_of
from knowledge import Answer

__all__ = ["answer_reply"]


async def answer_reply(
    interaction: discord.Interaction[Any], answer: Answer, *, private: bool
) -> Reply:
    """Return what a command is answered with: the frame is in the question's language, if it may
    be. Raises StateError."""
    manner = await manner_of(interaction, private, answer.language)
    view = answer_layout(answer, manner.language, manner.length)
    return Reply(view, manner.language)
