"""What became of a passage that an old message shows, where the articles no longer have it.

A passage's id comes from its words, so that one that is gone was changed or removed. Its reference
says which article it stood in and where; what was quoted of it is in the message itself, above the
button that was clicked (``quoted_beside``). Both together tell which paragraph it has become.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

import discord
from discord.components import ActionRow, Container, SectionComponent, TextDisplay
from rapidfuzz import fuzz, process

from bot.ui import markdown
from bot.ui.custom_ids.references import Place, Reference, article_key
from knowledge import Article, ArticleNotFound, Citation, KnowledgeBase, Span

__all__ = ["Change", "Fate", "article_at", "change_of", "is_outlived", "quoted_beside"]

_LIKE = 70
"""The least likeness, of 100, of what was quoted to a paragraph that it has become."""

_MAX_COMPARED = 100_000
"""Characters, the nearest to where the passage stood, that it may have become: they are compared
in some tenths of a second."""


class Fate(Enum):
    """What became of a passage: its words were changed; they were removed; its whole article was;
    or it cannot be told which, since only its place is known, or not even that."""

    CHANGED = auto()
    REMOVED = auto()
    ARTICLE_REMOVED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Change:
    """The fate of a passage. ``now``: the paragraph that it has become (CHANGED), or that stands
    in its place (UNKNOWN). ``quoted``: what was shown of it, as Markdown, where that is known."""

    fate: Fate
    now: Citation | None = None
    quoted: str | None = None
    number: int | None = None


def article_at(knowledge: KnowledgeBase, place: Place | None) -> Article | None:
    """Return the article that a passage stood in, ``None`` where it is gone or not known."""
    if place is None:
        return None
    slugs = (one.slug for one in knowledge.articles() if article_key(one.slug) == place.article)
    try:
        return next((knowledge.article(slug) for slug in slugs), None)
    except ArticleNotFound:  # a reindex came between the two reads
        return None


def change_of(knowledge: KnowledgeBase, reference: Reference, quoted: str | None) -> Change:
    """Return what became of a passage that is gone; ``quoted``: Markdown from ``quoted_beside``."""
    place = reference.place
    if place is None:
        return Change(Fate.UNKNOWN, quoted=quoted)
    article = article_at(knowledge, place)
    if article is None:
        return Change(Fate.ARTICLE_REMOVED, None, quoted, place.number)
    if quoted is None:
        is_there = place.number <= len(article.paragraphs)
        now = _cited(knowledge, article, place.number - 1) if is_there else None
        return Change(Fate.UNKNOWN, now, None, place.number)
    found = _most_alike(article, place.number, markdown.plain(quoted))
    now = None if found is None else _cited(knowledge, article, *found)
    fate = Fate.REMOVED if now is None else Fate.CHANGED
    return Change(fate, now, quoted, place.number)


def is_outlived(message: discord.Message | None, knowledge: KnowledgeBase) -> bool:
    """Whether the index has changed since a message was last written."""
    built_at = knowledge.status().built_at
    if message is None or built_at is None:
        return False
    return (message.edited_at or message.created_at) < datetime.fromisoformat(built_at)


def _most_alike(article: Article, number: int, quoted: str) -> tuple[int, Span | None] | None:
    """Return the position of the paragraph most like a quotation, and the slice that is."""
    order = sorted(range(len(article.paragraphs)), key=lambda at: abs(at + 1 - number))
    texts: dict[int, str] = {}
    room = _MAX_COMPARED
    for at in order:
        texts[at] = article.paragraphs[at].text
        room -= len(texts[at])
        if room < 0:
            break
    # The nearest comes first among those alike.
    best = process.extractOne(quoted, texts, scorer=fuzz.partial_ratio, score_cutoff=_LIKE)
    if best is None:
        return None
    text, _, position = best
    aligned = fuzz.partial_ratio_alignment(quoted, text)
    if aligned is None or aligned.dest_start >= aligned.dest_end:
        return position, None
    return position, Span(aligned.dest_start, aligned.dest_end)


def _cited(
    knowledge: KnowledgeBase, article: Article, position: int, part: Span | None = None
) -> Citation | None:
    whole = knowledge.passage(article.paragraphs[position].id)
    if whole is None or part is None:
        return whole
    return Reference(whole.passage, part).resolve(whole)


def quoted_beside(message: discord.Message | None, custom_id: str) -> str | None:
    """Return the quotation that a button of a message belongs to, as Markdown: the last above it.

    ``None`` where the message shows none.
    """
    if message is None:
        return None
    quoted: str | None = None
    for component in _in_order(message.components):
        if isinstance(component, TextDisplay) and component.content.startswith("> "):
            quoted = component.content
        elif getattr(component, "custom_id", None) == custom_id:
            return quoted
    return None


def _in_order(components: Sequence[Any]) -> Iterator[Any]:
    for component in components:
        yield component
        if isinstance(component, (ActionRow, Container, SectionComponent)):
            yield from _in_order(component.children)
        if isinstance(component, SectionComponent):
            yield component.accessory
