"""The question on top of an answer, small: whoever reads an answer later sees what was asked.

Not where the answer replies to the message that asked. Above it, where it followed up another
answer, stands the question before it, with a link to that answer. Both lines are known again by
their components' ids, which Discord keeps: it is also how what follows up the answer knows what
was asked before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.ui import containers
from bot.ui.markdown import CUT
from bot.ui.sent_messages import every_component

__all__ = [
    "QUESTION_ROOM",
    "TOP_ROOM",
    "FollowedUp",
    "before_line",
    "is_question_line",
    "part_heading",
    "question_before",
    "question_line",
    "question_of",
    "questions_of",
    "quoted_question",
]

QUESTION_ROOM = 200
"""Characters of a question that is shown, as Markdown."""

TOP_ROOM = 2 * QUESTION_ROOM + 100
"""Characters of all that stands on top: two questions and a link."""

_ID, _BEFORE_ID, _FIRST_PART_ID = 7_001, 7_002, 7_010
"""Of the components: larger than those that Discord counts out by itself."""

_SMALL, _QUOTED = "-# ", "> "
_MOST_PARTS = 3
_BEFORE = "↳ "
_LINK = re.compile(r"\[(?P<label>.*)\]\(https://[^()\s]*\)", re.DOTALL)


def question_line(question: str) -> ui.TextDisplay[Any]:
    """Return the line that shows a question, escaped, on one line and cut."""
    return ui.TextDisplay(_SMALL + containers.short(question, QUESTION_ROOM), id=_ID)


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """The question that was followed up, and the address of its answer.

    ``url``: ``None`` where whoever follows up sees that answer alone.
    """

    question: str
    url: str | None


def before_line(followed: FollowedUp) -> ui.TextDisplay[Any]:
    """Return the line that shows the question that was followed up, as a link to its answer."""
    shown, url = containers.short(followed.question, QUESTION_ROOM), followed.url
    if url is not None:  # the sign of a cut has brackets, which a link has itself
        label = f"{shown.removesuffix(CUT)}…" if shown.endswith(CUT) else shown
        shown = f"[{label}]({url})"
    return ui.TextDisplay(_SMALL + _BEFORE + shown, id=_BEFORE_ID)


def part_heading(text: str, position: int) -> ui.TextDisplay[Any]:
    """Return what stands above the answer to some of several questions: each on a small line."""
    return ui.TextDisplay(text, id=_FIRST_PART_ID + position)


def quoted_question(question: str) -> ui.TextDisplay[Any]:
    """Return a question where it is what a message is about: as a quotation, known the same."""
    return ui.TextDisplay(_QUOTED + containers.short(question, QUESTION_ROOM), id=_ID)


def is_question_line(item: ui.Item[Any]) -> bool:
    """Whether an item of a layout is one of these lines."""
    return isinstance(item, ui.TextDisplay) and item.id in (_ID, _BEFORE_ID)


def question_of(message: discord.Message) -> str | None:
    """Return the question on top of an answer, ``None`` where none is shown or no word is left."""
    return _read(message, _ID)


def question_before(message: discord.Message) -> str | None:
    """Return the question that an answer followed up, ``None`` where it followed up none."""
    return _read(message, _BEFORE_ID)


def questions_of(message: discord.Message) -> list[str]:
    """Return the questions that an answer to several shows, none where it is another answer."""
    parts = range(_FIRST_PART_ID, _FIRST_PART_ID + _MOST_PARTS)
    return [
        _plain(line)
        for component in every_component(message)
        if isinstance(component, discord.TextDisplay) and component.id in parts
        for line in component.content.splitlines()
        if line.startswith(_SMALL)
    ]


def _read(message: discord.Message, id_: int) -> str | None:
    for component in every_component(message):
        if isinstance(component, discord.TextDisplay) and component.id == id_:
            return _plain(component.content) or None
    return None


def _plain(line: str) -> str:
    """Return the question that a line shows."""
    shown = line.removeprefix(_SMALL).removeprefix(_QUOTED).removeprefix(_BEFORE)
    link = _LINK.fullmatch(shown)
    shown = (shown if link is None else link["label"]).removesuffix(CUT)
    return re.sub(r"\\(.)", r"\1", shown).strip()
