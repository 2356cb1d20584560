"""What people see in a terminal: answers, search results, articles, reports, tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from knowledge import (
    Article,
    ArticleChange,
    ChangeCounts,
    ChangeKind,
    Citation,
    Comparison,
    Miss,
    Paragraph,
    ReindexReport,
    SearchPage,
    SelfTest,
    Span,
    Trial,
    Verdict,
    by_message,
)

if TYPE_CHECKING:
    from knowledge import EvaluationReport  # slow to import

__all__ = [
    "NAMES_SHOWN",
    "article_view",
    "citation_view",
    "comparison_view",
    "counted",
    "error_console",
    "evaluation_view",
    "names",
    "paragraph_view",
    "passages_view",
    "reindex_view",
    "search_view",
    "selftest_view",
]

NAMES_SHOWN = 20
"""Names of articles in a list."""

_REASONS_SHOWN = 50


def error_console() -> Console:
    """Return the console for messages, which leave standard output to results."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def names(slugs: Sequence[str], total: int | None = None) -> str:
    """Return the first names of a list and how many more there are of ``total`` (default: all)."""
    shown = slugs[:NAMES_SHOWN]
    more = (len(slugs) if total is None else total) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _locator(*parts: str | None, paragraph: int) -> Text:
    place = [part for part in parts if part]
    return Text(" · ".join([*place, f"¶\u00a0{paragraph}"]), style="dim")


def passages_view(citations: Sequence[Citation]) -> RenderableType:
    """Return several citations, one below the other."""
    parts: list[RenderableType] = []
    for citation in citations:
        parts += [Text(""), citation_view(citation)] if parts else [citation_view(citation)]
    return Group(*parts)


def citation_view(citation: Citation) -> RenderableType:
    """Return a snippet with its highlights in bold, and where it stands."""
    quote = Text("… " if citation.span.start else "")
    offset = len(quote)
    quote.append(citation.snippet)
    for span in citation.highlights:
        quote.stylize("bold", offset + span.start, offset + span.end)
    if citation.items_left:
        quote.append(f"\n… +{citation.items_left}")
    elif citation.span.end < len(citation.text):
        quote.append(" …")
    return Group(quote, _locator(citation.title, citation.section, paragraph=citation.paragraph))


def search_view(page: SearchPage) -> RenderableType:
    """Return a page of search results with its range."""
    if not page.citations:
        return Text("Nothing found." if not page.total else "No further results.")
    first, last = page.offset + 1, page.offset + len(page.citations)
    count = Text(f"{first} to {last} of {page.total}", style="dim")
    return Group(passages_view(page.citations), Text(""), count)


def article_view(article: Article) -> RenderableType:
    """Return a whole article: titles, headings, numbered paragraphs."""
    parts: list[RenderableType] = [Text(article.title, style="bold")]
    parts += [Text(title, style="dim") for title in article.titles.values()]
    section: int | None = None
    for paragraph in article.paragraphs:
        if paragraph.section != section and paragraph.section is not None:
            parts += [Text(""), Text(article.sections[paragraph.section].title, style="bold")]
        section = paragraph.section
        parts += [Text(""), _numbered(paragraph)]
    return Group(*parts)


def paragraph_view(
    article: Article, paragraph: Paragraph, marked: Sequence[Span]
) -> RenderableType:
    """Return one paragraph and where it stands, with slices of its text in bold."""
    text = Text(paragraph.text)
    for span in marked:
        text.stylize("bold", span.start, span.end)
    section = article.section_of(paragraph)
    return Group(text, _locator(article.title, section, paragraph=paragraph.number))


def _numbered(paragraph: Paragraph) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", style="dim", width=5)
    grid.add_column()
    grid.add_row(Text(f"¶\u00a0{paragraph.number}"), Text(paragraph.text))
    return grid


def reindex_view(report: ReindexReport) -> RenderableType:
    """Return what a reindex did: counts, then each article that changed and what did in it."""
    counts = (
        f"{len(report.added)} added, {len(report.changed)} changed, "
        f"{len(report.removed)} removed, {len(report.kept)} kept"
    )
    lines: list[RenderableType] = [Text(f"Articles: {counts}")]
    lines += [Text(line) for line in _inside(report.paragraphs, report.facts)]
    for change in report.changes:
        lines += _change_lines(change)
    touched = len(report.added) + len(report.changed) + len(report.removed)
    told = sum(change.kind is not ChangeKind.REREAD for change in report.changes)
    if touched > told:
        lines.append(Text(f"And {touched - told} more articles (--json names them)"))
    if report.golden is not None:
        lines.append(comparison_view(report.golden))
    lines += [Text(line) for line in _left_out(report)]
    seconds = report.elapsed_ms / 1000
    lines.append(Text(f"Index version {report.index_version}, {seconds:.2f} s", style="dim"))
    return Group(*lines)


def _left_out(report: ReindexReport) -> Iterator[str]:
    """Yield what was passed over and why, once for what was for the same reason."""
    count = len(report.notes) + report.further_notes
    if not count:
        return
    yield f"Left out or not read: {count}"
    together = by_message(report.notes)
    for notes in together[:_REASONS_SHOWN]:
        if len(notes) == 1:
            yield f"• {notes[0]}"
        else:
            places = [str(Path(one.path.parent.name, one.path.name)) for one in notes]
            yield f"• {notes[0].message}: {names(places)}"
    told = sum(map(len, together[:_REASONS_SHOWN]))
    if count > told:
        yield f"• and {count - told} more" + (" (--json names them)" * (not report.further_notes))


_SIGNS = {ChangeKind.ADDED: "+", ChangeKind.CHANGED: "~", ChangeKind.REMOVED: "-"}


def _inside(paragraphs: ChangeCounts, facts: ChangeCounts) -> Iterator[str]:
    for name, counts in (("Paragraphs", paragraphs), ("Facts", facts)):
        if counts.total:
            parts = {"added": counts.added, "changed": counts.changed, "removed": counts.removed}
            yield f"{name}: " + ", ".join(f"{n} {word}" for word, n in parts.items() if n)


def _change_lines(change: ArticleChange) -> Iterator[RenderableType]:
    """Yield what became of an article, and the first differences inside it."""
    counts = "; ".join(_inside(change.paragraphs, change.facts)).lower()
    yield Text.assemble(
        (change.slug, "bold"), f" {change.kind.value}", ("; " * bool(counts)) + counts
    )
    for one in change.differences:
        words = " → ".join(text for text in (one.before, one.after) if text is not None)
        kind = "" if one.fact is None else f"{one.fact.value}: "
        yield Text(f"  {_SIGNS[one.kind]} ¶\u00a0{one.paragraph} {kind}{words}")
    left = change.paragraphs.total + change.facts.total - len(change.differences)
    if change.differences and left:
        yield Text(f"  and {left} more", style="dim")


_MISSES = {
    Miss.WITHHELD: "answered that the articles don’t say; the right passage was number {rank}",
    Miss.ELSEWHERE: "showed {place} first; the right passage was number {rank} (0: not found)",
    Miss.NOT_FOUND: "answered that the articles don’t say; the right passage was not found",
    Miss.ANSWERED: "showed {place}, where the articles don’t say",
}


def selftest_view(test: SelfTest) -> RenderableType:
    """Return how many golden questions were answered rightly, the misses, and the hits."""
    lines: list[RenderableType] = [
        Text(f"{test.hits} of {len(test.trials)} golden questions answered rightly", style="bold")
    ]
    if test.left_out:
        lines.append(Text(f"{test.left_out} more were not asked", style="dim"))
    lines += [_trial_line(trial) for trial in test.misses]
    lines += [_trial_line(trial) for trial in test.trials if trial.miss is None]
    return Group(*lines)


def comparison_view(comparison: Comparison) -> RenderableType:
    """Return the golden questions that got worse and better by a reindex."""
    before, after = comparison.before.hits, comparison.after.hits
    total = len(comparison.after.trials)
    lines: list[RenderableType] = [
        Text(f"Golden questions answered rightly: {after} of {total} (before: {before})")
    ]
    for label, trials in (("Worse:", comparison.worse), ("Better:", comparison.better)):
        if trials:
            lines += [Text(label), *(_trial_line(trial) for trial in trials)]
    return Group(*lines)


def _trial_line(trial: Trial) -> RenderableType:
    """Return one line: a sign, the question's id and words, where it is answered or why not."""
    shown = trial.article is not None
    place = f"{trial.article} ¶\u00a0{trial.paragraph}" if shown else "nothing, rightly"
    reason = place
    if trial.miss is not None:
        reason = _MISSES[trial.miss].format(place=place, rank=trial.rank)
    sign, style = ("✓", "green") if trial.miss is None else ("✗", "red")
    return Text.assemble(
        (f"{sign} ", style),
        f"{trial.question.article}/{trial.question.id} {trial.question.question}",
        (f" · {reason}", "dim"),
    )


def evaluation_view(report: EvaluationReport) -> RenderableType:
    """Return the figures of a question set and the verdict shares by kind, in percent."""
    title = Text(f"{report.name} ({report.questions} questions)", style="bold")
    figures = Table(box=None, pad_edge=False, show_header=False)
    figures.add_column()
    figures.add_column(justify="right")
    for name, value in report.figures.items():
        figures.add_row(name, "–" if math.isnan(value) else f"{value:.3f}")
    for name, milliseconds in report.latency_ms.items():
        figures.add_row(f"{name} ms", f"{milliseconds:.1f}")
    verdicts = Table(box=None, pad_edge=False)
    verdicts.add_column("kind")
    for verdict in Verdict:
        verdicts.add_column(f"{verdict.value} %", justify="right")
    for kind, shares in report.verdicts.items():
        verdicts.add_row(kind, *(f"{100 * shares[verdict.value]:.0f}" for verdict in Verdict))
    return Padding(Group(title, figures, Text(""), verdicts), (0, 0, 1, 0))
