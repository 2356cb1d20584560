"""Passages as members see them: the quotation, where it stands, and its buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from discord import ui

from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.ui import markdown
from bot.ui.containers import (
    GREY,
    ROOM,
    TITLE_ROOM,
    button,
    coloured,
    linked_title,
    numbered,
    short,
)
from bot.ui.custom_ids.reasons import Reasons, why_id
from bot.ui.custom_ids.references import Reference, context_id
from bot.ui.deep_links import link_to
from knowledge import Answer, Citation, Span

__all__ = [
    "context_button",
    "distinct",
    "locator",
    "passage",
    "passage_in_context",
    "passages",
    "passages_layout",
    "quotation",
    "unmarked",
    "why_buttons",
]

_MARGIN = 20
"""Characters around a quotation that its own room does not count."""

_Children: TypeAlias = "list[ui.Item[Any]]"


def locator(citation: Citation, room: int = TITLE_ROOM) -> str:
    """Return the line that says where a passage stands; title and heading get ``room`` each.

    The title leads to the very words in the article's page, where it has one.
    """
    section = [] if citation.section is None else [_path(citation.section, room)]
    title = linked_title(citation.title, link_to(citation), citation.url, room=room)
    return "-# " + " · ".join([title, *section, numbered(citation.paragraph)])


def _path(section: str, room: int) -> str:
    """Return a path of headings in ``room``: the innermost tell most."""
    while len(section) > room and (inner := section.partition(" › ")[2]):
        section = f"… › {inner.removeprefix('… › ')}"
        if section.count(" › ") < 2:
            break
    return short(section, room)


def quotation(citation: Citation, room: int) -> str:
    """Return the snippet as a quotation; “…” says that its paragraph goes on, and with a number
    by how many items of a list.

    Where ``room`` characters do not hold it, what is in bold is kept in view.
    """
    text, span = citation.text, citation.span
    snippet = citation.snippet
    shown = markdown.excerpt(
        snippet,
        room,
        around=citation.highlights[0] if citation.highlights else Span(0, 1),
        spans=citation.highlights,
        line_cost=len("> "),
    )
    goes_on_before = text[: span.start].strip() and not shown.startswith(markdown.CUT)
    goes_on_after = text[span.end :].strip() and not shown.endswith(markdown.CUT)
    before, after = "… " if goes_on_before else "", " …" if goes_on_after else ""
    if citation.items_left:
        after = f"\n… +{citation.items_left}"
    return markdown.quoted(f"{before}{shown}{after}")


def passage(citation: Citation, room: int = 1_600) -> _Children:
    """Return a quotation and where it stands.

    Two displays, not one: a line under a quotation would belong to it in some clients.
    """
    return [ui.TextDisplay(quotation(citation, room)), ui.TextDisplay(locator(citation))]


def passage_in_context(citation: Citation, language: Language) -> _Children:
    """Return a quotation and where it stands, with the button that shows it there beside that.

    There it takes no place in the row of buttons below.
    """
    quote, where = passage(citation)
    return [quote, ui.Section(where, accessory=context_button(citation, language))]


def context_button(citation: Citation, language: Language) -> ui.Button[Any]:
    """Return the button that shows a passage in its article."""
    return button(SHARED.of(language).in_context, context_id(Reference.to(citation)))


def why_buttons(answer: Answer, language: Language) -> list[ui.Button[Any]]:
    """Return the button that explains an answer, where there is something to explain."""
    reasons = Reasons.of(answer)
    return [] if reasons is None else [button(SHARED.of(language).why, why_id(reasons))]


def unmarked(citation: Citation) -> Citation:
    """Return a citation with nothing in bold: what is marked claims to be the answer."""
    return replace(citation, highlights=())


def passages(
    citations: Sequence[Citation], language: Language, share: int | None = None, room: int = ROOM
) -> _Children:
    """Return several passages, each with its own button, in so much ``room`` for all; ``share``:
    of how many in it."""
    room = room // (share or len(citations)) - _MARGIN
    children: _Children = []
    for citation in citations:
        if children:
            children.append(ui.Separator())
        children += passage(citation, room - len(locator(citation)))
        children.append(ui.ActionRow(context_button(citation, language)))
    return children


def distinct(citations: Sequence[Citation]) -> list[Citation]:
    """Leave out what is quoted again: buttons of one message must not be alike."""
    first: dict[Reference, Citation] = {}
    for citation in citations:
        first.setdefault(Reference.to(citation), citation)
    return list(first.values())


def passages_layout(
    citations: Sequence[Citation],
    language: Language,
    further: Sequence[Sequence[ui.Item[Any]]] = (),
) -> ui.LayoutView:
    """Lay out further passages, under a heading that says that they are what comes closest.

    ``further``: what stands below them, each in the room of one more passage.
    """
    shown = distinct(citations)
    children: _Children = [ui.TextDisplay(f"**{SHARED.of(language).closest}**")]
    children += passages(shown, language, share=len(shown) + len(further))
    for items in further:
        children += [ui.Separator(), *items]
    return coloured(GREY, children)
