"""What the admins of each server have set."""

from __future__ import annotations

from pydantic import ValidationError

from bot.server_settings import ServerSettings
from bot.state.file import StateError, StateFile

__all__ = ["ServerSettingsTable"]


class ServerSettingsTable:
    """The table ``server_settings``. Methods block for a moment and raise StateError."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def of(self, server: int | None) -> ServerSettings:
        """Return a server's settings; the defaults for none and for one that has set nothing."""
        if server is None:
            return ServerSettings()
        with self._file.connection() as database:
            row = database.conn.execute(
                "select settings from server_settings where server = ?", (server,)
            ).fetchone()
        if row is None:
            return ServerSettings()
        try:
            return ServerSettings.model_validate_json(row[0])
        except ValidationError as error:
            raise StateError(f"The settings of server {server} cannot be read: {error}") from error

    def change(self, server: int, **changes: object) -> ServerSettings:
        """Change some of a server's settings, named as the fields, and return them all."""
        settings = ServerSettings.model_validate({**self.of(server).model_dump(), **changes})
        with self._file.connection() as database:
            database.table("server_settings").upsert(
                {"server": server, "settings": settings.model_dump_json()}, pk="server"
            )
        return settings
