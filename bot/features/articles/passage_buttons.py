"""What the buttons do. They go on working after a restart, for as long as their messages.

A click is recognised by its ``custom_id`` alone (see ``bot.ui.custom_ids``): nothing
is kept in memory or on disk between an answer and the clicks on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.features.articles.change_layout import change_layout, more_layout
from bot.features.articles.context_layout import context_layout
from bot.features.articles.outline_layout import outline_layout
from bot.features.articles.passage_changes import article_at, change_of, is_outlived, quoted_beside
from bot.features.articles.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.interactions.article_buttons import ArticleButton, PageTurner, Shown
from bot.services.threads import LOOK_UPS
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.references import Reference, Turn, decode, decode_page, decode_turn
from knowledge import Article, ArticleNotFound, Citation, KnowledgeBase

__all__ = [
    "ArticlePageButton",
    "ContextButton",
    "MoreButton",
    "OutlineButton",
]


_Looked: TypeAlias = "tuple[Reference, Citation | None]"


def _look(knowledge: KnowledgeBase, references: Iterable[Reference]) -> list[_Looked]:
    """Return each passage narrowed to what was quoted, ``None`` where the articles lack it."""
    looked = [(reference, knowledge.passage(reference.passage)) for reference in references]
    return [(one, None if found is None else one.resolve(found)) for one, found in looked]


def _more(
    knowledge: KnowledgeBase, references: Iterable[Reference], language: Language
) -> ui.LayoutView:
    """Lay out the passages that there still are, and what became of the others."""
    looked = _look(knowledge, references)
    found = [citation for _, citation in looked if citation is not None]
    changes = [change_of(knowledge, one, None) for one, citation in looked if citation is None]
    return more_layout(found, changes, language)


def _in_context(
    knowledge: KnowledgeBase,
    reference: Reference,
    message: discord.Message | None,
    custom_id: str,
    language: Language,
) -> ui.LayoutView:
    """Lay out a passage in its article, or what became of it since ``message`` showed it."""
    found = knowledge.passage(reference.passage)
    try:
        article = None if found is None else knowledge.article(found.article)
    except ArticleNotFound:  # a reindex came between the two reads
        article = None
    if found is None or article is None:
        quoted = quoted_beside(message, custom_id)
        return change_layout(change_of(knowledge, reference, quoted), language)
    note = PHRASES.of(language).unchanged if is_outlived(message, knowledge) else None
    turn = Turn(found.paragraph)
    return context_layout(article, reference, turn, found.url, language, note)


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
    knowledge: KnowledgeBase, reference: Reference, turn: Turn, language: Language
) -> ui.LayoutView:
    """Lay out a page of an article, whatever became of the passage."""
    article = _article_of(knowledge, reference)
    if article is None or not article.paragraphs:
        removed = PHRASES.of(language).article_removed
        gone = SHARED.of(language).gone if reference.place is None else removed
        return containers.notice(gone)
    return context_layout(article, reference, turn, article.url, language)


def _outline(
    knowledge: KnowledgeBase, reference: Reference, page: int, language: Language
) -> ui.LayoutView:
    article = _article_of(knowledge, reference)
    if article is None or not article.paragraphs:
        return containers.notice(PHRASES.of(language).article_removed)
    return outline_layout(article, article.url, page, language)


class MoreButton(ArticleButton, prefix=Prefix.MORE_PASSAGES):
    """Shows further passages to whoever clicked."""

    async def make(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002 - all that is needed is in the button
        knowledge: KnowledgeBase,
        language: Language,
    ) -> Shown:
        """Return the passages."""
        references = decode(self.payload)
        return Shown(await LOOK_UPS.run(_more, knowledge, references, language))


class ContextButton(ArticleButton, prefix=Prefix.IN_CONTEXT):
    """Shows a passage in its article to whoever clicked."""

    async def make(
        self, interaction: discord.Interaction[Any], knowledge: KnowledgeBase, language: Language
    ) -> Shown:
        """Return the passage with its neighbours."""
        reference = decode(self.payload)[0]
        view = await LOOK_UPS.run(
            _in_context,
            knowledge,
            reference,
            interaction.message,
            f"{Prefix.IN_CONTEXT}/{self.payload}",
            language,
        )
        return Shown(view)


class ArticlePageButton(PageTurner, prefix=Prefix.ARTICLE_PAGE):
    """Turns the pages of an article."""

    async def make(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002
        knowledge: KnowledgeBase,
        language: Language,
    ) -> Shown:
        """Return another page of the article."""
        reference, turn = decode_turn(self.payload)
        return Shown(await LOOK_UPS.run(_page, knowledge, reference, turn, language))


class OutlineButton(PageTurner, prefix=Prefix.OUTLINE_PAGE):
    """Turns the pages of an article's outline."""

    async def make(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002
        knowledge: KnowledgeBase,
        language: Language,
    ) -> Shown:
        """Return another page of the sections."""
        reference, page = decode_page(self.payload)
        return Shown(await LOOK_UPS.run(_outline, knowledge, reference, page, language))
