"""Days as rows have them: ISO 8601, so that what is earlier is less."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Column, Connection, delete, update

__all__ = ["expire_by_day", "oldest_day"]


def oldest_day(today: date, days: int) -> str:
    """Return the day of what has been kept for so many days; what is of before is too old."""
    return (today - timedelta(days=days)).isoformat()


def expire_by_day(
    connection: Connection, day: Column[str], days: int, today: date, latest: date | None
) -> None:
    """Remove the rows of a table whose ``day`` is more than so many days ago.

    What is of after ``latest`` (by default ``today``) was written while the clock was ahead: it
    counts from that day.
    """
    last_day = (latest or today).isoformat()
    connection.execute(update(day.table).where(day > last_day).values({day: last_day}))
    connection.execute(delete(day.table).where(day < oldest_day(today, days)))
