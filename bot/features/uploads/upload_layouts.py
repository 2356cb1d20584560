"""What admins see of their server's articles: the list, what was read of an upload, questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.features.uploads.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.services.uploads import Upload
from bot.state.article_versions import EARLIER_DAYS, OFFER_HOURS, KeptArticle
from bot.ui import containers, markdown
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import ArticleSummary, Span

__all__ = [
    "PAGE_SIZE",
    "ArticleOverview",
    "accepted_layout",
    "batch_id",
    "batch_layout",
    "counts_line",
    "list_layout",
    "preview_layout",
    "removal_layout",
    "removed_layout",
    "title_of",
    "undo_id",
]


PAGE_SIZE = 12
_SECTIONS_SHOWN = 6
_FACTS_SHOWN = 5
_NOTES_SHOWN = 3
_LINE_ROOM = 160
_TITLES_SHOWN = 12
_BEGINNING_ROOM = 500


@dataclass(frozen=True, slots=True)
class ArticleOverview:
    """A server's own articles, and all that its members are answered from, by slug."""

    own: tuple[KeptArticle, ...]
    indexed: dict[str, ArticleSummary]

    @property
    def common(self) -> list[ArticleSummary]:
        """Everybody's articles."""
        mine = {one.slug for one in self.own}
        return [one for slug, one in self.indexed.items() if slug not in mine]


def undo_id(now: int | None, then: int | None) -> str:
    """Return the ``custom_id`` that puts version ``then`` in use in the place of ``now``."""
    return f"{Prefix.UNDO_CHANGE}/{now or 0}-{then or 0}"


def _count(template: str, number: int) -> str:
    return template.format(count=number)


def title_of(title: str) -> str:
    """Return a title as Markdown, cut where it is long."""
    return containers.short(title, containers.TITLE_ROOM)


def counts_line(upload: Upload, language: Language) -> str:
    """Return how much was read of a file."""
    words = PHRASES.of(language)
    counts = [
        _count(words.sections, len(upload.sections)),
        _count(words.paragraphs, upload.paragraphs),
        _count(words.facts, upload.facts),
        words.language.format(language=upload.language),
    ]
    return " · ".join(counts)


def preview_layout(
    offered: KeptArticle, upload: Upload, language: Language, *, is_second: bool = False
) -> ui.LayoutView:
    """Lay out what was read of a file, before it is put in use.

    ``is_second``: whether another article has its title.
    """
    words = PHRASES.of(language)
    head = [f"**{title_of(upload.title)}**", f"-# {counts_line(upload, language)}"]
    if is_second:
        head.append(f"-# {words.same_title}")
    beginning = markdown.excerpt(
        upload.beginning, _BEGINNING_ROOM, around=Span(0, 1), line_cost=len("> ")
    )
    children: list[ui.Item[Any]] = [
        ui.TextDisplay("\n".join(head)),
        ui.TextDisplay(markdown.quoted(beginning)),
    ]
    kinds = SHARED.commands(language)
    facts = [f"{kinds[f'kind.{kind.value}']} · {text}" for kind, text in upload.first_facts]
    for heading, lines, total, shown in (
        (words.sections_read, upload.sections, len(upload.sections), _SECTIONS_SHOWN),
        (words.facts_read, facts, upload.facts, _FACTS_SHOWN),
    ):
        if lines:
            children.append(ui.TextDisplay(_listed(heading, lines[:shown], total, language)))
    if upload.notes:
        heading, total = words.left_out, len(upload.notes)
        children.append(
            ui.TextDisplay(_listed(heading, upload.notes[:_NOTES_SHOWN], total, language))
        )
    children += [
        ui.TextDisplay(f"-# {words.waits.format(hours=OFFER_HOURS)}"),
        ui.ActionRow(
            ui.Button(
                label=words.index_it,
                custom_id=f"{Prefix.ACCEPT_UPLOAD}/{offered.id}",
                style=discord.ButtonStyle.primary,
            ),
            containers.button(words.cancel, f"{Prefix.CANCEL_UPLOAD}/{offered.id}"),
        ),
    ]
    return containers.coloured(containers.GREY, children)


def _listed(heading: str, lines: Sequence[str], total: int, language: Language) -> str:
    shown = [f"-# • {containers.short(line, _LINE_ROOM)}" for line in lines]
    if left := total - len(shown):
        shown.append(f"-# {SHARED.of(language).and_more.format(count=left)}")
    return "\n".join([f"**{heading}**", *shown])


def accepted_layout(
    article: KeptArticle, before: int | None, summary: ArticleSummary | None, language: Language
) -> ui.LayoutView:
    """Say that an article is in use; ``before``: the version that it has replaced."""
    words = PHRASES.of(language)
    said = words.added if before is None else words.replaced
    lines = [said.format(title=containers.short(article.title, containers.TITLE_ROOM))]
    if summary is not None:
        lines.append(f"-# {_count(words.paragraphs, summary.paragraphs)}")
    return _done(lines, undo_id(article.id, before), language)


def batch_id(batch: int) -> str:
    """Return the ``custom_id`` that takes articles that came together out of use again."""
    return f"{Prefix.UNDO_CHANGE}/b{batch}"


def batch_layout(articles: Sequence[KeptArticle], batch: int, language: Language) -> ui.LayoutView:
    """Say that articles are in use; ``batch``: the first of those that came together."""
    words = PHRASES.of(language)
    shown = [f"-# • {containers.short(one.title, _LINE_ROOM)}" for one in articles[:_TITLES_SHOWN]]
    if (left := len(articles) - len(shown)) > 0:
        shown.append(f"-# {SHARED.of(language).and_more.format(count=left)}")
    said = words.added_several.format(count=len(articles))
    return _done([said, *shown], batch_id(batch), language)


def removed_layout(article: KeptArticle, language: Language) -> ui.LayoutView:
    """Say that an article is out of use, and for how long it can be had back."""
    words = PHRASES.of(language)
    title = containers.short(article.title, containers.TITLE_ROOM)
    lines = [words.removed.format(title=title), f"-# {words.kept_days.format(days=EARLIER_DAYS)}"]
    return _done(lines, undo_id(None, article.id), language)


def _done(lines: Sequence[str], undo: str, language: Language) -> ui.LayoutView:
    row = ui.ActionRow(containers.button(PHRASES.of(language).undo, undo))
    return containers.coloured(containers.GREEN, [ui.TextDisplay("\n".join(lines)), row])


def removal_layout(article: KeptArticle, language: Language) -> ui.LayoutView:
    """Ask whether an article is to be removed."""
    words = PHRASES.of(language)
    title = containers.short(article.title, containers.TITLE_ROOM)
    row = ui.ActionRow(
        ui.Button(
            label=words.remove_it,
            custom_id=f"{Prefix.REMOVE_ARTICLE}/{article.id}",
            style=discord.ButtonStyle.danger,
        ),
        containers.button(words.keep_it, f"{Prefix.CANCEL_UPLOAD}/0"),
    )
    children: list[ui.Item[Any]] = [ui.TextDisplay(words.remove_sure.format(title=title)), row]
    return containers.coloured(containers.AMBER, children)


def list_layout(overview: ArticleOverview, page: int, language: Language) -> ui.LayoutView:
    """Lay out a page of the articles of a server, its own first; a page too far is the last."""
    words = PHRASES.of(language)
    lines = [_own_line(one, overview.indexed.get(one.slug), language) for one in overview.own]
    lines += [
        f"{containers.short(one.titles.get(language.code, one.title), _LINE_ROOM)}\n"
        f"-# {words.common} · {_count(words.paragraphs, one.paragraphs)}"
        for one in overview.common
    ]
    last = max(len(lines) - 1, 0) // PAGE_SIZE
    page = min(max(page, 0), last)
    heading = words.listed.format(own=len(overview.own), common=len(overview.common))
    children: list[ui.Item[Any]] = [ui.TextDisplay(f"**{heading}**")]
    if not overview.own:
        children.append(ui.TextDisplay(f"-# {words.none_yet}"))
    shown = lines[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    if shown:
        children += [ui.Separator(), ui.TextDisplay("\n".join(shown))]
    if last:
        shared, stem = SHARED.of(language), Prefix.OWN_ARTICLES_PAGE
        turning = ui.ActionRow[Any](
            containers.button(shared.previous, f"{stem}/{page - 1}", enabled=page > 0),
            containers.button(shared.next, f"{stem}/{page + 1}", enabled=page < last),
        )
        children += [ui.Separator(), turning]
    return containers.coloured(containers.GREY, children)


def _own_line(kept: KeptArticle, summary: ArticleSummary | None, language: Language) -> str:
    words = PHRASES.of(language)
    what = words.not_indexed if summary is None else _count(words.paragraphs, summary.paragraphs)
    # Discord writes the day as each reader's client does.
    since = words.since.format(day=f"<t:{int(kept.changed_at)}:d>")
    return f"{containers.short(kept.title, _LINE_ROOM)}\n-# {words.own} · {what} · {since}"
