"""The settings of a server: a field each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from bot.server_settings.kinds import (
    Channels,
    Choice,
    OneChannel,
    OneLanguage,
    Page,
    Role,
    SettingKind,
    Switch,
)
from knowledge import Strictness

__all__ = ["PAGES", "SETTINGS", "AnswerLength", "ServerSettings", "Voting"]


class AnswerLength(StrEnum):
    """How many passages an answer that the bot is sure of shows."""

    SHORT = "short"
    """One."""
    LONG = "long"
    """Three."""


class Voting(StrEnum):
    """Who may vote on answers."""

    EVERYONE = "everyone"
    ROLE = "role"
    """Whoever has the role ``ServerSettings.voters``."""
    NOBODY = "nobody"


class ServerSettings(BaseModel):
    """The settings of one server; the defaults are those of a server that has set nothing.

    A field says all that there is to a setting but its words: its kind draws its control in
    ``/settings``, reads what is chosen there, and says which phrases it needs. It stands on the
    first page there unless it names another. It is kept as JSON under its name, which therefore
    never changes.

    Channels and roles are Discord's ids. Where ``allowed_channels`` has any, the bot answers in
    these alone; it never answers in ``denied_channels``. A thread counts as its channel.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    private: Annotated[bool, Switch()] = False
    """Whether answers to commands are shown to their asker alone unless the asker says so."""
    allowed_channels: Annotated[frozenset[int], Channels(), Page.PLACES] = frozenset()
    denied_channels: Annotated[frozenset[int], Channels(), Page.PLACES] = frozenset()
    managers: Annotated[int | None, Role(), Page.PLACES] = None
    """A role that may manage articles, beside the members who may manage the server."""
    language: Annotated[str | None, OneLanguage()] = None
    """ISO 639-1 code of the frame of what everyone sees, ``None``: the question's."""
    length: Annotated[AnswerLength, Choice(AnswerLength)] = AnswerLength.SHORT
    keep_unanswered: Annotated[bool, Switch()] = False
    strictness: Annotated[Strictness, Choice(Strictness)] = Strictness.BALANCED
    """How sure an answer has to be to be shown as one."""
    voting: Annotated[Voting, Choice(Voting), Page.PLACES] = Voting.EVERYONE
    voters: Annotated[int | None, Role(), Page.PLACES] = None
    """The role whose members may vote where not everybody may; without one, nobody may."""
    watch_answers: Annotated[bool, Switch()] = True
    """Whether answers are marked when the articles change what they quote."""
    helpers_channel: Annotated[int | None, OneChannel(), Page.PLACES] = None
    """Where members' questions to a person go, ``None``: to the channel where they are asked."""
    helpers: Annotated[int | None, Role(is_pinged=True), Page.PLACES] = None
    """The role that is pinged for them, and alone may reply to them; ``None``: none is pinged."""

    @property
    def has_helpers(self) -> bool:
        """Whether members may ask a person."""
        return self.helpers_channel is not None or self.helpers is not None

    def answers_in(self, channel: int) -> bool:
        """Whether the bot may answer in a channel."""
        is_allowed = not self.allowed_channels or channel in self.allowed_channels
        return is_allowed and channel not in self.denied_channels

    @property
    def takes_votes(self) -> bool:
        """Whether anybody may vote on answers."""
        return self.voting is Voting.EVERYONE or (
            self.voting is Voting.ROLE and self.voters is not None
        )


def _kinds() -> Mapping[str, SettingKind]:
    kinds: dict[str, SettingKind] = {}
    for name, field in ServerSettings.model_fields.items():
        kinds[name], *_ = field.metadata
    return kinds


SETTINGS = _kinds()
"""The kind of each setting, by its field."""

PAGES: Mapping[str, Page] = MappingProxyType(
    {
        name: next((one for one in field.metadata if isinstance(one, Page)), Page.ANSWERS)
        for name, field in ServerSettings.model_fields.items()
    }
)
"""The page of ``/settings`` that each setting is on, by its field."""
