"""``/article``: the outline of an article, or one of its paragraphs between its neighbours."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.features.articles.article_names import ArticleNames
from bot.features.articles.context_layout import context_layout
from bot.features.articles.outline_layout import outline_layout, reference_to
from bot.features.articles.passage_buttons import (
    ArticlePageButton,
    ContextButton,
    MoreButton,
    OutlineButton,
)
from bot.features.articles.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.interactions.autocomplete import offered
from bot.interactions.command_declaration import look_up
from bot.interactions.feature import Feature
from bot.interactions.replies import Reply, manner_of, reply
from bot.services.registry import Services
from bot.services.threads import LOOK_UPS
from bot.ui import containers
from bot.ui.custom_ids.references import Turn
from knowledge import ArticleNotFound, KnowledgeBase

__all__ = ["Articles"]

_MAX_NAME = 300
_MAX_NUMBER = 1_000_000
_NAMED = 5
"""Titles that are named where none is meant."""


class Articles(Feature):
    """Shows whole articles."""

    phrases = PHRASES
    buttons = (ArticlePageButton, ContextButton, MoreButton, OutlineButton)

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        super().__init__(bot, services)
        self._names: WeakKeyDictionary[KnowledgeBase, ArticleNames] = WeakKeyDictionary()

    def _names_of(self, knowledge: KnowledgeBase) -> ArticleNames:
        """Return the titles of a base, which are remembered for as long as it is open."""
        return self._names.setdefault(knowledge, ArticleNames(knowledge))

    @look_up(PHRASES, "article", name="article.name_of", paragraph="article.paragraph")
    async def article(
        self,
        interaction: discord.Interaction[Any],
        name: app_commands.Range[str, 1, _MAX_NAME],
        paragraph: app_commands.Range[int, 1, _MAX_NUMBER] | None = None,
        private: bool | None = None,  # noqa: FBT001 - an option of a command
    ) -> None:
        """Show the sections of an article, or jump to one of its paragraphs."""
        manner = await manner_of(interaction, private)
        made = self._reply(interaction.guild_id, name, paragraph, manner.language)
        await reply(interaction, made, private=manner.private)

    @article.autocomplete("name")
    async def _titles(
        self, interaction: discord.Interaction[Any], text: str
    ) -> list[app_commands.Choice[str]]:
        language = self.services.catalogue.choose(interaction.locale)

        def choose(knowledge: KnowledgeBase) -> list[app_commands.Choice[str]]:
            return self._names_of(knowledge).choices(text, language)

        return await offered(interaction, choose)

    async def _reply(
        self, server: int | None, name: str, number: int | None, language: Language
    ) -> Reply:
        knowledge = await self.services.bases.knowledge_for(server)
        names = self._names_of(knowledge)
        view = await LOOK_UPS.run(_shown, knowledge, names, name, number, language)
        return Reply(view, language)


def _shown(
    knowledge: KnowledgeBase,
    names: ArticleNames,
    name: str,
    number: int | None,
    language: Language,
) -> ui.LayoutView:
    slug, near = names.find(name.strip())
    try:
        article = None if slug is None else knowledge.article(slug)
    except ArticleNotFound:  # a reindex came in between
        article = None
    if article is None or not article.paragraphs:
        lines = [PHRASES.of(language).no_article]
        titles = [containers.short(one.title, containers.TITLE_ROOM) for one in near[:_NAMED]]
        lines += [f"-# • {title}" for title in titles]
        return containers.notice("\n".join(lines))
    if number is None:
        return outline_layout(article, article.url, 0, language)
    reference = reference_to(article, number)
    turn = Turn(number)
    return context_layout(article, reference, turn, article.url, language)
