"""An answer as members see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from discord import ui

from bot.features.ask.answer_buttons import (
    ask_person_button,
    follow_up_button,
    more_button,
    related_row,
    vote_buttons,
)
from bot.features.ask.other_layouts import nothing_asked_layout, outline_layout
from bot.features.ask.phrases import PHRASES
from bot.features.ask.several_layout import several_layout
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.server_settings import AnswerLength
from bot.ui import markdown
from bot.ui.containers import AMBER, GREEN, GREY, ROOM, coloured, container_of, on_top
from bot.ui.passages import distinct, passage_in_context, passages, unmarked, why_buttons
from bot.ui.question_line import TOP_ROOM, FollowedUp, before_line, question_line
from knowledge import Answer, Citation, Nearby, Verdict

__all__ = ["answer_layout"]

_SHOWN_WHEN_LONG = 3

_Children: TypeAlias = "list[ui.Item[Any]]"


def answer_layout(
    answer: Answer,
    language: Language,
    length: AnswerLength = AnswerLength.SHORT,
    *,
    asked: str | None = None,
    followed: FollowedUp | None = None,
    related: Sequence[str] = (),
    examples: Sequence[str] = (),
    has_helpers: bool = False,
    with_votes: bool = True,
) -> ui.LayoutView:
    """Lay out an answer: green with the passage that answers, amber with the closest one, or grey.

    Grey has a line that says something about a word of the question, if there is one. A long green
    answer has the next passages, too. Of several questions, each has a block of its own.

    ``asked``: the question to show on top, where it is not the message above; ``followed``: the
    one before it, to show above that. ``related``: questions that can be pressed below a green
    answer. Where nothing is asked, ``examples`` say what could be. ``has_helpers``: whether a
    person can be asked what the articles do not tell for sure; ``with_votes``: whether it can be
    voted on.
    """
    view = _without_question(answer, language, length, related, examples, with_votes=with_votes)
    is_sure = answer.verdict is Verdict.ANSWERED or answer.outline or not answer.is_question
    if has_helpers and not is_sure:
        container_of(view).add_item(ui.ActionRow(ask_person_button(language)))
    if asked and not answer.parts:  # each of several parts shows its own
        view = on_top(view, question_line(asked))
    return view if followed is None else on_top(view, before_line(followed))


def _without_question(
    answer: Answer,
    language: Language,
    length: AnswerLength,
    related: Sequence[str],
    examples: Sequence[str],
    *,
    with_votes: bool,
) -> ui.LayoutView:
    if not answer.is_question:
        return nothing_asked_layout(examples, language)
    if answer.outline:
        return outline_layout(answer.outline, language)
    if answer.parts:
        return several_layout(answer, language, with_votes=with_votes)
    citations = distinct(answer.citations)
    if answer.verdict is Verdict.UNANSWERED or not citations:
        return coloured(GREY, _not_said(answer, citations, language, with_votes=with_votes))
    if answer.verdict is Verdict.UNCERTAIN:
        return coloured(AMBER, _not_sure(answer, citations, language, with_votes=with_votes))
    if length is AnswerLength.LONG and len(citations) > 1:
        shown, rest = citations[:_SHOWN_WHEN_LONG], citations[_SHOWN_WHEN_LONG:]
        children = passages(shown, language, room=ROOM - TOP_ROOM)
        buttons = _buttons(answer, rest, language, shown=len(shown), with_votes=with_votes)
        children += [ui.Separator(), buttons]
    else:
        best, rest = citations[0], citations[1:]
        buttons = _buttons(answer, rest, language, with_votes=with_votes)
        children = [*passage_in_context(best, language), buttons]
    return coloured(GREEN, [*children, *related_row(related)])


def _not_sure(
    answer: Answer, citations: Sequence[Citation], language: Language, *, with_votes: bool
) -> _Children:
    """Return the closest passage, in bold what the reader is sure of, if it is of anything."""
    best, rest = citations[0], [unmarked(one) for one in citations[1:]]
    best = best if answer.is_sure_of_words else unmarked(best)
    heading = ui.TextDisplay[Any](f"**{PHRASES.of(language).not_sure}**")
    buttons = _buttons(answer, rest, language, with_votes=with_votes)
    return [heading, *passage_in_context(best, language), buttons]


def _not_said(
    answer: Answer, citations: Sequence[Citation], language: Language, *, with_votes: bool
) -> _Children:
    """Return the sentence that says so, and what the articles do say nearby, if anything."""
    words = PHRASES.of(language)
    if answer.nearby is not None:
        return _said_nearby(answer, answer.nearby, citations, language, with_votes=with_votes)
    children: _Children = [ui.TextDisplay(words.not_said)]
    if citations:
        closest = more_button(SHARED.of(language).closest, list(map(unmarked, citations)))
        children.append(_row(answer, [closest], language, shown=0, with_votes=with_votes))
    return children


def _said_nearby(
    answer: Answer,
    nearby: Nearby,
    citations: Sequence[Citation],
    language: Language,
    *,
    with_votes: bool,
) -> _Children:
    word = f"*{markdown.escape(nearby.word)}*"
    line, rest = nearby.citation, [unmarked(one) for one in citations]
    rest = [one for one in rest if one.passage != line.passage]
    return [
        ui.TextDisplay(PHRASES.of(language).not_said_but.format(word=word)),
        *passage_in_context(line, language),
        _buttons(answer, rest, language, shown=0, with_votes=with_votes),
    ]


def _buttons(
    answer: Answer,
    rest: Sequence[Citation],
    language: Language,
    *,
    with_votes: bool,
    shown: int = 1,
) -> ui.ActionRow[Any]:
    """Return the one row of buttons below an answer that shows so many of its citations."""
    more = [more_button(PHRASES.of(language).more, rest)] if rest else []
    return _row(answer, more, language, shown=shown, with_votes=with_votes)


def _row(
    answer: Answer,
    first: Sequence[ui.Button[Any]],
    language: Language,
    *,
    shown: int,
    with_votes: bool,
) -> ui.ActionRow[Any]:
    why = why_buttons(answer, language)
    votes = vote_buttons(answer, shown, with_votes=with_votes)
    return ui.ActionRow(*first, follow_up_button(language), *why, *votes)
