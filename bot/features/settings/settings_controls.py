"""The controls of the panel of ``/settings``: what using each of them sets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.features.settings.settings_panel import (
    AUTOMATIC,
    MENUS,
    SWITCHES,
    panel_layout,
    switch_note,
)
from bot.i18n.localisation import Catalogue, Language
from bot.interactions.components import Component
from bot.interactions.permissions import require_admin
from bot.services.registry import Services
from bot.services.server_settings import still_there
from bot.state import AnswerLength, ServerSettings
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.references import MalformedReference

__all__ = ["ForgetGone", "Menu", "Switch", "panel_of"]


_log = logging.getLogger(__name__)


def panel_of(
    interaction: discord.Interaction[Any],
    settings: ServerSettings,
    catalogue: Catalogue,
    language: Language,
    note: str | None = None,
) -> ui.LayoutView:
    """Return the panel of what is set where somebody acts, with ``note`` on top."""
    there = still_there(settings, interaction.guild)
    return panel_layout(settings, there, catalogue, language, note)


async def _change(
    interaction: discord.Interaction[Any],
    services: Services,
    language: Language,
    field: str,
    value: object,
) -> None:
    """Change one setting of this server and show what is set now, in the place of the panel."""
    server = interaction.guild_id or 0
    settings = await services.server_settings.change(server, **{field: value})
    _log.info("Server %d has set %s", server, field)
    kept = await asyncio.to_thread(services.state.unanswered.count, server)
    note = switch_note(field, is_on=bool(value), kept=kept, language=language)
    view = panel_of(interaction, settings, services.catalogue, language, note)
    await interaction.response.edit_message(view=view)


class ForgetGone(Component, prefix=Prefix.FORGET_GONE, payload=""):
    """Takes channels and roles that were deleted out of the settings."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Do it for whoever still is an admin."""
        require_admin(interaction)
        server = interaction.guild_id or 0
        there = still_there(await services.server_settings.of(server), interaction.guild)
        settings = await services.server_settings.change(
            server,
            allowed_channels=there.allowed_channels,
            denied_channels=there.denied_channels,
            managers=there.managers,
        )
        _log.info("Server %d has forgotten channels and roles that are gone", server)
        view = panel_of(interaction, settings, services.catalogue, language)
        await interaction.response.edit_message(view=view)


class Switch(Component, prefix=Prefix.SWITCH_SETTING, payload=rf"(?:{'|'.join(SWITCHES)})/[01]"):
    """Switches a setting on or off. Two clicks are not undone by each other."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Do it for whoever still is an admin."""
        require_admin(interaction)
        field, _, value = self.payload.partition("/")
        await _change(interaction, services, language, field, value == "1")


class Menu(Component, prefix=Prefix.CHOOSE_SETTING, payload="|".join(MENUS)):
    """Sets what was chosen in a menu."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Do it for whoever still is an admin."""
        require_admin(interaction)
        data: Any = interaction.data
        value = _chosen(self.payload, data.get("values", []), services.catalogue)
        await _change(interaction, services, language, self.payload, value)


def _chosen(field: str, values: Sequence[str], catalogue: Catalogue) -> object:
    """Return the value of a setting for what was chosen. Raises MalformedReference."""
    if field in ("allowed_channels", "denied_channels"):
        return frozenset(map(int, values))
    if field == "managers":
        return int(values[0]) if values else None
    chosen = values[0] if values else ""
    if field == "language" and (chosen == AUTOMATIC or chosen in catalogue.languages):
        return None if chosen == AUTOMATIC else chosen
    if field == "length" and chosen in tuple(AnswerLength):
        return AnswerLength(chosen)
    raise MalformedReference(f"not a choice for {field}: {chosen!r}")
