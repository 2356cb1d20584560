"""A first word to Discord in time: it waits three seconds for one, and then up to 15 minutes.

What makes an answer runs aside (``in_time``). If it takes longer than ``PATIENCE_SECONDS``, counted
from when the bot first looked at the interaction, Discord is told that an answer is on its way; the
answer (``say``, ``turn``) then takes the place of that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import discord
from discord import ui

from bot.services.metrics import Stage
from bot.services.registry import services_of

__all__ = [
    "PATIENCE_SECONDS",
    "SEEN_BY_ALL",
    "acknowledge",
    "in_time",
    "is_private_already",
    "say",
    "turn",
]

PATIENCE_SECONDS = 0.5
"""An answer that takes longer is announced first."""

SEEN_BY_ALL = "seen_by_all"
"""Key of ``Interaction.extras`` that says that the “thinking” message is not private."""

_SEEN = "seen_at"
_Made = TypeVar("_Made")
_Interaction = discord.Interaction[Any]


def _seconds_left(interaction: _Interaction) -> float:
    """Return how long an interaction may still wait; the first call begins to count."""
    now = asyncio.get_running_loop().time()
    return max(interaction.extras.setdefault(_SEEN, now) + PATIENCE_SECONDS - now, 0.0)


def _note_first_word(interaction: _Interaction) -> None:
    """Keep how long an interaction has waited for the word that it was just given."""
    seen: float | None = interaction.extras.get(_SEEN)
    if seen is not None:
        waited = asyncio.get_running_loop().time() - seen
        services_of(interaction).metrics.took(Stage.ACKNOWLEDGING, waited)


async def in_time(
    interaction: _Interaction,
    work: Coroutine[Any, Any, _Made],
    *,
    private: bool = True,
    update: bool = False,
) -> _Made:
    """Return what ``work`` makes, having acknowledged the interaction if that takes long.

    ``private``: whether the announced answer is for whoever acted alone. ``update``: it is to
    take the place of the message that was clicked, so that nothing is announced in a new one.
    Raises what ``work`` raises, and what Discord answers to the acknowledgement.
    """
    left = _seconds_left(interaction)
    making = asyncio.create_task(work, name="answer")
    making.add_done_callback(_look_at)
    if not interaction.response.is_done():
        ready, _ = await asyncio.wait({making}, timeout=left)
        if not ready:
            await acknowledge(interaction, private=private, update=update)
    return await making


def _look_at(making: asyncio.Task[Any]) -> None:
    """Take notice of an error that nobody waits for, since Discord no longer knows of it."""
    if not making.cancelled():
        making.exception()


async def acknowledge(
    interaction: _Interaction, *, private: bool = True, update: bool = False
) -> None:
    """Tell Discord that an answer is on its way, unless that was done; see ``in_time``."""
    if interaction.response.is_done():
        return
    if update:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=private, thinking=True)
        interaction.extras[SEEN_BY_ALL] = not private
    _note_first_word(interaction)


def is_private_already(interaction: _Interaction) -> bool:
    """Whether an answer was announced to whoever acted alone, so that it cannot be for all."""
    return interaction.extras.get(SEEN_BY_ALL) is False


async def say(
    interaction: _Interaction,
    view: ui.LayoutView,
    files: Sequence[discord.File] = (),
    *,
    private: bool = True,
) -> int | None:
    """Answer in a message of its own, which takes the place of an announced one; return its id,
    where Discord tells it."""
    response = interaction.response
    if not response.is_done():
        sent = await response.send_message(view=view, files=files, ephemeral=private)
        _note_first_word(interaction)
        return sent.message_id
    if response.type is discord.InteractionResponseType.deferred_channel_message:
        return (await interaction.edit_original_response(view=view, attachments=files)).id
    followed = await interaction.followup.send(view=view, files=files, ephemeral=private, wait=True)
    return followed.id


async def turn(
    interaction: _Interaction,
    view: ui.LayoutView,
    files: Sequence[discord.File] | None = None,
) -> None:
    """Put a view in the place of the message that was clicked.

    ``files``: what it has in the place of those that the message had, which stay where ``None``.
    """
    attachments: Any = discord.utils.MISSING if files is None else files
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, attachments=attachments)
    else:
        await interaction.response.edit_message(view=view, attachments=attachments)
        _note_first_word(interaction)
