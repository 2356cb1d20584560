"""The buttons around a server's articles: to put an upload in use, to remove, to undo.

A click is recognised by its ``custom_id``: the number of a version, which is looked for among
those of the server where somebody clicked, and nowhere else.
"""

from __future__ import annotations

from typing import Any

import discord

from bot.features.uploads import upload_layouts
from bot.features.uploads.phrases import PHRASES
from bot.features.uploads.upload_layouts import ArticleOverview
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.i18n.refusals import Refused
from bot.interactions.acknowledging import in_time, turn
from bot.interactions.components import Component
from bot.interactions.permissions import require_manager
from bot.services.registry import Services
from bot.services.threads import LOOK_UPS
from bot.state.article_versions import KeptArticle
from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix

__all__ = [
    "AcceptButton",
    "CancelButton",
    "ListPageButton",
    "RemoveButton",
    "UndoButton",
    "overview_of",
]

_Interaction = discord.Interaction[Any]
_MAX_NUMBER = 2**53


async def overview_of(services: Services, server: int) -> ArticleOverview:
    """Return a server's own articles and what its members are answered from."""
    knowledge = await services.bases.knowledge_for(server)
    own = await services.articles.articles(server)
    indexed = await LOOK_UPS.run(knowledge.articles)
    return ArticleOverview(own, {one.slug: one for one in indexed})


def _number(digits: str) -> int:
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 17 else -1
    if not 0 <= number < _MAX_NUMBER:
        raise MalformedReference(digits)
    return number


class _UploadButton(Component):
    """A button for those who may manage the articles of the server where it is clicked."""

    has_changed = False
    """Whether what it is for has been done, so that only the telling of it is left."""

    is_announced = False
    """Whether the message tells of work, in the place of what it showed."""

    async def act(self, interaction: _Interaction, services: Services, language: Language) -> None:
        """Check who clicked, then do what it is for."""
        reading = services.server_settings.of(interaction.guild_id)
        server = require_manager(interaction, await in_time(interaction, reading, update=True))
        try:
            await self.change(interaction, services, server, language)
        except Exception as error:
            if not self.is_announced:
                raise
            # The message that told of work is to tell how it ended.
            is_refused = isinstance(error, Refused)
            if self.has_changed:
                happened = SHARED.of(language).article_outdated
            else:
                happened = PHRASES.of(language).cancelled
            said = error.sentence(language) if is_refused else happened
            await interaction.edit_original_response(view=containers.notice(said, containers.RED))
            if not is_refused:
                raise

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Do what it is for."""
        raise NotImplementedError

    async def _announce(self, interaction: _Interaction, language: Language) -> None:
        """Take the buttons away while the index is written, which takes a moment."""
        view = containers.notice(PHRASES.of(language).indexing)
        await turn(interaction, view)
        self.is_announced = True


class AcceptButton(_UploadButton, prefix=Prefix.ACCEPT_UPLOAD):
    """Puts an upload in use."""

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Index the upload and say so, with a way back."""
        identifier = _number(self.payload)
        await self._announce(interaction, language)
        before = await services.articles.accept(server, identifier)
        self.has_changed = True
        article = await services.articles.version(server, identifier)
        await interaction.edit_original_response(
            view=await _accepted(services, article, before, language)
        )


class CancelButton(_UploadButton, prefix=Prefix.CANCEL_UPLOAD):
    """Forgets an upload, or that something was to be removed."""

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Forget it and say so."""
        withdrawing = services.articles.withdraw(server, _number(self.payload))
        await in_time(interaction, withdrawing, update=True)
        await turn(interaction, containers.notice(PHRASES.of(language).cancelled))


class RemoveButton(_UploadButton, prefix=Prefix.REMOVE_ARTICLE):
    """Takes an article out of use."""

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Remove the article and say so, with a way back."""
        identifier = _number(self.payload)
        await self._announce(interaction, language)
        await services.articles.swap(server, identifier, None)
        self.has_changed = True
        article = await services.articles.version(server, identifier)
        view = upload_layouts.removed_layout(article, language)
        await interaction.edit_original_response(view=view)


class UndoButton(_UploadButton, prefix=Prefix.UNDO_CHANGE):
    """Puts back what was in use before."""

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Put it back, if nothing has changed since, and say so."""
        now, then = (_number(part) or None for part in (*self.payload.split("-"), "x")[:2])
        await self._announce(interaction, language)
        await services.articles.swap(server, now, then)
        self.has_changed = True
        article = await services.articles.version(server, then or now or 0)
        title = containers.short(article.title, containers.TITLE_ROOM)
        words = PHRASES.of(language)
        said = words.undone_added if then is None else words.undone
        await interaction.edit_original_response(view=containers.notice(said.format(title=title)))


class ListPageButton(_UploadButton, prefix=Prefix.OWN_ARTICLES_PAGE):
    """Turns the pages of the list of articles."""

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Show another page of what there is now."""
        page = _number(self.payload)
        overview = await in_time(interaction, overview_of(services, server), update=True)
        await turn(interaction, upload_layouts.list_layout(overview, page, language))


async def _accepted(
    services: Services, article: KeptArticle, before: int | None, language: Language
) -> discord.ui.LayoutView:
    overview = await overview_of(services, article.server)
    summary = overview.indexed.get(article.slug)
    return upload_layouts.accepted_layout(article, before, summary, language)
