"""What “Check in the articles” shows: the nearest passages to a claim, and what they say of it.

The engine compares words and meaning. It knows neither what is true nor what a “not” does, so that
nothing here says more than which words the nearest passage has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.features.check.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.ui import containers, passages
from bot.ui.custom_ids.reasons import Reasons
from knowledge import Answer, Support, Verdict

__all__ = ["check_layout"]

_SHOWN = 3
_WORDS, _WORD_ROOM = 8, 40


def check_layout(answer: Answer, language: Language) -> ui.LayoutView:
    """Lay out what the articles have on the claim that ``answer`` was asked for.

    Green: the nearest passage has all its words; amber: it lacks some; grey: nothing is near.
    """
    phrases, reasons = PHRASES.of(language), Reasons.of(answer)
    citations = passages.distinct(answer.citations)[:_SHOWN]
    missing = () if reasons is None else reasons.supported(Support.MISSING)
    if answer.verdict is Verdict.UNANSWERED or not citations or reasons is None:
        colour, lines = containers.GREY, [f"**{phrases.not_said}**"]
    elif missing:
        lacks = phrases.lacks.format(words=_listed(missing, language))
        colour, lines = containers.AMBER, [f"**{phrases.not_all}**", lacks]
    else:
        colour, lines = containers.GREEN, [f"**{phrases.said}**"]
    if not citations:
        return containers.coloured(colour, [ui.TextDisplay("\n".join(lines))])
    lines.append(f"-# {phrases.read}")
    children: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines)), ui.Separator()]
    children += passages.passages(citations, language)
    if why := passages.why_buttons(answer, language):
        children += [ui.Separator(), ui.ActionRow(*why)]
    return containers.coloured(colour, children)


def _listed(words: Sequence[str], language: Language) -> str:
    shown = [f"**{containers.short(word, _WORD_ROOM)}**" for word in words[:_WORDS]]
    if len(words) > _WORDS:
        shown.append(SHARED.of(language).and_more.format(count=len(words) - _WORDS))
    return ", ".join(shown)
