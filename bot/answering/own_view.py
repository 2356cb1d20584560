"""Showing somebody what is nobody else's business: what only they see, and cannot be shared."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import discord
from discord import ui

from bot.answering.replies import PATIENCE_SECONDS

__all__ = ["show"]


async def show(
    interaction: discord.Interaction[Any], view: Coroutine[Any, Any, ui.LayoutView]
) -> None:
    """Answer a command with what ``view`` makes, to its user alone, announced if that takes long.

    Nothing is added to the view: settings, reasons and questions that were kept are no answers,
    and no button puts them before everybody.
    """
    making = asyncio.create_task(view)
    ready, _ = await asyncio.wait({making}, timeout=PATIENCE_SECONDS)
    if ready:
        await interaction.response.send_message(view=await making, ephemeral=True)
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(view=await making)
