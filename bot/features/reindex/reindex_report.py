"""What admins see of a reindex: what changed, what could not be read, why nothing was done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

import discord
from discord import ui

from bot.features.reindex.phrases import PHRASES, ReindexPhrases
from bot.features.reindex.selftest_report import comparison_blocks, comparison_line
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.ui import markdown
from bot.ui.containers import AMBER, GREEN, RED, ROOM, coloured, numbered, short
from bot.ui.report_pages import Block, pages_of
from knowledge import (
    ArticleChange,
    ArticleNote,
    ArticleProblem,
    ChangeCounts,
    ChangeKind,
    Difference,
    NoteKind,
    ReindexProgress,
    ReindexReport,
    ReindexStage,
    Span,
    by_message,
)

__all__ = [
    "article_block",
    "left_out_block",
    "problems_block",
    "progress_text",
    "refusal_layout",
    "report_colour",
    "report_pages",
]

_TITLE_ROOM = 150
_PROBLEM_ROOM = 700
_REASONS_SHOWN = 100
_NAMES_SHOWN = 20
_WORDS_ROOM = 330
_SIGNS = {ChangeKind.ADDED: "➕", ChangeKind.CHANGED: "✏️", ChangeKind.REMOVED: "➖"}


def refusal_layout(reason: str) -> ui.LayoutView:
    """Lay out why a reindex changed nothing, in the engine's own words.

    A list of problems is shown without the folders of its files, which are the operator's affair.
    """
    shown = re.sub(r"^- (?:[A-Za-z]:)?[^\n:]*[/\\]", "- ", reason, flags=re.MULTILINE)
    return coloured(RED, [ui.TextDisplay(markdown.excerpt(shown, ROOM, around=Span(0, 1)))])


def progress_text(moment: ReindexProgress, language: Language) -> str:
    """Return how far a reindex is, and when it will be done where that can be told."""
    words = PHRASES.of(language)
    template = {
        ReindexStage.MIGRATING: words.migrating,
        ReindexStage.READING: words.progress,
        ReindexStage.FACTS: words.finding_facts,
        ReindexStage.ENCODING: words.encoding,
        ReindexStage.TESTING: words.testing,
    }[moment.stage]
    text = template.format(done=moment.done, total=moment.total)
    if moment.seconds_left is None:
        return text
    end = discord.utils.utcnow() + timedelta(seconds=moment.seconds_left)
    when = discord.utils.format_dt(end, "R")
    return f"{text} · {words.pace.format(rate=round(moment.rate), when=when)}"


def report_colour(report: ReindexReport) -> discord.Colour:
    """Return green, or amber where something could not be read, is orphaned, stale or got worse."""
    is_worse = report.golden is not None and report.golden.worse
    is_lossy = any(note.kind in (NoteKind.ORPHAN, NoteKind.STALE) for note in report.notes)
    return AMBER if report.problems or is_lossy or is_worse else GREEN


def report_pages(report: ReindexReport, language: Language) -> list[list[str]]:
    """Return the pages that tell what a reindex did: counts and time, problems, what was left out,
    each article."""
    phrases = PHRASES.of(language)
    blocks: list[Block] = []
    if report.golden is not None:
        blocks += comparison_blocks(report.golden, language)
    if report.problems:
        blocks.append(problems_block(report.problems, language))
    if report.notes:
        blocks.append(left_out_block(report.notes, language, report.further_notes))
    blocks += [article_block(change, language) for change in report.changes]
    touched = len(report.added) + len(report.changed) + len(report.removed)
    told = sum(change.kind is not ChangeKind.REREAD for change in report.changes)
    if touched > told:
        blocks.append(Block(f"-# {phrases.more_articles.format(count=touched - told)}"))
    return pages_of("\n".join(_totals(report, language)), blocks, language)


def problems_block(problems: Sequence[ArticleProblem], language: Language) -> Block:
    """Return what could not be read, and why."""
    phrases = PHRASES.of(language)
    heading = phrases.problems.format(count=len(problems))
    return Block(f"**{heading}**", tuple(f"-# {_problem(one, phrases)}" for one in problems))


def _totals(report: ReindexReport, language: Language) -> Iterator[str]:
    """Yield how much changed, or that nothing did."""
    phrases = PHRASES.of(language)
    time = phrases.time.format(duration=_duration(report.elapsed_ms, language))
    if not (report.added or report.changed or report.removed or report.changes):
        kept = phrases.kept.format(kept=len(report.kept))
        yield from (f"**{phrases.unchanged}**", f"{kept} · {time}")
        return
    yield f"**{phrases.changed}**"
    yield phrases.articles.format(
        added=len(report.added),
        changed=len(report.changed),
        removed=len(report.removed),
        kept=len(report.kept),
    )
    yield from _inside(report.paragraphs, report.facts, phrases)
    if report.golden is not None:
        yield comparison_line(report.golden, language)
    yield time


def _inside(
    paragraphs: ChangeCounts, facts: ChangeCounts, phrases: ReindexPhrases
) -> Iterator[str]:
    """Yield a line for paragraphs and one for facts, where there are any."""
    if paragraphs.total:
        yield phrases.paragraphs.format(counts=_counts(paragraphs, phrases))
    if facts.total:
        yield phrases.facts.format(counts=_counts(facts, phrases))


def _counts(counts: ChangeCounts, phrases: ReindexPhrases) -> str:
    parts = (
        (counts.added, phrases.count_added),
        (counts.changed, phrases.count_changed),
        (counts.removed, phrases.count_removed),
    )
    return ", ".join(template.format(count=count) for count, template in parts if count)


def article_block(change: ArticleChange, language: Language) -> Block:
    """Return what became of an article, and inside it."""
    phrases = PHRASES.of(language)
    heading = {
        ChangeKind.ADDED: phrases.article_added,
        ChangeKind.CHANGED: phrases.article_changed,
        ChangeKind.REMOVED: phrases.article_removed,
        ChangeKind.REREAD: phrases.article_reread,
    }[change.kind]
    lines = list(_inside(change.paragraphs, change.facts, phrases))
    if not lines:
        lines = [phrases.changed_around]
    lines += [_difference(one, language) for one in change.differences]
    left = change.paragraphs.total + change.facts.total - len(change.differences)
    if change.differences and left > 0:
        lines.append(SHARED.of(language).and_more.format(count=left))
    title = short(change.title, _TITLE_ROOM)
    return Block(f"**{title}** · {heading}", tuple(f"-# {line}" for line in lines))


def _difference(difference: Difference, language: Language) -> str:
    """Return one line: a sign, the paragraph's number, a fact's kind, the words then and now."""
    said = [short(text, _WORDS_ROOM) for text in (difference.before, difference.after) if text]
    parts = [f"{_SIGNS[difference.kind]} {numbered(difference.paragraph)}"]
    if difference.fact is not None:
        parts.append(SHARED.commands(language)[f"kind.{difference.fact.value}"])
    return " · ".join([*parts, " → ".join(said)])


def _duration(milliseconds: float, language: Language) -> str:
    if milliseconds < 1_000:
        return f"{milliseconds:.0f} ms"
    return f"{language.decimal(milliseconds / 1_000)} s"


def left_out_block(notes: Sequence[ArticleNote], language: Language, further: int = 0) -> Block:
    """Return what was passed over and why, once for what was for the same reason; ``further``: how
    many notes there are besides."""
    count = len(notes) + further
    together = by_message(notes)[:_REASONS_SHOWN]
    lines = [_together(alike, language) for alike in together]
    if (left := count - sum(map(len, together))) > 0:
        lines.append(SHARED.of(language).and_more.format(count=left))
    heading = PHRASES.of(language).left_out.format(count=count)
    return Block(f"**{heading}**", tuple(f"-# {line}" for line in lines))


def _together(notes: Sequence[ArticleNote], language: Language) -> str:
    first = notes[0]
    if len(notes) == 1:
        return _problem(first, PHRASES.of(language))
    shown = ", ".join(one.path.name for one in notes[:_NAMES_SHOWN])
    if len(notes) > _NAMES_SHOWN:
        shown += f" {SHARED.of(language).and_more.format(count=len(notes) - _NAMES_SHOWN)}"
    return short(f"{first.message}: {shown}", _PROBLEM_ROOM)


def _problem(problem: ArticleProblem | ArticleNote, phrases: ReindexPhrases) -> str:
    template = phrases.problem_in_file if problem.line is None else phrases.problem_at_line
    text = template.format(file=problem.path.name, line=problem.line, message=problem.message)
    return short(text, _PROBLEM_ROOM)
