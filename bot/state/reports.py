"""Reports to admins that are longer than a message, kept so that their pages can be turned."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias

from sqlalchemy import delete, func, insert, select, update

from bot.state.calendar import Calendar
from bot.state.database import StateDatabase
from bot.state.days import oldest_day
from bot.state.schema import REPORTS

__all__ = ["KEPT", "KEPT_DAYS", "PagesByLanguage", "ReportTable", "StoredReport"]

KEPT = 10
"""Reports of each server: the latest ones."""

KEPT_DAYS = 30
"""Days for which a report is kept: as long as a removed article, whose words are in it."""

_C = REPORTS.c

PagesByLanguage: TypeAlias = Mapping[str, Sequence[Sequence[str]]]
"""By language code the pages, each some pieces of Markdown."""


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it is shown: its pages, and the accent colour of its messages."""

    pages: PagesByLanguage
    colour: int


class ReportTable:
    """The table ``reports``. Methods block for a moment and raise StateError."""

    def __init__(self, database: StateDatabase, calendar: Calendar) -> None:
        self._database = database
        self._calendar = calendar

    def keep(self, server: int, report: StoredReport) -> str:
        """Keep a report in the place of the server's oldest; return its identifier."""
        identifier = secrets.token_urlsafe(9)
        made_at = datetime.fromtimestamp(self._calendar.moment().latest, UTC).isoformat()
        row = {
            "id": identifier,
            "server": server,
            "made_at": made_at,
            "colour": report.colour,
            "pages": json.dumps(report.pages, ensure_ascii=False),
        }
        older = (
            select(_C.id)
            .where(_C.server == server, _C.id != identifier)
            .order_by(_C.made_at.desc(), _C.id)
            .offset(KEPT - 1)
        )
        with self._database.writing(server) as connection:
            connection.execute(insert(REPORTS).values(row))
            connection.execute(delete(REPORTS).where(_C.id.in_(older)))
        return identifier

    def find(self, server: int, identifier: str) -> StoredReport | None:
        """Return a report of the server, ``None`` where it is no longer kept."""
        query = select(_C.colour, _C.pages).where(_C.server == server, _C.id == identifier)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else StoredReport(json.loads(row.pages), row.colour)

    def expire(self, today: date, latest: date | None = None) -> None:
        """Remove the reports that are older than ``KEPT_DAYS``.

        What is of after ``latest`` (by default ``today``) was written while the clock was ahead: it
        counts from that day.
        """
        oldest = oldest_day(today, KEPT_DAYS)
        last_day = (latest or today).isoformat()
        with self._database.writing(patient=True) as connection:
            connection.execute(
                update(REPORTS)
                .where(func.substr(_C.made_at, 1, 10) > last_day)
                .values(made_at=last_day)
            )
            connection.execute(delete(REPORTS).where(_C.made_at < oldest))
