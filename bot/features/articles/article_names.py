"""The titles of articles, offered to a member who is typing, and found by what was typed."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Iterable, Sequence

from discord.app_commands import Choice
from rapidfuzz import fuzz, process

from bot.i18n.localisation import Language
from bot.interactions.autocomplete import MAX_CHOICES, MAX_UNITS, choice_name
from bot.ui.custom_ids.reasons import units
from knowledge import ArticleSummary, KnowledgeBase, KnowledgeError, fold

__all__ = ["ArticleNames"]

_log = logging.getLogger(__name__)

_MAX_TITLES = 20_000
_LIKE = 60
"""The least likeness, of 100, of a title to what was typed."""

_FRESH_SECONDS = 5.0


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
            if units(one.slug) <= MAX_UNITS
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
        wanted = fold(text[:MAX_UNITS]).strip()
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
