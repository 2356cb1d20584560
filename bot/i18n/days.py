"""Days as members write them and as they read them."""

from __future__ import annotations

from datetime import date

from bot.i18n.localisation import Language
from knowledge import Fact, days_of, find_dates

__all__ = ["in_words", "read_days"]

_ARTICLES = ("le ", "the ", "l’", "l'")


def read_days(written: str) -> tuple[date, date]:
    """Return the first and the last day of what a member wrote.

    2023, 2023-07, 2023-07-27, and what the articles may say as well: 27 juillet 2023, July 2023,
    27/07/2023 (the day first where that is possible). Raises ValueError.
    """
    text = " ".join(written.split())
    for article in _ARTICLES:
        if text.lower().startswith(article):
            text = text[len(article) :]
    try:
        return days_of(text)
    except ValueError:
        found = find_dates(text)
        if len(found) != 1 or found[0].span.of(text) != text:
            raise
        start, end = found[0].start, found[0].end
        if start is None or end is None or start > end:
            raise
        return date.fromisoformat(start), date.fromisoformat(end)


def in_words(fact: Fact, language: Language) -> str | None:
    """Return when a fact was, as far as its text tells, ``None`` where it has no date."""
    if fact.date_start is None or fact.date_end is None:
        return None
    start, end = date.fromisoformat(fact.date_start), date.fromisoformat(fact.date_end)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and fact.precision != "day":
        first, last = str(start.year), str(end.year)
    elif fact.precision == "day":
        first, last = language.day(start), language.day(end)
    else:
        first, last = language.month(start), language.month(end)
    if first == last:
        return first
    return f"{first.removesuffix(f' {end.year}')} – {last}"
