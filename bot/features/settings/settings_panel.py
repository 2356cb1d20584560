"""What ``/settings`` shows: what is set on a server, and a component to change each of it.

The ``custom_id`` of each says all that a use of it needs (see ``bot.ui.custom_ids.references``):

    st/FIELD/VALUE    a button that sets a field to VALUE, ``1`` or ``0``
    sl/FIELD          a menu that sets a field to what was chosen in it
    sg/               a button that forgets channels and roles that are gone
"""

from __future__ import annotations

from typing import Any, TypeAlias

from discord import ui

from bot.features.settings.phrases import PHRASES, SETTING_PHRASES
from bot.features.settings.setting_menus import setting_menu
from bot.i18n.localisation import Catalogue, Language
from bot.server_settings import SETTINGS, ServerSettings
from bot.server_settings.kinds import Channels, Switch
from bot.services.server_settings import MAY_BE_GONE
from bot.state.unanswered import KEPT_DAYS
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["FORGET_ID", "MENUS", "SWITCHES", "panel_layout", "switch_note"]

SWITCHES = tuple(field for field, kind in SETTINGS.items() if isinstance(kind, Switch))
MENUS = tuple(field for field in SETTINGS if field not in SWITCHES)

FORGET_ID = f"{Prefix.FORGET_GONE}/"

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
    words, headings = PHRASES.of(language), SETTING_PHRASES.of(language)
    head = f"**{words.title}**\n-# {words.at_once}"
    children: list[_Item] = [ui.TextDisplay(head)]
    children += [] if note is None else [ui.TextDisplay(note)]
    if gone := _chosen(settings) - _chosen(there):
        text = ui.TextDisplay[Any](words.gone.format(count=len(gone)))
        children.append(ui.Section(text, accessory=containers.button(words.forget_gone, FORGET_ID)))
    children.append(ui.Separator())
    children += [_switch(field, language, is_on=getattr(there, field)) for field in SWITCHES]
    children.append(ui.Separator())
    for field, kind in SETTINGS.items():
        if not isinstance(kind, Switch):
            menu = setting_menu(field, kind, getattr(there, field), catalogue, language)
            children += [ui.TextDisplay(headings[f"{field}.heading"]), ui.ActionRow(menu)]
    return containers.coloured(containers.GREY, children)


def _chosen(settings: ServerSettings) -> frozenset[int]:
    """Return the channels and roles that are chosen."""
    every: set[int] = set()
    for field in MAY_BE_GONE:
        chosen = getattr(settings, field)
        every |= chosen if isinstance(SETTINGS[field], Channels) else {chosen} - {None}
    return frozenset(every)


def switch_note(field: str, *, is_on: bool, kept: int, language: Language) -> str | None:
    """Return what to say after a switch was used: what happens to what is kept already."""
    if field != "keep_unanswered" or is_on or not kept:
        return None
    return PHRASES.of(language).still_kept.format(count=kept, days=KEPT_DAYS)


def _switch(field: str, language: Language, *, is_on: bool) -> _Item:
    words = PHRASES.of(language)
    label = words.switch_off if is_on else words.switch_on
    said = SETTING_PHRASES.of(language)[f"{field}.{'on' if is_on else 'off'}"]
    button = containers.button(label, f"{Prefix.SWITCH_SETTING}/{field}/{0 if is_on else 1}")
    return ui.Section(ui.TextDisplay(said.format(days=KEPT_DAYS)), accessory=button)
