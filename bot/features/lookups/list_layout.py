"""What look-ups show: pages of facts or passages, each row with its quotation and its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.features.lookups.findings import PAGE_SIZE, Findings, Row, named
from bot.features.lookups.phrases import PHRASES, LookUpPhrases
from bot.i18n.days import in_words
from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.ui import containers, passages
from bot.ui.custom_ids.listing import Listing, LookUp, entries_id, listing_id
from bot.ui.custom_ids.references import Reference, context_id
from knowledge import MAX_FOUND, Fact, FactKind, FactOrigin, Span

__all__ = ["list_layout", "row_layout", "statement_in"]

_HEADING_ROOM = 250
_STATEMENT_ROOM = 280
_MOST_QUOTED, _MOST_BESIDE = 4, 2
"""Further facts that a row names: where its quotation has them all, and where they stand elsewhere
in its passage."""

_QUOTE_ROOM, _ALONE_ROOM = 160, 400
"""Characters of a quotation in a list: a few lines on a phone; and alone. Long titles give
way to it."""
_TITLE_ROOMS = (containers.TITLE_ROOM, containers.TITLE_ROOM // 4)
_MARGIN = 20
"""Characters around a quotation that its own room does not count."""

_TITLES = {
    LookUp.FACT: "list_fact",
    LookUp.WHO: "list_who",
    LookUp.TIMELINE: "list_timeline",
    LookUp.NUMBERS: "list_numbers",
    LookUp.QUOTES: "list_quotes",
    LookUp.SOURCES: "list_sources",
    LookUp.SEARCH: "list_search",
}


def list_layout(
    findings: Findings,
    language: Language,
    *,
    is_shortened: bool,
    note: str | None = None,
) -> ui.LayoutView:
    """Lay out a page of a list; ``is_shortened`` where not all of a member's words were looked up.

    ``note`` is told beside where one is in it. Its buttons show each passage in its article, and
    the pages before and after.
    """
    phrases = PHRASES.of(language)
    heading = _heading(findings.listing, language)
    notes = _notes(findings, phrases, is_shortened=is_shortened)
    notes += [] if note is None else [f"-# {note}"]
    if not findings.total:
        return containers.notice("\n".join([heading, phrases.list_nothing, *notes]))
    place = _place(findings, language)
    children: list[ui.Item[Any]] = [ui.TextDisplay("\n".join([heading, place, *notes]))]
    is_dated = findings.listing.look_up is LookUp.TIMELINE
    children += _sections(findings.rows, language, is_dated=is_dated)
    if findings.pages > 1:
        children += [ui.Separator(), _turning(findings, language)]
    return containers.coloured(containers.GREY, children)


def picture_layout(findings: Findings, language: Language, picture: discord.File) -> ui.LayoutView:
    """Lay out a timeline as a picture, which has to be sent with it, and a button that lists it."""
    phrases, listing = PHRASES.of(language), findings.listing
    children: list[ui.Item[Any]] = [
        ui.TextDisplay(_heading(listing, language)),
        ui.MediaGallery(discord.MediaGalleryItem(picture, description=phrases.list_timeline)),
        ui.ActionRow(containers.button(phrases.entries, entries_id(listing))),
    ]
    return containers.coloured(containers.GREY, children)


def row_layout(row: Row, language: Language) -> ui.LayoutView:
    """Lay out a single fact."""
    sections = _sections([row], language, is_dated=False, room=_ALONE_ROOM)
    return containers.coloured(containers.GREY, sections[1:])


def statement_in(fact: Fact, language: Language) -> str:
    """Return a fact's statement, in the language where it was written in that."""
    return fact.statements.get(language.code, fact.statement)


def _heading(listing: Listing, language: Language) -> str:
    title = getattr(PHRASES.of(language), _TITLES[listing.look_up])
    about = containers.short(listing.words, _HEADING_ROOM) if listing.words else ""
    if listing.start or listing.end:
        days = (listing.start, listing.end)
        about = " – ".join("…" if day is None else language.day(day) for day in days)
    return f"**{title} · {about}**" if about else f"**{title}**"


def _place(findings: Findings, language: Language) -> str:
    last = min(findings.first + PAGE_SIZE - 1, findings.total)
    if findings.total == 1:
        return f"-# {PHRASES.of(language).list_one}"
    place = SHARED.of(language).place
    return f"-# {place.format(first=findings.first, last=last, total=findings.total)}"


def _notes(findings: Findings, phrases: LookUpPhrases, *, is_shortened: bool) -> list[str]:
    notes: list[str] = []
    if is_shortened:
        notes.append(phrases.list_shortened)
    is_full = findings.listing.look_up is LookUp.SEARCH and findings.total >= MAX_FOUND
    if findings.is_cut or is_full:
        notes.append(phrases.list_cut.format(total=findings.total))
    expected = min(PAGE_SIZE, findings.total - findings.first + 1)
    if len(findings.rows) < expected:
        notes.append(phrases.some_gone)
    return [f"-# {note}" for note in notes]


def _turning(findings: Findings, language: Language) -> ui.ActionRow[Any]:
    words, listing, page = SHARED.of(language), findings.listing, findings.listing.page
    before, after = listing_id(listing.turned(page - 1)), listing_id(listing.turned(page + 1))
    return ui.ActionRow(
        containers.button(words.previous, before, enabled=page > 0),
        containers.button(words.next, after, enabled=page + 1 < findings.pages),
    )


def _sections(
    rows: Sequence[Row], language: Language, *, is_dated: bool, room: int = _QUOTE_ROOM
) -> list[ui.Item[Any]]:
    """Return a separator and a section for each row, whose quotations have at most ``room``.

    ``is_dated``: each begins with its date.
    """
    lines: list[tuple[str, str]] = []
    wanted, room = room, 0
    for title_room in _TITLE_ROOMS:  # long titles give way to the words of the articles
        lines = [
            (
                _statements(row, language, is_dated=is_dated),
                _below(row, language, title_room, is_dated=is_dated),
            )
            for row in rows
        ]
        room = min(_room(lines), wanted)
        if room == wanted:
            break
    children: list[ui.Item[Any]] = []
    taken: set[str] = set()
    label = SHARED.of(language).in_context
    for position, (row, (above, below)) in enumerate(zip(rows, lines, strict=True), start=1):
        quotation = "" if row.is_quoted_above else passages.quotation(row.citation, room)
        texts = [text for text in (above, quotation, below) if text]
        button = containers.button(label, _context_id(row, position, taken))
        children += [ui.Separator(), ui.Section(*texts, accessory=button)]
    return children


def _room(lines: Sequence[tuple[str, str]]) -> int:
    spent = sum(len(above) + len(below) + _MARGIN for above, below in lines)
    return (containers.ROOM - 2 * _HEADING_ROOM - spent) // max(len(lines), 1)


def _context_id(row: Row, position: int, taken: set[str]) -> str:
    """Return the row's own ``custom_id``: Discord refuses two alike in a message."""
    reference = Reference.to(row.citation)
    if context_id(reference) in taken:  # a mark of no length shows nothing
        marks = (*reference.highlights, Span(position, position))
        reference = replace(reference, highlights=marks)
    taken.add(context_id(reference))
    return context_id(reference)


def _below(row: Row, language: Language, title_room: int, *, is_dated: bool) -> str:
    """Return the line below a quotation: its place, and where its fact comes from.

    Where a date is shown whose year the text does not give, it says so.
    """
    locator = passages.locator(row.citation, title_room)
    if row.fact is None:
        return locator
    phrases, marks = PHRASES.of(language), [locator]
    if row.fact.is_year_inferred and (is_dated or row.fact.kind is FactKind.DATE):
        marks.append(phrases.year_inferred)
    is_by_hand = row.fact.origin is FactOrigin.CURATED
    return " · ".join([*marks, phrases.by_hand if is_by_hand else phrases.by_rules])


def _statements(row: Row, language: Language, *, is_dated: bool) -> str:
    """Return what the facts of a row say, a line each and no line twice, in the room of one; the
    best in the size of text, others small. Of too many it says how many more there are."""
    is_quoted = all(row.citation.span.contains(one.span) for one in row.others)
    most = _MOST_QUOTED if is_quoted else _MOST_BESIDE
    facts = (row.fact, *row.others[:most])
    room = _STATEMENT_ROOM // len(facts)
    said = [_statement(fact, language, room, is_dated=is_dated) for fact in facts]
    best, *others = dict.fromkeys(filter(None, said)) or [""]
    if (left := len(row.others) - most) > 0:
        others.append(SHARED.of(language).and_more.format(count=left))
    return "\n".join([best, *(f"-# {one}" for one in others)])


def _statement(fact: Fact | None, language: Language, room: int, *, is_dated: bool) -> str:
    """Return what a fact says: one by hand in its statement, another in its own words alone.

    The sentence that an extracted one was found in is quoted below it.
    """
    if fact is None:
        return ""
    is_dated = is_dated or fact.kind is FactKind.DATE
    lead = in_words(fact, language) if is_dated else fact.speaker
    lead = lead or (named(fact) if fact.kind is FactKind.SOURCE else None)
    if fact.origin is FactOrigin.CURATED:
        rest = statement_in(fact, language)
    else:
        lead = lead or named(fact) or fact.text
        rest = fact.role or ""
    shown = [f"**{containers.short(lead, room)}**"] if lead else []
    return " · ".join([*shown, *([containers.short(rest, room)] if rest else [])])
