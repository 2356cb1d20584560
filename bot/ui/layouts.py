"""What people see in Discord: every message that the bot shows, as a Components V2 layout.

Discord allows 40 components and 4,000 displayed characters a message; each layout here stays
within both, and says ``[…]`` where it had to leave text out. The words of articles pass through
``bot.ui.markdown`` and nowhere else.
"""

from __future__ import annotations

from bot.features.articles.context_layout import context_layout
from bot.ui.passages import (
    AMBER,
    GREEN,
    GREY,
    RED,
    ROOM,
    TITLE_ROOM,
    answer_layout,
    button,
    coloured,
    context_button,
    distinct,
    linked_title,
    locator,
    notice,
    numbered,
    passages,
    passages_layout,
    quotation,
    short,
    why_buttons,
)

__all__ = [
    "AMBER",
    "GREEN",
    "GREY",
    "RED",
    "ROOM",
    "TITLE_ROOM",
    "answer_layout",
    "button",
    "coloured",
    "context_button",
    "context_layout",
    "distinct",
    "linked_title",
    "locator",
    "notice",
    "numbered",
    "passages",
    "passages_layout",
    "quotation",
    "short",
    "why_buttons",
]
