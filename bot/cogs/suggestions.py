"""What is offered to a member who is typing: at most 25 choices, from memory, never an error."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord.app_commands import Choice
from rapidfuzz import fuzz, process

from bot.custom_ids.reasons import units
from bot.findings import named
from bot.layouts.lists import statement_in
from bot.localisation import Language
from bot.threads import TYPING
from knowledge import (
    ArticleSummary,
    Fact,
    FactKind,
    KnowledgeBase,
    KnowledgeError,
    deduplicated,
    fold,
)

if TYPE_CHECKING:
    from bot.client import SourcierBot

__all__ = ["MAX_CHOICES", "ArticleNames", "choice_name", "fact_choices", "name_choices", "offered"]

_log = logging.getLogger(__name__)

MAX_CHOICES = 25
_MAX_UNITS = 100
_LOOKED_AT = 200
"""Facts from which names or distinct facts are taken."""

_MAX_TITLES = 20_000
_LIKE = 60
"""The least likeness, of 100, of a title to what was typed."""

_FRESH_SECONDS = 5.0


async def offered(
    interaction: discord.Interaction[Any],
    choose: Callable[[KnowledgeBase], Sequence[Choice[str]]],
) -> list[Choice[str]]:
    """Return what ``choose`` offers of the base that may be shown where a member types.

    Nothing where it fails, which is only logged.
    """
    bot: SourcierBot = interaction.client
    try:
        knowledge = await bot.knowledge_for(interaction.guild_id)
        return list(await TYPING.run(choose, knowledge))[:MAX_CHOICES]
    except Exception:  # noqa: BLE001 - a member who is typing is to see no error
        name = "unknown" if interaction.command is None else interaction.command.qualified_name
        _log.exception("No choices for /%s", name)
        return []


def fact_choices(
    knowledge: KnowledgeBase, text: str, kind: FactKind | None, language: Language
) -> list[Choice[str]]:
    """Return facts by their statements, in the language where they have one, with their ids."""
    found = deduplicated(knowledge.suggest(text, kind, _LOOKED_AT))
    return [Choice(name=choice_name(statement_in(fact, language)), value=fact.id) for fact in found]


def name_choices(knowledge: KnowledgeBase, text: str, kind: FactKind) -> list[Choice[str]]:
    """Return the names of a kind of facts, each once: of people, speakers, sources.

    A name that is too long for a choice stands for its fact.
    """
    choices: dict[str, Choice[str]] = {}
    for fact in deduplicated(knowledge.suggest(text, kind, _LOOKED_AT)):
        name = named(fact)
        if name and fold(name) not in choices:
            label = choice_name(_described(name, fact))
            choices[fold(name)] = Choice(name=label, value=_value(name, fact))
    return list(choices.values())


def _described(name: str, fact: Fact) -> str:
    return f"{name} · {fact.role}" if fact.role else name


def _value(name: str, fact: Fact) -> str:
    return name if units(name) <= _MAX_UNITS else fact.id


def choice_name(text: str) -> str:
    """Return text in one line that Discord takes as the name of a choice."""
    line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split()) or "…"
    if units(line) <= _MAX_UNITS:
        return line
    while units(line) >= _MAX_UNITS:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _titles(article: ArticleSummary) -> list[str]:
    return [article.title, *article.titles.values()]


class ArticleNames:
    """The titles of the articles, in memory; safe to use from several threads.

    They are read again at most every few seconds, aside, so that nobody who is typing waits. The
    base is not kept from being closed: whoever asks holds it.
    """

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = weakref.ref(knowledge)
        self._articles: tuple[ArticleSummary, ...] = ()
        self._read_at: float | None = None
        self._reading = threading.Lock()
        self._aside = threading.Lock()

    def choices(self, text: str, language: Language) -> list[Choice[str]]:
        """Return the articles whose titles are like ``text``, the most alike first, by slug.

        In whatever language the title is typed, it is shown in ``language`` where it has one.
        """
        return [
            Choice(name=choice_name(one.titles.get(language.code, one.title)), value=one.slug)
            for one in self._alike(self._known(), text)
            if units(one.slug) <= _MAX_UNITS
        ]

    def find(self, text: str) -> tuple[str | None, Sequence[ArticleSummary]]:
        """Return the slug of the article that ``text`` means, if one is, and the closest ones."""
        if not any(one.slug == text for one in self._articles):
            self._read()
        if any(one.slug == text for one in self._articles):
            return text, ()
        near = self._alike(self._articles, text)
        exact = [one for one in near if fold(text) in map(fold, _titles(one))]
        if len(exact) == 1 or len(near) == 1:
            return (exact or near)[0].slug, near
        return None, near

    def _alike(self, articles: Iterable[ArticleSummary], text: str) -> list[ArticleSummary]:
        known = list(articles)[:_MAX_TITLES]
        wanted = fold(text[:_MAX_UNITS]).strip()
        if not wanted:
            return known[:MAX_CHOICES]
        near = process.extract(
            wanted,
            [fold(" ".join([*_titles(one), one.slug])) for one in known],
            scorer=fuzz.partial_ratio,
            score_cutoff=_LIKE,
            limit=MAX_CHOICES,
        )
        return [known[index] for _, _, index in near]

    def _known(self) -> tuple[ArticleSummary, ...]:
        if self._read_at is None:
            self._read()
        elif self._is_old() and self._aside.acquire(blocking=False):
            threading.Thread(target=self._read_aside, name="titles", daemon=True).start()
        return self._articles

    def _is_old(self) -> bool:
        return self._read_at is not None and time.monotonic() - self._read_at > _FRESH_SECONDS

    def _read(self) -> None:
        knowledge = self._knowledge()
        if knowledge is None:
            return
        with self._reading:
            self._articles = knowledge.articles()
            self._read_at = time.monotonic()

    def _read_aside(self) -> None:
        try:
            self._read()
        except KnowledgeError as error:
            _log.warning("The titles could not be read: %s", error)
        finally:
            self._aside.release()
