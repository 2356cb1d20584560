"""``/articles``: those who manage a server's articles list, add, replace, remove, export them."""

from __future__ import annotations

import io
import logging
from collections import Counter
from typing import Any

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
    overview_of,
)
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
from knowledge import fold

__all__ = ["UploadCommands"]

_log = logging.getLogger(__name__)

_MAX_TITLE = 200
_MAX_NAME = 300
_Interaction = discord.Interaction[Any]
_Name = app_commands.Range[str, 1, _MAX_NAME]
_Title = app_commands.Range[str, 1, _MAX_TITLE]


_OPTIONS = {option: PHRASES.command(f"articles.{option}") for option in ("file", "title", "name")}
_NAMES = {option: text["name"] for option, text in _OPTIONS.items()}
_HELP = {option: text["description"] for option, text in _OPTIONS.items()}


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

    buttons = (AcceptButton, CancelButton, ListPageButton, RemoveButton, UndoButton)

    def __init__(self, bot: commands.Bot, services: Services) -> None:
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
    @app_commands.rename(file=_NAMES["file"], title=_NAMES["title"])
    @app_commands.describe(file=_HELP["file"], title=_HELP["title"])
    async def add(
        self, interaction: _Interaction, file: discord.Attachment, title: _Title | None = None
    ) -> None:
        """Show what is read of a file, to be confirmed."""
        server = await self._server(interaction)
        await self._preview(interaction, server, file, title, None)

    @articles.command(**PHRASES.command("articles.replace"))
    @app_commands.rename(name=_NAMES["name"], file=_NAMES["file"], title=_NAMES["title"])
    @app_commands.describe(name=_HELP["name"], file=_HELP["file"], title=_HELP["title"])
    async def replace(
        self,
        interaction: _Interaction,
        name: _Name,
        file: discord.Attachment,
        title: _Title | None = None,
    ) -> None:
        """Show what is read of the file that is to replace an article, to be confirmed."""
        server = await self._server(interaction)
        instead = await in_time(interaction, self.services.articles.named(server, name))
        await self._preview(interaction, server, file, title, instead)

    async def _preview(
        self,
        interaction: _Interaction,
        server: int,
        file: discord.Attachment,
        title: str | None,
        instead: KeptArticle | None,
    ) -> None:
        await acknowledge(interaction)
        language = self.services.catalogue.choose(interaction.locale)
        service = self.services.articles
        upload = await self._uploads.read(server, file, title)
        await service.require_new(server, upload, instead)
        is_second = instead is None and await service.has_namesake(server, upload)
        kept = await service.offer(server, upload, instead)
        view = upload_layouts.preview_layout(kept, upload, instead, language, is_second=is_second)
        await interaction.edit_original_response(view=view)

    @articles.command(**PHRASES.command("articles.remove"))
    @app_commands.rename(name=_NAMES["name"])
    @app_commands.describe(name=_HELP["name"])
    async def remove(self, interaction: _Interaction, name: _Name) -> None:
        """Ask whether an article is to be removed."""
        server = await self._server(interaction)
        article = await in_time(interaction, self.services.articles.named(server, name))
        language = self.services.catalogue.choose(interaction.locale)
        await say(interaction, upload_layouts.removal_layout(article, language))

    @articles.command(**PHRASES.command("articles.export"))
    @app_commands.rename(name=_NAMES["name"])
    @app_commands.describe(name=_HELP["name"])
    async def export(self, interaction: _Interaction, name: _Name) -> None:
        """Give an article back as a Markdown file."""
        server = await self._server(interaction)

        async def exported() -> discord.File:
            article = await self.services.articles.named(server, name)
            text = await self.services.articles.text(article)
            return discord.File(io.BytesIO(text.encode()), f"{article.slug}.md")

        file = await in_time(interaction, exported())
        if interaction.response.is_done():
            await interaction.edit_original_response(attachments=[file])
        else:
            await interaction.response.send_message(file=file, ephemeral=True)

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
