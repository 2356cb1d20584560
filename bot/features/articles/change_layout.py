"""What members see of a passage that has changed or gone since it was shown to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from discord import ui

from bot.features.articles.passage_changes import Change, Fate
from bot.i18n.phrases import Phrases
from bot.ui import containers, passages
from knowledge import Citation

__all__ = ["change_layout", "more_layout"]

_NOW_ROOM = 1_200
_BESIDE_ROOM = 300
"""Characters of a paragraph as it is now: alone, and beside other passages."""

_LOCATOR_ROOM = 80


def more_layout(
    found: Sequence[Citation], changes: Sequence[Change], phrases: Phrases
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
        further.append(_items(change, phrases, _BESIDE_ROOM))
    if found:
        return passages.passages_layout(found, phrases, further)
    if len({change.fate for change in changes}) == 1 and not any(one.now for one in changes):
        return change_layout(changes[0], phrases)
    children: list[ui.Item[Any]] = []
    for items in further:
        children += [ui.Separator(), *items] if children else items
    return containers.coloured(containers.GREY, children)


def change_layout(change: Change, phrases: Phrases) -> ui.LayoutView:
    """Lay out what became of one passage: as it was quoted, and as it is now."""
    return containers.coloured(containers.GREY, _items(change, phrases, _NOW_ROOM))


def _items(change: Change, phrases: Phrases, room: int) -> list[ui.Item[Any]]:
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"**{_sentence(change, phrases)}**")]
    if change.quoted is not None:
        items += [ui.TextDisplay(f"-# {phrases.quoted_then}"), ui.TextDisplay(change.quoted)]
    if change.now is not None:
        items += [
            ui.TextDisplay(f"-# {_now(change, phrases)}"),
            ui.TextDisplay(passages.quotation(change.now, room)),
            ui.TextDisplay(passages.locator(change.now, _LOCATOR_ROOM)),
            ui.ActionRow(passages.context_button(change.now, phrases)),
        ]
    return items


def _now(change: Change, phrases: Phrases) -> str:
    if change.fate is Fate.CHANGED:
        return phrases.now
    return phrases.now_there.format(number=change.number)


def _sentence(change: Change, phrases: Phrases) -> str:
    return {
        Fate.CHANGED: phrases.changed,
        Fate.REMOVED: phrases.removed,
        Fate.ARTICLE_REMOVED: phrases.article_removed,
        Fate.UNKNOWN: phrases.gone,
    }[change.fate]
