"""What is shown of a question to a person: to its asker, to helpers, and when one has replied."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.features.people.phrases import PHRASES
from bot.i18n.localisation import Language
from bot.ui import containers, markdown
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.question_line import question_line, quoted_question
from bot.ui.requests import Proposal, Request
from knowledge import Span

__all__ = [
    "CANCEL_ID",
    "MAX_REPLY",
    "announcement_layout",
    "confirmation_layout",
    "name_of",
    "replied_layout",
    "request_layout",
]

MAX_REPLY = 1_500
"""Characters of a helper's reply."""

CANCEL_ID = f"{Prefix.CANCEL_REQUEST}/"

_NAME_ROOM = 64
_REPLY_ROOM = 3_000
"""Characters of a reply as Markdown: each of its own may need a backslash."""

_REPLY_ID = 7_020
"""Of the component that shows a reply to the helpers."""


def name_of(person: discord.abc.User) -> str:
    """Return a member's name as the server shows it, as Markdown."""
    return containers.short(person.display_name, _NAME_ROOM)


def confirmation_layout(
    question: str,
    name: str,
    proposal: Proposal,
    language: Language,
    *,
    is_changed: bool = False,
) -> ui.LayoutView:
    """Lay out what would be sent, with the buttons to send it or not.

    ``name``: the asker's, as Markdown. ``is_changed``: it was to go elsewhere when it was shown.
    """
    words, role = PHRASES.of(language), proposal.role
    lines = [words.confirm_changed] if is_changed else []
    lines.append(words.confirm.format(channel=f"<#{proposal.channel}>", name=f"**{name}**"))
    lines += [] if role is None else [words.confirm_ping.format(role=f"<@&{role}>")]
    reply = words.confirm_private if proposal.message is None else words.confirm_link
    lines.append(f"-# {reply}")
    send = containers.button(words.send, f"{Prefix.SEND_REQUEST}/{proposal.payload}")
    cancel = containers.button(words.cancel, CANCEL_ID)
    children: list[ui.Item[Any]] = [
        ui.TextDisplay("\n".join(lines)),
        quoted_question(question),
        ui.ActionRow(send, cancel),
    ]
    return containers.coloured(containers.GREY, children)


def request_layout(
    question: str,
    name: str,
    role: int | None,
    url: str | None,
    request: Request,
    language: Language,
) -> ui.LayoutView:
    """Lay out a question for helpers. ``url``: the answer that was not enough, if all see it."""
    words = PHRASES.of(language)
    asks = words.asks.format(name=name)
    head = asks if role is None else f"<@&{role}> {asks}"
    children: list[ui.Item[Any]] = [ui.TextDisplay(head), quoted_question(question)]
    if url is not None:
        children.append(ui.TextDisplay(f"-# {markdown.link(words.the_answer, url)}"))
    reply = containers.button(words.reply, f"{Prefix.REPLY_AS_HELPER}/{request.payload}")
    return containers.coloured(containers.AMBER, [*children, ui.ActionRow(reply)])


def announcement_layout(head: str, question: str | None, text: str) -> ui.LayoutView:
    """Lay out a reply for whoever asked, below the line ``head``."""
    top = [] if question is None else [question_line(question)]
    return containers.coloured(
        containers.GREEN, [*top, ui.TextDisplay(head), ui.TextDisplay(_quoted(text))]
    )


def replied_layout(
    request: discord.Message, name: str, text: str, language: Language
) -> ui.LayoutView:
    """Return what a message that asks a person shows, with the reply that there is now."""
    container = containers.container_of(ui.LayoutView.from_message(request))
    items = [one for one in container.children if one.id != _REPLY_ID]
    head = PHRASES.of(language).announced.format(name=f"**{name}**")
    items.insert(-1, ui.TextDisplay(f"{head}\n{_quoted(text)}", id=_REPLY_ID))
    return containers.coloured(containers.GREEN, items)


def _quoted(text: str) -> str:
    return markdown.quoted(
        markdown.excerpt(text, _REPLY_ROOM, around=Span(0, 1), line_cost=len("> "))
    )
