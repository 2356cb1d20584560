"""The buttons around a server's articles: to put an upload in use, to remove, to undo.

A click is recognised by its ``custom_id``: the number of a version, or ``b`` and that of the first
of several that came together. They are looked for among those of the server where somebody
clicked, and nowhere else.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import discord

from bot.features.reindex.reindex_report import progress_text
from bot.features.uploads import upload_layouts
from bot.features.uploads.phrases import PHRASES
from bot.features.uploads.upload_layouts import ArticleOverview
from bot.features.uploads.upload_pages import confirm_row, upload_page_id
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.i18n.refusals import Refused
from bot.interactions.acknowledging import in_time, say, turn
from bot.interactions.components import Component
from bot.interactions.permissions import require_manager
from bot.interactions.progress_message import ProgressMessage
from bot.services.article_service import Told
from bot.services.registry import Services
from bot.services.threads import LOOK_UPS, STATE
from bot.state.article_versions import KeptArticle
from bot.ui import containers
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.report_pages import read_page_id, report_page

__all__ = [
    "AcceptButton",
    "CancelButton",
    "ListPageButton",
    "RemoveButton",
    "UndoButton",
    "UploadPageButton",
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


def _batch_or_number(payload: str) -> tuple[bool, int]:
    """Return whether several that came together are meant, and the number of the first, or one."""
    return payload.startswith("b"), _number(payload.removeprefix("b"))


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

    @asynccontextmanager
    async def _indexing(
        self, interaction: _Interaction, language: Language
    ) -> AsyncGenerator[Told]:
        """Take the buttons away while the index is written, and tell how far that is."""
        view = containers.notice(PHRASES.of(language).indexing)
        await turn(interaction, view)
        self.is_announced = True
        async with ProgressMessage(interaction) as progress:
            yield lambda moment: progress.tell(progress_text(moment, language))
        self.has_changed = True


class AcceptButton(_UploadButton, prefix=Prefix.ACCEPT_UPLOAD, once=True):
    """Puts an upload in use."""

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Index the upload, or those that came together, and say so, with a way back."""
        batch, number = _batch_or_number(self.payload)
        async with self._indexing(interaction, language) as told:
            together = await services.articles.together(server, number) if batch else ()
            if batch and not together:
                raise Refused("article_outdated")
            identifiers = [one.id for one in together] if batch else [number]
            swaps = await services.articles.accept(server, identifiers, told)
        if batch:
            in_use = {now for _, now in swaps}
            articles = [one for one in together if one.id in in_use]
            view = upload_layouts.batch_layout(articles, number, language)
        else:
            article = await services.articles.version(server, number)
            view = await _accepted(services, article, swaps[0][0], language)
        await interaction.edit_original_response(view=view)


class CancelButton(_UploadButton, prefix=Prefix.CANCEL_UPLOAD):
    """Forgets an upload, or that something was to be removed."""

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Forget it and say so."""
        await in_time(interaction, self._withdraw(services, server), update=True)
        await turn(interaction, containers.notice(PHRASES.of(language).cancelled))

    async def _withdraw(self, services: Services, server: int) -> None:
        batch, number = _batch_or_number(self.payload)
        identifiers = [number]
        if batch:
            together = await services.articles.together(server, number)
            identifiers = [one.id for one in together]
        await services.articles.withdraw(server, identifiers)


class RemoveButton(_UploadButton, prefix=Prefix.REMOVE_ARTICLE, once=True):
    """Takes an article out of use."""

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Remove the article and say so, with a way back."""
        identifier = _number(self.payload)
        async with self._indexing(interaction, language) as told:
            await services.articles.swap(server, [(identifier, None)], told)
        article = await services.articles.version(server, identifier)
        view = upload_layouts.removed_layout(article, language)
        await interaction.edit_original_response(view=view)


class UndoButton(_UploadButton, prefix=Prefix.UNDO_CHANGE, once=True):
    """Puts back what was in use before."""

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Put it back, if nothing has changed since, and say so."""
        if self.payload.startswith("b"):
            await self._undo_several(interaction, services, server, language)
            return
        now, then = (_number(part) or None for part in (*self.payload.split("-"), "x")[:2])
        async with self._indexing(interaction, language) as told:
            await services.articles.swap(server, [(now, then)], told)
        if now is not None:
            await STATE.run(services.state.unanswered.bring_back, server, now)
        article = await services.articles.version(server, then or now or 0)
        title = containers.short(article.title, containers.TITLE_ROOM)
        words = PHRASES.of(language)
        said = words.undone_added if then is None else words.undone
        await interaction.edit_original_response(view=containers.notice(said.format(title=title)))

    async def _undo_several(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        _, number = _batch_or_number(self.payload)
        async with self._indexing(interaction, language) as told:
            together = await services.articles.together(server, number)
            if not together:
                raise Refused("article_outdated")
            await services.articles.swap(server, [(one.id, None) for one in together], told)
        said = PHRASES.of(language).undone_several.format(count=len(together))
        await interaction.edit_original_response(view=containers.notice(said))


class UploadPageButton(_UploadButton, prefix=Prefix.UPLOAD_PAGE, payload=r"b?\d{1,16}/[^/]+/\d+"):
    """Turns the pages of what is told of uploads, before they are confirmed."""

    async def change(
        self, interaction: _Interaction, services: Services, server: int, language: Language
    ) -> None:
        """Show another page, as long as the report is kept, in the clicker's language."""
        what, _, place = self.payload.partition("/")
        identifier, page = read_page_id(place)
        finding = STATE.run(services.state.reports.find, server, identifier)
        report = await in_time(interaction, finding, update=True)
        pages = None if report is None else report.pages.get(language.code)
        if report is None or not pages:
            await say(interaction, containers.notice(PHRASES.of(language).pages_gone))
            return
        page_id = partial(upload_page_id, what, identifier)
        colour, below = discord.Colour(report.colour), confirm_row(what, language)
        await turn(interaction, report_page(pages, page, page_id, colour, language, below))


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
