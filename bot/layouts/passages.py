"""Answers and passages as members see them, and the pieces that every layout is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.custom_ids.reasons import Reasons, why_id
from bot.custom_ids.references import Reference, context_id, more_id, page_id
from bot.custom_ids.votes import DOWN, UP, Rated, rated_id
from bot.layouts import markdown
from bot.layouts.deep_links import deep_link, link_to
from bot.phrases import Phrases
from bot.state import AnswerLength
from knowledge.model import (
    Answer,
    Article,
    Citation,
    Paragraph,
    Span,
    Verdict,
)

__all__ = [
    "AMBER",
    "GREEN",
    "GREY",
    "RED",
    "ROOM",
    "TITLE_ROOM",
    "answer_layout",
    "button",
    "coloured",
    "context_button",
    "context_layout",
    "distinct",
    "linked_title",
    "locator",
    "notice",
    "numbered",
    "passages",
    "passages_layout",
    "quotation",
    "short",
    "why_buttons",
]

GREEN = discord.Colour(0x2D9D5C)
AMBER = discord.Colour(0xF0A92E)
GREY = discord.Colour(0x80848E)
RED = discord.Colour(0xD83C3E)

_SHOWN_WHEN_UNSURE = 3
_SHOWN_WHEN_LONG = 3
_SHOWN_ON_REQUEST = 4

ROOM = 3_700
"""Characters to fill: Discord's limit is 4,000, the rest is a margin for headings and marks."""

TITLE_ROOM = 200
"""Characters of a title or heading beside other things."""

_URL_ROOM = 300
_MARGIN = 20
"""Characters around a quotation that its own room does not count."""

_NEIGHBOUR_ROOM = 700

_Children: TypeAlias = "list[ui.Item[Any]]"


def coloured(colour: discord.Colour, children: Sequence[ui.Item[Any]]) -> ui.LayoutView:
    """Lay out a message in a box with an accent colour."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, accent_colour=colour))
    # A stopped view is not kept in memory once it is sent: clicks reach ``bot.buttons.passages`` by
    # their ``custom_id`` alone.
    view.stop()
    return view


def short(text: str, room: int) -> str:
    """Return text on one line, cut where its Markdown takes more than ``room`` characters."""
    return markdown.excerpt(" ".join(text.split()), room, around=Span(0, 1))


def linked_title(title: str, *urls: str | None, room: int = TITLE_ROOM) -> str:
    """Return an article's title, as a link to the first of its addresses that is not too long."""
    if len(markdown.escape(title)) > room:
        return short(title, room)
    limit = min(_URL_ROOM, 2 * room)
    links = (markdown.link(title, url) for url in urls if url is not None)
    plain = markdown.link(title, None)
    return next((link for link in links if len(link) - len(plain) <= limit), plain)


def numbered(first: int, last: int | None = None) -> str:
    """Return the sign of a paragraph, or of several, which no line end parts from its number."""
    return f"¶\u00a0{first}" if last in (None, first) else f"¶\u00a0{first}–{last}"


def locator(citation: Citation, room: int = TITLE_ROOM) -> str:
    """Return the line that says where a passage stands; title and heading get ``room`` each.

    The title leads to the very words in the article's page, where it has one.
    """
    section = [] if citation.section is None else [short(citation.section, room)]
    title = linked_title(citation.title, link_to(citation), citation.url, room=room)
    return "-# " + " · ".join([title, *section, numbered(citation.paragraph)])


def quotation(citation: Citation, room: int) -> str:
    """Return the snippet as a quotation; “…” says that its paragraph goes on.

    Where ``room`` characters do not hold it, what is in bold is kept in view.
    """
    text, span = citation.text, citation.span
    before = "… " if text[: span.start].strip() else ""
    after = " …" if text[span.end :].strip() else ""
    snippet = citation.snippet
    shown = markdown.excerpt(
        snippet,
        room,
        around=citation.highlights[0] if citation.highlights else Span(0, 1),
        spans=citation.highlights,
        line_cost=len("> "),
    )
    return markdown.quoted(f"{before}{shown}{after}")


def _passage(citation: Citation, room: int = 1_600) -> _Children:
    """Return a quotation and where it stands.

    Two displays, not one: a line under a quotation would belong to it in some clients.
    """
    return [ui.TextDisplay(quotation(citation, room)), ui.TextDisplay(locator(citation))]


def button(label: str, custom_id: str, *, enabled: bool = True) -> ui.Button[Any]:
    """Return a grey button, whose click ``bot.buttons`` recognises by its ``custom_id``."""
    return ui.Button(label=label, custom_id=custom_id, disabled=not enabled)


def context_button(citation: Citation, phrases: Phrases) -> ui.Button[Any]:
    """Return the button that shows a passage in its article."""
    return button(phrases.in_context, context_id(Reference.to(citation)))


def why_buttons(answer: Answer, phrases: Phrases) -> list[ui.Button[Any]]:
    """Return the button that explains an answer, where there is something to explain."""
    reasons = Reasons.of(answer)
    return [] if reasons is None else [button(phrases.why, why_id(reasons))]


def _vote_buttons(answer: Answer, shown: int) -> list[ui.Button[Any]]:
    """Return the buttons to vote on an answer that shows so many of its citations."""
    rated = Rated.of(answer, shown)
    return [button("👍", rated_id(UP, rated)), button("👎", rated_id(DOWN, rated))]


def _more_button(label: str, citations: Sequence[Citation]) -> ui.Button[Any]:
    return button(label, more_id([Reference.to(one) for one in citations[:_SHOWN_ON_REQUEST]]))


def passages(
    citations: Sequence[Citation], phrases: Phrases, share: int | None = None
) -> _Children:
    """Return several passages, each with its own button; ``share``: of how many in the room."""
    room = ROOM // (share or len(citations)) - _MARGIN
    children: _Children = []
    for citation in citations:
        if children:
            children.append(ui.Separator())
        children += _passage(citation, room - len(locator(citation)))
        children.append(ui.ActionRow(context_button(citation, phrases)))
    return children


def distinct(citations: Sequence[Citation]) -> list[Citation]:
    """Leave out what is quoted again: buttons of one message must not be alike."""
    first: dict[Reference, Citation] = {}
    for citation in citations:
        first.setdefault(Reference.to(citation), citation)
    return list(first.values())


def answer_layout(
    answer: Answer, phrases: Phrases, length: AnswerLength = AnswerLength.SHORT
) -> ui.LayoutView:
    """Lay out an answer: amber with the closest passages, grey without any, or green.

    Green has the passage that answers; a long answer has the next ones, too.
    """
    citations, why = distinct(answer.citations), why_buttons(answer, phrases)
    if answer.verdict is Verdict.UNANSWERED or not citations:
        children: _Children = [ui.TextDisplay(phrases.not_said)]
        if citations:
            closest = _more_button(phrases.closest, citations)
            children.append(ui.ActionRow(closest, *why, *_vote_buttons(answer, 0)))
        return coloured(GREY, children)
    if answer.verdict is Verdict.UNCERTAIN:
        shown, rest = citations[:_SHOWN_WHEN_UNSURE], citations[_SHOWN_WHEN_UNSURE:]
        children = [ui.TextDisplay(f"**{phrases.not_sure}**"), *passages(shown, phrases)]
        more = [_more_button(phrases.more, rest)] if rest else []
        votes = _vote_buttons(answer, len(shown))
        children += [ui.Separator(), ui.ActionRow(*more, *why, *votes)]
        return coloured(AMBER, children)
    if length is AnswerLength.LONG and len(citations) > 1:
        shown, rest = citations[:_SHOWN_WHEN_LONG], citations[_SHOWN_WHEN_LONG:]
        children = passages(shown, phrases)
        more = [_more_button(phrases.more, rest)] if rest else []
        votes = _vote_buttons(answer, len(shown))
        children += [ui.Separator(), ui.ActionRow(*more, *why, *votes)]
        return coloured(GREEN, children)
    best, rest = citations[0], citations[1:]
    more = [_more_button(phrases.more, rest)] if rest else []
    votes = _vote_buttons(answer, 1)
    row = ui.ActionRow(*more, context_button(best, phrases), *why, *votes)
    return coloured(GREEN, [*_passage(best), row])


def passages_layout(
    citations: Sequence[Citation],
    phrases: Phrases,
    further: Sequence[Sequence[ui.Item[Any]]] = (),
) -> ui.LayoutView:
    """Lay out further passages, under a heading that says that they are what comes closest.

    ``further``: what stands below them, each in the room of one more passage.
    """
    shown = distinct(citations)
    children: _Children = [ui.TextDisplay(f"**{phrases.closest}**")]
    children += passages(shown, phrases, share=len(shown) + len(further))
    for items in further:
        children += [ui.Separator(), *items]
    return coloured(GREY, children)


def context_layout(
    article: Article,
    reference: Reference,
    number: int,
    url: str | None,
    phrases: Phrases,
    note: str | None = None,
) -> ui.LayoutView:
    """Lay out paragraph ``number`` of an article between its neighbours, with buttons to go on.

    The paragraph of ``reference`` has its highlights in bold, or its snippet where it has none.
    A number beyond the article means its nearest paragraph. ``note`` stands beside the numbers.
    """
    paragraphs = article.paragraphs
    middle = min(max(number, 1), len(paragraphs)) - 1
    first, last = max(middle - 1, 0), min(middle + 1, len(paragraphs) - 1)
    shown = paragraphs[first : last + 1]
    where = f"-# {numbered(first + 1, last + 1)} / {len(paragraphs)}"
    where += f" · {note}" if note else ""
    title = linked_title(article.title, _deep_link(url, reference, shown), url)
    children: _Children = [ui.TextDisplay(f"**{title}**\n{where}")]
    section: str | None = None
    for paragraph, room in zip(shown, _rooms(shown, middle - first), strict=True):
        heading = article.section_of(paragraph)
        place = f"-# {numbered(paragraph.number)}"
        if heading is not None and heading != section:
            place += f" · {short(heading, TITLE_ROOM)}"
        section = heading
        cited = reference if paragraph.id == reference.passage else None
        text = _in_room(paragraph, room, cited, towards=paragraphs[middle].number)
        children += [ui.TextDisplay(place), ui.TextDisplay(text), ui.Separator(visible=False)]
    has_previous, has_next = first > 0, last + 1 < len(paragraphs)
    if has_previous or has_next:
        children.append(
            ui.ActionRow(
                button(phrases.previous, page_id(reference, first - 1), enabled=has_previous),
                button(phrases.next, page_id(reference, last + 3), enabled=has_next),
            )
        )
    return coloured(GREY, children)


def _deep_link(url: str | None, reference: Reference, shown: Sequence[Paragraph]) -> str | None:
    """Return the address that leads to what is cited, ``None`` where it is not shown."""
    if url is None:
        return None
    links = (
        deep_link(url, one.text, reference.span or Span(0, len(one.text)))
        for one in shown
        if one.id == reference.passage
    )
    return next(links, None)


def _rooms(shown: Sequence[Paragraph], middle: int) -> list[int]:
    """Share the room out: neighbours get what the middle paragraph leaves, or a little."""
    room = ROOM - len(shown) * (TITLE_ROOM // 2) - TITLE_ROOM - _URL_ROOM
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


def _in_room(paragraph: Paragraph, room: int, cited: Reference | None, *, towards: int) -> str:
    """Return a paragraph, or the part nearest to what is cited or to paragraph ``towards``."""
    end = len(paragraph.text)
    snippet = None if cited is None else cited.span
    if cited is None or snippet is None or snippet.start >= end:
        around = Span(max(end - 1, 0), end) if paragraph.number < towards else Span(0, 1)
        return markdown.excerpt(paragraph.text, room, around=around)
    words = [Span(snippet.start + m.start, snippet.start + m.end) for m in cited.highlights]
    around = Span(snippet.start, min(snippet.end, end))
    return markdown.excerpt(paragraph.text, room, around=around, spans=words or [snippet])


def notice(text: str, colour: discord.Colour = GREY) -> ui.LayoutView:
    """Lay out a sentence of the bot's own."""
    return coloured(colour, [ui.TextDisplay(text)])
