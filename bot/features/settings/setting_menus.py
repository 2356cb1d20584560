"""The menu of a setting, by its kind: how it is drawn, and what was chosen in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.features.settings.phrases import SETTING_PHRASES
from bot.i18n.localisation import Catalogue, Language
from bot.server_settings.kinds import Channels, Choice, OneChannel, OneLanguage, Role, SettingKind
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["MenuKind", "chosen_in", "setting_menu"]

MenuKind: TypeAlias = Channels | OneChannel | Role | OneLanguage | Choice

_AUTOMATIC = "auto"
"""The language that stands for none: the question's."""

_MAX_CHOSEN = 25
_WRITABLE_TYPES = [discord.ChannelType.text, discord.ChannelType.news]
_CHANNEL_TYPES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
]

_Item: TypeAlias = "ui.Item[Any]"


def setting_menu(
    field: str,
    kind: MenuKind,
    value: Any,  # noqa: ANN401 - the type that the kind says
    catalogue: Catalogue,
    language: Language,
) -> _Item:
    """Return the menu that sets ``field``, with ``value`` chosen in it."""
    custom_id, words = f"{Prefix.CHOOSE_SETTING}/{field}", SETTING_PHRASES.of(language)
    match kind:
        case Channels():
            return _channels(custom_id, value, words[f"{field}.none"], _CHANNEL_TYPES)
        case OneChannel():
            one = [] if value is None else [value]
            return _channels(custom_id, one, words[f"{field}.none"], _WRITABLE_TYPES, most=1)
        case Role():
            return _role(custom_id, value, words[f"{field}.none"])
        case OneLanguage():
            names = {_AUTOMATIC: words[f"{field}.none"]}
            names |= {code: one.own_name for code, one in catalogue.languages.items()}
            first = dict(list(names.items())[:_MAX_CHOSEN])
            return _options(custom_id, first, value or _AUTOMATIC)
        case Choice():
            names = {one.value: words[f"{field}.{one}"] for one in kind.values}
            return _options(custom_id, names, value)


def chosen_in(kind: SettingKind, values: Sequence[str], catalogue: Catalogue) -> object:
    """Return the value of a setting for what was chosen. Raises MalformedReference."""
    chosen = values[0] if values else ""
    match kind:
        case Channels():
            return frozenset(map(int, values))
        case OneChannel() | Role():
            return int(chosen) if values else None
        case OneLanguage() if chosen == _AUTOMATIC or chosen in catalogue.languages:
            return None if chosen == _AUTOMATIC else chosen
        case Choice() if chosen in tuple(kind.values):
            return chosen
        case _:
            raise MalformedReference(f"not a choice: {chosen!r}")


def _channels(
    custom_id: str,
    chosen: Iterable[int],
    nothing: str,
    types: list[discord.ChannelType],
    most: int = _MAX_CHOSEN,
) -> _Item:
    return ui.ChannelSelect(
        custom_id=custom_id,
        channel_types=types,
        placeholder=nothing,
        min_values=0,
        max_values=most,
        default_values=[
            discord.SelectDefaultValue(id=channel, type=discord.SelectDefaultValueType.channel)
            for channel in sorted(chosen)[:most]
        ],
    )


def _role(custom_id: str, chosen: int | None, nothing: str) -> _Item:
    default = [] if chosen is None else [chosen]
    return ui.RoleSelect(
        custom_id=custom_id,
        placeholder=nothing,
        min_values=0,
        max_values=1,
        default_values=[
            discord.SelectDefaultValue(id=role, type=discord.SelectDefaultValueType.role)
            for role in default
        ],
    )


def _options(custom_id: str, names: Mapping[str, str], chosen: str) -> _Item:
    return ui.Select(
        custom_id=custom_id,
        options=[
            discord.SelectOption(label=name, value=value, default=value == chosen)
            for value, name in names.items()
        ],
    )
