"""``/privacy`` tells what is kept, ``/forget-me`` removes what is tied to a member."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot import layouts
from bot.answering.acknowledging import in_time, turn
from bot.answering.replies import show
from bot.buttons.components import Component
from bot.localisation import Language, command_text
from bot.permissions import ANYWHERE
from bot.repeating import every
from bot.state import StateError
from bot.state.feedback import TIED_DAYS, VOTE_DAYS
from bot.state.unanswered import KEPT_DAYS
from bot.threads import LOOK_UPS, STATE

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["EXPIRY_HOURS", "Privacy"]

_log = logging.getLogger(__name__)

EXPIRY_HOURS = 6.0
"""Between two looks for what is old."""

_FORGET = "fm/yes"


class Privacy(commands.Cog):
    """Tells members what is kept, and forgets them."""

    def __init__(self, bot: SourcierBot) -> None:
        self.bot = bot
        self._expiring = every(EXPIRY_HOURS * 3_600, self._expire)

    async def cog_load(self) -> None:
        """Know the button of every message that there is, and let old things expire."""
        self.bot.add_dynamic_items(ForgetButton)
        self._expiring.start()

    async def cog_unload(self) -> None:
        """Stop looking for what is old."""
        self._expiring.cancel()

    async def _expire(self) -> None:
        """Remove what has been kept for as long as it may be, at the start and then again."""
        try:
            await STATE.run(self.bot.state.expire)
        except StateError as error:
            _log.error("What is old was not removed: %s", error)
        await LOOK_UPS.run(self.bot.pictures.tidy)

    @app_commands.command(
        name=command_text("privacy.name"),
        description=command_text("privacy.description"),
        extras={ANYWHERE: True},
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        """Tell what is kept here, for how long, to the member alone."""
        language = self.bot.catalogue.choose(interaction.locale)
        await show(interaction, self._told(interaction.guild_id, language))

    async def _told(self, server: int | None, language: Language) -> ui.LayoutView:
        words = language.server
        is_ours = server is not None and self.bot.get_guild(server) is not None
        is_keeping = is_ours and (await self.bot.servers.settings(server)).keep_unanswered
        questions = words.privacy_keeping if is_keeping else words.privacy_not_keeping
        lines = [
            f"**{words.privacy_title}**",
            words.privacy_read,
            questions.format(days=KEPT_DAYS),
            words.privacy_votes.format(tied=TIED_DAYS, days=VOTE_DAYS),
            words.privacy_votes_seen,
            words.privacy_buttons,
            words.privacy_server,
            words.privacy_log,
            words.privacy_forget,
        ]
        return layouts.notice("\n".join(lines[:1] + [f"• {line}" for line in lines[1:]]))

    @app_commands.command(
        name=command_text("forget_me.name"),
        description=command_text("forget_me.description"),
        extras={ANYWHERE: True},
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def forget_me(self, interaction: discord.Interaction[Any]) -> None:
        """Ask whether everything that is tied to the member is to be removed."""
        language = self.bot.catalogue.choose(interaction.locale)
        await show(interaction, self._asked(interaction.user.id, language))

    async def _asked(self, member: int, language: Language) -> ui.LayoutView:
        votes = await STATE.run(self.bot.state.feedback.tied_to, member)
        if not votes:
            return layouts.notice(language.server.nothing_tied)
        text = language.server.forget_confirm.format(count=votes)
        row = ui.ActionRow[Any](layouts.button(language.server.forget_yes, _FORGET))
        return layouts.coloured(layouts.RED, [ui.TextDisplay(text), row])


class ForgetButton(Component, template=r"fm/(?P<payload>yes)"):
    """Removes what is tied to whoever clicks, and nobody else's."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Forget, and say what was removed in the place of the question."""
        forgetting = STATE.run(bot.state.forget, interaction.user.id)
        removed = await in_time(interaction, forgetting, update=True)
        _log.info("A member was forgotten: %d votes", removed)
        await turn(interaction, layouts.notice(language.server.forgotten.format(count=removed)))
