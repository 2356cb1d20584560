"""An answer as members see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from discord import ui

from bot.features.ask.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.server_settings import AnswerLength
from bot.ui.containers import AMBER, GREEN, GREY, button, coloured
from bot.ui.custom_ids.references import Reference, more_id
from bot.ui.custom_ids.votes import DOWN, UP, Rated, rated_id
from bot.ui.passages import context_button, distinct, passage, passages, why_buttons
from knowledge import Answer, Citation, Verdict

__all__ = ["answer_layout"]

_SHOWN_WHEN_UNSURE = 3
_SHOWN_WHEN_LONG = 3
_SHOWN_ON_REQUEST = 4

_Children: TypeAlias = "list[ui.Item[Any]]"


def answer_layout(
    answer: Answer, language: Language, length: AnswerLength = AnswerLength.SHORT
) -> ui.LayoutView:
    """Lay out an answer: amber with the closest passages, grey without any, or green.

    Green has the passage that answers; a long answer has the next ones, too.
    """
    words = PHRASES.of(language)
    citations, why = distinct(answer.citations), why_buttons(answer, language)
    if answer.verdict is Verdict.UNANSWERED or not citations:
        children: _Children = [ui.TextDisplay(words.not_said)]
        if citations:
            closest = _more_button(SHARED.of(language).closest, citations)
            children.append(ui.ActionRow(closest, *why, *_vote_buttons(answer, 0)))
        return coloured(GREY, children)
    if answer.verdict is Verdict.UNCERTAIN:
        shown, rest = citations[:_SHOWN_WHEN_UNSURE], citations[_SHOWN_WHEN_UNSURE:]
        children = [ui.TextDisplay(f"**{words.not_sure}**"), *passages(shown, language)]
        more = [_more_button(words.more, rest)] if rest else []
        votes = _vote_buttons(answer, len(shown))
        children += [ui.Separator(), ui.ActionRow(*more, *why, *votes)]
        return coloured(AMBER, children)
    if length is AnswerLength.LONG and len(citations) > 1:
        shown, rest = citations[:_SHOWN_WHEN_LONG], citations[_SHOWN_WHEN_LONG:]
        children = passages(shown, language)
        more = [_more_button(words.more, rest)] if rest else []
        votes = _vote_buttons(answer, len(shown))
        children += [ui.Separator(), ui.ActionRow(*more, *why, *votes)]
        return coloured(GREEN, children)
    best, rest = citations[0], citations[1:]
    more = [_more_button(words.more, rest)] if rest else []
    votes = _vote_buttons(answer, 1)
    row = ui.ActionRow(*more, context_button(best, language), *why, *votes)
    return coloured(GREEN, [*passage(best), row])


def _vote_buttons(answer: Answer, shown: int) -> list[ui.Button[Any]]:
    """Return the buttons to vote on an answer that shows so many of its citations."""
    rated = Rated.of(answer, shown)
    return [button("👍", rated_id(UP, rated)), button("👎", rated_id(DOWN, rated))]


def _more_button(label: str, citations: Sequence[Citation]) -> ui.Button[Any]:
    return button(label, more_id([Reference.to(one) for one in citations[:_SHOWN_ON_REQUEST]]))
