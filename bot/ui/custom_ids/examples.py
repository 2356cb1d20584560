"""What a button carries that asks a question: the question itself.

eq/QUESTION   ask it, for whoever pressed
"""

from __future__ import annotations

from bot.ui.custom_ids.encoding import MAX_CUSTOM_ID
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.reasons import units

__all__ = ["MAX_LABEL", "MAX_ON_BUTTON", "example_id", "fits", "shortened"]

MAX_LABEL = 80
"""Characters of the label of a button."""

MAX_ON_BUTTON = MAX_CUSTOM_ID - len(f"{Prefix.EXAMPLE}/")
"""UTF-16 code units of a question that a button can ask."""


def fits(question: str) -> bool:
    """Whether a button can ask a question: it is one line and not too long."""
    return question.isprintable() and 0 < units(question) <= MAX_ON_BUTTON


def example_id(question: str) -> str:
    """Return the ``custom_id`` of a button that asks a question that ``fits``."""
    return f"{Prefix.EXAMPLE}/{question}"


def shortened(question: str) -> str:
    """Return a question as the label of its button, cut at a word where it is too long."""
    if units(question) <= MAX_LABEL:
        return question
    cut = question
    while units(cut) >= MAX_LABEL:
        cut = cut[:-1]
    return f"{cut.rsplit(' ', 1)[0]}…"
