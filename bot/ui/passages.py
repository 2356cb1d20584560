"""Answers and passages as members see them, and the pieces that every layout is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.i18n.phrases import Phrases
from bot.state import AnswerLength
from bot.ui import markdown
from bot.ui.custom_ids.reasons import Reasons, why_id
from bot.ui.custom_ids.references import Reference, context_id, more_id
from bot.ui.custom_ids.votes import DOWN, UP, Rated, rated_id
from bot.ui.deep_links import link_to
from knowledge import Answer, Citation, Span, Verdict

__all__ = [
    "AMBER",
    "GREEN",
    "GREY",
    "RED",
    "ROOM",
    "TITLE_ROOM",
    "URL_ROOM",
    "answer_layout",
    "button",
    "coloured",
    "context_button",
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

URL_ROOM = 300
"""Characters of the address that a title leads to, at most."""

_MARGIN = 20
"""Characters around a quotation that its own room does not count."""

_Children: TypeAlias = "list[ui.Item[Any]]"


def coloured(colour: discord.Colour, children: Sequence[ui.Item[Any]]) -> ui.LayoutView:
    """Lay out a message in a box with an accent colour."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, accent_colour=colour))
    # A stopped view is not kept in memory once it is sent: clicks are recognised by their
    # ``custom_id`` alone.
    view.stop()
    return view


def short(text: str, room: int) -> str:
    """Return text on one line, cut where its Markdown takes more than ``room`` characters."""
    return markdown.excerpt(" ".join(text.split()), room, around=Span(0, 1))


def linked_title(title: str, *urls: str | None, room: int = TITLE_ROOM) -> str:
    """Return an article's title, as a link to the first of its addresses that is not too long."""
    if len(markdown.escape(title)) > room:
        return short(title, room)
    limit = min(URL_ROOM, 2 * room)
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
    """Return a grey button, whose click is recognised by its ``custom_id`` alone."""
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


def notice(text: str, colour: discord.Colour = GREY) -> ui.LayoutView:
    """Lay out a sentence of the bot's own."""
    return coloured(colour, [ui.TextDisplay(text)])
