"""A command is answered with an answer; what it takes to lay one out."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import discord

from bot.features.ask.answer_layout import answer_layout
from bot.i18n.localisation import Language
from bot.interactions.replies import Reply, manner_of
from bot.services.registry import Services, services_of
from knowledge import Answer, KnowledgeError

__all__ = ["answer_reply", "examples_beside"]

EXAMPLES_SECONDS = 1.0
"""How long a greeting may wait for examples, which are mostly known already."""


async def examples_beside(
    answer: Answer, services: Services, server: int | None, language: Language
) -> tuple[str, ...]:
    """Return examples of what can be asked on a server, for an answer to what asks nothing."""
    if answer.is_question:
        return ()
    with suppress(TimeoutError, KnowledgeError):
        async with asyncio.timeout(EXAMPLES_SECONDS):
            knowledge = await services.bases.knowledge_for(server)
            return await services.examples.of(knowledge, language, services.catalogue)
    return ()


async def answer_reply(
    interaction: discord.Interaction[Any], answer: Answer, *, private: bool
) -> Reply:
    """Return what a command is answered with: the frame is in the question's language, if it may
    be. Raises StateError."""
    manner = await manner_of(interaction, private, answer.language)
    services, server = services_of(interaction), interaction.guild_id
    examples = await examples_beside(answer, services, server, manner.language)
    view = answer_layout(answer, manner.language, manner.length, examples)
    return Reply(view, manner.language)
