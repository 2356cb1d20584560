"""What members see: every message that the bot shows, as a Components V2 layout.

Discord allows 40 components and 4,000 displayed characters a message; each layout here stays
within both, and says ``[…]`` where it had to leave text out. The words of articles pass through
``bot.markdown`` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot import markdown
from bot.localisation import Language, Phrases
from bot.references import Reference, context_id, more_id, page_id
from knowledge.model import (
    Answer,
    Article,
    ArticleProblem,
    Citation,
    Paragraph,
    ReindexReport,
    Span,
    Verdict,
)

__all__ = [
    "AMBER",
    "GREEN",
    "GREY",
    "RED",
    "answer_layout",
    "context_layout",
    "notice",
    "passages_layout",
    "refusal_layout",
    "report_layout",
]

GREEN = discord.Colour(0x2D9D5C)
AMBER = discord.Colour(0xF0A92E)
GREY = discord.Colour(0x80848E)
RED = discord.Colour(0xD83C3E)

_SHOWN_WHEN_UNSURE = 3
_SHOWN_ON_REQUEST = 4

# 4,000 characters are Discord's limit; the rest is a margin for headings and marks.
_ROOM = 3_700
_TITLE_ROOM = 200
_URL_ROOM = 300
_NEIGHBOUR_ROOM = 700
_NAMES_SHOWN = 10
_NAME_ROOM = 60
_PROBLEMS_SHOWN = 5
_PROBLEM_ROOM = 250

_Children: TypeAlias = "list[ui.Item[Any]]"


def _view(colour: discord.Colour, children: Sequence[ui.Item[Any]]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, accent_colour=colour))
    # A stopped view is not kept in memory once it is sent: clicks reach ``bot.buttons`` by
    # their ``custom_id`` alone.
    view.stop()
    return view


def _short(text: str, room: int) -> str:
    return markdown.excerpt(" ".join(text.split()), room, around=Span(0, 1))


def _title(title: str, url: str | None) -> str:
    """Return an article's title, as a link where it has an address that is not too long."""
    if len(markdown.escape(title)) > _TITLE_ROOM:
        return _short(title, _TITLE_ROOM)
    return markdown.link(title, url if url is not None and len(url) <= _URL_ROOM else None)


def _locator(citation: Citation) -> str:
    section = [] if citation.section is None else [_short(citation.section, _TITLE_ROOM)]
    parts = [_title(citation.title, citation.url), *section, f"¶ {citation.paragraph}"]
    return "-# " + " · ".join(parts)


def _quotation(citation: Citation, room: int) -> str:
    """Return the snippet as a quotation; “…” says that its paragraph goes on."""
    text, span = citation.text, citation.span
    before = "… " if text[: span.start].strip() else ""
    after = " …" if text[span.end :].strip() else ""
    snippet = citation.snippet
    shown = markdown.excerpt(
        snippet, room, around=Span(0, 1), spans=citation.highlights, line_cost=len("> ")
    )
    return markdown.quoted(f"{before}{shown}{after}")


def _passage(citation: Citation, room: int = 1_600) -> _Children:
    """Return a quotation and where it stands.

    Two displays, not one: a line under a quotation would belong to it in some clients.
    """
    return [ui.TextDisplay(_quotation(citation, room)), ui.TextDisplay(_locator(citation))]


def _button(label: str, custom_id: str, *, enabled: bool = True) -> ui.Button[Any]:
    return ui.Button(label=label, custom_id=custom_id, disabled=not enabled)


def _context_button(citation: Citation, phrases: Phrases) -> ui.Button[Any]:
    return _button(phrases.in_context, context_id(Reference.to(citation)))


def _more_button(label: str, citations: Sequence[Citation]) -> ui.Button[Any]:
    return _button(label, more_id([Reference.to(one) for one in citations[:_SHOWN_ON_REQUEST]]))


def _passages(citations: Sequence[Citation], phrases: Phrases) -> _Children:
    """Return several passages, each with its own button."""
    room = _ROOM // len(citations) - 2 * _TITLE_ROOM - 100
    children: _Children = []
    for citation in citations:
        if children:
            children.append(ui.Separator())
        children += _passage(citation, room)
        children.append(ui.ActionRow(_context_button(citation, phrases)))
    return children


def _distinct(citations: Sequence[Citation]) -> list[Citation]:
    """Leave out what is quoted again: buttons of one message must not be alike."""
    first: dict[Reference, Citation] = {}
    for citation in citations:
        first.setdefault(Reference.to(citation), citation)
    return list(first.values())


def answer_layout(answer: Answer, phrases: Phrases) -> ui.LayoutView:
    """Lay out an answer: green with its passage, amber with the closest ones, grey without any."""
    citations = _distinct(answer.citations)
    if answer.verdict is Verdict.UNANSWERED or not citations:
        children: _Children = [ui.TextDisplay(phrases.not_said)]
        if citations:
            children.append(ui.ActionRow(_more_button(phrases.closest, citations)))
        return _view(GREY, children)
    if answer.verdict is Verdict.UNCERTAIN:
        shown, rest = citations[:_SHOWN_WHEN_UNSURE], citations[_SHOWN_WHEN_UNSURE:]
        children = [ui.TextDisplay(f"**{phrases.not_sure}**"), *_passages(shown, phrases)]
        if rest:
            children += [ui.Separator(), ui.ActionRow(_more_button(phrases.more, rest))]
        return _view(AMBER, children)
    best, rest = citations[0], citations[1:]
    more = [_more_button(phrases.more, rest)] if rest else []
    return _view(GREEN, [*_passage(best), ui.ActionRow(*more, _context_button(best, phrases))])


def passages_layout(
    citations: Sequence[Citation], phrases: Phrases, *, incomplete: bool
) -> ui.LayoutView:
    """Lay out further passages; ``incomplete`` where some are no longer in the articles."""
    children = _passages(_distinct(citations), phrases)
    if incomplete:
        children += [ui.Separator(), ui.TextDisplay(f"-# {phrases.some_gone}")]
    return _view(GREY, children)


def context_layout(
    article: Article, reference: Reference, number: int, url: str | None, phrases: Phrases
) -> ui.LayoutView:
    """Lay out paragraph ``number`` of an article between its neighbours, with buttons to go on.

    The paragraph of ``reference`` has its snippet in bold. A number beyond the article means its
    nearest paragraph.
    """
    paragraphs = article.paragraphs
    middle = min(max(number, 1), len(paragraphs)) - 1
    first, last = max(middle - 1, 0), min(middle + 1, len(paragraphs) - 1)
    shown = paragraphs[first : last + 1]
    children: _Children = [ui.TextDisplay(f"**{_title(article.title, url)}**")]
    section: str | None = None
    for paragraph, room in zip(shown, _rooms(shown, middle - first), strict=True):
        heading = article.section_of(paragraph)
        place = f"-# ¶ {paragraph.number}"
        if heading is not None and heading != section:
            place += f" · {_short(heading, _TITLE_ROOM)}"
        section = heading
        marked = paragraph.id == reference.passage and reference.span is not None
        snippet = [reference.span] if marked and reference.span is not None else []
        text = _in_room(paragraph, room, snippet, towards=paragraphs[middle].number)
        children += [ui.TextDisplay(place), ui.TextDisplay(text), ui.Separator(visible=False)]
    children.append(
        ui.ActionRow(
            _button(phrases.previous, page_id(reference, first - 1), enabled=first > 0),
            _button(phrases.next, page_id(reference, last + 3), enabled=last + 1 < len(paragraphs)),
        )
    )
    return _view(GREY, children)


def _rooms(shown: Sequence[Paragraph], middle: int) -> list[int]:
    """Share the room out: neighbours get what the middle paragraph leaves, or a little."""
    room = _ROOM - len(shown) * (_TITLE_ROOM // 2) - _TITLE_ROOM - _URL_ROOM
    needs = [len(markdown.escape(paragraph.text)) + 20 for paragraph in shown]
    others = [position for position in range(len(shown)) if position != middle]
    small = sum(min(needs[position], _NEIGHBOUR_ROOM) for position in others)
    rooms = [0] * len(shown)
    rooms[middle] = min(needs[middle], room - small)
    left = room - rooms[middle]
    # The neighbour that needs less is served first, so that the other gets all the rest.
    for remaining, position in zip(
        range(len(others), 0, -1), sorted(others, key=needs.__getitem__), strict=True
    ):
        rooms[position] = min(needs[position], left // remaining)
        left -= rooms[position]
    return rooms


def _in_room(paragraph: Paragraph, room: int, snippet: Sequence[Span], *, towards: int) -> str:
    """Return a paragraph, or the part of it nearest to the snippet or to paragraph ``towards``."""
    end = len(paragraph.text)
    if snippet and snippet[0].start < end:
        around = Span(snippet[0].start, min(snippet[0].end, end))
    else:
        around = Span(max(end - 1, 0), end) if paragraph.number < towards else Span(0, 1)
    return markdown.excerpt(paragraph.text, room, around=around, spans=snippet)


def notice(text: str, colour: discord.Colour = GREY) -> ui.LayoutView:
    """Lay out a sentence of the bot's own."""
    return _view(colour, [ui.TextDisplay(text)])


def refusal_layout(reason: str) -> ui.LayoutView:
    """Lay out why a reindex changed nothing, in the engine's own words."""
    return _view(RED, [ui.TextDisplay(markdown.excerpt(reason, _ROOM, around=Span(0, 1)))])


def report_layout(report: ReindexReport, language: Language) -> ui.LayoutView:
    """Lay out what a reindex did: counts, names of what changed, time and problems."""
    phrases = language.phrases
    changed = report.added or report.changed or report.removed
    lines = [
        f"**{phrases.reindex_changed if changed else phrases.reindex_unchanged}**",
        phrases.reindex_articles.format(
            added=len(report.added),
            changed=len(report.changed),
            removed=len(report.removed),
            kept=len(report.kept),
        ),
        phrases.reindex_paragraphs.format(
            added=report.paragraphs_added, removed=report.paragraphs_removed
        ),
        phrases.reindex_time.format(duration=_duration(report.elapsed_ms, language)),
    ]
    children: _Children = [ui.TextDisplay("\n".join(lines))]
    names = [
        f"{label}: {_names(slugs, phrases)}"
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
        listed = [f"-# {_problem(one)}" for one in report.problems[:_PROBLEMS_SHOWN]]
        if left := len(report.problems) - len(listed):
            listed.append(f"-# {phrases.and_more.format(count=left)}")
        heading = phrases.reindex_problems.format(count=len(report.problems))
        children += [ui.Separator(), ui.TextDisplay("\n".join([f"**{heading}**", *listed]))]
    return _view(AMBER if report.problems else GREEN, children)


def _duration(milliseconds: float, language: Language) -> str:
    if milliseconds < 1_000:
        return f"{milliseconds:.0f} ms"
    return f"{language.decimal(milliseconds / 1_000)} s"


def _problem(problem: ArticleProblem) -> str:
    line = "" if problem.line is None else f":{problem.line}"
    return _short(f"{problem.path.name}{line}: {problem.message}", _PROBLEM_ROOM)


def _names(slugs: Sequence[str], phrases: Phrases) -> str:
    shown = [_short(slug, _NAME_ROOM) for slug in slugs[:_NAMES_SHOWN]]
    if left := len(slugs) - len(shown):
        shown.append(phrases.and_more.format(count=left))
    return ", ".join(shown)
