"""What ``/settings`` shows: what is set on a server, and a component to change each of it.

The ``custom_id`` of each says all that a use of it needs (see ``bot.ui.custom_ids.references``):

    st/FIELD/VALUE    a button that sets a field to VALUE, ``1`` or ``0``
    sl/FIELD          a menu that sets a field to what was chosen in it
    sg/               a button that forgets channels and roles that are gone
    sp/PAGE           a button that shows a page
"""

from __future__ import annotations

from typing import Any, TypeAlias

from discord import ui

from bot.features.settings.phrases import PHRASES, SETTING_PHRASES, SettingsPhrases
from bot.features.settings.setting_menus import MenuKind, setting_menu
from bot.i18n.localisation import Catalogue, Language
from bot.server_settings import PAGES, SETTINGS, Page, ServerSettings
from bot.server_settings.kinds import Channels, Choice, Switch
from bot.services.server_settings import MAY_BE_GONE
from bot.state.unanswered import KEPT_DAYS
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["FORGET_ID", "MENUS", "SWITCHES", "page_id", "panel_layout", "switch_note"]

SWITCHES = tuple(field for field, kind in SETTINGS.items() if isinstance(kind, Switch))
MENUS = tuple(field for field in SETTINGS if field not in SWITCHES)

FORGET_ID = f"{Prefix.FORGET_GONE}/"

_FIRST_MENU = 100
"""The id of the first menu in a message. Each has its own, above those that Discord counts for
other components: else a client shows in a menu of one page what was chosen in one of the other."""

_Item: TypeAlias = "ui.Item[Any]"


def page_id(page: Page) -> str:
    """Return the ``custom_id`` of the button that shows a page."""
    return f"{Prefix.SETTINGS_PAGE}/{page}"


def panel_layout(
    settings: ServerSettings,
    there: ServerSettings,
    catalogue: Catalogue,
    language: Language,
    page: Page = Page.ANSWERS,
    note: str | None = None,
) -> ui.LayoutView:
    """Lay out a page of a server's settings, with ``note`` on top where there is something to say.

    ``there``: the settings without channels and roles that were deleted, which no menu can show.
    """
    words = PHRASES.of(language)
    fields = [field for field in SETTINGS if PAGES[field] is page]
    head = f"**{words.title}**\n-# {words.at_once}"
    children: list[_Item] = [ui.TextDisplay(head)]
    children += [] if note is None else [ui.TextDisplay(note)]
    if gone := _chosen(settings) - _chosen(there):
        text = ui.TextDisplay[Any](words.gone.format(count=len(gone)))
        children.append(ui.Section(text, accessory=containers.button(words.forget_gone, FORGET_ID)))
    children += [_tabs(page, words), ui.Separator()]
    for field in fields:
        kind = SETTINGS[field]
        if isinstance(kind, Switch):
            children.append(_switch(field, language, is_on=getattr(there, field)))
        else:
            menu = setting_menu(field, kind, getattr(there, field), catalogue, language)
            menu.id = _FIRST_MENU + MENUS.index(field)
            children += [ui.TextDisplay(_heading(field, kind, language)), ui.ActionRow(menu)]
    return containers.coloured(containers.GREY, children)


def _heading(field: str, kind: MenuKind, language: Language) -> str:
    """Return what a menu sets, with an example of it, or of each of its values."""
    phrases = SETTING_PHRASES.of(language)
    if isinstance(kind, Choice):
        values = [f"{field}.{one}" for one in kind.values]
        told = [f"-# *{phrases[one]}*: {phrases[f'{one}.example']}" for one in values]
    else:
        told = [_example(field, language)]
    return "\n".join([phrases[f"{field}.heading"], *told])


def _example(field: str, language: Language) -> str:
    example = SETTING_PHRASES.of(language)[f"{field}.example"]
    return f"-# {PHRASES.of(language).example.format(example=example)}"


def _tabs(shown: Page, words: SettingsPhrases) -> _Item:
    labels = {Page.ANSWERS: words.page_answers, Page.PLACES: words.page_places}
    buttons = [
        containers.button(label, page_id(page), enabled=page is not shown)
        for page, label in labels.items()
    ]
    return ui.ActionRow(*buttons)


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
    text = ui.TextDisplay[Any](f"{said.format(days=KEPT_DAYS)}\n{_example(field, language)}")
    button = containers.button(label, f"{Prefix.SWITCH_SETTING}/{field}/{0 if is_on else 1}")
    return ui.Section(text, accessory=button)
