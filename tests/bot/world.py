"""What the tests of the bot say and look at."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import simcord
from discord import app_commands
from simcord._settlement import _run_due_virtual_callbacks
from simcord.components import walk_components

from bot.app.client import SourcierBot
from bot.app.features import FEATURES
from bot.features.settings.phrases import SETTING_PHRASES
from bot.i18n.localisation import CATALOGUE, Language
from bot.i18n.phrases import SHARED
from bot.i18n.translations import Translations
from bot.services.examples.phrases import PHRASES as EXAMPLE_PHRASES
from bot.services.registry import Services
from bot.shards import ONE_SHARD
from bot.state import State
from bot.state.article_versions import ArticleText, Draft, KeptArticle
from bot.ui.custom_ids.prefixes import Prefix
from knowledge import KnowledgeBase

__all__ = [
    "Shown",
    "World",
    "all_words",
    "eventually",
    "offer_article",
    "phrases_in",
    "press",
    "put",
    "shown",
    "translations",
    "write_article",
]


@dataclass(frozen=True)
class World:
    """A running bot on a server with a channel, a member and an admin."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    member: simcord.MemberActor
    admin: simcord.MemberActor
    managers: simcord.RoleHandle
    knowledge: KnowledgeBase
    state: State

    @property
    def bot(self) -> SourcierBot:
        assert isinstance(self.env.bot, SourcierBot)
        return self.env.bot

    @property
    def mention(self) -> str:
        return f"<@{self.env.backend.bot_user.id}>"

    async def restart(self) -> None:
        """End the bot and start a new one with nothing but its files."""
        state = State(self.state.place)
        processes = self.bot.services.processes
        bot = SourcierBot(self.knowledge, state, shards=ONE_SHARD, processes=processes)
        await self.env.restart_bot(bot)

    async def ask(self, question: str, **options: Any) -> Shown:
        """Ask with /ask as the member, and return what is shown."""
        result = await self.member.slash(self.channel, "ask", question=question, **options)
        assert result.response is not None
        return shown(result.response)

    def last(self) -> Shown:
        """Return the last message of the channel that everyone sees."""
        return shown(self.channel.history()[-1])

    def sent(self, method: str, end: str) -> list[Any]:
        """Return the bodies of what the bot sent to paths with this end."""
        return [
            request.json
            for request in self.env.http_requests
            if request.method == method and request.path.endswith(end)
        ]

    def raised(self) -> list[BaseException]:
        """Return what commands raised, without what discord.py wraps it in."""
        return [
            error.original if isinstance(error, app_commands.CommandInvokeError) else error
            for error in self.env.errors
        ]

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Let members act without waiting until the bot has done all its work."""

        async def at_once(**_: Any) -> None:
            await asyncio.sleep(0)

        patience = self.env._settle_internal
        self.env._settle_internal = at_once  # type: ignore[method-assign]
        try:
            yield
        finally:
            self.env._settle_internal = patience  # type: ignore[method-assign]

    def let_pass(self, seconds: float) -> None:
        """Let time pass for the bot while a thread of its own is still at work."""
        self.env._move_clock(self.env._virtual_time + seconds)
        _run_due_virtual_callbacks(self.env._settlement_state(), math.inf)


@dataclass(frozen=True)
class Shown:
    """A message as its readers see it."""

    message: Any
    texts: tuple[str, ...]
    buttons: dict[str, dict[str, Any]]
    colour: int | None
    ephemeral: bool

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def labels(self) -> list[str]:
        return [button["label"] for button in self.buttons.values()]

    @property
    def controls(self) -> list[str]:
        """The labels of buttons but for those that ask a question, whose label that is."""
        asking = f"{Prefix.EXAMPLE}/"
        return [one["label"] for id_, one in self.buttons.items() if not id_.startswith(asking)]

    @property
    def quotation(self) -> str:
        """The first quotation."""
        return next(text for text in self.texts if text.startswith("> "))

    def button(self, label: str) -> str:
        """Return the ``custom_id`` of the first button with this English label, or a translation.

        The frame of an answer is in the language of its question.
        """
        labels = (label, *translations(label))
        return next(
            id_ for id_, button in self.buttons.items() if button["label"].startswith(labels)
        )


def shown(message: Any) -> Shown:
    components = (
        message.components
        if isinstance(message, simcord.ResponseMessage)
        else [component.to_dict() for component in message.components]
    )
    every = list(walk_components(components))
    assert len(every) <= 40
    texts = tuple(item["content"] for item in every if item["type"] == 10)
    assert sum(map(len, texts)) <= 4_000
    return Shown(
        message=message,
        texts=texts,
        buttons={item["custom_id"]: item for item in every if item["type"] == 2},
        colour=next((item.get("accent_color") for item in every if item["type"] == 17), None),
        ephemeral=message.flags.ephemeral,
    )


def translations(english: str) -> list[str]:
    """Return what each other language says for an English phrase."""
    return [
        phrases_in(words, language)[key]
        for words in all_words()
        for key, phrase in phrases_in(words, CATALOGUE.default).items()
        if phrase == english
        for language in CATALOGUE.languages.values()
        if language is not CATALOGUE.default
    ]


def all_words() -> list[Translations[Any]]:
    """Return the words that there are: shared ones, of settings, examples, and each feature."""
    features = dict.fromkeys(feature.phrases for feature in FEATURES)
    return [SHARED, SETTING_PHRASES, EXAMPLE_PHRASES, *features]


def phrases_in(words: Translations[Any], language: Language) -> dict[str, str]:
    """Return the phrases of a package in a language, by key."""
    phrases = words.of(language)
    return phrases if isinstance(phrases, dict) else asdict(phrases)


def put(services: Services, **others: Any) -> None:
    """Put other services, such as tighter limits, in the place of a bot's own."""
    for name, service in others.items():
        object.__setattr__(services, name, service)  # frozen for everybody else


def offer_article(state: State, server: int, slug: str, title: str, text: str) -> KeptArticle:
    """Let a server have an article that waits to be confirmed."""
    (offered,) = state.articles.offer(server, [Draft(slug, title, ArticleText(text))])
    return offered


async def eventually(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Wait until ``condition`` returns something true, and return that."""
    async with asyncio.timeout(seconds):
        while not (value := condition()):  # noqa: ASYNC110 - nothing tells that a bot is done
            await asyncio.sleep(0.005)
    return value


def write_article(
    directory: Path, slug: str, *paragraphs: str, title: str = "", language: str = "en", **more: str
) -> Path:
    """Write a Markdown article; a paragraph that begins with “## ” is a heading."""
    front = {"title": title or slug.capitalize(), "language": language, **more}
    lines = ["---", *(f'{key}: "{value}"' for key, value in front.items()), "---", ""]
    path = directory / f"{slug}.md"
    path.write_text("\n".join(lines) + "\n" + "\n\n".join(paragraphs) + "\n", encoding="utf-8")
    return path


async def press(world: World, message: Shown, label: str, actor: Any = None) -> Shown:
    """Click a button as the admin, or as ``actor``; return the message as it is then."""
    by = actor or world.admin
    result = await by.click(message.message, custom_id=message.button(label))
    assert result.response is not None
    return shown(result.response)
