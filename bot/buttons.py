"""What the buttons do. They go on working after a restart, for as long as their messages.

A click is recognised by its ``custom_id`` alone (``bot.references`` says what is in one): nothing
is kept in memory or on disk between an answer and the clicks on it.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot import layouts
from bot.explanation import explanation_layout
from bot.failures import fail_interaction, tell_privately
from bot.localisation import Language
from bot.reasons import decode_reasons
from bot.references import MalformedReference, Reference, decode, decode_page
from knowledge.base import KnowledgeBase
from knowledge.errors import ArticleNotFound
from knowledge.model import Citation

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["BUTTONS", "ContextButton", "MoreButton", "PageButton", "WhyButton"]


def _found(knowledge: KnowledgeBase, references: tuple[Reference, ...]) -> list[Citation]:
    """Return the passages that the articles still have, narrowed to what was quoted."""
    paragraphs = [(reference, knowledge.passage(reference.passage)) for reference in references]
    return [reference.resolve(found) for reference, found in paragraphs if found is not None]


def _in_context(
    knowledge: KnowledgeBase, reference: Reference, number: int | None, language: Language
) -> ui.LayoutView:
    """Lay out a passage's article around paragraph ``number`` (default: the passage's own)."""
    found = knowledge.passage(reference.passage)
    try:
        article = None if found is None else knowledge.article(found.article)
    except ArticleNotFound:  # a reindex came between the two reads
        article = None
    if found is None or article is None:
        return layouts.notice(language.phrases.gone)
    centre = found.paragraph if number is None else number
    return layouts.context_layout(article, reference, centre, found.url, language.phrases)


class _Button(ui.DynamicItem[ui.Button[Any]], template=r"(?!)"):
    """A button known by its ``custom_id``. Subclasses say what a click does.

    discord.py logs what a dynamic item raises and tells nobody, so that errors are ended here.
    """

    def __init__(self, item: ui.Button[Any], payload: str) -> None:
        super().__init__(item)
        self.payload = payload

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py's signature
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Take over the button of a message that was clicked."""
        assert isinstance(item, ui.Button)  # noqa: S101 - only buttons carry these ids
        return cls(item, match["payload"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a click, or say what went wrong."""
        bot: SourcierBot = interaction.client
        language = bot.catalogue.choose(interaction.locale)
        try:
            await self.respond(interaction, bot.knowledge, language)
        except MalformedReference:
            await tell_privately(interaction, layouts.notice(language.phrases.old_button))
        except Exception as error:  # noqa: BLE001 - the last stop before discord.py's silence
            await fail_interaction(interaction, error, f"button {type(self).__name__}")

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Do what the button is for. Raises whatever goes wrong."""
        raise NotImplementedError


class MoreButton(_Button, template=r"mo/(?P<payload>.*)"):
    """Shows further passages to whoever clicked."""

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Send the passages privately."""
        references = decode(self.payload)
        found = await asyncio.to_thread(_found, knowledge, references)
        if found:
            incomplete = len(found) < len(references)
            view = layouts.passages_layout(found, language.phrases, incomplete=incomplete)
        else:
            view = layouts.notice(language.phrases.gone)
        await interaction.response.send_message(view=view, ephemeral=True)


class ContextButton(_Button, template=r"cx/(?P<payload>.*)"):
    """Shows a passage in its article to whoever clicked."""

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Send the passage with its neighbours privately."""
        reference = decode(self.payload)[0]
        view = await asyncio.to_thread(_in_context, knowledge, reference, None, language)
        await interaction.response.send_message(view=view, ephemeral=True)


class PageButton(_Button, template=r"pg/(?P<payload>.*)"):
    """Turns the pages of an article in a message that only its reader sees."""

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Put another page of the article in the place of this one."""
        reference, number = decode_page(self.payload)
        view = await asyncio.to_thread(_in_context, knowledge, reference, number, language)
        await interaction.response.edit_message(view=view)


class WhyButton(_Button, template=r"wy/(?P<payload>.*)"):
    """Explains an answer to whoever clicked."""

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Send the reasons privately."""
        reasons = decode_reasons(self.payload)
        references = () if reasons.runner_up is None else (reasons.runner_up,)
        found = await asyncio.to_thread(_found, knowledge, references)
        view = explanation_layout(reasons, found[0] if found else None, language.phrases)
        await interaction.response.send_message(view=view, ephemeral=True)


BUTTONS: tuple[type[_Button], ...] = (MoreButton, ContextButton, PageButton, WhyButton)
"""Every button, for the client to register."""
