"""What ``/settings`` shows: what is set on a server, and a component to change each of it.

The ``custom_id`` of each says all that a use of it needs (see ``bot.ui.custom_ids.references``):

    st/FIELD/VALUE    a button that sets a field to VALUE, ``1`` or ``0``
    sl/FIELD          a menu that sets a field to what was chosen in it
    sg/               a button that forgets channels and roles that are gone
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.i18n.localisation import Catalogue, Language
from bot.state import AnswerLength, ServerSettings
from bot.state.unanswered import KEPT_DAYS
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["AUTOMATIC", "FORGET_ID", "MENUS", "SWITCHES", "panel_layout", "switch_note"]

SWITCHES = ("private", "keep_unanswered")
MENUS = ("allowed_channels", "denied_channels", "managers", "language", "length")

FORGET_ID = f"{Prefix.FORGET_GONE}/"

AUTOMATIC = "auto"
"""The language that stands for none: the question's."""

_MAX_CHOSEN = 25
_CHANNEL_TYPES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
]

_Item: TypeAlias = "ui.Item[Any]"


def panel_layout(
    settings: ServerSettings,
    there: ServerSettings,
    catalogue: Catalogue,
    language: Language,
    note: str | None = None,
) -> ui.LayoutView:
    """Lay out a server's settings, with ``note`` on top where there is something to say.

    ``there``: the settings without channels and roles that were deleted, which no menu can show.
    """
    words = language.server
    head = f"**{words.settings_title}**\n-# {words.settings_at_once}"
    children: list[_Item] = [ui.TextDisplay(head)]
    children += [] if note is None else [ui.TextDisplay(note)]
    if gone := _chosen(settings) - _chosen(there):
        text = ui.TextDisplay[Any](words.gone.format(count=len(gone)))
        children.append(ui.Section(text, accessory=containers.button(words.forget_gone, FORGET_ID)))
    children += [
        ui.Separator(),
        _switch("private", settings.private, words.private_on, words.private_off, language),
        _switch(
            "keep_unanswered",
            settings.keep_unanswered,
            words.keeping_on.format(days=KEPT_DAYS),
            words.keeping_off.format(days=KEPT_DAYS),
            language,
        ),
        ui.Separator(),
        ui.TextDisplay(words.allowed_channels),
        ui.ActionRow(
            _channels("allowed_channels", there.allowed_channels, words.channels_everywhere)
        ),
        ui.TextDisplay(words.denied_channels),
        ui.ActionRow(_channels("denied_channels", there.denied_channels, words.channels_none)),
        ui.TextDisplay(words.managers),
        ui.ActionRow(_managers(there.managers, words.managers_none)),
        ui.TextDisplay(words.frame_language),
        ui.ActionRow(_languages(settings.language, catalogue, language)),
        ui.TextDisplay(words.answer_length),
        ui.ActionRow(_lengths(settings.length, language)),
    ]
    return containers.coloured(containers.GREY, children)


def _chosen(settings: ServerSettings) -> frozenset[int]:
    roles = [] if settings.managers is None else [settings.managers]
    return settings.allowed_channels.union(settings.denied_channels, roles)


def switch_note(field: str, *, is_on: bool, kept: int, language: Language) -> str | None:
    """Return what to say after a switch was used: what happens to what is kept already."""
    if field != "keep_unanswered" or is_on or not kept:
        return None
    return language.server.still_kept.format(count=kept, days=KEPT_DAYS)


def _switch(field: str, is_on: bool, on: str, off: str, language: Language) -> _Item:  # noqa: FBT001
    words = language.server
    label = words.switch_off if is_on else words.switch_on
    button = containers.button(label, f"{Prefix.SWITCH_SETTING}/{field}/{0 if is_on else 1}")
    return ui.Section(ui.TextDisplay(on if is_on else off), accessory=button)


def _channels(field: str, chosen: Iterable[int], nothing: str) -> _Item:
    return ui.ChannelSelect(
        custom_id=f"{Prefix.CHOOSE_SETTING}/{field}",
        channel_types=_CHANNEL_TYPES,
        placeholder=nothing,
        min_values=0,
        max_values=_MAX_CHOSEN,
        default_values=[
            discord.SelectDefaultValue(id=channel, type=discord.SelectDefaultValueType.channel)
            for channel in sorted(chosen)[:_MAX_CHOSEN]
        ],
    )


def _managers(chosen: int | None, nothing: str) -> _Item:
    default = [] if chosen is None else [chosen]
    return ui.RoleSelect(
        custom_id=f"{Prefix.CHOOSE_SETTING}/managers",
        placeholder=nothing,
        min_values=0,
        max_values=1,
        default_values=[
            discord.SelectDefaultValue(id=role, type=discord.SelectDefaultValueType.role)
            for role in default
        ],
    )


def _languages(chosen: str | None, catalogue: Catalogue, language: Language) -> _Item:
    options = [
        discord.SelectOption(
            label=language.server.language_of_question, value=AUTOMATIC, default=chosen is None
        )
    ]
    options += [
        discord.SelectOption(label=one.server.own_name, value=code, default=code == chosen)
        for code, one in list(catalogue.languages.items())[: _MAX_CHOSEN - 1]
    ]
    return ui.Select(custom_id=f"{Prefix.CHOOSE_SETTING}/language", options=options)


def _lengths(chosen: AnswerLength, language: Language) -> _Item:
    labels = {
        AnswerLength.SHORT: language.server.length_short,
        AnswerLength.LONG: language.server.length_long,
    }
    return ui.Select(
        custom_id=f"{Prefix.CHOOSE_SETTING}/length",
        options=[
            discord.SelectOption(label=label, value=length.value, default=length is chosen)
            for length, label in labels.items()
        ],
    )
