"""Reports to admins that are longer than a message, kept so that their pages can be turned."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from bot.state.calendar import Calendar
from bot.state.file import StateFile

__all__ = ["KEPT", "KEPT_DAYS", "PagesByLanguage", "ReportTable", "StoredReport"]

KEPT = 10
"""Reports of each server: the latest ones."""

KEPT_DAYS = 30
"""Days for which a report is kept: as long as a removed article, whose words are in it."""

PagesByLanguage: TypeAlias = Mapping[str, Sequence[Sequence[str]]]
"""By language code the pages, each some pieces of Markdown."""


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it is shown: its pages, and the accent colour of its messages."""

    pages: PagesByLanguage
    colour: int


class ReportTable:
    """The table ``reports``. Methods block for a moment and raise StateError."""

    def __init__(self, file: StateFile, calendar: Calendar) -> None:
        self._file = file
        self._calendar = calendar

    def keep(self, server: int, report: StoredReport) -> str:
        """Keep a report in the place of the server's oldest; return its identifier."""
        identifier = secrets.token_urlsafe(9)
        made_at = datetime.fromtimestamp(self._calendar.moment().latest, UTC).isoformat()
        with self._file.connection() as database, database.conn:
            database.conn.execute(
                "insert into reports (id, server, made_at, colour, pages) values (?, ?, ?, ?, ?)",
                (
                    identifier,
                    server,
                    made_at,
                    report.colour,
                    json.dumps(report.pages, ensure_ascii=False),
                ),
            )
            database.conn.execute(
                """
                delete from reports where server = ? and id not in (
                    select id from reports where server = ? order by made_at desc, rowid desc
                    limit ?
                )
                """,
                (server, server, KEPT),
            )
        return identifier

    def find(self, server: int, identifier: str) -> StoredReport | None:
        """Return a report of the server, ``None`` where it is no longer kept."""
        with self._file.connection() as database:
            row = database.conn.execute(
                "select colour, pages from reports where server = ? and id = ?",
                (server, identifier),
            ).fetchone()
        return None if row is None else StoredReport(json.loads(row[1]), row[0])

    def expire(self, today: date, latest: date | None = None) -> None:
        """Remove the reports that are older than ``KEPT_DAYS``.

        What is of after ``latest`` (by default ``today``) was written while the clock was ahead: it
        counts from that day.
        """
        oldest = today - timedelta(days=KEPT_DAYS)
        last_day = (latest or today).isoformat()
        with self._file.connection() as database, database.conn:
            database.conn.execute(
                "update reports set made_at = :day where substr(made_at, 1, 10) > :day",
                {"day": last_day},
            )
            database.conn.execute("delete from reports where made_at < ?", (oldest.isoformat(),))
