"""What is shown where a message asks no question of its own: how to ask, or an outline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.features.ask.answer_buttons import follow_up_button
from bot.features.ask.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.ui.containers import GREY, ROOM, button, coloured, linked_title, short
from bot.ui.custom_ids.examples import example_id
from bot.ui.custom_ids.references import Reference, context_id
from bot.ui.deep_links import link_to
from bot.ui.passages import quotation
from bot.ui.question_line import TOP_ROOM
from knowledge import Citation

__all__ = ["nothing_asked_layout", "outline_layout"]

_HEADING_ROOM = 120
_SHOWN = 8
"""Sections of an outline: each takes three of a message's forty components."""


def nothing_asked_layout(examples: Sequence[str], language: Language) -> ui.LayoutView:
    """Lay out a friendly line, with examples of what can be asked."""
    words = PHRASES.of(language)
    line = words.friendly if examples else words.friendly_alone
    rows = [ui.ActionRow(button(one, example_id(one))) for one in examples]
    return coloured(GREY, [ui.TextDisplay(line), *rows])


def outline_layout(outline: Sequence[Citation], language: Language) -> ui.LayoutView:
    """Lay out the title of an article and the first sentence of each section, with a button to
    read on from there, and one to ask on; of several articles, the title and the
    first sentence of each."""
    shown = outline[:_SHOWN]
    titles = list(dict.fromkeys(one.title for one in shown))
    children: list[ui.Item[Any]] = []
    if len(titles) == 1:
        title = linked_title(titles[0], link_to(shown[0]), shown[0].url)
        children += [ui.TextDisplay(f"**{title}**"), ui.Separator()]
    room = (ROOM - TOP_ROOM) // len(shown) - 2 * _HEADING_ROOM
    for one in shown:
        heading = one.section if len(titles) == 1 else one.title
        lines = [f"**{short(heading, _HEADING_ROOM)}**"] if heading else []
        text = "\n".join([*lines, quotation(one, room)])
        read = button(SHARED.of(language).read, context_id(Reference.to(one)))
        children.append(ui.Section(text, accessory=read))
    children.append(ui.ActionRow(follow_up_button(language)))
    return coloured(GREY, children)
