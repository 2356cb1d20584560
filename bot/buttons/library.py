"""The buttons around a server's articles: to put an upload in use, to remove, to undo.

A click is recognised by its ``custom_id``: the number of a version, which is looked for among
those of the server where somebody clicked, and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot import layouts
from bot.answering.acknowledging import in_time, turn
from bot.buttons.components import Component
from bot.custom_ids.references import MalformedReference
from bot.layouts import library as library_layouts
from bot.layouts.library import ACCEPT, CANCEL, LIST, REMOVE, UNDO, Shelf
from bot.localisation import Language
from bot.permissions import require_manager
from bot.refusals import Refused
from bot.state.articles import KeptArticle
from bot.threads import LOOK_UPS

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["LIBRARY_BUTTONS", "shelf_of"]

_Interaction = discord.Interaction[Any]
_MAX_NUMBER = 2**53


async def shelf_of(bot: SourcierBot, server: int) -> Shelf:
    """Return a server's own articles and what its members are answered from."""
    knowledge = await bot.knowledge_for(server)
    own = await bot.library.articles(server)
    indexed = await LOOK_UPS.run(knowledge.articles)
    return Shelf(own, {one.slug: one for one in indexed})


def _number(digits: str) -> int:
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 17 else -1
    if not 0 <= number < _MAX_NUMBER:
        raise MalformedReference(digits)
    return number


class _LibraryButton(Component, template=r"(?!)"):
    """A button for those who may manage the articles of the server where it is clicked."""

    has_changed = False
    """Whether what it is for has been done, so that only the telling of it is left."""

    is_announced = False
    """Whether the message tells of work, in the place of what it showed."""

    async def act(self, interaction: _Interaction, bot: SourcierBot, language: Language) -> None:
        """Check who clicked, then do what it is for."""
        reading = bot.servers.settings(interaction.guild_id)
        server = require_manager(interaction, await in_time(interaction, reading, update=True))
        try:
            await self.change(interaction, bot, server, language)
        except Exception as error:
            if not self.is_announced:
                raise
            # The message that told of work is to tell how it ended.
            is_refused = isinstance(error, Refused)
            words = language.library
            happened = words.outdated if self.has_changed else words.cancelled
            said = error.sentence(language) if is_refused else happened
            await interaction.edit_original_response(view=layouts.notice(said, layouts.RED))
            if not is_refused:
                raise

    async def change(
        self, interaction: _Interaction, bot: SourcierBot, server: int, language: Language
    ) -> None:
        """Do what it is for."""
        raise NotImplementedError

    async def _announce(self, interaction: _Interaction, language: Language) -> None:
        """Take the buttons away while the index is written, which takes a moment."""
        view = layouts.notice(language.library.indexing)
        await turn(interaction, view)
        self.is_announced = True


class AcceptButton(_LibraryButton, template=rf"{ACCEPT}/(?P<payload>.*)"):
    """Puts an upload in use."""

    async def change(
        self, interaction: _Interaction, bot: SourcierBot, server: int, language: Language
    ) -> None:
        """Index the upload and say so, with a way back."""
        identifier = _number(self.payload)
        await self._announce(interaction, language)
        before = await bot.library.accept(server, identifier)
        self.has_changed = True
        article = await bot.library.version(server, identifier)
        await interaction.edit_original_response(
            view=await _accepted(bot, article, before, language)
        )


class CancelButton(_LibraryButton, template=rf"{CANCEL}/(?P<payload>.*)"):
    """Forgets an upload, or that something was to be removed."""

    async def change(
        self, interaction: _Interaction, bot: SourcierBot, server: int, language: Language
    ) -> None:
        """Forget it and say so."""
        withdrawing = bot.library.withdraw(server, _number(self.payload))
        await in_time(interaction, withdrawing, update=True)
        await turn(interaction, layouts.notice(language.library.cancelled))


class RemoveButton(_LibraryButton, template=rf"{REMOVE}/(?P<payload>.*)"):
    """Takes an article out of use."""

    async def change(
        self, interaction: _Interaction, bot: SourcierBot, server: int, language: Language
    ) -> None:
        """Remove the article and say so, with a way back."""
        identifier = _number(self.payload)
        await self._announce(interaction, language)
        await bot.library.swap(server, identifier, None)
        self.has_changed = True
        article = await bot.library.version(server, identifier)
        view = library_layouts.removed_layout(article, language)
        await interaction.edit_original_response(view=view)


class UndoButton(_LibraryButton, template=rf"{UNDO}/(?P<payload>.*)"):
    """Puts back what was in use before."""

    async def change(
        self, interaction: _Interaction, bot: SourcierBot, server: int, language: Language
    ) -> None:
        """Put it back, if nothing has changed since, and say so."""
        now, then = (_number(part) or None for part in (*self.payload.split("-"), "x")[:2])
        await self._announce(interaction, language)
        await bot.library.swap(server, now, then)
        self.has_changed = True
        article = await bot.library.version(server, then or now or 0)
        title = layouts.short(article.title, layouts.TITLE_ROOM)
        words = language.library
        said = words.undone_added if then is None else words.undone
        await interaction.edit_original_response(view=layouts.notice(said.format(title=title)))


class ListPageButton(_LibraryButton, template=rf"{LIST}/(?P<payload>.*)"):
    """Turns the pages of the list of articles."""

    async def change(
        self, interaction: _Interaction, bot: SourcierBot, server: int, language: Language
    ) -> None:
        """Show another page of what there is now."""
        page = _number(self.payload)
        shelf = await in_time(interaction, shelf_of(bot, server), update=True)
        await turn(interaction, library_layouts.list_layout(shelf, page, language))


async def _accepted(
    bot: SourcierBot, article: KeptArticle, before: int | None, language: Language
) -> discord.ui.LayoutView:
    shelf = await shelf_of(bot, article.server)
    summary = shelf.indexed.get(article.slug)
    return library_layouts.accepted_layout(article, before, summary, language)


LIBRARY_BUTTONS = (AcceptButton, CancelButton, RemoveButton, UndoButton, ListPageButton)
"""Every button of this module, for the client to register."""
