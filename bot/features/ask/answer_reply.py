"""A command is answered with an answer; what it takes to lay one out."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import discord
from discord import ui

from bot.features.ask.answer_layout import answer_layout
from bot.i18n.localisation import Language
from bot.interactions.replies import Reply, manner_of
from bot.server_settings import AnswerLength
from bot.services.message_text import without_ids
from bot.services.registry import Services, services_of
from bot.services.server_settings import still_there
from bot.ui.question_line import FollowedUp
from knowledge import Answer, KnowledgeError, Verdict

__all__ = ["answer_reply", "answered", "laid_out"]

EXAMPLES_SECONDS = 1.0
"""How long a greeting may wait for examples, which are mostly known already."""

RELATED_SECONDS = 0.4
"""How long an answer may wait for related questions, which are mostly known already."""


async def answered(
    services: Services,
    client: discord.Client,
    question: str,
    way: str,
    server: int | None,
    follows: str | None = None,
) -> Answer:
    """Return the answer to a member's question; one in vain is kept where a server wants that.

    As ``Answering.answer``.
    """
    answer = await services.answering.answer(question, way, server, follows)
    # Where only the member has the bot there is no admin who wants to know.
    if server is not None and client.get_guild(server) is not None:
        services.unanswered.note(server, answer)
    return answer


async def laid_out(
    answer: Answer,
    services: Services,
    place: tuple[int | None, discord.Guild | None],
    language: Language,
    length: AnswerLength,
    *,
    with_question: bool,
    followed: FollowedUp | None = None,
) -> ui.LayoutView:
    """Lay out an answer with what can be asked next on a server.

    ``place``: the server's id, and the server as far as it is known. ``with_question``: whether
    the question is shown on top; ``followed``: the one before it.
    Raises StateError.
    """
    server, guild = place
    settings = still_there(await services.server_settings.of(server), guild)
    strictness = settings.strictness
    examples: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    with suppress(KnowledgeError):
        knowledge = await services.bases.knowledge_for(server)
        if not answer.is_question:
            finding = services.examples.of(knowledge, language, services.catalogue, strictness)
            examples = await _within(EXAMPLES_SECONDS, finding)
        elif answer.verdict is Verdict.ANSWERED and not (answer.parts or answer.outline):
            finding = services.related.of(knowledge, answer, strictness)
            related = await _within(RELATED_SECONDS, finding)
    return answer_layout(
        answer,
        language,
        length,
        asked=without_ids(answer.question) if with_question else None,
        followed=followed,
        related=related,
        examples=examples,
        has_helpers=settings.has_helpers,
        with_votes=settings.takes_votes,
    )


async def _within(seconds: float, finding: Coroutine[Any, Any, tuple[str, ...]]) -> tuple[str, ...]:
    """Return what is found in time, else nothing: no answer waits for what can be asked next."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await finding
    return ()


async def answer_reply(
    interaction: discord.Interaction[Any],
    answer: Answer,
    *,
    private: bool,
    followed: FollowedUp | None = None,
) -> Reply:
    """Return what a command is answered with: the frame is in the question's language, if it may
    be. Raises StateError."""
    manner = await manner_of(interaction, private, answer.language)
    services, place = services_of(interaction), (interaction.guild_id, interaction.guild)
    view = await laid_out(
        answer,
        services,
        place,
        manner.language,
        manner.length,
        with_question=True,
        followed=followed,
    )
    return Reply(view, manner.language, is_watched=True)
