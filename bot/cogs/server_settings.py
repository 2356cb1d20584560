"""``/settings``: admins see and change what holds on their server."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.answering.acknowledging import in_time, turn
from bot.answering.replies import show
from bot.buttons.components import Component
from bot.custom_ids.references import MalformedReference
from bot.layouts.panel import AUTOMATIC, MENUS, SWITCHES, panel_layout, switch_note
from bot.localisation import Catalogue, Language, command_text
from bot.permissions import admins_only, require_admin
from bot.servers.settings import still_there
from bot.state import AnswerLength, ServerSettings
from bot.threads import STATE

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["SettingsOfServer"]

_log = logging.getLogger(__name__)


class SettingsOfServer(commands.Cog):
    """Shows admins a panel of their server's settings."""

    def __init__(self, bot: SourcierBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Know the components of every panel that there is."""
        self.bot.add_dynamic_items(Switch, Menu, ForgetGone)

    @app_commands.command(
        name=command_text("settings.name"), description=command_text("settings.description")
    )
    @admins_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is set, with components to change it, to the admin alone."""
        language = self.bot.catalogue.choose(interaction.locale)
        await show(interaction, self._panel(interaction, language))

    async def _panel(
        self, interaction: discord.Interaction[Any], language: Language
    ) -> ui.LayoutView:
        settings = await self.bot.servers.settings(interaction.guild_id)
        return _laid_out(interaction, settings, self.bot.catalogue, language)


def _laid_out(
    interaction: discord.Interaction[Any],
    settings: ServerSettings,
    catalogue: Catalogue,
    language: Language,
    note: str | None = None,
) -> ui.LayoutView:
    there = still_there(settings, interaction.guild)
    return panel_layout(settings, there, catalogue, language, note)


async def _change(
    interaction: discord.Interaction[Any],
    bot: SourcierBot,
    language: Language,
    field: str,
    value: object,
) -> None:
    """Change one setting of this server and show what is set now, in the place of the panel."""
    server = interaction.guild_id or 0

    async def changed() -> tuple[ServerSettings, int]:
        settings = await bot.servers.change(server, **{field: value})
        _log.info("Server %d has set %s", server, field)
        return settings, await STATE.run(bot.state.unanswered.count, server)

    settings, kept = await in_time(interaction, changed(), update=True)
    note = switch_note(field, is_on=bool(value), kept=kept, language=language)
    await turn(interaction, _laid_out(interaction, settings, bot.catalogue, language, note))


class ForgetGone(Component, template=r"sg/(?P<payload>)"):
    """Takes channels and roles that were deleted out of the settings."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Do it for whoever still is an admin."""
        require_admin(interaction)
        server = interaction.guild_id or 0

        async def forgotten() -> ServerSettings:
            there = still_there(await bot.servers.settings(server), interaction.guild)
            return await bot.servers.change(
                server,
                allowed_channels=there.allowed_channels,
                denied_channels=there.denied_channels,
                managers=there.managers,
            )

        settings = await in_time(interaction, forgotten(), update=True)
        _log.info("Server %d has forgotten channels and roles that are gone", server)
        await turn(interaction, _laid_out(interaction, settings, bot.catalogue, language))


class Switch(Component, template=rf"st/(?P<payload>(?:{'|'.join(SWITCHES)})/[01])"):
    """Switches a setting on or off. Two clicks are not undone by each other."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Do it for whoever still is an admin."""
        require_admin(interaction)
        field, _, value = self.payload.partition("/")
        await _change(interaction, bot, language, field, value == "1")


class Menu(Component, template=rf"sl/(?P<payload>{'|'.join(MENUS)})"):
    """Sets what was chosen in a menu."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Do it for whoever still is an admin."""
        require_admin(interaction)
        data: Any = interaction.data
        value = _chosen(self.payload, data.get("values", []), bot.catalogue)
        await _change(interaction, bot, language, self.payload, value)


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
