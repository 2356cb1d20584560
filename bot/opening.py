"""The knowledge base that the settings ask for."""

from __future__ import annotations

from bot.settings import Settings
from knowledge.base import KnowledgeBase
from knowledge.semantic import load_encoder

__all__ = ["open_knowledge", "unopened_knowledge"]


def open_knowledge(settings: Settings) -> KnowledgeBase:
    """Open the settings' knowledge base, building it where there is none. Raises KnowledgeError."""
    encoder = load_encoder() if settings.semantic else None
    return KnowledgeBase.open(settings.database, settings.articles, encoder)


def unopened_knowledge(settings: Settings) -> KnowledgeBase:
    """Return the same without building anything yet: for a reindex that says what it does."""
    encoder = load_encoder() if settings.semantic else None
    return KnowledgeBase(settings.database, settings.articles, encoder)
