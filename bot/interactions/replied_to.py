"""The message that another one replies to, as far as Discord still has it."""

from __future__ import annotations

import discord

__all__ = ["referenced"]


async def referenced(message: discord.Message) -> discord.Message | None:
    """Return the message that ``message`` replies to, ``None`` where it cannot be had."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    if reference.resolved is not None or reference.message_id is None:  # it was deleted
        return None
    try:
        return await message.channel.fetch_message(reference.message_id)
    except discord.HTTPException:  # deleted, forbidden, or Discord is in trouble
        return None
