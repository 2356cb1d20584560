"""What ``/article`` shows: the outline of an article, a button at each section to read it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from discord import ui

from bot.features.articles.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.ui import containers
from bot.ui.custom_ids.references import Place, Reference, context_id, outline_id
from knowledge import Article, Paragraph

__all__ = ["outline_layout", "reference_to"]

_SECTIONS_A_PAGE = 8
_HEADING_ROOM = 150
_BEGINNING_ROOM = 120


@dataclass(frozen=True, slots=True)
class _Part:
    """The paragraphs that stand under one heading, in a row; before the first it has no title."""

    title: str | None
    paragraphs: tuple[Paragraph, ...]


def reference_to(article: Article, number: int) -> Reference:
    """Return a reference to a paragraph as a whole; beyond the article, to its nearest one."""
    paragraphs = article.paragraphs
    paragraph = paragraphs[min(max(number, 1), len(paragraphs)) - 1]
    return Reference(paragraph.id, place=Place.of(article.slug, paragraph.number))


def _parts(article: Article) -> list[_Part]:
    return [
        _Part(article.section_of(first), (first, *rest))
        for _, (first, *rest) in groupby(article.paragraphs, key=lambda one: one.section)
    ]


def outline_layout(
    article: Article, url: str | None, page: int, language: Language
) -> ui.LayoutView:
    """Lay out a page (from 0; beyond the last one, the last) of the sections of an article."""
    shared, parts = SHARED.of(language), _parts(article)
    pages = -(-len(parts) // _SECTIONS_A_PAGE)
    page = min(max(page, 0), pages - 1)
    about = [containers.short(article.source, containers.TITLE_ROOM)] if article.source else []
    about += [language.day(article.published)] if article.published else []
    about.append(PHRASES.of(language).outline_paragraphs.format(count=len(article.paragraphs)))
    where = " · ".join(about)
    title = containers.linked_title(article.title, url)
    children: list[ui.Item[Any]] = [ui.TextDisplay(f"**{title}**\n-# {where}"), ui.Separator()]
    shown = parts[page * _SECTIONS_A_PAGE : (page + 1) * _SECTIONS_A_PAGE]
    children += [_section(article, part, language) for part in shown]
    if pages > 1:
        reference = reference_to(article, 1)
        before, after = outline_id(reference, max(page - 1, 0)), outline_id(reference, page + 1)
        children.append(
            ui.ActionRow(
                containers.button(shared.previous, before, enabled=page > 0),
                containers.button(shared.next, after, enabled=page + 1 < pages),
            )
        )
    return containers.coloured(containers.GREY, children)


def _section(article: Article, part: _Part, language: Language) -> ui.Section[Any]:
    first, last = part.paragraphs[0], part.paragraphs[-1]
    title = containers.short(part.title or PHRASES.of(language).outline_beginning, _HEADING_ROOM)
    numbers = containers.numbered(first.number, last.number)
    beginning = containers.short(first.text, _BEGINNING_ROOM)
    button = containers.button(
        SHARED.of(language).read, context_id(reference_to(article, first.number))
    )
    return ui.Section(f"**{title}**\n-# {numbers} · {beginning}", accessory=button)
