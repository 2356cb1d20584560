"""What the admins of each server have set."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.state.file import StateError, StateFile
from bot.state.setting_kinds import Channels, Choice, OneLanguage, Role, SettingKind, Switch

__all__ = ["SETTINGS", "AnswerLength", "ServerSettings", "ServerSettingsTable"]


class AnswerLength(StrEnum):
    """How many passages an answer that the bot is sure of shows."""

    SHORT = "short"
    """One."""
    LONG = "long"
    """Three."""


class ServerSettings(BaseModel):
    """The settings of one server; the defaults are those of a server that has set nothing.

    A field says all that there is to a setting: its kind draws its control in ``/settings``, reads
    what is chosen there, and names its phrases.

    Channels and roles are Discord's ids. Where ``allowed_channels`` has any, the bot answers in
    these alone; it never answers in ``denied_channels``. A thread counts as its channel.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    private: Annotated[bool, Switch("private_on", "private_off")] = False
    """Whether answers to commands are shown to their asker alone unless the asker says so."""
    allowed_channels: Annotated[
        frozenset[int], Channels("allowed_channels", "channels_everywhere")
    ] = frozenset()
    denied_channels: Annotated[frozenset[int], Channels("denied_channels", "channels_none")] = (
        frozenset()
    )
    managers: Annotated[int | None, Role("managers", "managers_none")] = None
    """A role that may manage articles, beside the members who may manage the server."""
    language: Annotated[str | None, OneLanguage("frame_language", "language_of_question")] = None
    """ISO 639-1 code of the frame of what everyone sees, ``None``: the question's."""
    length: Annotated[
        AnswerLength, Choice("answer_length", {"short": "length_short", "long": "length_long"})
    ] = AnswerLength.SHORT
    keep_unanswered: Annotated[bool, Switch("keeping_on", "keeping_off")] = False

    def answers_in(self, channel: int) -> bool:
        """Whether the bot may answer in a channel."""
        is_allowed = not self.allowed_channels or channel in self.allowed_channels
        return is_allowed and channel not in self.denied_channels


def _kinds() -> Mapping[str, SettingKind]:
    kinds: dict[str, SettingKind] = {}
    for name, field in ServerSettings.model_fields.items():
        (kinds[name],) = field.metadata
    return kinds


SETTINGS = _kinds()
"""The kind of each setting, by its field."""


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
