"""Days, months and years as they are written by hand: 2023-09-13, 2023-09, 2023."""

from __future__ import annotations

import calendar
import re
from datetime import date

__all__ = ["days_of", "period"]

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


def days_of(written: str) -> tuple[date, date]:
    """Return the first and the last day of a day, a month or a year. Raises ValueError."""
    found = _DATE.fullmatch(written)
    try:
        year, month, day = (0, 0, 0) if found is None else (int(x or 0) for x in found.groups())
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except ValueError:
        message = f"“{written}” is not a date. Write 2023-09-13, 2023-09 or 2023"
        raise ValueError(message) from None
    return first, last


def period(written: str) -> tuple[str, str, str]:
    """Return the first and the last day (ISO 8601) of a date or of two with ".." between them,
    and how precise the first one is. Raises ValueError, in words for whoever wrote it."""
    first, _, last = (part.strip() for part in written.partition(".."))
    start, end = days_of(first)[0], days_of(last or first)[1]
    if start > end:
        raise ValueError(f"“{written}” ends before it begins")
    return start.isoformat(), end.isoformat(), _PRECISIONS[len(first)]
