"""``/privacy`` tells what is kept, ``/forget-me`` removes what is tied to a member."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.features.privacy.forget_button import FORGET_ID, ForgetButton
from bot.features.privacy.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.interactions.feature import Feature
from bot.interactions.permissions import ANYWHERE
from bot.interactions.replies import show
from bot.services.registry import Services
from bot.services.repeating import Repeating
from bot.services.server_settings import still_there
from bot.services.threads import LOOK_UPS, STATE
from bot.state import StateError
from bot.state.answer_counts import KEPT_DAYS as COUNTS_KEPT_DAYS
from bot.state.feedback import TIED_DAYS, VOTE_DAYS
from bot.state.unanswered import KEPT_DAYS
from bot.state.watched import WATCHED_DAYS
from bot.ui import containers

__all__ = ["EXPIRY_HOURS", "Privacy"]

_log = logging.getLogger(__name__)

EXPIRY_HOURS = 6.0
"""Between two looks for what is old."""


class Privacy(Feature):
    """Tells members what is kept, and forgets them."""

    phrases = PHRASES
    buttons = (ForgetButton,)

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        super().__init__(bot, services)
        self._expiring = Repeating(EXPIRY_HOURS * 3_600, self._expire)

    async def cog_load(self) -> None:
        """Know the button of every message that there is, and let old things expire."""
        self._expiring.start()

    async def cog_unload(self) -> None:
        """Stop looking for what is old."""
        self._expiring.cancel()

    async def _expire(self) -> None:
        """Remove what has been kept for as long as it may be, at the start and then again."""
        try:
            await STATE.run(self.services.state.expire)
        except StateError as error:
            _log.error("What is old was not removed: %s", error)
        await LOOK_UPS.run(self.services.pictures.tidy)

    @app_commands.command(
        **PHRASES.command("privacy"),
        extras={ANYWHERE: True},
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        """Tell what is kept here, for how long, to the member alone."""
        language = self.services.catalogue.choose(interaction.locale)
        await show(interaction, self._told(interaction.guild_id, language))

    async def _told(self, server: int | None, language: Language) -> ui.LayoutView:
        words = PHRASES.of(language)
        guild = None if server is None else self.bot.get_guild(server)
        is_ours = guild is not None
        set_here = await self.services.server_settings.of(server if is_ours else None)
        settings = still_there(set_here, guild)
        questions = words.keeping if settings.keep_unanswered else words.not_keeping
        is_watching = is_ours and settings.watch_answers
        lines = [
            f"**{words.title}**",
            words.read,
            questions.format(days=KEPT_DAYS),
            *([words.watching.format(days=WATCHED_DAYS)] if is_watching else []),
            words.votes.format(tied=TIED_DAYS, days=VOTE_DAYS),
            words.votes_seen,
            *([words.people, words.people_kept] if settings.has_helpers else []),
            words.buttons,
            words.server,
            words.counts.format(days=COUNTS_KEPT_DAYS),
            words.log,
            words.forget,
        ]
        return containers.notice("\n".join(lines[:1] + [f"• {line}" for line in lines[1:]]))

    @app_commands.command(
        **PHRASES.command("forget_me"),
        extras={ANYWHERE: True},
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def forget_me(self, interaction: discord.Interaction[Any]) -> None:
        """Ask whether everything that is tied to the member is to be removed."""
        language = self.services.catalogue.choose(interaction.locale)
        await show(interaction, self._asked(interaction.user.id, language))

    async def _asked(self, member: int, language: Language) -> ui.LayoutView:
        words = PHRASES.of(language)
        votes = await STATE.run(self.services.state.feedback.tied_to, member)
        if not votes:
            return containers.notice(words.nothing_tied)
        text = words.forget_confirm.format(count=votes)
        row = ui.ActionRow[Any](containers.button(words.forget_yes, FORGET_ID))
        return containers.coloured(containers.RED, [ui.TextDisplay(text), row])
