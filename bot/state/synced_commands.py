"""Which commands Discord was told about last."""

from __future__ import annotations

from sqlalchemy import select

from bot.state.database import StateDatabase
from bot.state.schema import SYNCED_COMMANDS, insert_into

__all__ = ["SyncedCommands"]

_C = SYNCED_COMMANDS.c


class SyncedCommands:
    """The table ``synced_commands``. Methods block for a moment and raise StateError."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def fingerprint(self, application: int) -> str | None:
        """Return the fingerprint of the commands that Discord last accepted for an application."""
        query = select(_C.fingerprint).where(_C.application == application)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def remember(self, application: int, fingerprint: str) -> None:
        """Record that Discord has accepted the commands with this fingerprint."""
        row = {"application": application, "fingerprint": fingerprint}
        with self._database.writing() as connection:
            insertion = insert_into(connection, SYNCED_COMMANDS).values(row)
            connection.execute(
                insertion.on_conflict_do_update(
                    index_elements=[_C.application], set_={"fingerprint": fingerprint}
                )
            )
