"""How a command is answered: at once where that is possible, else announced first."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import discord
from discord import ui

from bot.failures import SEEN_BY_ALL

__all__ = ["PATIENCE_SECONDS", "reply"]

PATIENCE_SECONDS = 1.0
"""An answer that takes longer is announced first: Discord waits three seconds and no more."""


async def reply(
    interaction: discord.Interaction[Any],
    view: Coroutine[Any, Any, ui.LayoutView],
    *,
    private: bool,
) -> None:
    """Answer a command with what ``view`` makes, here or to its user alone."""
    making = asyncio.create_task(view)
    ready, _ = await asyncio.wait({making}, timeout=PATIENCE_SECONDS)
    if ready:
        await interaction.response.send_message(view=await making, ephemeral=private)
        return
    await interaction.response.defer(ephemeral=private, thinking=True)
    interaction.extras[SEEN_BY_ALL] = not private
    await interaction.edit_original_response(view=await making)
