"""What the bot must remember between two runs: precious, apart from the index that is derived.

Every statement of this database is in this package: a module a table, ``file`` for the schema.
"""

from __future__ import annotations

from pathlib import Path

from bot.state.articles import ArticlesTable
from bot.state.commands import SyncedCommands
from bot.state.file import StateError, StateFile
from bot.state.reports import ReportTable, StoredReport
from bot.state.servers import AnswerLength, ServerSettings, ServerSettingsTable

__all__ = ["AnswerLength", "ServerSettings", "State", "StateError", "StoredReport"]


class State:
    """The bot's memory in one SQLite file. Raises StateError where that cannot be used."""

    def __init__(self, path: Path) -> None:
        file = StateFile(path)
        self.path = path
        self.articles = ArticlesTable(file)
        self.commands = SyncedCommands(file)
        self.servers = ServerSettingsTable(file)
        self.reports = ReportTable(file)
