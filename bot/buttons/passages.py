"""What the buttons do. They go on working after a restart, for as long as their messages.

A click is recognised by its ``custom_id`` alone (``bot.custom_ids`` says what is in one): nothing
is kept in memory or on disk between an answer and the clicks on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import ui

from bot import layouts
from bot.answering.acknowledging import in_time, say, turn
from bot.buttons.changes import article_at, change_of, is_outlived, quoted_beside
from bot.buttons.components import Component
from bot.buttons.sharing import DeleteButton, ShareButton
from bot.custom_ids.listing import decode_listing
from bot.custom_ids.reasons import decode_reasons
from bot.custom_ids.references import Reference, Turn, decode, decode_page, decode_turn
from bot.layouts.changes import change_layout, more_layout
from bot.layouts.explanation import explanation_layout
from bot.layouts.offers import kept_offers
from bot.layouts.outline import outline_layout
from bot.layouts.pages import list_page
from bot.localisation import Language
from bot.phrases import Phrases
from bot.threads import LOOK_UPS
from knowledge import Article, ArticleNotFound, Citation, KnowledgeBase

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = [
    "BUTTONS",
    "ContextButton",
    "ListButton",
    "MoreButton",
    "OutlineButton",
    "PageButton",
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


@dataclass(frozen=True, slots=True)
class _Made:
    """What a click shows, and the files in it."""

    view: ui.LayoutView
    files: Sequence[discord.File] = ()


class _Button(Component, template=r"(?!)"):
    """A button that shows something of the articles. Subclasses say what a click shows."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Show it privately to whoever clicked."""
        made = await in_time(interaction, self._made(interaction, bot, language))
        await say(interaction, made.view, made.files)

    async def _made(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> _Made:
        """Make it of what may be shown on this server."""
        knowledge = await bot.knowledge_for(interaction.guild_id)
        return await self.make(interaction, knowledge, language)

    async def make(
        self, interaction: discord.Interaction[Any], knowledge: KnowledgeBase, language: Language
    ) -> _Made:
        """Return what a click shows. Raises whatever goes wrong."""
        raise NotImplementedError


def _is_theirs(interaction: discord.Interaction[Any]) -> bool:
    """Whether a page is the clicker's to turn: nobody turns the page that somebody else has open.

    It is where they alone see it, or asked for it, or nobody did by a command or a click.
    """
    message = interaction.message
    if message is None or message.flags.ephemeral or message.interaction_metadata is None:
        return True
    return message.interaction_metadata.user.id == interaction.user.id


class _PageTurner(_Button, template=r"(?!)"):
    """A button that turns pages, which keep the frame that they have."""

    async def act(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> None:
        """Put a page in the place of the one before, or show it to whoever clicked alone."""
        is_theirs = _is_theirs(interaction)
        making = self._made(interaction, bot, language)
        made = await in_time(interaction, making, update=is_theirs)
        if is_theirs:
            view = kept_offers(made.view, interaction.message, language)
            await turn(interaction, view, made.files)
        else:
            await say(interaction, made.view, made.files)

    async def _made(
        self, interaction: discord.Interaction[Any], bot: SourcierBot, language: Language
    ) -> _Made:
        """Make it in the server's language where all see it, else in the clicker's."""
        message = interaction.message
        if message is not None and not message.flags.ephemeral and _is_theirs(interaction):
            settings = await bot.servers.settings(interaction.guild_id)
            language = bot.catalogue.choose(settings.language, interaction.locale)
        return await super()._made(interaction, bot, language)


class MoreButton(_Button, template=r"mo/(?P<payload>.*)"):
    """Shows further passages to whoever clicked."""

    async def make(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002 - all that is needed is in the button
        knowledge: KnowledgeBase,
        language: Language,
    ) -> _Made:
        """Return the passages."""
        references = decode(self.payload)
        return _Made(await LOOK_UPS.run(_more, knowledge, references, language.phrases))


class ContextButton(_Button, template=r"cx/(?P<payload>.*)"):
    """Shows a passage in its article to whoever clicked."""

    async def make(
        self, interaction: discord.Interaction[Any], knowledge: KnowledgeBase, language: Language
    ) -> _Made:
        """Return the passage with its neighbours."""
        reference = decode(self.payload)[0]
        view = await LOOK_UPS.run(
            _in_context,
            knowledge,
            reference,
            interaction.message,
            f"cx/{self.payload}",
            language.phrases,
        )
        return _Made(view)


class PageButton(_PageTurner, template=r"pg/(?P<payload>.*)"):
    """Turns the pages of an article."""

    async def make(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002
        knowledge: KnowledgeBase,
        language: Language,
    ) -> _Made:
        """Return another page of the article."""
        reference, to = decode_turn(self.payload)
        return _Made(await LOOK_UPS.run(_page, knowledge, reference, to, language.phrases))


class OutlineButton(_PageTurner, template=r"ol/(?P<payload>.*)"):
    """Turns the pages of an article's outline."""

    async def make(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002
        knowledge: KnowledgeBase,
        language: Language,
    ) -> _Made:
        """Return another page of the sections."""
        reference, page = decode_page(self.payload)
        return _Made(await LOOK_UPS.run(_outline, knowledge, reference, page, language))


class ListButton(_PageTurner, template=r"lu/(?P<payload>.*)"):
    """Turns the pages of a look-up, which is done anew."""

    async def make(
        self, interaction: discord.Interaction[Any], knowledge: KnowledgeBase, language: Language
    ) -> _Made:
        """Return another page of what there is now."""
        bot: SourcierBot = interaction.client
        listing = decode_listing(self.payload)
        return _Made(*await list_page(knowledge, listing, language, bot.pictures))


class WhyButton(_Button, template=r"wy/(?P<payload>.*)"):
    """Explains an answer to whoever clicked."""

    async def make(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002
        knowledge: KnowledgeBase,
        language: Language,
    ) -> _Made:
        """Return the reasons."""
        reasons = decode_reasons(self.payload)
        references = () if reasons.runner_up is None else (reasons.runner_up,)
        looked = await LOOK_UPS.run(_look, knowledge, references)
        runner_up = looked[0][1] if looked else None
        return _Made(explanation_layout(reasons, runner_up, language.phrases))


BUTTONS: tuple[type[Component], ...] = (
    MoreButton,
    ContextButton,
    PageButton,
    OutlineButton,
    ListButton,
    WhyButton,
    ShareButton,
    DeleteButton,
)
"""Every button, for the client to register."""
