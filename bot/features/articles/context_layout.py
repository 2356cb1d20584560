"""A page of an article: a passage between its neighbours, and from there on to both ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.features.articles.stretches import Piece, Point, Stretch, Stretches
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.ui.containers import (
    GREY,
    ROOM,
    TITLE_ROOM,
    URL_ROOM,
    button,
    coloured,
    linked_title,
    numbered,
)
from bot.ui.custom_ids.references import Reference, Turn, page_id
from bot.ui.deep_links import deep_link
from knowledge import Article, Span

__all__ = ["context_layout"]

_WHERE_ROOM = 100
"""Characters of the line that says which paragraphs are shown, with a note beside them."""


def context_layout(
    article: Article,
    reference: Reference,
    turn: Turn,
    url: str | None,
    language: Language,
    note: str | None = None,
) -> ui.LayoutView:
    """Lay out a page of an article, with buttons that turn to what stands before and after it.

    The paragraph of ``reference`` has its highlights in bold, or its snippet where it has none.
    What the page does not hold is on the ones beside it. ``note`` stands beside the numbers.
    """
    stretches = Stretches(article, reference, ROOM - TITLE_ROOM - URL_ROOM - _WHERE_ROOM)
    stretch = _stretch(stretches, turn)
    start, end = stretch.start, stretch.end
    where = f"-# {numbered(start.number, end.number)} / {len(article.paragraphs)}"
    where += f" · {note}" if note else ""
    title = linked_title(article.title, _deep_link(url, reference, stretch.pieces), url)
    children: list[ui.Item[Any]] = [ui.TextDisplay(f"**{title}**\n{where}")]
    section: str | None = None
    for piece in stretch.pieces:
        heading = article.section_of(piece.paragraph)
        place = stretches.place(piece.paragraph, has_heading=heading != section)
        section = heading
        children += [
            ui.TextDisplay(place),
            ui.TextDisplay(stretches.shown(piece)),
            ui.Separator(visible=False),
        ]
    has_previous, has_next = not stretches.is_first(stretch), not stretches.is_last(stretch)
    if has_previous or has_next:
        previous = page_id(reference, Turn(start.number, start.offset, is_back=True))
        following = page_id(reference, Turn(end.number, end.offset))
        words = SHARED.of(language)
        children.append(
            ui.ActionRow(
                button(words.previous, previous, enabled=has_previous),
                button(words.next, following, enabled=has_next),
            )
        )
    return coloured(GREY, children)


def _stretch(stretches: Stretches, turn: Turn) -> Stretch:
    if turn.offset is None:
        return stretches.around(turn.number)
    point = Point(turn.number, turn.offset)
    return stretches.before(point) if turn.is_back else stretches.after(point)


def _deep_link(url: str | None, reference: Reference, shown: Sequence[Piece]) -> str | None:
    """Return the address that leads to what is cited, ``None`` where it is not shown."""
    if url is None:
        return None
    links = (
        deep_link(url, one.paragraph.text, reference.span or one.span)
        for one in shown
        if one.paragraph.id == reference.passage and _overlap(one.span, reference.span)
    )
    return next(links, None)


def _overlap(piece: Span, cited: Span | None) -> bool:
    return cited is None or (cited.start < piece.end and piece.start < cited.end)
