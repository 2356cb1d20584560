"""``/unanswered``: what was asked in vain, to be answered by those who manage the articles."""

from __future__ import annotations

from typing import Any, ClassVar

import discord
from discord import app_commands

from bot.features.unanswered.answer_form import (
    ReplaceAnswerButton,
    WriteAnswerButton,
    take_answer,
)
from bot.features.unanswered.phrases import PHRASES
from bot.features.unanswered.unanswered_buttons import (
    ClearButton,
    SwitchOnButton,
    UnansweredPageButton,
    unanswered_page,
)
from bot.interactions.feature import Feature
from bot.interactions.forms import Form
from bot.interactions.replies import show
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["UnansweredQuestions"]


class UnansweredQuestions(Feature):
    """Shows what the articles lack, and takes answers."""

    phrases = PHRASES
    buttons = (
        UnansweredPageButton,
        ClearButton,
        SwitchOnButton,
        WriteAnswerButton,
        ReplaceAnswerButton,
    )
    forms: ClassVar = {Prefix.ANSWER_FORM: Form("an answer", take_answer)}

    @app_commands.command(**PHRASES.command("unanswered"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def unanswered(self, interaction: discord.Interaction[Any]) -> None:
        """Show what was asked in vain, the most frequent first, to whoever asks alone."""
        language = self.services.catalogue.choose(interaction.locale)
        await show(interaction, unanswered_page(self.services, interaction, 0, language))
