"""What admins see of a reindex: what changed, what could not be read, why nothing was done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from discord import ui

from bot import markdown
from bot.layouts import AMBER, GREEN, RED, ROOM, coloured, short
from bot.localisation import Language
from bot.phrases import Phrases
from knowledge.model import ArticleProblem, ReindexReport, Span

__all__ = ["refusal_layout", "report_layout"]

_NAMES_SHOWN = 10
_NAME_ROOM = 60
_PROBLEMS_SHOWN = 5
_PROBLEM_ROOM = 250


def refusal_layout(reason: str) -> ui.LayoutView:
    """Lay out why a reindex changed nothing, in the engine's own words.

    A list of problems is shown without the folders of its files, which are the operator's affair.
    """
    shown = re.sub(r"^- (?:[A-Za-z]:)?[^\n:]*[/\\]", "- ", reason, flags=re.MULTILINE)
    return coloured(RED, [ui.TextDisplay(markdown.excerpt(shown, ROOM, around=Span(0, 1)))])


def report_layout(report: ReindexReport, language: Language) -> ui.LayoutView:
    """Lay out what a reindex did: counts, names of what changed, time and problems."""
    phrases = language.phrases
    children: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(_counts(report, language)))]
    names = [
        label.format(names=_names(slugs, phrases))
        for label, slugs in (
            (phrases.reindex_added, report.added),
            (phrases.reindex_modified, report.changed),
            (phrases.reindex_removed, report.removed),
        )
        if slugs
    ]
    if names:
        children += [ui.Separator(), ui.TextDisplay("\n".join(f"-# {line}" for line in names))]
    if report.problems:
        listed = [f"-# {_problem(one, phrases)}" for one in report.problems[:_PROBLEMS_SHOWN]]
        if left := len(report.problems) - len(listed):
            listed.append(f"-# {phrases.and_more.format(count=left)}")
        heading = phrases.reindex_problems.format(count=len(report.problems))
        children += [ui.Separator(), ui.TextDisplay("\n".join([f"**{heading}**", *listed]))]
    return coloured(AMBER if report.problems else GREEN, children)


def _counts(report: ReindexReport, language: Language) -> list[str]:
    """Return how much changed, or in one line that nothing did."""
    phrases = language.phrases
    time = phrases.reindex_time.format(duration=_duration(report.elapsed_ms, language))
    if not (report.added or report.changed or report.removed):
        kept = phrases.reindex_kept.format(kept=len(report.kept))
        return [f"**{phrases.reindex_unchanged}**", f"{kept} · {time}"]
    return [
        f"**{phrases.reindex_changed}**",
        phrases.reindex_articles.format(
            added=len(report.added),
            changed=len(report.changed),
            removed=len(report.removed),
            kept=len(report.kept),
        ),
        phrases.reindex_paragraphs.format(
            added=report.paragraphs_added, removed=report.paragraphs_removed
        ),
        time,
    ]


def _duration(milliseconds: float, language: Language) -> str:
    if milliseconds < 1_000:
        return f"{milliseconds:.0f} ms"
    return f"{language.decimal(milliseconds / 1_000)} s"


def _problem(problem: ArticleProblem, phrases: Phrases) -> str:
    template = phrases.problem_in_file if problem.line is None else phrases.problem_at_line
    text = template.format(file=problem.path.name, line=problem.line, message=problem.message)
    return short(text, _PROBLEM_ROOM)


def _names(slugs: Sequence[str], phrases: Phrases) -> str:
    shown = [short(slug, _NAME_ROOM) for slug in slugs[:_NAMES_SHOWN]]
    if left := len(slugs) - len(shown):
        shown.append(phrases.and_more.format(count=left))
    return ", ".join(shown)
