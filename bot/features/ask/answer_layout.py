"""An answer as members see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from discord import ui

from bot.features.ask.answer_buttons import more_button, vote_buttons
from bot.features.ask.other_layouts import nothing_asked_layout, outline_layout
from bot.features.ask.phrases import PHRASES
from bot.features.ask.several_layout import several_layout
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.server_settings import AnswerLength
from bot.ui.containers import AMBER, GREEN, GREY, coloured
from bot.ui.passages import context_button, distinct, passage, passages, why_buttons
from knowledge import Answer, Verdict

__all__ = ["answer_layout"]

_SHOWN_WHEN_UNSURE = 3
_SHOWN_WHEN_LONG = 3

_Children: TypeAlias = "list[ui.Item[Any]]"


def answer_layout(
    answer: Answer,
    language: Language,
    length: AnswerLength = AnswerLength.SHORT,
    examples: Sequence[str] = (),
) -> ui.LayoutView:
    """Lay out an answer: amber with the closest passages, grey without any, or green.

    Green has the passage that answers; a long answer has the next ones, too. Of several questions,
    each has a block of its own. Where nothing is asked, ``examples`` say what could be.
    """
    if not answer.is_question:
        return nothing_asked_layout(examples, language)
    if answer.outline:
        return outline_layout(answer.outline, language)
    if answer.parts:
        return several_layout(answer, language)
    words = PHRASES.of(language)
    citations, why = distinct(answer.citations), why_buttons(answer, language)
    if answer.verdict is Verdict.UNANSWERED or not citations:
        children: _Children = [ui.TextDisplay(words.not_said)]
        if citations:
            closest = more_button(SHARED.of(language).closest, citations)
            children.append(ui.ActionRow(closest, *why, *vote_buttons(answer, 0)))
        return coloured(GREY, children)
    if answer.verdict is Verdict.UNCERTAIN:
        shown, rest = citations[:_SHOWN_WHEN_UNSURE], citations[_SHOWN_WHEN_UNSURE:]
        children = [ui.TextDisplay(f"**{words.not_sure}**"), *passages(shown, language)]
        more = [more_button(words.more, rest)] if rest else []
        votes = vote_buttons(answer, len(shown))
        children += [ui.Separator(), ui.ActionRow(*more, *why, *votes)]
        return coloured(AMBER, children)
    if length is AnswerLength.LONG and len(citations) > 1:
        shown, rest = citations[:_SHOWN_WHEN_LONG], citations[_SHOWN_WHEN_LONG:]
        children = passages(shown, language)
        more = [more_button(words.more, rest)] if rest else []
        votes = vote_buttons(answer, len(shown))
        children += [ui.Separator(), ui.ActionRow(*more, *why, *votes)]
        return coloured(GREEN, children)
    best, rest = citations[0], citations[1:]
    more = [more_button(words.more, rest)] if rest else []
    votes = vote_buttons(answer, 1)
    row = ui.ActionRow(*more, context_button(best, language), *why, *votes)
    return coloured(GREEN, [*passage(best), row])
