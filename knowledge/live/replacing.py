"""A reindex of an index that is asked meanwhile: the new one must answer as rightly as the old."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from knowledge.entities.analysis import ENGINE_VERSION
from knowledge.evaluation.selftest import compare
from knowledge.index import IndexWriter, discard_damaged, mark_of, open_for_writing
from knowledge.indexing import reindexing as indexing
from knowledge.indexing.facts import find_facts, with_facts
from knowledge.live.live_index import LiveIndex
from knowledge.model import ReindexProgress, ReindexReport
from knowledge.model.errors import ArticleError, IndexLost, ReindexInProgress, ReindexWorse
from knowledge.model.trials import Comparison

__all__ = ["replace_index"]


def replace_index(
    index: LiveIndex,
    articles: Sequence[Path],
    *,
    rebuild: bool,
    force: bool,
    progress: Callable[[ReindexProgress], None] | None,
    rehearsing: bool = False,
) -> ReindexReport:
    """Make the index hold exactly ``articles``: see ``knowledge.base.KnowledgeBase.reindex``.

    With ``rehearsing`` nobody ever sees that: see ``KnowledgeBase.rehearse``.
    """
    if not index.replacing.acquire(blocking=False):
        raise ReindexInProgress("A reindex is running already. Wait until it is done.")
    run = partial(
        _replace,
        index,
        articles,
        rebuild=rebuild,
        force=force,
        progress=progress,
        rehearsing=rehearsing,
    )
    try:
        thorough = rebuild or index.readers.seems_lost
        # To look for damage all of the file is read: not where it is as it was left. What of that
        # cannot be read any more is met with below, or by a question.
        if thorough or index.left_as != mark_of(index.database):
            _make_room(index, thorough=thorough)
        try:
            report = run()
        except IndexLost:
            if not _make_room(index, thorough=True):
                raise
            report = run()
        index.left_as = mark_of(index.database)
        return report
    finally:
        index.replacing.release()


def _make_room(index: LiveIndex, *, thorough: bool) -> bool:
    """Let a new index be made where this one is missing or damaged; whether it can be."""
    index.readers.close()
    is_ours = index.readers.was_read
    return discard_damaged(index.database, is_ours=is_ours, thorough=thorough)


def _replace(
    index: LiveIndex,
    articles: Sequence[Path],
    *,
    rebuild: bool,
    force: bool,
    progress: Callable[[ReindexProgress], None] | None,
    rehearsing: bool,
) -> ReindexReport:
    writer = open_for_writing(index.database, progress)
    try:
        if writer.engine_version() != ENGINE_VERSION and writer.lost_terms():
            # Else articles that cannot be read now would be found no more.
            index.bring_up_to_date(writer, progress)
            writer.compact()
        try:
            report = indexing.reindex(
                writer,
                articles,
                rebuild=rebuild,
                encoder=index.encoder,
                progress=progress,
                approve=partial(_approve, index, writer, progress, force=force),
                rehearsing=rehearsing,
                processes=index.processes,
            )
        except (ArticleError, ReindexWorse):
            if not rehearsing:
                find_facts(writer, progress)  # what stays is to be whole, however long it stays
            raise
        if rehearsing:
            return report
        report = with_facts(report, find_facts(writer, progress))
        index.encode(writer, progress)
        if rebuild:
            writer.compact()
    finally:
        writer.close()
    index.catch_up()
    index.readers.seems_lost = False
    return report


def _approve(
    index: LiveIndex,
    writer: IndexWriter,
    progress: Callable[[ReindexProgress], None] | None,
    *,
    force: bool,
) -> Comparison | None:
    """Ask the golden questions of what ``writer`` has not committed, and of what is there.

    ``None`` where there are none. Raises ReindexWorse unless ``force``.
    """
    questions = writer.reading().questions()
    if not questions:
        return None
    after = index.uncommitted(writer)
    comparison = compare(questions, index.ask_patiently, after.ask_patiently, progress)
    if comparison.is_lower and not force:
        raise ReindexWorse(comparison)
    return comparison
