"""What is offered below an answer: to share it where only its asker sees it, else to delete it.

Neither button carries anything: whose answer it is, and what it says, is in Discord's message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.i18n.localisation import Language
from bot.i18n.phrases import SHARED
from bot.ui import containers, markdown
from bot.ui.custom_ids.prefixes import Prefix

__all__ = ["DELETE_ID", "SHARE_ID", "kept_offers", "offer", "shared_view", "without_offers"]

SHARE_ID, DELETE_ID = f"{Prefix.SHARE}/", f"{Prefix.DELETE}/"

_Item: TypeAlias = "ui.Item[Any]"

_SMALL = "-# "
"""Begins the line that says who shared an answer; no page of a list begins so."""

_NAME_ROOM = 64


def offer(
    view: ui.LayoutView, language: Language, *, share: bool = False, delete: bool = False
) -> ui.LayoutView:
    """Put the buttons below what ``view`` shows. A sentence alone is nothing to share."""
    container = _container(view)
    phrases = SHARED.of(language)
    buttons: list[ui.Button[Any]] = []
    if share and len(container.children) > 1:
        buttons.append(containers.button(phrases.share, SHARE_ID))
    if delete:
        buttons.append(containers.button(phrases.delete, DELETE_ID))
    if buttons:
        container.add_item(ui.ActionRow(*buttons))
    return view


def kept_offers(
    view: ui.LayoutView, message: discord.Message | None, language: Language
) -> ui.LayoutView:
    """Return ``view``, which takes the place of a message's, with what that offered below it.

    Above it stands who shared it, where that does.
    """
    if message is None:
        return view
    before = _container(ui.LayoutView.from_message(message))
    ids = set(_ids(before))
    top = before.children[0]
    if isinstance(top, ui.TextDisplay) and top.content.startswith(_SMALL):
        container = _container(view)
        colour = _colour(container)
        view = containers.coloured(colour, [ui.TextDisplay(top.content), *container.children])
    return offer(view, language, share=SHARE_ID in ids, delete=DELETE_ID in ids)


def without_offers(message: discord.Message) -> ui.LayoutView:
    """Return what a message of ours shows, with no row of offers below it."""
    items, colour = _content(message)
    return containers.coloured(colour, items)


def shared_view(
    message: discord.Message, sharer: discord.abc.User, about: str | None, language: Language
) -> ui.LayoutView:
    """Return what a message of ours shows, for all to see under the name of who shared it.

    ``about``: the address of the message that was asked about, if any.
    """
    items, colour = _content(message)
    name = containers.short(sharer.display_name, _NAME_ROOM)
    phrases = SHARED.of(language)
    line = _SMALL + phrases.shared_by.format(name=f"**{name}**")
    if about is not None:
        line += f" · {markdown.link(phrases.about_message, about)}"
    view = containers.coloured(colour, [ui.TextDisplay(line), *items])
    return offer(view, language, delete=True)


def _container(view: ui.LayoutView) -> ui.Container[Any]:
    (container,) = view.children
    assert isinstance(container, ui.Container)  # noqa: S101 - ``containers.coloured`` makes them so
    return container


def _content(message: discord.Message) -> tuple[list[_Item], discord.Colour]:
    container = _container(ui.LayoutView.from_message(message))
    items = [
        item
        for item in container.children
        if not (isinstance(item, ui.ActionRow) and {SHARE_ID, DELETE_ID} & set(_ids(item)))
    ]
    for item in items:
        if isinstance(item, ui.MediaGallery):
            _attach(item, message.attachments)
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


def _ids(items: ui.Container[Any] | ui.ActionRow[Any]) -> Iterator[str]:
    return (item.custom_id or "" for item in items.walk_children() if isinstance(item, ui.Button))
