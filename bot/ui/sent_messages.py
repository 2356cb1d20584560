"""What a message that Discord sent holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import discord

__all__ = ["every_component", "replied_at_hand"]


def every_component(message: discord.Message) -> Iterator[Any]:
    """Yield the components of a message, each before those inside it."""
    yield from _every(message.components)


def replied_at_hand(message: discord.Message) -> discord.Message | None:
    """Return the message that ``message`` replies to, as it came with it; nothing is fetched.

    The first message of a thread and the one that tells of a pin refer to a message, too.
    """
    if message.type is not discord.MessageType.reply:
        return None
    replied = message.reference and message.reference.resolved
    return replied if isinstance(replied, discord.Message) else None


def _every(components: Iterable[Any]) -> Iterator[Any]:
    for component in components:
        yield component
        yield from _every(getattr(component, "children", ()))
