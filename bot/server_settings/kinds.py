"""The kinds of settings that a server has: what a value may be, and which words a setting needs.

``words`` are the last parts of the keys of its phrases: ``private.on``, ``managers.heading``. Each
has an example of what it does, or of what each value does: ``length.long.example``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

__all__ = [
    "Channels",
    "Choice",
    "OneChannel",
    "OneLanguage",
    "Page",
    "Role",
    "SettingKind",
    "Switch",
]


class Page(StrEnum):
    """The pages of ``/settings``: what a message holds is bounded."""

    ANSWERS = "answers"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off (``bool``): what is said of either."""

    words: ClassVar = ("on", "off", "example")


@dataclass(frozen=True, slots=True)
class Channels:
    """Ids of channels (``frozenset[int]``): the heading, and what stands for none."""

    words: ClassVar = ("heading", "none", "example")


@dataclass(frozen=True, slots=True)
class OneChannel:
    """The id of a channel to write to (``int | None``): the heading, and what stands for none."""

    words: ClassVar = ("heading", "none", "example")


@dataclass(frozen=True, slots=True)
class Role:
    """The id of a role (``int | None``): the heading, and what stands for none.

    ``is_pinged``: it is one to mention.
    """

    is_pinged: bool = False
    words: ClassVar = ("heading", "none", "example")


@dataclass(frozen=True, slots=True)
class OneLanguage:
    """An ISO 639-1 code (``str | None``): the heading, and what stands for none."""

    words: ClassVar = ("heading", "none", "example")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of ``values``: the heading, and the name of each value."""

    values: type[StrEnum]

    @property
    def words(self) -> tuple[str, ...]:
        """The heading, the values and their examples."""
        return ("heading", *self.values, *(f"{value}.example" for value in self.values))


SettingKind: TypeAlias = Switch | Channels | OneChannel | Role | OneLanguage | Choice
