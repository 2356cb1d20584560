"""What the buttons do. They go on working after a restart, for as long as their messages.

A click is recognised by its ``custom_id`` alone (see ``bot.ui.custom_ids``): nothing
is kept in memory or on disk between an answer and the clicks on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.features.articles.change_layout import change_layout, more_layout
from bot.features.articles.outline_layout import outline_layout
from bot.features.articles.passage_changes import article_at, change_of, is_outlived, quoted_beside
from bot.features.ask.explanation_layout import explanation_layout
from bot.features.lookups.list_pages import turned_page
from bot.features.sharing.share_buttons import DeleteButton, ShareButton
from bot.i18n.localisation import Language
from bot.i18n.phrases import Phrases
from bot.interactions.components import Component
from bot.services.registry import Services
from bot.ui import layouts
from bot.ui.custom_ids.listing import decode_listing
from bot.ui.custom_ids.reasons import decode_reasons
from bot.ui.custom_ids.references import Reference, Turn, decode, decode_page, decode_turn
from bot.ui.offers import kept_offers
from knowledge import Article, ArticleNotFound, Citation, KnowledgeBase

__all__ = [
    "BUTTONS",
    "ArticlePageButton",
    "ContextButton",
    "ListButton",
    "MoreButton",
    "OutlineButton",
    "WhyButton",
]


_Looked: TypeAlias = "tuple[Reference, Citation | None]"


def _look(knowledge: KnowledgeBase, references: Iterable[Reference]) -> list[_Looked]:
    """Return each passage narrowed to what was quoted, ``None`` where the articles lack it."""
    looked = [(reference, knowledge.passage(reference.passage)) for reference in references]
    return [(one, None if found is None else one.resolve(found)) for one, found in looked]


def _more(
    knowledge: KnowledgeBase, references: Iterable[Reference], phrases: Phrases
) -> ui.LayoutView:
    """Lay out the passages that there still are, and what became of the others."""
    looked = _look(knowledge, references)
    found = [citation for _, citation in looked if citation is not None]
    changes = [change_of(knowledge, one, None) for one, citation in looked if citation is None]
    return more_layout(found, changes, phrases)


def _in_context(
    knowledge: KnowledgeBase,
    reference: Reference,
    message: discord.Message | None,
    custom_id: str,
    phrases: Phrases,
) -> ui.LayoutView:
    """Lay out a passage in its article, or what became of it since ``message`` showed it."""
    found = knowledge.passage(reference.passage)
    try:
        article = None if found is None else knowledge.article(found.article)
    except ArticleNotFound:  # a reindex came between the two reads
        article = None
    if found is None or article is None:
        quoted = quoted_beside(message, custom_id)
        return change_layout(change_of(knowledge, reference, quoted), phrases)
    note = phrases.unchanged if is_outlived(message, knowledge) else None
    turn = Turn(found.paragraph)
    return layouts.context_layout(article, reference, turn, found.url, phrases, note)


def _article_of(knowledge: KnowledgeBase, reference: Reference) -> Article | None:
    """Return the article that a passage stands in, or stood in."""
    found = knowledge.passage(reference.passage)
    try:
        if found is not None:
            return knowledge.article(found.article)
    except ArticleNotFound:  # a reindex came between the two reads
        return None
    return article_at(knowledge, reference.place)


def _page(
    knowledge: KnowledgeBase, reference: Reference, turn: Turn, phrases: Phrases
) -> ui.LayoutView:
    """Lay out a page of an article, whatever became of the passage."""
    article = _article_of(knowledge, reference)
    if article is None or not article.paragraphs:
        gone = phrases.gone if reference.place is None else phrases.article_removed
        return layouts.notice(gone)
    return layouts.context_layout(article, reference, turn, article.url, phrases)


def _outline(
    knowledge: KnowledgeBase, reference: Reference, page: int, language: Language
) -> ui.LayoutView:
    article = _article_of(knowledge, reference)
    if article is None or not article.paragraphs:
        return layouts.notice(language.phrases.article_removed)
    return outline_layout(article, article.url, page, language)


async def _turn(
    interaction: discord.Interaction[Any],
    view: ui.LayoutView,
    language: Language,
    files: Sequence[discord.File] = (),
) -> None:
    """Put a page in the place of the one before, in a message of the clicker's own.

    ``files`` are what the page shows; those of the one before go.

    Nobody turns the page that somebody else has open: whoever did not ask for a message that all
    can see gets the page privately.
    """
    message = interaction.message
    asked = None if message is None else message.interaction_metadata
    is_theirs = message is None or message.flags.ephemeral or asked is None
    if is_theirs or (asked is not None and asked.user.id == interaction.user.id):
        view = kept_offers(view, message, language)
        await interaction.response.edit_message(view=view, attachments=files)
    else:
        await interaction.response.send_message(view=view, files=files, ephemeral=True)


class _Button(Component, template=r"(?!)"):
    """A button that shows something of the articles. Subclasses say what a click does."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Show what may be shown on this server."""
        knowledge = await services.bases.knowledge_for(interaction.guild_id)
        await self.respond(interaction, knowledge, language)

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Do what the button is for. Raises whatever goes wrong."""
        raise NotImplementedError


def _turns_for_all(interaction: discord.Interaction[Any]) -> bool:
    """Whether the page that is turned is one that all see."""
    message = interaction.message
    if message is None or message.flags.ephemeral:
        return False
    asked = message.interaction_metadata
    return asked is None or asked.user.id == interaction.user.id


class _PageTurner(_Button, template=r"(?!)"):
    """A button that turns pages, which keep the frame that they have."""

    async def act(
        self, interaction: discord.Interaction[Any], services: Services, language: Language
    ) -> None:
        """Turn it in the server's language where all see it, else in the clicker's."""
        if _turns_for_all(interaction):
            settings = await services.server_settings.of(interaction.guild_id)
            language = services.catalogue.choose(settings.language, interaction.locale)
        await super().act(interaction, services, language)


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
        view = await asyncio.to_thread(_more, knowledge, references, language.phrases)
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
        view = await asyncio.to_thread(
            _in_context,
            knowledge,
            reference,
            interaction.message,
            f"cx/{self.payload}",
            language.phrases,
        )
        await interaction.response.send_message(view=view, ephemeral=True)


class ArticlePageButton(_PageTurner, template=r"pg/(?P<payload>.*)"):
    """Turns the pages of an article."""

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Put another page of the article in the place of this one."""
        reference, turn = decode_turn(self.payload)
        view = await asyncio.to_thread(_page, knowledge, reference, turn, language.phrases)
        await _turn(interaction, view, language)


class OutlineButton(_PageTurner, template=r"ol/(?P<payload>.*)"):
    """Turns the pages of an article's outline."""

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Show another page of the sections."""
        reference, page = decode_page(self.payload)
        view = await asyncio.to_thread(_outline, knowledge, reference, page, language)
        await _turn(interaction, view, language)


class ListButton(_PageTurner, template=r"lu/(?P<payload>.*)"):
    """Turns the pages of a look-up, which is done anew."""

    async def respond(
        self,
        interaction: discord.Interaction[Any],
        knowledge: KnowledgeBase,
        language: Language,
    ) -> None:
        """Show another page of what there is now."""
        listing = decode_listing(self.payload)
        view, files = await turned_page(knowledge, listing, language)
        await _turn(interaction, view, language, files)


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
        looked = await asyncio.to_thread(_look, knowledge, references)
        runner_up = looked[0][1] if looked else None
        view = explanation_layout(reasons, runner_up, language.phrases)
        await interaction.response.send_message(view=view, ephemeral=True)


BUTTONS: tuple[type[Component], ...] = (
    MoreButton,
    ContextButton,
    ArticlePageButton,
    OutlineButton,
    ListButton,
    WhyButton,
    ShareButton,
    DeleteButton,
)
"""Every button, for the client to register."""
