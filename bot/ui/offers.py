"""What is offered below an answer: to share it where only its asker sees it, or to delete it.

An answer is deleted from the menu of its message; a button is offered where that menu has no way
to it. Neither button carries anything: whose answer it is, and what it says, is in Discord's
message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.i18n.localisation import Catalogue, Language
from bot.i18n.phrases import SHARED
from bot.ui import containers, markdown
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.question_line import is_question_line

__all__ = [
    "DELETE_ID",
    "SHARE_ID",
    "frame_language",
    "kept_offers",
    "offer",
    "shared_view",
    "without_offers",
]

SHARE_ID, DELETE_ID = f"{Prefix.SHARE}/", f"{Prefix.DELETE}/"

_Item: TypeAlias = "ui.Item[Any]"

_SMALL = "-# "
"""Begins the line that says who shared an answer; no page of a list begins so."""

_NAME_ROOM = 64
_ROW = 5
"""Buttons of a row."""


def offer(
    view: ui.LayoutView, language: Language, *, share: bool = False, delete: bool = False
) -> ui.LayoutView:
    """Put the buttons below what ``view`` shows, into its last row where that has room.

    A row of questions to be pressed takes no other button. A sentence alone is nothing to share.
    """
    container = containers.container_of(view)
    phrases = SHARED.of(language)
    buttons: list[ui.Button[Any]] = []
    if share and sum(not is_question_line(one) for one in container.children) > 1:
        buttons.append(containers.button(phrases.share, SHARE_ID))
    if delete:
        buttons.append(containers.button(phrases.delete, DELETE_ID))
    last = [one for one in container.children if not _asks(one)][-1]
    if isinstance(last, ui.ActionRow) and len(last.children) + len(buttons) <= _ROW:
        for button in buttons:
            last.add_item(button)
    elif buttons:
        container.add_item(ui.ActionRow(*buttons))
    return view


def _asks(item: _Item) -> bool:
    """Whether an item is a row of questions that can be pressed."""
    asking = f"{Prefix.EXAMPLE}/"
    return isinstance(item, ui.ActionRow) and all(
        (getattr(one, "custom_id", None) or "").startswith(asking) for one in item.children
    )


def frame_language(label: str | None, catalogue: Catalogue) -> Language:
    """Return the language of a message's frame by the label of its button that shares it."""
    every = catalogue.languages.values()
    return next((one for one in every if SHARED.of(one).share == label), catalogue.default)


def kept_offers(
    view: ui.LayoutView, message: discord.Message | None, language: Language
) -> ui.LayoutView:
    """Return ``view``, which takes the place of a message's, with what that offered below it.

    Above it stands who shared it, where that does.
    """
    if message is None:
        return view
    before = containers.container_of(ui.LayoutView.from_message(message))
    ids = set(_ids(before))
    top = before.children[0]
    if isinstance(top, ui.TextDisplay) and top.content.startswith(_SMALL):
        view = containers.on_top(view, ui.TextDisplay(top.content))
    return offer(view, language, share=SHARE_ID in ids, delete=DELETE_ID in ids)


def without_offers(message: discord.Message) -> ui.LayoutView:
    """Return what a message of ours shows, with no offers below it."""
    items, colour = _content(message)
    return containers.coloured(colour, items)


def shared_view(
    message: discord.Message,
    sharer: discord.abc.User,
    about: str | None,
    language: Language,
    *,
    delete: bool,
) -> ui.LayoutView:
    """Return what a message of ours shows, for all to see under the name of who shared it.

    ``about``: the address of the message that was asked about, if any. ``delete``: whether a
    button to delete it is offered.
    """
    items, colour = _content(message)
    name = containers.short(sharer.display_name, _NAME_ROOM)
    phrases = SHARED.of(language)
    line = _SMALL + phrases.shared_by.format(name=f"**{name}**")
    if about is not None:
        line += f" · {markdown.link(phrases.about_message, about)}"
    view = containers.coloured(colour, [ui.TextDisplay(line), *items])
    return offer(view, language, delete=delete)


def _content(message: discord.Message) -> tuple[list[_Item], discord.Colour]:
    container = containers.container_of(ui.LayoutView.from_message(message))
    items: list[_Item] = []
    for item in container.children:
        if isinstance(item, ui.ActionRow):
            kept = [one for one in item.children if not _is_offer(one)]
            items += [ui.ActionRow(*kept)] if kept else []
            continue
        if isinstance(item, ui.MediaGallery):
            _attach(item, message.attachments)
        items.append(item)
    return items, _colour(container)


def _colour(container: ui.Container[Any]) -> discord.Colour:
    colour = container.accent_colour
    return colour if isinstance(colour, discord.Colour) else containers.GREY


def _attach(gallery: ui.MediaGallery[Any], attachments: Sequence[discord.Attachment]) -> None:
    """Show the message's own files, whose addresses in it hold for a while only."""
    names = {attachment.url: attachment.filename for attachment in attachments}
    for one in gallery.items:
        if name := names.get(one.media.url):
            one.media = f"attachment://{name}"


def _is_offer(item: _Item) -> bool:
    return isinstance(item, ui.Button) and item.custom_id in (SHARE_ID, DELETE_ID)


def _ids(items: ui.Container[Any]) -> Iterator[str]:
    return (item.custom_id or "" for item in items.walk_children() if isinstance(item, ui.Button))
