"""The knowledge base that the settings ask for."""

from __future__ import annotations

from bot.settings import DATA_DIRECTORY, Settings
from knowledge.base import READING_SECONDS, KnowledgeBase
from knowledge.reading import Reader, load_reader
from knowledge.semantic import NO_ENCODERS, Encoders, load_encoders
from knowledge.store.permissions import narrow

__all__ = ["open_knowledge", "unopened_knowledge"]


def open_knowledge(settings: Settings, *, encode: bool = True) -> KnowledgeBase:
    """Open the settings' knowledge base, building it where there is none. Raises KnowledgeError.

    Without ``encode``, for a bot: vectors that it lacks wait for the next reindex, with which it
    begins, and it answers by words meanwhile; passages are read as far as there is time for it.
    """
    _keep_to_ourselves(settings)
    return KnowledgeBase.open(
        settings.database,
        settings.articles,
        _encoders(settings),
        _reader(settings),
        encode=encode,
        reading_seconds=None if encode else READING_SECONDS,
    )


def unopened_knowledge(settings: Settings) -> KnowledgeBase:
    """Return the same without building anything yet: for a reindex that says what it does."""
    _keep_to_ourselves(settings)
    return KnowledgeBase(settings.database, settings.articles, _encoders(settings))


def _keep_to_ourselves(settings: Settings) -> None:
    """Take our own directory in the user's data from everybody else; no other one is ours."""
    ours = DATA_DIRECTORY
    if ours in (settings.database.parent, settings.state.parent) and not ours.is_symlink():
        narrow(ours)


def _encoders(settings: Settings) -> Encoders:
    return load_encoders() if settings.semantic else NO_ENCODERS


def _reader(settings: Settings) -> Reader | None:
    return load_reader() if settings.reader else None
