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
    view: Coroutine[Any, Any, ui.LayoutView | tuple[ui.LayoutView, discord.File]],
    *,
    private: bool,
) -> None:
    """Answer a command with what ``view`` makes, here or to its user alone.

    A view that shows a file comes with it.
    """
    making = asyncio.create_task(view)
    ready, _ = await asyncio.wait({making}, timeout=PATIENCE_SECONDS)
    if ready:
        made, files = _parts(await making)
        await interaction.response.send_message(view=made, files=files, ephemeral=private)
        return
    await interaction.response.defer(ephemeral=private, thinking=True)
    interaction.extras[SEEN_BY_ALL] = not private
    made, files = _parts(await making)
    await interaction.edit_original_response(view=made, attachments=files)


def _parts(
    made: ui.LayoutView | tuple[ui.LayoutView, discord.File],
) -> tuple[ui.LayoutView, list[discord.File]]:
    return (made[0], [made[1]]) if isinstance(made, tuple) else (made, [])
