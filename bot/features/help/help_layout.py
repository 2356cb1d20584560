"""What ``/help`` shows: how to ask, which articles there are, what they answer, the commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.features.help.phrases import PHRASES
from bot.i18n.localisation import Catalogue, Language
from bot.i18n.phrases import SHARED
from bot.interactions.feature import Feature
from bot.server_settings import ServerSettings
from bot.ui import containers
from bot.ui.custom_ids.examples import example_id
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
    features: Iterable[Feature], catalogue: Catalogue, language: Language, *, is_admin: bool
) -> list[CommandLine]:
    """Return the commands that somebody may use, in their language; admins' last."""
    for_all: list[CommandLine] = []
    for_admins: list[CommandLine] = []
    for feature in features:
        texts = feature.phrases.commands(language)
        keys = {
            text: key.removesuffix(".name")
            for key, text in feature.phrases.commands(catalogue.default).items()
            if key.endswith(".name") and key.count(".") == 1
        }
        for command in feature.get_app_commands():
            key = keys[command.name]
            line = CommandLine(texts[f"{key}.name"], texts[f"{key}.description"])
            (for_all if command.default_permissions is None else for_admins).append(line)
    return for_all + for_admins if is_admin else for_all


def help_layout(
    articles: Sequence[ArticleSummary],
    examples: Sequence[str],
    commands: Sequence[CommandLine],
    settings: ServerSettings,
    language: Language,
) -> ui.LayoutView:
    """Lay out what can be asked on a server with these settings."""
    words = PHRASES.of(language)
    head = [f"**{words.title}**", SHARED.of(language).how_to_ask]
    if settings.allowed_channels:
        shown = sorted(settings.allowed_channels - settings.denied_channels)[:_CHANNELS]
        named = ", ".join(f"<#{channel}>" for channel in shown)
        head += [words.channels.format(channels=named)] if named else []
    children: list[ui.Item[Any]] = [
        ui.TextDisplay("\n".join(head)),
        ui.Separator(),
        ui.TextDisplay(_articles(articles, language)),
    ]
    if examples:
        children.append(ui.TextDisplay(f"**{words.examples}**"))
        children += [ui.ActionRow(containers.button(one, example_id(one))) for one in examples]
    children += [ui.Separator(), ui.TextDisplay(_commands(commands, language))]
    return containers.coloured(containers.GREY, children)


def _articles(articles: Sequence[ArticleSummary], language: Language) -> str:
    words = PHRASES.of(language)
    if not articles:
        return words.no_articles
    lines = [f"**{words.articles}**"]
    lines += [
        f"• {containers.short(one.title, containers.TITLE_ROOM)}" for one in articles[:_TITLES]
    ]
    if (more := len(articles) - _TITLES) > 0:
        lines.append(f"-# {SHARED.of(language).and_more.format(count=more)}")
    return "\n".join(lines)


def _commands(commands: Sequence[CommandLine], language: Language) -> str:
    lines = [f"**{PHRASES.of(language).commands}**"]
    room = _COMMANDS_ROOM
    for number, command in enumerate(commands):
        line = f"`/{command.name}` {command.does}"
        room -= len(line) + 1
        if room < 0:
            more = SHARED.of(language).and_more.format(count=len(commands) - number)
            return "\n".join([*lines, f"-# {more}"])
        lines.append(line)
    return "\n".join(lines)
