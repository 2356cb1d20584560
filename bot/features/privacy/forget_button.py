"""The button with which members are forgotten."""

from __future__ import annotations

import logging
from typing import Any

import discord

from bot.features.privacy.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.interactions.acknowledging import in_time, turn
from bot.interactions.components import Component
from bot.services.registry import Services
from bot.services.threads import STATE
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["FORGET_ID", "ForgetButton"]


_log = logging.getLogger(__name__)

FORGET_ID = f"{Prefix.FORGET_MEMBER}/yes"


class ForgetButton(Component, prefix=Prefix.FORGET_MEMBER, payload="yes"):
    """Removes what is tied to whoever clicks, and nobody else's."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Forget, and say what was removed in the place of the question."""
        forgetting = STATE.run(services.state.forget, interaction.user.id)
        removed = await in_time(interaction, forgetting, update=True)
        _log.info("A member was forgotten: %d votes", removed)
        text = PHRASES.of(language).forgotten.format(count=removed)
        await turn(interaction, containers.notice(text))
