"""The timeline as a picture: what is written in it. ``bot.services.drawing`` draws it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.lookups.phrases import PHRASES
from bot.i18n.days import in_words
from bot.i18n.localisation import Language
from bot.services.drawing.timeline import Entry, Sheet, draw
from bot.ui.markdown import CUT
from knowledge import Fact

__all__ = ["MAX_EVENTS", "NAME", "draw_timeline", "timeline_sheet"]

NAME = "timeline.png"

MAX_EVENTS = 25
"""Events in a picture: as many as can be read on a phone."""


def draw_timeline(facts: Sequence[Fact], language: Language) -> bytes | None:
    """Return a PNG of the first ``MAX_EVENTS`` dated facts, ``None`` where there is none.

    Says how many there are if there are more. Needs the extra “picture”.
    """
    sheet = timeline_sheet(facts, language)
    return None if sheet is None else draw(sheet)


def timeline_sheet(facts: Sequence[Fact], language: Language) -> Sheet | None:
    """Return what is in the picture of dated facts, ``None`` where there is none."""
    dated = [fact for fact in facts if fact.date_start is not None and fact.date_end is not None]
    if not dated:
        return None
    entries = tuple(_entry(fact, language) for fact in dated[:MAX_EVENTS])
    return Sheet(PHRASES.of(language).list_timeline, _notes(dated, language), entries, CUT)


def _entry(fact: Fact, language: Language) -> Entry:
    assert fact.date_start is not None  # noqa: S101 - only dated facts are drawn
    assert fact.date_end is not None  # noqa: S101
    when = (in_words(fact, language) or "") + (" *" if fact.is_year_inferred else "")
    text = fact.statements.get(language.code, fact.statement)
    return Entry(fact.date_start, fact.date_end, when, text)


def _notes(dated: Sequence[Fact], language: Language) -> tuple[str, ...]:
    notes: list[str] = []
    if any(fact.is_year_inferred for fact in dated[:MAX_EVENTS]):
        notes.append(f"* {PHRASES.of(language).year_inferred}")
    if len(dated) > MAX_EVENTS:
        first = PHRASES.of(language).picture_first
        notes.append(first.format(shown=MAX_EVENTS, total=len(dated)))
    return tuple(notes)
