"""A message of ours with a mark below each quotation that the articles have overtaken.

A mark is a text with an id of its own in the message, which Discord keeps: what is marked already
is known by that, and a mark is replaced or taken away when the articles change again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from bot.features.articles.passage_changes import Change, Fate, change_of
from bot.features.watching.phrases import PHRASES
from bot.i18n.localisation import Catalogue, Language
from bot.i18n.phrases import SHARED
from bot.ui import containers, markdown, passages
from bot.ui.quotations import Quotation, quotations
from knowledge import Citation, KnowledgeBase, Span

__all__ = ["Changes", "Marked", "marked"]

_FIRST_ID = 7_101
_MAX_MARKS = 20
_MAX_KNOWN = 256

_MAX_TEXT, _MAX_COMPONENTS = 4_000, 40
"""What Discord allows in a message."""

_MOST, _LEAST = 600, 80
"""Characters of a mark, and of the new wording in it; with less than that it is left out."""

_SENTENCE_GAP = re.compile(r"(?<=[.!?…»”])\s+|\n+")
_WORD_GAP = re.compile(r"\s+")
_ITEMS_LEFT = re.compile(r"\s*… \+\d+$")


@dataclass(frozen=True, slots=True)
class Marked:
    """What is to be shown in the place of a message, ``None`` where it shows that already, and the
    passages that it quotes."""

    view: ui.LayoutView | None
    quoted: frozenset[str]


class Changes:
    """What became of quotations, each found out once for a version of its article: many messages
    quote the same, and comparing takes up to a tenth of a second, in which nothing else runs."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], Change | None] = {}

    def of(self, knowledge: KnowledgeBase, one: Quotation, version: str | None) -> Change | None:
        """Return what became of a quotation, ``None`` where its very words are still there.

        ``version``: at which its article lacks the passage (see ``Watched.seen``), if it is known.
        """
        if version is None:
            return _change(knowledge, one)
        key = (version, one.reference.passage, one.markdown)
        if key not in self._known:
            while len(self._known) >= _MAX_KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[key] = _change(knowledge, one)
        return self._known[key]


def marked(
    knowledge: KnowledgeBase,
    message: discord.Message,
    catalogue: Catalogue,
    changes: Changes,
    seen: Mapping[str, str | None],
) -> Marked:
    """Return a message of ours with the marks that the articles call for now. Blocks.

    ``seen``: by passage the version at which its article was found to lack it.
    """
    box = _box_of(message)
    if box is None:
        return Marked(None, frozenset())
    before = [one for one in box.children if _is_mark(one)]
    items = [one for one in box.children if not _is_mark(one)]
    colour = box.accent_colour
    shown = colour if isinstance(colour, discord.Colour) else containers.GREY
    quoted = quotations(containers.coloured(shown, items))
    became = [(one, changes.of(knowledge, one, seen.get(one.reference.passage))) for one in quoted]
    overtaken = [(one, change) for one, change in became if change is not None]
    texts = _texts(overtaken, items, catalogue)
    marks = [ui.TextDisplay[Any](text, id=_FIRST_ID + at) for at, text in enumerate(texts)]
    # From the end, so that what stands before keeps its place.
    for (one, _), mark in reversed(list(zip(overtaken, marks, strict=False))):
        items.insert(one.at + one.is_beside, mark)
    is_as_it_was = [_content(one) for one in before] == texts
    view = None if is_as_it_was else containers.coloured(shown, items)
    return Marked(view, frozenset(one.reference.passage for one in quoted))


def _box_of(message: discord.Message) -> ui.Container[Any] | None:
    """Return the box of a message, ``None`` where it has none, or files that belong to it."""
    children = ui.LayoutView.from_message(message).children
    if len(children) != 1 or message.attachments:
        return None
    (box,) = children
    return box if isinstance(box, ui.Container) else None


def _is_mark(item: ui.Item[Any]) -> bool:
    ids = range(_FIRST_ID, _FIRST_ID + _MAX_MARKS)
    return isinstance(item, ui.TextDisplay) and item.id in ids


def _content(item: ui.Item[Any]) -> str:
    return item.content if isinstance(item, ui.TextDisplay) else ""


def _change(knowledge: KnowledgeBase, one: Quotation) -> Change | None:
    if knowledge.passage(one.reference.passage) is not None:
        return None
    words = _ITEMS_LEFT.sub("", one.markdown)
    change = change_of(knowledge, one.reference, words)
    if change.fate is Fate.UNKNOWN:
        return None
    is_there = change.now is not None and _squeezed(words) in " ".join(change.now.text.split())
    return None if is_there else change


def _squeezed(quoted: str) -> str:
    return " ".join(markdown.plain(quoted).split())


def _texts(
    overtaken: Sequence[tuple[Quotation, Change]],
    items: Sequence[ui.Item[Any]],
    catalogue: Catalogue,
) -> list[str]:
    """Return the marks, as many as the message has room for and each as long as it has."""
    every = [item for one in items for item in _with_children(one)]
    left = _MAX_TEXT - sum(len(_content(one)) for one in every)
    count = min(len(overtaken), _MAX_MARKS, _MAX_COMPONENTS - 1 - len(every))
    texts: list[str] = []
    for position, (one, change) in enumerate(overtaken[: max(count, 0)]):
        room = min(left // (count - position), _MOST)
        text = _text(change, _language_of(one, catalogue), room)
        if len(text) > left:
            break
        texts.append(text)
        left -= len(text)
    return texts


def _with_children(item: ui.Item[Any]) -> list[ui.Item[Any]]:
    if isinstance(item, ui.Section):
        return [item, *item.children, item.accessory]
    return [item, *item.children] if isinstance(item, ui.ActionRow) else [item]


def _text(change: Change, language: Language, room: int) -> str:
    words = PHRASES.of(language)
    if change.fate is Fate.ARTICLE_REMOVED:
        return words.article_removed
    if change.now is None:
        return words.removed
    room -= len(words.changed) + len("\n> …  …")
    if room < _LEAST:
        return words.changed_see
    return f"{words.changed}\n{passages.quotation(_grown(change.now, room), room)}"


def _grown(now: Citation, room: int) -> Citation:
    """Return the part of a paragraph that a quotation has become, grown to whole sentences, or
    where these do not fit to whole words."""
    sentences = _grown_to(_SENTENCE_GAP, now)
    span = sentences if sentences.end - sentences.start <= room else _grown_to(_WORD_GAP, now)
    return replace(now, span=span, highlights=())


def _grown_to(gap: re.Pattern[str], now: Citation) -> Span:
    gaps = list(gap.finditer(now.text))
    start = max((one.end() for one in gaps if one.end() <= now.span.start), default=0)
    end = min((one.start() for one in gaps if one.start() >= now.span.end), default=len(now.text))
    return Span(start, end)


def _language_of(one: Quotation, catalogue: Catalogue) -> Language:
    """Return the language of a message's frame, by the label of the button at a quotation."""
    for language in catalogue.languages.values():
        words = SHARED.of(language)
        if one.label in (words.in_context, words.read):
            return language
    return catalogue.default
