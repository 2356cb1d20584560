"""Which commands Discord was told about last."""

from __future__ import annotations

from bot.state.file import StateFile

__all__ = ["SyncedCommands"]


class SyncedCommands:
    """The table ``synced_commands``. Methods block for a moment and raise StateError."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def fingerprint(self, application: int) -> str | None:
        """Return the fingerprint of the commands that Discord last accepted for an application."""
        with self._file.connection() as database:
            row = database.conn.execute(
                "select fingerprint from synced_commands where application = ?", (application,)
            ).fetchone()
            return None if row is None else str(row[0])

    def remember(self, application: int, fingerprint: str) -> None:
        """Record that Discord has accepted the commands with this fingerprint."""
        with self._file.connection() as database:
            database.table("synced_commands").upsert(
                {"application": application, "fingerprint": fingerprint}, pk="application"
            )
