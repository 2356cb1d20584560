"""What members see of a passage that has changed or gone since it was shown to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from discord import ui

from bot.features.articles.passage_changes import Change, Fate
from bot.features.articles.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.ui import containers, passages
from knowledge import Citation

__all__ = ["change_layout", "more_layout"]

_NOW_ROOM = 1_200
_BESIDE_ROOM = 300
"""Characters of a paragraph as it is now: alone, and beside other passages."""

_LOCATOR_ROOM = 80


def more_layout(
    found: Sequence[Citation], changes: Sequence[Change], language: Language
) -> ui.LayoutView:
    """Lay out further passages that there still are, and what became of the others."""
    shown = {citation.passage for citation in found}
    further: list[list[ui.Item[Any]]] = []
    for change in changes:
        # A paragraph that is shown anyway has moved to that place: it is not what was changed.
        if change.now is not None and change.now.passage in shown:
            change = replace(change, now=None)
        elif change.now is not None:
            shown.add(change.now.passage)
        further.append(_items(change, language, _BESIDE_ROOM))
    if found:
        return passages.passages_layout(found, language, further)
    if len({change.fate for change in changes}) == 1 and not any(one.now for one in changes):
        return change_layout(changes[0], language)
    children: list[ui.Item[Any]] = []
    for items in further:
        children += [ui.Separator(), *items] if children else items
    return containers.coloured(containers.GREY, children)


def change_layout(change: Change, language: Language) -> ui.LayoutView:
    """Lay out what became of one passage: as it was quoted, and as it is now."""
    return containers.coloured(containers.GREY, _items(change, language, _NOW_ROOM))


def _items(change: Change, language: Language, room: int) -> list[ui.Item[Any]]:
    words = PHRASES.of(language)
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"**{_sentence(change, language)}**")]
    if change.quoted is not None:
        items += [ui.TextDisplay(f"-# {words.quoted_then}"), ui.TextDisplay(change.quoted)]
    if change.now is not None:
        items += [
            ui.TextDisplay(f"-# {_now(change, language)}"),
            ui.TextDisplay(passages.quotation(change.now, room)),
            ui.TextDisplay(passages.locator(change.now, _LOCATOR_ROOM)),
            ui.ActionRow(passages.context_button(change.now, language)),
        ]
    return items


def _now(change: Change, language: Language) -> str:
    words = PHRASES.of(language)
    if change.fate is Fate.CHANGED:
        return words.now
    return words.now_there.format(number=change.number)


def _sentence(change: Change, language: Language) -> str:
    words = PHRASES.of(language)
    return {
        Fate.CHANGED: words.changed,
        Fate.REMOVED: words.removed,
        Fate.ARTICLE_REMOVED: words.article_removed,
        Fate.UNKNOWN: SHARED.of(language).gone,
    }[change.fate]
