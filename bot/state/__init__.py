"""What the bot must remember between two runs: precious, apart from the index that is derived.

Every statement of this database is in this package: a module a table, ``schema`` for what the
tables have, ``file`` and ``server`` for the SQLite file or PostgreSQL database that they are in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.database_url import DatabaseUrl
from bot.state.answer_counts import AnswerCountsTable
from bot.state.articles import ArticlesTable
from bot.state.calendar import Calendar
from bot.state.changes import Change, ChangesTable, Matter
from bot.state.connection_use import ConnectionUse
from bot.state.database import StateBusy, StateDatabase, StateError
from bot.state.feedback import FeedbackTable
from bot.state.opening import open_database
from bot.state.reports import ReportTable, StoredReport
from bot.state.servers import ServerSettingsTable
from bot.state.synced_commands import SyncedCommands
from bot.state.unanswered import UnansweredTable
from bot.state.watched import WatchedTable

__all__ = ["Change", "ConnectionUse", "Matter", "State", "StateBusy", "StateError", "StoredReport"]


class State:
    """The bot's memory, in one SQLite file or in a PostgreSQL database.

    ``place`` is where. Raises StateError where that cannot be used.
    """

    def __init__(
        self,
        place: Path | DatabaseUrl,
        calendar: Callable[[StateDatabase], Calendar] = Calendar,
    ) -> None:
        self.place = place
        self.database = open_database(place)
        self.calendar = calendar(self.database)
        self.changes = ChangesTable(self.database)
        self.articles = ArticlesTable(self.database, self.calendar, self.changes)
        self.commands = SyncedCommands(self.database)
        self.servers = ServerSettingsTable(self.database, self.changes)
        self.reports = ReportTable(self.database, self.calendar)
        self.feedback = FeedbackTable(self.database)
        self.unanswered = UnansweredTable(self.database)
        self.watched = WatchedTable(self.database)
        self.answer_counts = AnswerCountsTable(self.database)

    def listen(self, seconds: float) -> None:
        """Wait for so many seconds, or until there may be news of other processes."""
        self.database.listen(seconds)

    def stop_listening(self) -> None:
        """Wait for news no more."""
        self.database.stop_listening()

    def connection_use(self) -> ConnectionUse:
        """Return how the connections to the state are used; does not block."""
        return self.database.connection_use()

    def close(self) -> None:
        """Let go of all connections: of one that is in use, when its call ends."""
        self.database.close()

    def forget(self, member: int) -> int:
        """Remove everything that is tied to a member; return how many votes that were."""
        return self.feedback.forget(member)

    def today(self) -> date:
        """Return the day, in UTC, of what is written down now."""
        return self.calendar.moment().latest_day

    def expire(self) -> None:
        """Remove what has been kept for as long as it may be, as far as the clock is trusted.

        Several processes may do so at the same time: what is gone for one is gone for all.
        """
        moment = self.calendar.keep()
        tables = (self.feedback, self.unanswered, self.reports, self.watched, self.answer_counts)
        for table in tables:
            table.expire(moment.today, moment.latest_day)
        self.articles.tidy()
