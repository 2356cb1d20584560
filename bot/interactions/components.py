"""Buttons and menus that are known by their ``custom_id`` alone, so that they outlive a restart."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Self

import discord
from discord import ui

from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.interactions.acknowledging import acknowledge
from bot.interactions.failures import fail_interaction, tell_privately
from bot.services.registry import Services, services_of
from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["Component"]


class Component(ui.DynamicItem[ui.Item[Any]], template=r"(?!)"):
    """A button or menu with a prefix of its own. Subclasses say what using it does.

    ``payload``: the regular expression of what its ``custom_id`` carries after the prefix. A class
    without a prefix is a base of others. ``once``: it is for one press of its message's, whoever
    presses: what a second click would do again is being done, or done, and that click is passed
    over. What raises, and what sets ``stays``, may be pressed again.

    discord.py logs what a dynamic item raises and tells nobody, so that errors are ended here.
    """

    prefix: ClassVar[Prefix | None] = None
    once: ClassVar[bool] = False

    stays = False
    """Whether nothing was done, so that the button stays for another press."""

    def __init_subclass__(
        cls, *, prefix: Prefix | None = None, payload: str = ".*", once: bool = False
    ) -> None:
        cls.prefix, cls.once = prefix, once
        never = r"(?!)"
        template = never if prefix is None else rf"{prefix}/(?P<payload>{payload})"
        super().__init_subclass__(template=template)

    def __init__(self, item: ui.Item[Any], payload: str) -> None:
        super().__init__(item)
        self.payload = payload

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py's signature
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Take over the component of a message that was used."""
        return cls(item, match["payload"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer whoever used it, or say what went wrong."""
        services = services_of(interaction)
        services.running.join()
        language = services.catalogue.choose(interaction.locale)
        acting = self._act_once if self.once else self.act
        try:
            await acting(interaction, services, language)
        except MalformedReference:
            await tell_privately(interaction, containers.notice(SHARED.of(language).old_button))
        except Exception as error:  # noqa: BLE001 - the last stop before discord.py's silence
            await fail_interaction(interaction, error, f"button {type(self).__name__}")

    async def _act_once(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        message = None if interaction.message is None else interaction.message.id
        press = (message, self.custom_id)
        if not services.presses.begin(press):
            await acknowledge(interaction, update=True)
            return
        is_done = False
        try:
            await self.act(interaction, services, language)
            is_done = not self.stays
        finally:
            if not is_done:
                services.presses.forget(press)

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Do what it is for. Raises whatever goes wrong."""
        raise NotImplementedError
