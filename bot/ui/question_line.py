"""The question on top of an answer, small: whoever reads an answer later sees what was asked.

Not where the answer replies to the message that asked. The line is known again by its component's
id, which Discord keeps: it is also how a reply to the answer knows what was asked before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import discord
from discord import ui

from bot.ui import containers
from bot.ui.markdown import CUT

__all__ = ["QUESTION_ROOM", "is_question_line", "question_line", "question_of"]

QUESTION_ROOM = 200
"""Characters of a question that is shown, as Markdown."""

_ID = 7_001
"""Of the component: larger than those that Discord counts out by itself."""

_SMALL = "-# "


def question_line(question: str) -> ui.TextDisplay[Any]:
    """Return the line that shows a question, escaped, on one line and cut."""
    return ui.TextDisplay(_SMALL + containers.short(question, QUESTION_ROOM), id=_ID)


def is_question_line(item: ui.Item[Any]) -> bool:
    """Whether an item of a layout is such a line."""
    return isinstance(item, ui.TextDisplay) and item.id == _ID


def question_of(message: discord.Message) -> str | None:
    """Return the question on top of an answer, ``None`` where none is shown or no word is left."""
    for component in _every(message.components):
        if isinstance(component, discord.TextDisplay) and component.id == _ID:
            shown = component.content.removeprefix(_SMALL).removesuffix(CUT)
            return re.sub(r"\\(.)", r"\1", shown).strip() or None
    return None


def _every(components: Iterable[Any]) -> Iterator[Any]:
    for component in components:
        yield component
        yield from _every(getattr(component, "children", ()))
