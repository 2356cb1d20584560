"""What a click on Why? shows: the question's words, how sure the answer is, and the runner-up.

The words are a member's: they pass through ``bot.ui.markdown``, so that they can neither
format, nor link, nor mention.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.features.ask.phrases import PHRASES, AskPhrases
from bot.i18n.localisation import Language
from bot.ui import containers, markdown, passages
from bot.ui.custom_ids.reasons import Reasons
from knowledge import Citation, Support, Verdict

__all__ = ["explanation_layout"]

_COLOURS = {
    Verdict.ANSWERED: containers.GREEN,
    Verdict.UNCERTAIN: containers.AMBER,
    Verdict.UNANSWERED: containers.GREY,
}
_LIKELY = 50
"""Percent from which being unsure needs to be explained by more than the figure."""


def explanation_layout(
    reasons: Reasons,
    runner_up: Citation | None,
    language: Language,
    *,
    is_strict: bool = False,
) -> ui.LayoutView:
    """Lay out why an answer is as sure as it is.

    ``runner_up`` is the passage that ``reasons`` refers to, ``None`` where the articles no longer
    have it. ``is_strict``: whether the server asks for more than is usual.
    """
    phrases = PHRASES.of(language)
    children: list[ui.Item[Any]] = [
        ui.TextDisplay(_sureness(reasons, phrases, is_strict=is_strict)),
        ui.TextDisplay("\n".join(_words(reasons, phrases))),
    ]
    if runner_up is not None:
        children += [
            ui.Separator(),
            ui.TextDisplay(phrases.why_runner_up),
            ui.TextDisplay(passages.locator(runner_up)),
            ui.ActionRow(passages.context_button(runner_up, language)),
        ]
    elif reasons.runner_up is not None:
        children += [ui.Separator(), ui.TextDisplay(f"-# {phrases.why_runner_up_gone}")]
    return containers.coloured(_colour(reasons.verdict), children)


def _colour(verdict: Verdict) -> discord.Colour:
    return _COLOURS[verdict]


def _sureness(reasons: Reasons, phrases: AskPhrases, *, is_strict: bool) -> str:
    """Return the verdict and the confidence in words, and what the figure means."""
    verdicts = {
        Verdict.ANSWERED: phrases.why_answered,
        Verdict.UNCERTAIN: phrases.why_uncertain,
        Verdict.UNANSWERED: phrases.why_unanswered,
    }
    lines = [
        f"**{verdicts[reasons.verdict]}**",
        phrases.why_figure.format(percent=min(max(reasons.percent, 1), 99)),
    ]
    if reasons.reads is not None:
        lines.append(phrases.why_reads if reasons.reads else phrases.why_reads_not)
    if reasons.verdict is Verdict.UNCERTAIN and reasons.percent >= _LIKELY:
        lines += [phrases.why_strict] * is_strict + [phrases.why_doubt]
    return "\n".join(lines)


def _words(reasons: Reasons, phrases: AskPhrases) -> list[str]:
    lines = [
        template.format(words=_listed(words))
        for support, template in (
            (Support.MISSING, phrases.why_missing),
            (Support.SAID, phrases.why_said),
            (Support.OTHER_NAME, phrases.why_other_name),
            (Support.CORRECTED, phrases.why_corrected),
        )
        if (words := reasons.supported(support))
    ]
    if reasons.left_out:
        lines.append(phrases.why_more_words.format(count=reasons.left_out))
    return lines or [phrases.why_no_words]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"**{markdown.escape(word)}**" for word in words)
