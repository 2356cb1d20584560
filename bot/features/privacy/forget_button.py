"""The button with which members are forgotten."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord

from bot.i18n.localisation import Language
from bot.interactions.components import Component
from bot.services.registry import Services
from bot.ui import containers

__all__ = ["FORGET_ID", "ForgetButton"]


_log = logging.getLogger(__name__)

FORGET_ID = "fm/yes"


class ForgetButton(Component, template=r"fm/(?P<payload>yes)"):
    """Removes what is tied to whoever clicks, and nobody else's."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Forget, and say what was removed in the place of the question."""
        removed = await asyncio.to_thread(services.state.forget, interaction.user.id)
        _log.info("A member was forgotten: %d votes", removed)
        view = containers.notice(language.server.forgotten.format(count=removed))
        await interaction.response.edit_message(view=view)
