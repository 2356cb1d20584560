"""``/articles``: those who manage a server's articles list, add, replace, remove, export them."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.features.uploads import upload_layouts
from bot.features.uploads.phrases import PHRASES
from bot.features.uploads.upload_buttons import (
    AcceptButton,
    CancelButton,
    ListPageButton,
    RemoveButton,
    UndoButton,
    UploadPageButton,
    overview_of,
)
from bot.features.uploads.upload_reading import Sent, preview
from bot.i18n.refusals import Refused
from bot.interactions.acknowledging import acknowledge, in_time, say
from bot.interactions.autocomplete import MAX_CHOICES, choice_name
from bot.interactions.feature import Feature
from bot.interactions.permissions import require_manager
from bot.interactions.replies import Reply, reply
from bot.services.registry import Services
from bot.services.uploads import Uploads
from bot.state import StateError
from bot.state.article_versions import KeptArticle
from knowledge import FACTS_SUFFIX, QUESTIONS_SUFFIX, fold

__all__ = ["UploadCommands"]

_log = logging.getLogger(__name__)

_MAX_TITLE = 200
_MAX_NAME = 300
_Interaction = discord.Interaction[Any]
_Declared = TypeVar("_Declared")
_Name = app_commands.Range[str, 1, _MAX_NAME]
_Title = app_commands.Range[str, 1, _MAX_TITLE]


_FURTHER = tuple(f"file_{number}" for number in range(2, 11))
"""The files that may be sent beside the first."""

_OPTIONS = {
    option: PHRASES.command(f"articles.{option}")
    for option in ("file", "newer", "title", "name", *_FURTHER)
}
_NAMES = {option: text["name"] for option, text in _OPTIONS.items()}
_HELP = {option: text["description"] for option, text in _OPTIONS.items()}


def _named(*options: str, **others: str) -> Callable[[_Declared], _Declared]:
    """Name and describe options of a command; ``others``: under other keys than their names."""
    keys = {**{option: option for option in options}, **others}

    def declare(command: _Declared) -> _Declared:
        named = app_commands.rename(**{option: _NAMES[key] for option, key in keys.items()})
        told = app_commands.describe(**{option: _HELP[key] for option, key in keys.items()})
        return told(named(command))

    return declare


class UploadCommands(Feature):
    """Lets a server keep articles that its members alone are answered from."""

    phrases = PHRASES
    articles = app_commands.Group(
        **PHRASES.command("articles"),
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
    )

    buttons = (
        AcceptButton,
        CancelButton,
        ListPageButton,
        RemoveButton,
        UndoButton,
        UploadPageButton,
    )

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        super().__init__(bot, services)
        self._uploads = Uploads()

    async def _server(self, interaction: _Interaction) -> int:
        """Return the server whose articles are to be managed. Raises Refused."""
        settings = await self.services.server_settings.of(interaction.guild_id)
        return require_manager(interaction, settings)

    @articles.command(**PHRASES.command("articles.list"))
    async def list(self, interaction: _Interaction) -> None:
        """List the articles that members here are answered from."""
        server = await self._server(interaction)
        language = self.services.catalogue.choose(interaction.locale)

        async def listed() -> Reply:
            overview = await overview_of(self.services, server)
            return Reply(upload_layouts.list_layout(overview, 0, language), language)

        await reply(interaction, listed(), private=True)

    @articles.command(**PHRASES.command("articles.add"))
    @_named("file", "title", *_FURTHER)
    async def add(
        self,
        interaction: _Interaction,
        file: discord.Attachment,
        title: _Title | None = None,
        file_2: discord.Attachment | None = None,
        file_3: discord.Attachment | None = None,
        file_4: discord.Attachment | None = None,
        file_5: discord.Attachment | None = None,
        file_6: discord.Attachment | None = None,
        file_7: discord.Attachment | None = None,
        file_8: discord.Attachment | None = None,
        file_9: discord.Attachment | None = None,
        file_10: discord.Attachment | None = None,
    ) -> None:
        """Show what is read of files, and of those in archives, to be confirmed."""
        further = (file_2, file_3, file_4, file_5, file_6, file_7, file_8, file_9, file_10)
        files = [file, *(one for one in further if one is not None)]
        server = await self._server(interaction)
        await self._preview(interaction, server, Sent(files, title))

    @articles.command(**PHRASES.command("articles.replace"))
    @_named("name", "title", file="newer")
    async def replace(
        self,
        interaction: _Interaction,
        name: _Name,
        file: discord.Attachment,
        title: _Title | None = None,
    ) -> None:
        """Show what changes with the file that is to replace an article, to be confirmed."""
        server = await self._server(interaction)
        instead = await in_time(interaction, self.services.articles.named(server, name))
        await self._preview(interaction, server, Sent([file], title, instead))

    async def _preview(self, interaction: _Interaction, server: int, sent: Sent) -> None:
        await acknowledge(interaction)
        view = await preview(interaction, server, self._uploads, sent)
        await interaction.edit_original_response(view=view)

    @articles.command(**PHRASES.command("articles.remove"))
    @_named("name")
    async def remove(self, interaction: _Interaction, name: _Name) -> None:
        """Ask whether an article is to be removed."""
        server = await self._server(interaction)
        article = await in_time(interaction, self.services.articles.named(server, name))
        language = self.services.catalogue.choose(interaction.locale)
        await say(interaction, upload_layouts.removal_layout(article, language))

    @articles.command(**PHRASES.command("articles.export"))
    @_named("name")
    async def export(self, interaction: _Interaction, name: _Name) -> None:
        """Give an article back as a Markdown file, with its facts and golden questions."""
        server = await self._server(interaction)

        async def exported() -> Sequence[discord.File]:
            article = await self.services.articles.named(server, name)
            text = await self.services.articles.text(article)
            named = ((".md", text.markdown), (FACTS_SUFFIX, text.facts))
            return [
                discord.File(io.BytesIO(said.encode()), f"{article.slug}{suffix}")
                for suffix, said in (*named, (QUESTIONS_SUFFIX, text.questions))
                if said
            ]

        files = await in_time(interaction, exported())
        if interaction.response.is_done():
            await interaction.edit_original_response(attachments=files)
        else:
            await interaction.response.send_message(files=files, ephemeral=True)

    @replace.autocomplete("name")
    @remove.autocomplete("name")
    @export.autocomplete("name")
    async def _names(self, interaction: _Interaction, text: str) -> list[app_commands.Choice[str]]:
        try:
            server = await self._server(interaction)
            return _choices(await self.services.articles.articles(server), text)
        except Refused:
            return []
        except StateError as error:  # a member who is typing is to see no error
            _log.warning("No articles were offered: %s", error)
            return []


def _choices(kept: tuple[KeptArticle, ...], text: str) -> list[app_commands.Choice[str]]:
    """Return the articles that have what was typed in their titles, those that begin so first.

    Those that share their title have their short names before it.
    """
    wanted = fold(text.strip())
    bearers = Counter(fold(one.title) for one in kept)
    found = [one for one in kept if wanted in fold(one.title) or one.slug == wanted]
    found.sort(key=lambda one: not fold(one.title).startswith(wanted))
    return [
        app_commands.Choice(
            name=choice_name(
                one.title if bearers[fold(one.title)] == 1 else f"{one.slug} · {one.title}"
            ),
            value=one.slug,
        )
        for one in found[:MAX_CHOICES]
    ]
