"""What admins see of the questions that were asked in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from discord import ui

from bot.features.unanswered.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.state.unanswered import KEPT_DAYS, Unanswered
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import KnowledgeBase

__all__ = [
    "CANCEL",
    "CLEAR",
    "CONFIRM",
    "PAGE_SIZE",
    "confirmation_layout",
    "page_id",
    "unanswered_layout",
]

PAGE_SIZE = 8
"""Groups of questions a page."""

CLEAR, CONFIRM, CANCEL = (f"{Prefix.CLEAR_UNANSWERED}/{what}" for what in ("ask", "yes", "no"))
"""The ``custom_id`` of the buttons that clear the list: to be confirmed, confirmed, not."""

_ROOM = 220
_OTHERS = 2
_OTHER_ROOM = 80


@dataclass(frozen=True, slots=True)
class _Group:
    """Questions that ask the same, the most frequent wording first."""

    wordings: tuple[Unanswered, ...]

    @property
    def times(self) -> int:
        return sum(one.times for one in self.wordings)

    @property
    def last_asked(self) -> date:
        return max(one.last_asked for one in self.wordings)


def page_id(page: int) -> str:
    """Return the ``custom_id`` of a button that shows a page, counted from 0."""
    return f"{Prefix.UNANSWERED_PAGE}/{page}"


def unanswered_layout(
    kept: Sequence[Unanswered],
    knowledge: KnowledgeBase,
    page: int,
    language: Language,
    *,
    is_keeping: bool,
) -> ui.LayoutView:
    """Lay out a page of what was asked in vain, the most frequent first, or the last page."""
    words = PHRASES.of(language)
    state = words.on if is_keeping else words.off
    head = f"**{words.title}**\n-# {state.format(days=KEPT_DAYS)}"
    if not kept:
        return containers.notice(f"{head}\n{words.none}" if is_keeping else head)
    groups = _groups(kept, knowledge)
    pages = -(-len(groups) // PAGE_SIZE)
    page = min(max(page, 0), pages - 1)
    first = page * PAGE_SIZE
    shown = groups[first : first + PAGE_SIZE]
    place = SHARED.of(language).place.format(
        first=first + 1, last=first + len(shown), total=len(groups)
    )
    children: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(f"{head}\n-# {place}")]
    children += [ui.TextDisplay(_shown(group, language)) for group in shown]
    row: list[ui.Button[ui.LayoutView]] = []
    if pages > 1:
        shared = SHARED.of(language)
        row = [
            containers.button(shared.previous, page_id(page - 1), enabled=page > 0),
            containers.button(shared.next, page_id(page + 1), enabled=page + 1 < pages),
        ]
    children += [ui.Separator(), ui.ActionRow(*row, containers.button(words.clear, CLEAR))]
    return containers.coloured(containers.GREY, children)


def _groups(kept: Sequence[Unanswered], knowledge: KnowledgeBase) -> list[_Group]:
    alike = knowledge.group_alike([one.question for one in kept])
    groups = [_Group(tuple(kept[position] for position in group)) for group in alike]
    return sorted(groups, key=lambda group: (-group.times, -group.last_asked.toordinal()))


def _shown(group: _Group, language: Language) -> str:
    words = PHRASES.of(language)
    best, *others = group.wordings
    lines = [f"**{group.times}\u00a0×** {containers.short(best.question, _ROOM)}"]
    detail = [words.last_asked.format(day=language.day(group.last_asked))]
    detail += [containers.short(one.question, _OTHER_ROOM) for one in others[:_OTHERS]]
    if (more := len(others) - _OTHERS) > 0:
        detail.append(SHARED.of(language).and_more.format(count=more))
    return "\n".join([*lines, "-# " + " · ".join(detail)])


def confirmation_layout(count: int, language: Language) -> ui.LayoutView:
    """Lay out the question whether ``count`` kept questions are to be removed."""
    words = PHRASES.of(language)
    yes = containers.button(words.clear_yes, CONFIRM)
    no = containers.button(words.cancel, CANCEL)
    text = ui.TextDisplay[ui.LayoutView](words.clear_confirm.format(count=count))
    return containers.coloured(containers.RED, [text, ui.ActionRow(yes, no)])
