"""What a feature is to Discord: commands, and the buttons that it knows by their ``custom_id``."""

from __future__ import annotations

from typing import ClassVar

from discord.ext import commands

from bot.interactions.components import Component
from bot.services.registry import Services

__all__ = ["Feature"]


class Feature(commands.Cog):
    """Commands of one kind, with what they need. The client adds it and knows its ``buttons``."""

    buttons: ClassVar[tuple[type[Component], ...]] = ()
    """Every button and menu of its messages, which go on working after a restart."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self.bot = bot
        self.services = services
