"""What ``/help`` shows: how to ask, which articles there are, what they answer, the commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from discord import ui
from discord.app_commands import Command, ContextMenu, Group

from bot.i18n.localisation import Catalogue, Language
from bot.state import ServerSettings
from bot.ui import containers
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import ArticleSummary

__all__ = ["CommandLine", "command_lines", "help_layout"]

_TITLES = 8
_CHANNELS = 10
_COMMANDS_ROOM = 1_900


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command as a member types it, and what it does."""

    name: str
    does: str


def command_lines(
    commands: Iterable[Command[Any, ..., Any] | Group | ContextMenu],
    catalogue: Catalogue,
    language: Language,
    *,
    is_admin: bool,
) -> list[CommandLine]:
    """Return the commands that somebody may use, in their language; admins' last."""
    keys = {
        text: key.removesuffix(".name")
        for key, text in catalogue.default.commands.items()
        if key.endswith(".name") and key.count(".") == 1
    }
    every = [one for one in commands if not isinstance(one, ContextMenu) and one.name in keys]
    every.sort(key=lambda one: one.default_permissions is not None)
    return [
        CommandLine(
            language.commands[f"{keys[one.name]}.name"],
            language.commands[f"{keys[one.name]}.description"],
        )
        for one in every
        if is_admin or one.default_permissions is None
    ]


def help_layout(
    articles: Sequence[ArticleSummary],
    examples: Sequence[str],
    commands: Sequence[CommandLine],
    settings: ServerSettings,
    language: Language,
) -> ui.LayoutView:
    """Lay out what can be asked on a server with these settings."""
    words = language.server
    head = [f"**{words.help_title}**", language.phrases.how_to_ask]
    if settings.allowed_channels:
        shown = sorted(settings.allowed_channels - settings.denied_channels)[:_CHANNELS]
        named = ", ".join(f"<#{channel}>" for channel in shown)
        head += [words.help_channels.format(channels=named)] if named else []
    children: list[ui.Item[Any]] = [
        ui.TextDisplay("\n".join(head)),
        ui.Separator(),
        ui.TextDisplay(_articles(articles, language)),
    ]
    if examples:
        children.append(ui.TextDisplay(f"**{words.help_examples}**"))
        children += [
            ui.ActionRow(containers.button(one, f"{Prefix.EXAMPLE}/{one}")) for one in examples
        ]
    children += [ui.Separator(), ui.TextDisplay(_commands(commands, language))]
    return containers.coloured(containers.GREY, children)


def _articles(articles: Sequence[ArticleSummary], language: Language) -> str:
    words = language.server
    if not articles:
        return words.help_no_articles
    lines = [f"**{words.help_articles}**"]
    lines += [
        f"• {containers.short(one.title, containers.TITLE_ROOM)}" for one in articles[:_TITLES]
    ]
    if (more := len(articles) - _TITLES) > 0:
        lines.append(f"-# {language.phrases.and_more.format(count=more)}")
    return "\n".join(lines)


def _commands(commands: Sequence[CommandLine], language: Language) -> str:
    lines = [f"**{language.server.help_commands}**"]
    room = _COMMANDS_ROOM
    for number, command in enumerate(commands):
        line = f"`/{command.name}` {command.does}"
        room -= len(line) + 1
        if room < 0:
            more = language.phrases.and_more.format(count=len(commands) - number)
            return "\n".join([*lines, f"-# {more}"])
        lines.append(line)
    return "\n".join(lines)
