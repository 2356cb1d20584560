"""What is being done, in the place of an answer until that is there."""

from __future__ import annotations

import asyncio
import logging
from types import TracebackType
from typing import Any, Self

import discord

from bot.ui import containers

__all__ = ["PAUSE_SECONDS", "ProgressMessage"]

_log = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
"""Between two edits of a message; Discord allows about two a second."""


class ProgressMessage:
    """Edits the message of an interaction that was acknowledged: at once, and then once a second.

    A context manager: when it is left, nothing of it comes after what is shown then.
    """

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction
        self._text = self._shown = ""
        self._moved = asyncio.Event()
        self._editing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def tell(self, text: str) -> None:
        """Show a sentence of the bot's own as soon as may be; a later one may take its place."""
        self._text = text
        self._moved.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._show(), name="progress")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        async with self._editing:  # what is on its way arrives first
            if self._task is not None:
                self._task.cancel()

    async def _show(self) -> None:
        while True:
            await self._moved.wait()
            self._moved.clear()
            if self._text == self._shown:
                continue
            async with self._editing:
                self._shown = self._text
                try:
                    view = containers.notice(self._shown)
                    await self._interaction.edit_original_response(view=view)
                except discord.HTTPException as error:  # what comes of it is what matters
                    _log.warning("Progress was not shown: %s", error)
            await asyncio.sleep(PAUSE_SECONDS)
