"""The knowledge base that the settings ask for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.app.progress import Advance, indexing_progress
from bot.services.child_process import environment
from bot.services.reindexing import log_report
from bot.services.threads import STEPS_BACK
from bot.settings import DATA_DIRECTORY, Settings
from knowledge import (
    READING_SECONDS,
    AnsweringProcesses,
    Encoder,
    KnowledgeBase,
    KnowledgeError,
    ReindexReport,
    load_encoder,
    load_reader,
    narrow,
)

__all__ = [
    "open_for_bot",
    "open_knowledge",
    "open_to_look",
    "start_processes",
    "unopened_knowledge",
]

_log = logging.getLogger(__name__)

_FIRST = "Reading the articles for the first time. Their meaning is computed once."
_ENDING = "The index is up to date ({seconds} s)."


def open_knowledge(settings: Settings) -> KnowledgeBase:
    """Open the settings' knowledge base as it stands, building it where there is none.

    What has to be built is shown on standard error, with what of it could not be read. Raises
    KnowledgeError.
    """
    with indexing_progress(_beginning(settings), _ENDING) as advance:
        return _opened(settings, advance, log_report, encode=True)


def open_to_look(settings: Settings) -> KnowledgeBase:
    """Open the same with the vectors and the facts that it has now, for who asks nothing of it."""
    is_first = not settings.database.exists()
    with indexing_progress(_beginning(settings), _ENDING) as advance:
        return _opened(settings, advance, log_report, encode=is_first)


def open_for_bot(settings: Settings, *, wait: bool = False) -> KnowledgeBase:
    """Open the settings' knowledge base for a bot, which reads passages as far as there is time.

    An index that is there is served as it is, so that a bot is back at once after a restart, and
    the bot brings it up to date while it answers; all words and facts are read into memory
    meanwhile. Where there is none, where its first vectors are not whole, or with ``wait``, it is
    brought up to date first, vectors and all, which is shown on standard error; where that fails
    although an index is there, the log says why. Raises KnowledgeError.
    """
    is_first = not settings.database.exists()
    is_logged = settings.log_format == "json"
    with indexing_progress(_beginning(settings), _ENDING, is_logged=is_logged) as advance:
        knowledge = _opened(settings, advance, None, encode=False, is_for_bot=True)
        if is_first or knowledge.lacks_vectors or wait:
            try:
                log_report(knowledge.reindex(progress=advance))
            except KnowledgeError as error:
                _log.warning("The index was not brought up to date: %s", error)
            except BaseException:
                knowledge.close()
                raise
    return knowledge


def start_processes(settings: Settings) -> AnsweringProcesses | None:
    """Start the processes that answer questions for a bot, ``None`` where its own does.

    Its index is there. They answer once they have opened it; until then its own process does.
    """
    if not settings.processes:
        return None
    _log.info("Processes that answer questions: %d", settings.processes)
    return AnsweringProcesses(
        settings.processes,
        settings.database,
        load_encoder=partial(load_encoder, threads=1) if settings.semantic else None,
        load_reader=partial(load_reader, steps_back=STEPS_BACK) if settings.reader else None,
        reading_seconds=READING_SECONDS,
        steps_back=STEPS_BACK,
        environment=environment(),
    )


def unopened_knowledge(settings: Settings) -> KnowledgeBase:
    """Return the same without building anything yet: for a reindex that says what it does."""
    _keep_to_ourselves(settings)
    return KnowledgeBase(
        settings.database,
        settings.articles,
        _encoder(settings),
        indexing_processes=settings.threads,
    )


def _opened(
    settings: Settings,
    advance: Advance,
    report: Callable[[ReindexReport], None] | None,
    *,
    encode: bool,
    is_for_bot: bool = False,
) -> KnowledgeBase:
    _keep_to_ourselves(settings)
    steps_back = STEPS_BACK if is_for_bot else 0
    return KnowledgeBase.open(
        settings.database,
        settings.articles,
        _encoder(settings),
        load_reader(steps_back=steps_back) if settings.reader else None,
        encode=encode,
        warm_up=is_for_bot,
        aside=True,
        reading_seconds=READING_SECONDS if is_for_bot else None,
        indexing_processes=settings.threads,
        progress=advance,
        report=report,
    )


def _beginning(settings: Settings) -> str | None:
    """Return what to say where it will take a moment although there is nothing to show yet."""
    return _FIRST if settings.semantic and not settings.database.exists() else None


def _keep_to_ourselves(settings: Settings) -> None:
    """Take our own directory in the user's data from everybody else; no other one is ours."""
    ours = DATA_DIRECTORY
    files = [one for one in (settings.database, settings.state) if isinstance(one, Path)]
    if ours in (one.parent for one in files) and not ours.is_symlink():
        narrow(ours)


def _encoder(settings: Settings) -> Encoder | None:
    return load_encoder(threads=settings.threads) if settings.semantic else None
