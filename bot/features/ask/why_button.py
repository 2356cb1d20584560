"""The button that says why an answer is as sure as it is."""

from __future__ import annotations

from typing import Any

import discord

from bot.features.ask.explanation_layout import explanation_layout
from bot.i18n.localisation import Language
from bot.interactions.article_buttons import ArticleButton, Shown
from bot.services.registry import services_of
from bot.services.threads import LOOK_UPS
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.reasons import decode_reasons
from bot.ui.custom_ids.references import Reference
from knowledge import Citation, KnowledgeBase, Strictness

__all__ = ["WhyButton"]


class WhyButton(ArticleButton, prefix=Prefix.WHY):
    """Explains an answer to whoever clicked."""

    async def make(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> Shown:
        """Return the reasons."""
        reasons = decode_reasons(self.payload)
        runner_up: Citation | None = None
        if reasons.runner_up is not None:
            runner_up = await LOOK_UPS.run(_look, knowledge, reasons.runner_up)
        reading = services_of(interaction).server_settings.of(interaction.guild_id)
        is_strict = (await reading).strictness is Strictness.STRICT
        return Shown(explanation_layout(reasons, runner_up, language, is_strict=is_strict))


def _look(knowledge: KnowledgeBase, reference: Reference) -> Citation | None:
    """Return a passage narrowed to what was quoted, ``None`` where the articles lack it."""
    found = knowledge.passage(reference.passage)
    return None if found is None else reference.resolve(found)
