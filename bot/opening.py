"""The knowledge base that the settings ask for."""

from __future__ import annotations

from bot.settings import Settings
from knowledge.base import KnowledgeBase
from knowledge.semantic import NO_ENCODERS, Encoders, load_encoders

__all__ = ["open_knowledge", "unopened_knowledge"]


def open_knowledge(settings: Settings, *, encode: bool = True) -> KnowledgeBase:
    """Open the settings' knowledge base, building it where there is none. Raises KnowledgeError.

    Without ``encode``, vectors that it lacks wait for the next reindex: for a bot, which begins
    with one and answers by words meanwhile.
    """
    encoders = _encoders(settings)
    return KnowledgeBase.open(settings.database, settings.articles, encoders, encode=encode)


def unopened_knowledge(settings: Settings) -> KnowledgeBase:
    """Return the same without building anything yet: for a reindex that says what it does."""
    return KnowledgeBase(settings.database, settings.articles, _encoders(settings))


def _encoders(settings: Settings) -> Encoders:
    return load_encoders() if settings.semantic else NO_ENCODERS
