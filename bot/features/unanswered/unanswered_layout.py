"""What admins see of the questions that were asked in vain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import discord
from discord import ui

from bot.features.unanswered.grouping import Group, group
from bot.features.unanswered.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.state.article_versions import KeptArticle
from bot.state.unanswered import KEPT_DAYS, Unanswered
from bot.ui import containers, markdown
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import KnowledgeBase, Span

__all__ = [
    "CANCEL",
    "CLEAR",
    "CONFIRM",
    "PAGE_SIZE",
    "SWITCH_ON",
    "confirmation_layout",
    "page_id",
    "replace_layout",
    "unanswered_layout",
    "written_layout",
]

PAGE_SIZE = 8
"""Groups of questions a page."""

CLEAR, CONFIRM, CANCEL = (f"{Prefix.CLEAR_UNANSWERED}/{what}" for what in ("ask", "yes", "no"))
"""The ``custom_id`` of the buttons that clear the list: to be confirmed, confirmed, not."""

SWITCH_ON = f"{Prefix.KEEP_UNANSWERED}/on"
"""The ``custom_id`` of the button from which on questions are kept."""

_EXAMPLE_DAY = date(2024, 5, 3)
_ANSWER_ROOM = 1_200
_ROOM = 220
_OTHERS = 2
_OTHER_ROOM = 80


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
    is_admin: bool,
) -> ui.LayoutView:
    """Lay out a page of what was asked in vain, the most frequent first, or the last page.

    ``is_admin``: whether it is for somebody who may also clear it and switch it on.
    """
    words = PHRASES.of(language)
    state = words.on if is_keeping else words.off
    head = f"**{words.title}**\n-# {state.format(days=KEPT_DAYS)}"
    if not kept and is_keeping:
        return containers.notice(f"{head}\n{words.none}")
    if not kept:
        return _example(head, language, is_admin=is_admin)
    groups = group(kept, knowledge)
    pages = -(-len(groups) // PAGE_SIZE)
    page = min(max(page, 0), pages - 1)
    first = page * PAGE_SIZE
    shown = groups[first : first + PAGE_SIZE]
    place = SHARED.of(language).place.format(
        first=first + 1, last=first + len(shown), total=len(groups)
    )
    children: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(f"{head}\n-# {place}")]
    children += [_section(one, language) for one in shown]
    row: list[ui.Button[ui.LayoutView]] = []
    if pages > 1:
        shared = SHARED.of(language)
        row = [
            containers.button(shared.previous, page_id(page - 1), enabled=page > 0),
            containers.button(shared.next, page_id(page + 1), enabled=page + 1 < pages),
        ]
    if is_admin:
        row.append(containers.button(words.clear, CLEAR))
    if is_admin and not is_keeping:
        row.append(_switch(language))
    if row:
        children += [ui.Separator(), ui.ActionRow(*row)]
    return containers.coloured(containers.GREY, children)


def _switch(language: Language) -> ui.Button[Any]:
    return ui.Button(
        label=PHRASES.of(language).switch_on,
        custom_id=SWITCH_ON,
        style=discord.ButtonStyle.primary,
    )


def _example(head: str, language: Language, *, is_admin: bool) -> ui.LayoutView:
    """Show what would be kept, with one press to keep it."""
    words = PHRASES.of(language)
    asked = [
        Unanswered(words.example, 3, _EXAMPLE_DAY),
        Unanswered(words.example_other, 1, _EXAMPLE_DAY),
    ]
    children: list[ui.Item[Any]] = [
        ui.TextDisplay(head),
        ui.TextDisplay(f"-# {words.would_show}"),
        ui.Separator(),
        _section(Group(tuple(asked)), language, enabled=False),
        ui.Separator(),
        ui.TextDisplay(f"-# {words.would_teach}"),
    ]
    if is_admin:
        children.append(ui.ActionRow(_switch(language)))
    return containers.coloured(containers.GREY, children)


def _section(asked: Group, language: Language, *, enabled: bool = True) -> ui.Item[Any]:
    """Return a group of questions, with the button that opens the form for an answer."""
    custom_id = f"{Prefix.WRITE_ANSWER}/{asked.wordings[0].id}"
    write = containers.button(PHRASES.of(language).write, custom_id, enabled=enabled)
    return ui.Section(ui.TextDisplay(_shown(asked, language)), accessory=write)


def replace_layout(
    question: str, earlier: str, text: str, custom_id: str, offered: int, language: Language
) -> ui.LayoutView:
    """Ask whether an answer is to take the place of an earlier one.

    ``custom_id``: of the button that does; ``offered``: the version that is forgotten else.
    """
    words = PHRASES.of(language)
    heading = containers.short(question, _ROOM)
    children: list[ui.Item[Any]] = [ui.TextDisplay(words.answered_already.format(title=heading))]
    for label, said in ((words.so_far, earlier), (words.from_now, text)):
        shown = markdown.excerpt(said, _ANSWER_ROOM, around=Span(0, 1), line_cost=len("> "))
        children.append(ui.TextDisplay(f"-# {label}\n{markdown.quoted(shown)}"))
    yes: ui.Button[Any] = ui.Button(
        label=words.replace, custom_id=custom_id, style=discord.ButtonStyle.primary
    )
    no = containers.button(words.keep, f"{Prefix.CANCEL_UPLOAD}/{offered}")
    children.append(ui.ActionRow(yes, no))
    return containers.coloured(containers.AMBER, children)


def written_layout(article: KeptArticle, before: int | None, language: Language) -> ui.LayoutView:
    """Say that a question is answered, with a way back and one to the list.

    ``before``: the version of the article that was in use before.
    """
    words = PHRASES.of(language)
    said = words.written.format(title=containers.short(article.title, containers.TITLE_ROOM))
    undo = f"{Prefix.UNDO_CHANGE}/{article.id}-{before or 0}"
    row = ui.ActionRow[Any](
        containers.button(words.to_list, page_id(0)), containers.button(words.undo, undo)
    )
    return containers.coloured(containers.GREEN, [ui.TextDisplay(said), row])


def _shown(asked: Group, language: Language) -> str:
    words = PHRASES.of(language)
    best, *others = asked.wordings
    lines = [f"**{asked.times}\u00a0×** {containers.short(best.question, _ROOM)}"]
    detail = [words.last_asked.format(day=language.day(asked.last_asked))]
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
