"""What a feature is to Discord: commands, and buttons and forms known by their ``custom_id``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from discord.ext import commands

from bot.i18n.translations import Translations
from bot.interactions.components import Component
from bot.interactions.forms import Form
from bot.services.registry import Services

__all__ = ["Feature"]


class Feature(commands.Cog):
    """Commands of one kind, with what they need. The client adds it and knows its ``buttons`` and
    its ``forms``."""

    phrases: ClassVar[Translations[Any]]
    """The words of the package that it is in."""

    buttons: ClassVar[tuple[type[Component], ...]] = ()
    """Every button and menu of its messages, which go on working after a restart."""

    forms: ClassVar[Mapping[str, Form]] = {}
    """Every form that it opens, by the prefix of its ``custom_id``."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        self.bot = bot
        self.services = services
