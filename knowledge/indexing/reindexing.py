"""A reindex: article files against what the index holds, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.corpus.article_files import count_articles, find_files, read_articles
from knowledge.entities.analysis import ENGINE_VERSION
from knowledge.index import ArticleState, FactFilter, IndexReader, IndexWriter
from knowledge.indexing.diff import Version, diff_article
from knowledge.indexing.rows import rows_of
from knowledge.indexing.vectors import encode_articles, vectors_of
from knowledge.model import (
    Article,
    ArticleChange,
    ArticleProblem,
    ChangeCounts,
    ChangeKind,
    ReindexProgress,
    ReindexReport,
)
from knowledge.model.errors import ArticleError
from knowledge.model.trials import Comparison
from knowledge.neural.encoders import NO_ENCODERS, Encoders

__all__ = ["MAX_CHANGES", "bring_up_to_date", "reindex"]

MAX_CHANGES = 1_000
"""Articles of which a report tells what changed inside; further ones are counted and named."""


@dataclass(slots=True)
class _Tally:
    """What has been done so far."""

    added: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])
    kept: list[str] = field(default_factory=list[str])
    problems: list[ArticleProblem] = field(default_factory=list[ArticleProblem])
    paragraphs: ChangeCounts = field(default_factory=ChangeCounts)
    facts: ChangeCounts = field(default_factory=ChangeCounts)
    changes: list[ArticleChange] = field(default_factory=list[ArticleChange])
    is_touched: bool = False

    def note(self, change: ArticleChange) -> None:
        """Count what became of an article."""
        self.is_touched = True
        self.paragraphs += change.paragraphs
        self.facts += change.facts
        is_news = (
            change.kind is not ChangeKind.REREAD or change.paragraphs.total + change.facts.total
        )
        if is_news and len(self.changes) < MAX_CHANGES:
            self.changes.append(change)


def reindex(
    writer: IndexWriter,
    sources: Sequence[Path],
    *,
    rebuild: bool = False,
    encoders: Encoders = NO_ENCODERS,
    progress: Callable[[ReindexProgress], None] | None = None,
    approve: Callable[[], Comparison | None] | None = None,
) -> ReindexReport:
    """Make the index hold exactly the articles that ``sources`` name, all at once or not at all.

    An article whose content hash and engine version are those of the index is not touched,
    unless ``rebuild``. Where a file cannot be read, the indexed version of its articles is kept.
    With ``encoders``, the vectors of new text are computed ahead, so that an index that has
    vectors never goes without.

    ``approve`` is called with the new index whole and not committed, where that takes the place
    of an older one: what it returns is reported, and what it raises leaves the old one.

    Raises ArticleError where nothing at all can be read (the index stays as it is), and
    ReindexInProgress where another process is writing.
    """
    started = time.perf_counter()
    files, problems = find_files(sources)
    total = count_articles(files)
    tally = _Tally(problems=problems)
    golden = None
    if encoders and writer.embedded() == encoders.model:
        _encode_ahead(writer, files, encoders, progress)
    with writer.transaction():
        version = writer.index_version()
        states = writer.article_states()
        seen: set[str] = set()
        for path, item in read_articles(files):
            if isinstance(item, ArticleProblem):
                tally.problems.append(item)
            else:
                seen.add(item.slug)
                _put(writer, item, path, None if rebuild else states.get(item.slug), states, tally)
            if progress is not None:
                done = len(seen) + len(tally.problems)
                name = item.slug if isinstance(item, Article) else path.name
                progress(ReindexProgress(min(done, total), total, name))
        if not seen and tally.problems:
            listed = "\n".join(f"- {problem}" for problem in tally.problems)
            raise ArticleError(f"No article could be read. The index was left as it is.\n{listed}")
        if not seen and states:
            places = ", ".join(str(source) for source in sources)
            raise ArticleError(f"There is no article in {places}. The index was left as it is.")
        _remove_missing(writer, states, seen, tally)
        if tally.is_touched or version == 0:
            is_first = version == 0
            version = writer.finish(ENGINE_VERSION, encoders.model, vectors_of(encoders))
            if approve is not None and not is_first:
                golden = approve()
    return ReindexReport(
        added=tuple(tally.added),
        changed=tuple(tally.changed),
        removed=tuple(tally.removed),
        kept=tuple(tally.kept),
        problems=tuple(tally.problems),
        paragraphs=tally.paragraphs,
        facts=tally.facts,
        index_version=version,
        elapsed_ms=1000 * (time.perf_counter() - started),
        changes=tuple(tally.changes),
        golden=golden,
    )


def _encode_ahead(
    writer: IndexWriter,
    files: Sequence[Path],
    encoders: Encoders,
    progress: Callable[[ReindexProgress], None] | None,
) -> None:
    states = writer.article_states()
    changed = [
        item
        for path, item in read_articles(files)
        if isinstance(item, Article)
        and states.get(item.slug) != ArticleState(path, item.content_hash, ENGINE_VERSION)
    ]
    encode_articles(writer, changed, len(changed), encoders, progress)


def bring_up_to_date(
    writer: IndexWriter,
    reader: IndexReader,
    encoders: Encoders,
    progress: Callable[[ReindexProgress], None] | None = None,
) -> None:
    """Analyse what an older engine indexed again, from the text that the index holds itself.

    For an index whose sources may be out of reach. ``progress`` is called after each article.
    Raises ReindexInProgress where another process is writing.
    """
    with writer.transaction():
        stale = [
            (slug, state.file)
            for slug, state in writer.article_states().items()
            if state.engine_version != ENGINE_VERSION
        ]
        for done, (slug, file) in enumerate(stale, start=1):
            writer.put(rows_of(reader.article(slug), file))
            if progress is not None:
                progress(ReindexProgress(done, len(stale), slug))
        writer.finish(ENGINE_VERSION, encoders.model, vectors_of(encoders))


def _put(
    writer: IndexWriter,
    article: Article,
    path: Path,
    current: ArticleState | None,
    states: dict[str, ArticleState],
    tally: _Tally,
) -> None:
    if current == ArticleState(path, article.content_hash, ENGINE_VERSION):
        tally.kept.append(article.slug)
        return
    old = states.get(article.slug)
    reader = writer.reading()
    before = None if old is None else _version(reader, article.slug)
    writer.put(rows_of(article, path))
    if before is None:
        paragraphs, facts = _sizes(reader, article.slug)
        tally.note(
            ArticleChange(
                article.slug,
                article.title,
                ChangeKind.ADDED,
                ChangeCounts(added=paragraphs),
                ChangeCounts(added=facts),
            )
        )
    else:
        tally.note(diff_article(before, _version(reader, article.slug)))
    if old is None:
        tally.added.append(article.slug)
    elif old.content_hash == article.content_hash:
        tally.kept.append(article.slug)
    else:
        tally.changed.append(article.slug)


def _remove_missing(
    writer: IndexWriter, states: dict[str, ArticleState], seen: set[str], tally: _Tally
) -> None:
    """Remove what the sources no longer have; keep what they may have but could not be read."""
    unreadable = {
        path
        for problem in tally.problems
        for path in (problem.path.resolve(), problem.path.absolute())
    }
    for slug, state in states.items():
        if slug in seen:
            continue
        if any(state.file == path or path in state.file.parents for path in unreadable):
            tally.kept.append(slug)
            continue
        reader = writer.reading()
        paragraphs, facts = _sizes(reader, slug)
        tally.note(
            ArticleChange(
                slug,
                reader.title(slug),
                ChangeKind.REMOVED,
                ChangeCounts(removed=paragraphs),
                ChangeCounts(removed=facts),
            )
        )
        writer.remove(slug)
        tally.removed.append(slug)


def _version(reader: IndexReader, slug: str) -> Version:
    return Version(reader.article(slug), reader.facts(FactFilter(article=slug)))


def _sizes(reader: IndexReader, slug: str) -> tuple[int, int]:
    """Return how many paragraphs and facts an article has."""
    return reader.count_paragraphs(slug), reader.count_facts(FactFilter(article=slug))
