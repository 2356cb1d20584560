"""The files of a command: read, checked against what there is, offered to be confirmed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import discord
from discord import ui

from bot.features.reindex.reindex_report import progress_text
from bot.features.uploads import upload_layouts
from bot.features.uploads.phrases import PHRASES
from bot.features.uploads.upload_pages import (
    NOTHING,
    confirm_row,
    files_colour,
    files_pages,
    replacement_colour,
    replacement_pages,
    upload_page_id,
)
from bot.i18n.localisation import Language
from bot.i18n.refusals import Refused
from bot.interactions.progress_message import ProgressMessage
from bot.interactions.report_sending import first_page
from bot.services.article_checks import full, room_beside
from bot.services.article_service import ArticleService
from bot.services.registry import services_of
from bot.services.uploads import FileRead, Step, Upload, Uploads
from bot.state.article_versions import KeptArticle
from bot.ui import containers
from knowledge import ReindexProgress, fold

__all__ = ["Sent", "preview"]

_Interaction = discord.Interaction[Any]
_SEVERAL_REASONS = "refused_invalid_several"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a command was given: files, a title, and the article to be replaced."""

    files: Sequence[discord.Attachment]
    title: str | None = None
    instead: KeptArticle | None = None


async def preview(
    interaction: _Interaction, server: int, uploads: Uploads, sent: Sent
) -> ui.LayoutView:
    """Return what is shown of files before they are put in use, telling how far it is meanwhile.

    Raises Refused where there is one file and it is not taken, for one reason.
    """
    services = services_of(interaction)
    language = services.catalogue.choose(interaction.locale)
    async with ProgressMessage(interaction) as progress:
        told = partial(_tell, progress, language)
        async with aclosing(uploads.read(server, sent.files, sent.title, told)) as reading:
            checked = _checked(services.articles, server, reading, sent.instead)
            files = [one async for one in checked]
        read = [one.upload for one in files if one.upload is not None]
        alone = files[0].refused if len(files) == 1 else None
        if alone is not None and alone.key != _SEVERAL_REASONS:
            raise alone
        if sent.instead is not None and len(read) != 1 and len(read) == len(files):
            raise Refused("refused_one", count=len(read))
        if sent.instead is not None and len(read) == len(files):
            progress.tell(PHRASES.of(language).comparing)
            return await _replacement(interaction, read[0], sent.instead, progress, language)
        if len(files) == 1 and read:
            (offered,) = await services.articles.offer(server, read)
            is_second = files[0].has_namesake
            return upload_layouts.preview_layout(offered, read[0], language, is_second=is_second)
        what = NOTHING
        if read and sent.instead is None:
            first, *others = await services.articles.offer(server, read)
            what = f"b{first.id}" if others else str(first.id)
        is_left = sent.title is not None and len(read) > 1
        is_one_wanted = sent.instead is not None and len(files) > 1
        written = partial(files_pages, files, is_title_left=is_left, is_one_wanted=is_one_wanted)
        return await first_page(
            interaction,
            written,
            files_colour(files),
            partial(upload_page_id, what),
            partial(confirm_row, what),
        )


def _tell(progress: ProgressMessage, language: Language, step: Step) -> None:
    words = PHRASES.of(language)
    name = containers.short(step.name, containers.TITLE_ROOM)
    if not step.total:
        said = words.waiting
    elif step.total > 1:
        said = words.reading_several.format(done=step.done, total=step.total)
    elif step.is_fetching:
        said = words.fetching.format(name=name)
    else:
        said = words.reading.format(name=name)
    progress.tell(said)


async def _checked(
    service: ArticleService,
    server: int,
    reading: AsyncIterator[FileRead],
    instead: KeptArticle | None,
) -> AsyncIterator[FileRead]:
    """Yield what was read; what is here already, or finds no room, with the reason."""
    kept = await service.articles(server)
    articles, characters = room_beside(kept)
    namesakes = {fold(one.title) for one in kept}
    titles: dict[str, str] = {}
    async for one in reading:
        upload = one.upload
        if upload is None:
            yield one
            continue
        try:
            if instead is None and (articles < 1 or characters < upload.characters):
                raise full()
            if upload.words in titles:
                raise Refused("article_already", title=titles[upload.words])  # noqa: TRY301
            await service.require_new(server, upload, instead)
        except Refused as refused:
            yield replace(one, upload=None, refused=refused)
        else:
            articles, characters = articles - 1, characters - upload.characters
            titles[upload.words] = containers.short(upload.title, containers.TITLE_ROOM)
            title = fold(upload.title)
            yield replace(one, has_namesake=instead is None and title in namesakes)
            namesakes.add(title)


async def _replacement(
    interaction: _Interaction,
    upload: Upload,
    instead: KeptArticle,
    progress: ProgressMessage,
    language: Language,
) -> ui.LayoutView:
    """Show what the golden questions would say and what changes, with an offer that is kept."""
    service = services_of(interaction).articles

    def told(moment: ReindexProgress) -> None:
        progress.tell(progress_text(moment, language))

    (offered,) = await service.offer(instead.server, [upload], instead)
    try:
        report = await service.rehearse(offered, told)
    except BaseException:
        await service.withdraw(instead.server, [offered.id])
        raise
    if report is None:
        raise Refused("article_outdated")
    what = str(offered.id)
    return await first_page(
        interaction,
        partial(replacement_pages, offered, upload, instead, report),
        replacement_colour(report),
        partial(upload_page_id, what),
        partial(confirm_row, what),
    )
