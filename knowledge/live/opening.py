"""An index made ready for questions: built, migrated, brought up to date, made again if damaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from knowledge.answers.answerer import MAX_CITATIONS
from knowledge.entities.analysis import ENGINE_VERSION
from knowledge.index import discard_damaged, is_migrated, open_for_reading, open_for_writing
from knowledge.live.live_index import LiveIndex
from knowledge.model import ReindexProgress, ReindexReport
from knowledge.model.errors import IndexLocked, IndexLost, IndexUnavailable

__all__ = ["make_ready", "warm_up"]

_FIRST = "Combien de mots ?"
"""Asked when an index is opened: it meets with most damage, and loads what every question needs.
None of its words may have typos, nor is its language in doubt: what that takes is not always
needed."""

_WARM_UP = "Combien de mots нет ?"
"""Asked instead for who goes on asking: it loads what a doubtful language and other scripts
take, too."""


def make_ready(
    index: LiveIndex,
    articles: Sequence[Path],
    reading_seconds: float | None,
    *,
    encode: bool,
    warm_up: bool,
    aside: bool,
    progress: Callable[[ReindexProgress], None] | None,
    report: Callable[[ReindexReport], None] | None,
) -> None:
    """Have an index, and in memory what the first question would wait for.

    See ``knowledge.base.KnowledgeBase.open``.
    """
    run = partial(
        _make_ready,
        index,
        articles,
        reading_seconds,
        progress,
        report,
        encode=encode,
        warm_up=warm_up,
        aside=aside,
    )
    try:
        run()
    except IndexLost:
        index.readers.close()
        if not discard_damaged(index.database, is_ours=False):
            raise
        run()
    if warm_up and aside:
        index.warm_up_aside()


def warm_up(index: LiveIndex, reading_seconds: float | None, *, aside: bool) -> None:
    """Read into memory what questions need of an index that is ready, the rarer things ``aside``
    if so wished; nothing is written. Raises IndexUnavailable."""
    index.answerer(reading_seconds).ask(_WARM_UP, None, MAX_CITATIONS)
    if aside:
        index.warm_up_aside()
    else:
        index.warm_up()


def _make_ready(
    index: LiveIndex,
    articles: Sequence[Path],
    reading_seconds: float | None,
    progress: Callable[[ReindexProgress], None] | None,
    report: Callable[[ReindexReport], None] | None,
    *,
    encode: bool,
    warm_up: bool,
    aside: bool,
) -> None:
    if not _is_usable(index, encode=encode):
        _make_usable(index, articles, progress, report, encode=encode)
    question = _WARM_UP if warm_up else _FIRST
    index.answerer(reading_seconds).ask(question, None, MAX_CITATIONS)
    if warm_up and not aside:
        index.warm_up()


def _is_usable(index: LiveIndex, *, encode: bool) -> bool:
    """Whether there is an index that needs nothing: it is not written to, and its file may be
    read-only. Raises IndexUnavailable where a newer version wrote it."""
    if not index.database.exists() or not is_migrated(index.database):
        return False
    with closing(open_for_reading(index.database)) as reader, reader.snapshot():
        statistics = reader.statistics()
    if statistics.engine_version > ENGINE_VERSION:
        raise IndexUnavailable(
            f"The index {index.database} was written by a newer version. Update "
            "Sourcier, or delete the file and run “sourcier index”."
        )
    lacks_vectors = index.encoder is not None and index.encoder.model != statistics.embedded
    is_current = statistics.engine_version == ENGINE_VERSION and statistics.index_version > 0
    return is_current and not (encode and (lacks_vectors or statistics.lacks_facts))


def _make_usable(
    index: LiveIndex,
    articles: Sequence[Path],
    progress: Callable[[ReindexProgress], None] | None,
    report: Callable[[ReindexReport], None] | None,
    *,
    encode: bool,
) -> None:
    """Build the index where there is none, migrate it, bring an older engine's up to date."""
    from knowledge.indexing.facts import find_facts, with_facts  # slow to import
    from knowledge.indexing.reindexing import reindex

    writer = open_for_writing(index.database, progress)
    try:
        built: ReindexReport | None = None
        if writer.index_version() == 0:  # cut short before its first build was whole
            built = reindex(
                writer,
                articles,
                encoder=index.encoder,
                progress=progress,
                processes=index.processes,
            )
        elif writer.engine_version() != ENGINE_VERSION:
            index.bring_up_to_date(writer, progress)
            writer.compact()
        found: dict[str, int] = {}
        if encode:
            with suppress(IndexLocked):  # by who finds them: words answer meanwhile
                found = find_facts(writer, progress)
        if report is not None and built is not None:
            report(with_facts(built, found))
        if encode:
            index.encode(writer, progress)
    finally:
        writer.close()
