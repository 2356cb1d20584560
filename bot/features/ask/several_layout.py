"""The answers to several questions of one message: a block for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.features.ask.answer_buttons import follow_up_button, more_button, vote_buttons
from bot.features.ask.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.ui.containers import AMBER, GREEN, GREY, ROOM, coloured, short
from bot.ui.passages import context_button, locator, passage, unmarked, why_buttons
from bot.ui.question_line import TOP_ROOM, part_heading
from knowledge import Answer, Citation, Verdict

__all__ = ["several_layout"]

_COLOURS = {Verdict.ANSWERED: GREEN, Verdict.UNCERTAIN: AMBER, Verdict.UNANSWERED: GREY}
_QUESTION_ROOM = 200
_FRAME_ROOM = 150
"""Characters of a block beside its questions, its quotation and where that stands."""


def several_layout(answer: Answer, language: Language, *, with_votes: bool) -> ui.LayoutView:
    """Lay out an answer of several parts.

    Above each stands its question, so that it is told what the articles do not say. Questions that
    the same words answer have one block.
    """
    words = PHRASES.of(language)
    children: list[ui.Item[Any]] = []
    quoted: list[Citation] = []
    used: set[str] = set()
    for position, (citation, parts) in enumerate(_blocks(answer)):
        if children:
            children.append(ui.Separator())
        children.append(part_heading(_heading(parts, language), position))
        buttons = [button for part in parts for button in why_buttons(part, language)]
        if citation is not None:
            quoted.append(citation)
            shown = citation if any(map(_is_sure, parts)) else unmarked(citation)
            frame = _QUESTION_ROOM * len(parts) + _FRAME_ROOM + len(locator(citation))
            children += passage(shown, (ROOM - TOP_ROOM) // len(answer.parts) - frame)
            buttons.insert(0, context_button(shown, language))
        buttons = [
            one for one in buttons if one.custom_id not in used
        ]  # Discord takes no two alike
        used.update(one.custom_id or "" for one in buttons)
        if buttons:
            children.append(ui.ActionRow(*buttons))
    for question in answer.left_out:
        left_out = words.left_out.format(question=f"**{short(question, _QUESTION_ROOM)}**")
        children.append(ui.TextDisplay(f"-# {left_out}"))
    if answer.citations:
        rest = [one for one in answer.citations if one not in quoted]
        more = [more_button(words.more, rest)] if rest else []
        votes = vote_buttons(answer, len(quoted), with_votes=with_votes)
        children += [ui.Separator(), ui.ActionRow(*more, follow_up_button(language), *votes)]
    return coloured(_COLOURS[answer.verdict], children)


def _is_sure(part: Answer) -> bool:
    """Whether what is marked in a part's passage may be in bold."""
    return part.verdict is Verdict.ANSWERED or part.is_sure_of_words


def _blocks(answer: Answer) -> list[tuple[Citation | None, list[Answer]]]:
    """Return what is quoted, in order, each with the parts that it answers; ``None``: nothing."""
    merged = {(one.passage, one.span): one for one in answer.citations}
    blocks: list[tuple[Citation | None, list[Answer]]] = []
    for part in answer.parts:
        is_shown = part.verdict is not Verdict.UNANSWERED and part.citations
        best = part.citations[0] if is_shown else None
        citation = None if best is None else merged.get((best.passage, best.span), best)
        same = next((parts for cited, parts in blocks if cited and cited == citation), None)
        if same is None:
            blocks.append((citation, [part]))
        else:
            same.append(part)
    return blocks


def _heading(parts: Sequence[Answer], language: Language) -> str:
    """Return the questions of a block, and what is claimed where that is not plain."""
    words = PHRASES.of(language)
    lines = [f"-# {short(part.question, _QUESTION_ROOM)}" for part in parts]
    if all(part.verdict is Verdict.UNANSWERED for part in parts):
        lines.append(words.not_said)
    elif any(part.verdict is Verdict.UNCERTAIN for part in parts):
        lines.append(f"**{words.not_sure}**")
    return "\n".join(lines)
