"""What the admins of each server have set."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy import Connection, select

from bot.server_settings import ServerSettings
from bot.state.changes import ChangesTable, Matter
from bot.state.database import StateDatabase, StateError
from bot.state.schema import SERVER_SETTINGS, insert_into

__all__ = ["ServerSettingsTable"]

_C = SERVER_SETTINGS.c


class ServerSettingsTable:
    """The table ``server_settings``. Methods block for a moment and raise StateError."""

    def __init__(self, database: StateDatabase, changes: ChangesTable) -> None:
        self._database = database
        self._changes = changes

    def of(self, server: int | None) -> ServerSettings:
        """Return a server's settings; the defaults for none and for one that has set nothing."""
        if server is None:
            return ServerSettings()
        with self._database.reading() as connection:
            return _read(connection, server)

    def change(self, server: int, **changes: object) -> ServerSettings:
        """Change some of a server's settings, named as the fields, and return them all.

        They are read and written in one transaction that waits for any other of the server:
        changes of two admins are both kept, whichever processes they come from.
        """
        with self._database.writing(server) as connection:
            before = _read(connection, server)
            settings = ServerSettings.model_validate({**before.model_dump(), **changes})
            row = {"server": server, "settings": settings.model_dump_json()}
            insertion = insert_into(connection, SERVER_SETTINGS).values(row)
            connection.execute(
                insertion.on_conflict_do_update(
                    index_elements=[_C.server], set_={"settings": insertion.excluded.settings}
                )
            )
            noted = self._changes.note(connection, Matter.SETTINGS, server)
        self._changes.confirm(noted)
        return settings


def _read(connection: Connection, server: int) -> ServerSettings:
    """Read a server's settings. Raises StateError where they are none."""
    query = select(_C.settings).where(_C.server == server)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        return ServerSettings()
    try:
        return ServerSettings.model_validate_json(found)
    except ValidationError as error:
        raise StateError(f"The settings of server {server} cannot be read: {error}") from error
