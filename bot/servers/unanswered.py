"""What was asked in vain: kept where a server wants that, and shown to its admins."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from discord import ui

from bot import layouts
from bot.answering.typed import without_ids
from bot.localisation import Language
from bot.servers.settings import Servers
from bot.state import StateError
from bot.state.unanswered import KEPT_DAYS, Unanswered, UnansweredTable
from bot.threads import STATE
from knowledge import Answer, KnowledgeBase, Verdict, question_in

__all__ = [
    "CANCEL",
    "CLEAR",
    "CONFIRM",
    "PAGE_SIZE",
    "Keeper",
    "confirmation_layout",
    "page_id",
    "unanswered_layout",
]

_log = logging.getLogger(__name__)

PAGE_SIZE = 8
"""Groups of questions a page."""

CLEAR, CONFIRM, CANCEL = "uc/ask", "uc/yes", "uc/no"
"""The ``custom_id`` of the buttons that clear the list: to be confirmed, confirmed, not."""

MAX_WAITING = 1_000
"""Questions that wait to be kept; further ones are lost, since members are not to wait for it."""

_ROOM = 220
_OTHERS = 2
_OTHER_ROOM = 80


class Keeper:
    """Keeps unanswered questions, aside: no answer waits for it or fails by it."""

    def __init__(self, servers: Servers, table: UnansweredTable, today: Callable[[], date]) -> None:
        """``today`` returns the day of what is written down now; it may block and raise
        StateError."""
        self._servers = servers
        self._table = table
        self._today = today
        self._at_work: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()

    def note(self, server: int | None, answer: Answer) -> None:
        """Keep what was asked if it was in vain, on a server that keeps that, and where it asks."""
        if server is None or answer.verdict is not Verdict.UNANSWERED:
            return
        if len(self._at_work) >= MAX_WAITING:
            _log.warning("An unanswered question was not kept: too many wait")
            return
        task = asyncio.create_task(self._keep(server, answer.question), name="unanswered")
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def finish(self) -> None:
        """Wait for what is being kept."""
        await asyncio.gather(*self._at_work)

    async def _keep(self, server: int, message: str) -> None:
        try:
            if not (await self._servers.settings(server)).keep_unanswered:
                return
            question = await asyncio.to_thread(question_in, message)
            text = "" if question is None else without_ids(question)
            if not text:  # a greeting, or nothing but a mention
                return
            async with self._writing:
                await STATE.run(lambda: self._table.note(server, text, self._today()))
        except StateError as error:
            _log.warning("An unanswered question was not kept: %s", error)
        except Exception:  # noqa: BLE001 - nobody waits for this task, so that it ends here
            _log.exception("An unanswered question was not kept")


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
    return f"ua/{page}"


def unanswered_layout(
    kept: Sequence[Unanswered],
    knowledge: KnowledgeBase,
    page: int,
    language: Language,
    *,
    is_keeping: bool,
) -> ui.LayoutView:
    """Lay out a page of what was asked in vain, the most frequent first, or the last page."""
    words = language.server
    state = words.unanswered_on if is_keeping else words.unanswered_off
    head = f"**{words.unanswered_title}**\n-# {state.format(days=KEPT_DAYS)}"
    if not kept:
        return layouts.notice(f"{head}\n{words.unanswered_none}" if is_keeping else head)
    groups = _groups(kept, knowledge)
    pages = -(-len(groups) // PAGE_SIZE)
    page = min(max(page, 0), pages - 1)
    first = page * PAGE_SIZE
    shown = groups[first : first + PAGE_SIZE]
    place = language.phrases.list_place.format(
        first=first + 1, last=first + len(shown), total=len(groups)
    )
    children: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(f"{head}\n-# {place}")]
    children += [ui.TextDisplay(_shown(group, language)) for group in shown]
    row: list[ui.Button[ui.LayoutView]] = []
    if pages > 1:
        row = [
            layouts.button(language.phrases.previous, page_id(page - 1), enabled=page > 0),
            layouts.button(language.phrases.next, page_id(page + 1), enabled=page + 1 < pages),
        ]
    children += [ui.Separator(), ui.ActionRow(*row, layouts.button(words.clear, CLEAR))]
    return layouts.coloured(layouts.GREY, children)


def _groups(kept: Sequence[Unanswered], knowledge: KnowledgeBase) -> list[_Group]:
    alike = knowledge.group_alike([one.question for one in kept])
    groups = [_Group(tuple(kept[position] for position in group)) for group in alike]
    return sorted(groups, key=lambda group: (-group.times, -group.last_asked.toordinal()))


def _shown(group: _Group, language: Language) -> str:
    words = language.server
    best, *others = group.wordings
    lines = [f"**{group.times}\u00a0×** {layouts.short(best.question, _ROOM)}"]
    detail = [words.last_asked.format(day=language.day(group.last_asked))]
    detail += [layouts.short(one.question, _OTHER_ROOM) for one in others[:_OTHERS]]
    if (more := len(others) - _OTHERS) > 0:
        detail.append(language.phrases.and_more.format(count=more))
    return "\n".join([*lines, "-# " + " · ".join(detail)])


def confirmation_layout(count: int, language: Language) -> ui.LayoutView:
    """Lay out the question whether ``count`` kept questions are to be removed."""
    words = language.server
    yes = layouts.button(words.clear_yes, CONFIRM)
    no = layouts.button(words.cancel, CANCEL)
    text = ui.TextDisplay[ui.LayoutView](words.clear_confirm.format(count=count))
    return layouts.coloured(layouts.RED, [text, ui.ActionRow(yes, no)])
