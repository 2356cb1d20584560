"""The kinds of settings that a server has: what a value may be, and the phrases that name it.

Phrases are named by their keys in ``bot.features.settings``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Channels", "Choice", "OneLanguage", "Role", "SettingKind", "Switch"]


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off (``bool``): what is said of either."""

    on: str
    off: str


@dataclass(frozen=True, slots=True)
class Channels:
    """Ids of channels (``frozenset[int]``): the heading, and what stands for none."""

    heading: str
    nothing: str


@dataclass(frozen=True, slots=True)
class Role:
    """The id of a role (``int | None``): the heading, and what stands for none."""

    heading: str
    nothing: str


@dataclass(frozen=True, slots=True)
class OneLanguage:
    """An ISO 639-1 code (``str | None``): the heading, and what stands for none."""

    heading: str
    automatic: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values (a ``StrEnum``): the heading, and the name of each value."""

    heading: str
    names: Mapping[str, str]


SettingKind: TypeAlias = Switch | Channels | Role | OneLanguage | Choice
