"""What is offered to a member who is typing: at most 25 choices, from memory, never an error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import discord
from discord.app_commands import Choice

from bot.services.registry import services_of
from bot.services.threads import TYPING
from bot.ui.custom_ids.reasons import units
from knowledge import KnowledgeBase

__all__ = ["MAX_CHOICES", "MAX_UNITS", "choice_name", "offered"]

_log = logging.getLogger(__name__)

MAX_CHOICES = 25
MAX_UNITS = 100
"""UTF-16 code units of the name or value of a choice."""


async def offered(
    interaction: discord.Interaction[Any],
    choose: Callable[[KnowledgeBase], Sequence[Choice[str]]],
) -> list[Choice[str]]:
    """Return what ``choose`` offers of the base that may be shown where a member types.

    Nothing where it fails, which is only logged.
    """
    services = services_of(interaction)
    try:
        knowledge = await services.bases.knowledge_for(interaction.guild_id)
        return list(await TYPING.run(choose, knowledge))[:MAX_CHOICES]
    except Exception:  # noqa: BLE001 - a member who is typing is to see no error
        name = "unknown" if interaction.command is None else interaction.command.qualified_name
        _log.exception("No choices for /%s", name)
        return []


def choice_name(text: str) -> str:
    """Return text in one line that Discord takes as the name of a choice."""
    line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split()) or "…"
    if units(line) <= MAX_UNITS:
        return line
    while units(line) >= MAX_UNITS:
        line = line[:-1]
    return f"{line.rstrip()}…"
