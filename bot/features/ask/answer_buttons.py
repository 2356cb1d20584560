"""The buttons below an answer that speak of it as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.features.ask.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.ui.containers import button
from bot.ui.custom_ids.examples import example_id, shortened
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.references import Reference, more_id
from bot.ui.custom_ids.votes import DOWN, UP, Rated, rated_id
from knowledge import Answer, Citation

__all__ = ["ask_person_button", "follow_up_button", "more_button", "related_row", "vote_buttons"]

_SHOWN_ON_REQUEST = 4


def vote_buttons(answer: Answer, shown: int, *, with_votes: bool) -> list[ui.Button[Any]]:
    """Return the buttons to vote on an answer that shows so many of its citations, if it may be."""
    if not with_votes:
        return []
    rated = Rated.of(answer, shown)
    return [button("👍", rated_id(UP, rated)), button("👎", rated_id(DOWN, rated))]


def related_row(questions: Sequence[str]) -> list[ui.ActionRow[Any]]:
    """Return the row of questions that can be pressed to be asked, if there are any."""
    buttons = [button(shortened(one), example_id(one)) for one in questions]
    return [ui.ActionRow(*buttons)] if buttons else []


def ask_person_button(language: Language) -> ui.Button[Any]:
    """Return the button that asks a person what the articles do not tell for sure."""
    return button(PHRASES.of(language).ask_person, f"{Prefix.ASK_PERSON}/")


def follow_up_button(language: Language, answer: int | None = None) -> ui.Button[Any]:
    """Return the button that asks on after an answer: the message's own, or one in its channel.

    ``answer``: the id of that other message.
    """
    custom_id = f"{Prefix.FOLLOW_UP}/{'' if answer is None else answer}"
    return button(PHRASES.of(language).follow_up, custom_id)


def more_button(label: str, citations: Sequence[Citation]) -> ui.Button[Any]:
    """Return the button that shows further passages."""
    return button(label, more_id([Reference.to(one) for one in citations[:_SHOWN_ON_REQUEST]]))
