"""``/settings``: admins see and change what holds on their server."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui

from bot.features.settings.phrases import PHRASES
from bot.features.settings.settings_controls import (
    ForgetGone,
    SettingMenu,
    SettingsPageButton,
    SettingSwitch,
    panel_of,
)
from bot.i18n.localisation import Language
from bot.interactions.feature import Feature
from bot.interactions.permissions import admins_only
from bot.interactions.replies import show

__all__ = ["SettingsCommand"]


class SettingsCommand(Feature):
    """Shows admins a panel of their server's settings."""

    phrases = PHRASES
    buttons = (SettingSwitch, SettingMenu, SettingsPageButton, ForgetGone)

    @app_commands.command(**PHRASES.command("settings"))
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is set, with components to change it, to the admin alone."""
        language = self.services.catalogue.choose(interaction.locale)
        await show(interaction, self._panel(interaction, language))

    async def _panel(
        self, interaction: discord.Interaction[Any], language: Language
    ) -> ui.LayoutView:
        settings = await self.services.server_settings.of(interaction.guild_id)
        return panel_of(interaction, settings, self.services.catalogue, language)
