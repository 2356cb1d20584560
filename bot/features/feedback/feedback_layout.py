"""What admins see of members' votes: the passages that did not help, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from discord import ui

from bot.features.feedback.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.state.feedback import CastVote, Vote
from bot.ui import containers, passages
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.references import Reference, context_id
from knowledge import Citation, KnowledgeBase, Verdict

__all__ = ["PAGE_SIZE", "opinions_id", "opinions_layout"]

PAGE_SIZE = 4
"""Passages a page."""

_REASONS = 3
_REASON_ROOM = 220
_ROOM = 320
"""Characters of a passage, and of a reason: four of each with their places fit a message."""


@dataclass(slots=True)
class _Opinion:
    """The votes on answers that quoted a passage first, or that nearest to it said nothing."""

    passage: str | None
    was_shown: bool
    up: int = 0
    down: int = 0
    reasons: list[str] = field(default_factory=list[str])


def _opinions(votes: Iterable[CastVote]) -> list[_Opinion]:
    """Gather votes by passage: those with a 👎, the most of these first."""
    gathered: dict[tuple[str | None, bool], _Opinion] = {}
    for vote in votes:
        passage = vote.passages[0] if vote.passages else None
        was_shown = vote.verdict is not Verdict.UNANSWERED
        key = passage, was_shown
        opinion = gathered.setdefault(key, _Opinion(passage, was_shown))
        if vote.vote is Vote.UP:
            opinion.up += 1
        else:
            opinion.down += 1
            opinion.reasons += [vote.reason] if vote.reason else []
    disliked = [opinion for opinion in gathered.values() if opinion.down]
    return sorted(disliked, key=lambda opinion: (-opinion.down, opinion.up))


def opinions_id(page: int) -> str:
    """Return the ``custom_id`` of a button that shows a page, counted from 0."""
    return f"{Prefix.OPINIONS_PAGE}/{page}"


def opinions_layout(
    votes: Sequence[CastVote], knowledge: KnowledgeBase, page: int, language: Language
) -> ui.LayoutView:
    """Lay out a page of the passages that did not help, or the last page there is."""
    words = PHRASES.of(language)
    opinions = _opinions(votes)
    ups = sum(vote.vote is Vote.UP for vote in votes)
    head = f"**{words.title}**\n-# 👍 {ups} · 👎 {len(votes) - ups}"
    if not opinions:
        nothing = words.none if not votes else words.no_down
        return containers.notice(f"{head}\n{nothing}")
    pages = -(-len(opinions) // PAGE_SIZE)
    page = min(max(page, 0), pages - 1)
    children: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(head)]
    for opinion in opinions[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]:
        children += [ui.Separator(), *_shown(opinion, knowledge, language)]
    if pages > 1:
        before = containers.button(
            SHARED.of(language).previous, opinions_id(page - 1), enabled=page > 0
        )
        after = containers.button(
            SHARED.of(language).next, opinions_id(page + 1), enabled=page + 1 < pages
        )
        children += [ui.Separator(), ui.ActionRow(before, after)]
    return containers.coloured(containers.GREY, children)


def _shown(
    opinion: _Opinion, knowledge: KnowledgeBase, language: Language
) -> list[ui.Item[ui.LayoutView]]:
    """Lay out one passage with its votes and the latest reasons."""
    words = PHRASES.of(language)
    lines = [f"👎 **{opinion.down}** · 👍 {opinion.up}"]
    lines += [] if opinion.was_shown else [f"-# {words.unanswered}"]
    lines += [f"• {containers.short(one, _REASON_ROOM)}" for one in opinion.reasons[:_REASONS]]
    if (more := len(opinion.reasons) - _REASONS) > 0:
        lines.append(f"-# {SHARED.of(language).and_more.format(count=more)}")
    items: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay("\n".join(lines))]
    citation = None if opinion.passage is None else knowledge.passage(opinion.passage)
    if citation is None:
        gone = words.no_passage if opinion.passage is None else SHARED.of(language).gone
        return [*items, ui.TextDisplay(f"-# {gone}")]
    return [*items, *_passage(citation, language)]


def _passage(citation: Citation, language: Language) -> list[ui.Item[ui.LayoutView]]:
    text = f"{passages.quotation(citation, _ROOM)}"
    place = passages.locator(citation, containers.TITLE_ROOM // 2)
    button = containers.button(SHARED.of(language).in_context, context_id(Reference.to(citation)))
    return [ui.TextDisplay(text), ui.TextDisplay(place), ui.ActionRow(button)]
