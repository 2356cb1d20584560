"""Telling a channel that answers are on their way: Discord's own “… is typing”."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import discord

__all__ = ["TypingIndicator"]


class TypingIndicator:
    """Types in the channels where messages wait for an answer: once, however many do.

    ``patience``: seconds that they wait before that.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._waiting: Counter[int] = Counter()
        self._typing: dict[int, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def waiting_in(self, channel: discord.abc.MessageableChannel) -> AsyncGenerator[None]:
        """Count one more that waits, until it is answered."""
        self._waiting[channel.id] += 1
        if channel.id not in self._typing:
            self._typing[channel.id] = asyncio.create_task(self._type(channel))
        try:
            yield
        finally:
            self._waiting[channel.id] -= 1
            if not self._waiting[channel.id]:
                del self._waiting[channel.id]
                self._typing.pop(channel.id).cancel()

    async def _type(self, channel: discord.abc.MessageableChannel) -> None:
        await asyncio.sleep(self._patience)
        try:
            async with channel.typing():
                await asyncio.Event().wait()  # until it is cancelled
        except discord.HTTPException:  # the answer will tell what is wrong there
            return
