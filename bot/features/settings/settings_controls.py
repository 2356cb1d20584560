"""The controls of the panel of ``/settings``: what using each of them sets."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import ui

from bot.features.settings.phrases import PHRASES
from bot.features.settings.setting_menus import chosen_in
from bot.features.settings.settings_panel import (
    MENUS,
    SWITCHES,
    panel_layout,
    switch_note,
)
from bot.i18n.localisation import Catalogue, Language
from bot.interactions.acknowledging import in_time, turn
from bot.interactions.components import Component
from bot.interactions.permissions import may_ping, may_write, require_admin
from bot.server_settings import PAGES, SETTINGS, Page, ServerSettings
from bot.server_settings.kinds import OneChannel, Role
from bot.services.registry import Services
from bot.services.server_settings import MAY_BE_GONE, still_there
from bot.services.threads import STATE
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["ForgetGone", "SettingMenu", "SettingSwitch", "SettingsPageButton", "panel_of"]


_log = logging.getLogger(__name__)


def panel_of(
    interaction: discord.Interaction[Any],
    settings: ServerSettings,
    catalogue: Catalogue,
    language: Language,
    page: Page = Page.ANSWERS,
    note: str | None = None,
) -> ui.LayoutView:
    """Return a page of what is set where somebody acts, with ``note`` on top."""
    there = still_there(settings, interaction.guild)
    return panel_layout(settings, there, catalogue, language, page, note)


async def _change(
    interaction: discord.Interaction[Any],
    services: Services,
    language: Language,
    field: str,
    value: object,
) -> None:
    """Change one setting of this server and show what is set now, in the place of the panel."""
    server = interaction.guild_id or 0

    async def changed() -> tuple[ServerSettings, int]:
        settings = await services.server_settings.change(server, **{field: value})
        _log.info("Server %d has set %s", server, field)
        return settings, await STATE.run(services.state.unanswered.count, server)

    settings, kept = await in_time(interaction, changed(), update=True)
    note = switch_note(field, is_on=bool(value), kept=kept, language=language)
    note = note or _out_of_reach(field, value, interaction.guild, language)
    page = PAGES[field]
    view = panel_of(interaction, settings, services.catalogue, language, page, note)
    await turn(interaction, view)


def _out_of_reach(
    field: str, value: object, server: discord.Guild | None, language: Language
) -> str | None:
    """Return what to say where we may not write to a channel or ping a role that was chosen."""
    if server is None or not isinstance(value, int):
        return None
    words, kind = PHRASES.of(language), SETTINGS[field]
    if isinstance(kind, OneChannel):
        channel = server.get_channel(value)
        if channel is not None and not may_write(channel.permissions_for(server.me), channel):
            return words.may_not_write.format(channel=f"<#{value}>")
    elif isinstance(kind, Role) and kind.is_pinged:
        role = server.get_role(value)
        if role is not None and not may_ping(role, server.me.guild_permissions):
            return words.may_not_ping.format(role=f"<@&{value}>")
    return None


class ForgetGone(Component, prefix=Prefix.FORGET_GONE, payload=""):
    """Takes channels and roles that were deleted out of the settings."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Do it for whoever still is an admin."""
        require_admin(interaction)
        server = interaction.guild_id or 0

        async def forgotten() -> ServerSettings:
            there = still_there(await services.server_settings.of(server), interaction.guild)
            left = {name: getattr(there, name) for name in MAY_BE_GONE}
            return await services.server_settings.change(server, **left)

        settings = await in_time(interaction, forgotten(), update=True)
        _log.info("Server %d has forgotten channels and roles that are gone", server)
        view = panel_of(interaction, settings, services.catalogue, language, Page.PLACES)
        await turn(interaction, view)


class SettingsPageButton(Component, prefix=Prefix.SETTINGS_PAGE, payload="|".join(Page)):
    """Shows another page of the panel."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Do it for whoever still is an admin."""
        require_admin(interaction)
        reading = services.server_settings.of(interaction.guild_id)
        settings = await in_time(interaction, reading, update=True)
        page = Page(self.payload)
        await turn(interaction, panel_of(interaction, settings, services.catalogue, language, page))


class SettingSwitch(
    Component, prefix=Prefix.SWITCH_SETTING, payload=rf"(?:{'|'.join(SWITCHES)})/[01]"
):
    """Switches a setting on or off. Two clicks are not undone by each other."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Do it for whoever still is an admin."""
        require_admin(interaction)
        field, _, value = self.payload.partition("/")
        await _change(interaction, services, language, field, value == "1")


class SettingMenu(Component, prefix=Prefix.CHOOSE_SETTING, payload="|".join(MENUS)):
    """Sets what was chosen in a menu."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Do it for whoever still is an admin."""
        require_admin(interaction)
        data: Any = interaction.data
        value = chosen_in(SETTINGS[self.payload], data.get("values", []), services.catalogue)
        await _change(interaction, services, language, self.payload, value)
