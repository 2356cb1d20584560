"""Which quotations the articles may have overtaken, told by ids and without a message."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from bot.features.articles.passage_changes import article_at
from bot.state.watched import Watched
from bot.ui.custom_ids.references import Place
from knowledge import KnowledgeBase

__all__ = ["Versions", "overtaken", "stamp_of"]

_NO_ARTICLE = "-"


def stamp_of(knowledge: KnowledgeBase) -> str | None:
    """Return what changes with the index, ``None`` where nothing has been indexed (yet): an index
    that is being made again has lost no passage."""
    status = knowledge.status()
    if status.built_at is None:
        return None
    return f"{knowledge.database}/{status.index_version}/{status.built_at}"


class Versions:
    """At which version of its article a passage is found changed, in the index as it is now."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._passages: dict[str, bool] = {}
        self._articles: dict[str, str] = {}

    def of(self, one: Watched) -> str | None:
        """Return the version, ``None`` where the articles have the passage."""
        if one.passage not in self._passages:
            self._passages[one.passage] = self._knowledge.passage(one.passage) is not None
        return None if self._passages[one.passage] else self._version(one.article)

    def _version(self, key: str) -> str:
        if key not in self._articles:
            article = article_at(self._knowledge, Place(key, 1))
            self._articles[key] = _NO_ARTICLE if article is None else article.content_hash
        return self._articles[key]


def overtaken(
    knowledge: KnowledgeBase, watched: Iterable[Watched]
) -> dict[int, tuple[Watched, ...]]:
    """Return by message what it quotes, of those messages that have to be looked at.

    That is once for each version of an article that lacks what is quoted, and once when it is back.
    """
    versions = Versions(knowledge)
    by_message = [tuple(rows) for _, rows in groupby(watched, key=lambda one: one.message)]
    return {
        quoted[0].message: quoted
        for quoted in by_message
        if any(versions.of(one) != one.seen for one in quoted)
    }
