"""A reindex: article files against what the index holds, in one transaction."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from knowledge.corpus.article_files import Item, read_articles
from knowledge.corpus.converted_files import converted
from knowledge.corpus.finding import SINGLE, Found, count_articles, find_files, name_of
from knowledge.corpus.unchanged import Unchanged
from knowledge.entities.analysis import ENGINE_VERSION
from knowledge.facts.extraction import extract
from knowledge.index import ArticleRows, ArticleState, FactFilter, IndexReader, IndexWriter
from knowledge.indexing.diff import Version, diff_article
from knowledge.indexing.facts import FOUND_AT_ONCE
from knowledge.indexing.row_processes import STEPS_BACK, RowProcesses, RowsWanted
from knowledge.indexing.rows import rows_of
from knowledge.indexing.vectors import encode_articles
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
from knowledge.model.notes import ArticleNote, NoteKind, Notes
from knowledge.model.trials import Comparison
from knowledge.neural.encoder import Encoder

__all__ = ["MAX_CHANGES", "bring_up_to_date", "reindex"]

MAX_CHANGES = 1_000
"""Articles of which a report tells what changed inside; further ones are counted and named."""


_LISTED = 20


@dataclass(slots=True)
class _Tally:
    """What has been done so far."""

    added: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])
    kept: list[str] = field(default_factory=list[str])
    problems: list[ArticleProblem] = field(default_factory=list[ArticleProblem])
    notes: Notes = field(default_factory=Notes)
    seen: set[str] = field(default_factory=set[str])
    withheld: set[str] = field(default_factory=set[str])
    paragraphs: ChangeCounts = field(default_factory=ChangeCounts)
    facts: ChangeCounts = field(default_factory=ChangeCounts)
    changes: list[ArticleChange] = field(default_factory=list[ArticleChange])
    is_touched: bool = False
    new_paragraphs: int = 0
    finds_all_facts: bool = False
    with_chunks: bool = False

    @property
    def done(self) -> int:
        """How many articles were read, could not be, or are not to be."""
        return len(self.seen) + len(self.problems) + len(self.withheld)

    def finds_facts(self, article: Article) -> bool:
        """Whether the facts of a new article are found at once: very many are found later."""
        self.new_paragraphs += len(article.paragraphs)
        return self.finds_all_facts or self.new_paragraphs <= FOUND_AT_ONCE

    def pass_over(self, note: ArticleNote) -> None:
        """Keep a note."""
        self.notes.add(note)
        if note.kind is NoteKind.WITHHELD and note.article is not None:
            self.withheld.add(note.article)

    def count(self, change: ArticleChange) -> None:
        """Count what became of an article."""
        self.is_touched = True
        self.paragraphs += change.paragraphs
        self.facts += change.facts
        is_news = (
            change.kind is not ChangeKind.REREAD or change.paragraphs.total + change.facts.total
        )
        if is_news and len(self.changes) < MAX_CHANGES:
            self.changes.append(change)


class _Rehearsed(Exception):
    """All was done as in earnest, and is to be rolled back."""


def reindex(
    writer: IndexWriter,
    sources: Sequence[Path],
    *,
    rebuild: bool = False,
    encoder: Encoder | None = None,
    progress: Callable[[ReindexProgress], None] | None = None,
    approve: Callable[[], Comparison | None] | None = None,
    rehearsing: bool = False,
    processes: int | None = None,
) -> ReindexReport:
    """Make the index hold exactly the articles that ``sources`` name, all at once or not at all.

    An article whose content hash and engine version are those of the index is not touched,
    unless ``rebuild``. Where a file cannot be read, the indexed version of its articles is kept;
    where only what stands beside an article cannot be, that version or else the article alone.
    Where very many articles are new, facts in the later ones are left for ``find_facts``, unless
    ``rehearsing``. With an ``encoder``, the vectors of new text are computed ahead, so that an
    index that has vectors never goes without.

    ``approve`` is called with the new index whole and not committed, where that takes the place
    of an older one: what it returns is reported, and what it raises leaves the old one. With
    ``rehearsing`` all is done and reported, and then the index is as it was, but for vectors that
    the next reindex will find.

    ``processes``: how many make the rows of articles whose facts are left for later, this one among
    them; see ``RowProcesses``. The index is the same, however many they are.

    Raises ArticleError where nothing at all can be read (the index stays as it is), and
    ReindexInProgress where another process is writing.
    """
    started = time.perf_counter()
    found = find_files(sources)
    total = count_articles(found.files)
    tally = _Tally(problems=found.problems, notes=found.notes, finds_all_facts=rehearsing)
    tally.with_chunks = encoder is not None
    golden, version = None, 0
    if encoder is not None and writer.embedded() == encoder.model:
        _encode_ahead(writer, found, encoder, progress)
    with suppress(_Rehearsed), writer.transaction():
        version = writer.index_version()
        states = writer.article_states()
        known = {} if rebuild else states
        read = read_articles(found.files, found.roots, converted, _readings(known))
        steps_back = STEPS_BACK if version else 0
        with RowProcesses(
            processes, with_chunks=tally.with_chunks, steps_back=steps_back
        ) as row_processes:
            for one, rows in row_processes.made_ahead(_looked_at(read, states, tally)):
                name = _take(writer, one, rows, known, states, tally)
                if progress is not None and name is not None:
                    progress(ReindexProgress(min(tally.done, total), total, name))
        if not tally.seen and not tally.withheld:
            _require_something(sources, bool(states), tally)
        _remove_missing(writer, states, found, tally)
        if tally.is_touched or version == 0:
            is_first = version == 0
            version = writer.finish(ENGINE_VERSION, _name(encoder))
            if approve is not None and not is_first:
                golden = approve()
        if rehearsing:
            raise _Rehearsed
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
        notes=tally.notes.kept,
        further_notes=tally.notes.uncounted,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of ``path``; ``article``: what of it is to be put in, unless the index has
    it."""

    path: Path
    item: Item
    article: Article | None


def _looked_at(
    read: Iterable[tuple[Path, Item]], states: Container[str], tally: _Tally
) -> Iterator[tuple[_Read, RowsWanted | None, int]]:
    """Yield what is read, what of it needs rows that can be made ahead (those of articles that are
    new, without facts), and how many paragraphs it has."""
    for path, item in read:
        article = _rest(item, states) if isinstance(item, ArticleProblem) else item
        if not isinstance(article, Article):
            yield _Read(path, item, None), None, 0
            continue
        is_at_once = article.slug in states or tally.finds_facts(article)
        wanted = None if is_at_once else RowsWanted(article, path)
        yield _Read(path, item, article), wanted, len(article.paragraphs)


def _take(
    writer: IndexWriter,
    read: _Read,
    rows: ArticleRows | None,
    known: dict[str, ArticleState],
    states: dict[str, ArticleState],
    tally: _Tally,
) -> str | None:
    """Do what is to be done about what was read; return its name, ``None`` for a remark.

    ``rows``: those of its article, where they are made. ``known``: the versions that need not be
    put in again.
    """
    path, item, article = read.path, read.item, read.article
    if isinstance(item, ArticleNote):
        tally.pass_over(item)
        return item.article
    if isinstance(item, Unchanged):
        _keep(writer, item, path, states, tally)
        return item.slug
    if isinstance(item, ArticleProblem):
        tally.problems.append(replace(item, rest=None))
    if article is None:
        return path.name
    tally.seen.add(article.slug)
    _put(writer, article, path, rows, known.get(article.slug), states, tally)
    return article.slug


def _readings(known: Mapping[str, ArticleState]) -> dict[bytes, Unchanged]:
    """Return which of the known articles need not be parsed again, by what they were read from."""
    return {
        state.reading.fingerprint: Unchanged(slug, state.reading)
        for slug, state in known.items()
        if state.reading is not None and state.engine_version == ENGINE_VERSION
    }


def _keep(
    writer: IndexWriter,
    item: Unchanged,
    path: Path,
    states: Mapping[str, ArticleState],
    tally: _Tally,
) -> None:
    """Count an article that has not changed, and remember where it is now."""
    tally.seen.add(item.slug)
    tally.kept.append(item.slug)
    state = states[item.slug]
    if state.file != str(path) or state.reading != item.reading:
        writer.note_reading(item.slug, path, item.reading)


def _rest(problem: ArticleProblem, states: Container[str]) -> Article | None:
    """Return the article to be put in all the same: where there is no last good version of it."""
    return None if problem.rest is None or problem.rest.slug in states else problem.rest


def _require_something(sources: Sequence[Path], is_filled: bool, tally: _Tally) -> None:  # noqa: FBT001
    """Raise ArticleError where nothing could be read, or where that would empty the index."""
    orphans = [note for note in tally.notes.kept if note.kind is NoteKind.ORPHAN]
    listed = "".join(f"\n- {one}" for one in (*tally.problems, *orphans[:_LISTED]))
    if tally.problems:
        raise ArticleError(f"No article could be read. The index was left as it is.{listed}")
    if is_filled:
        places = ", ".join(map(str, sources))
        raise ArticleError(f"There is no article in {places}. The index was left as it is.{listed}")


def _encode_ahead(
    writer: IndexWriter,
    found: Found,
    encoder: Encoder,
    progress: Callable[[ReindexProgress], None] | None,
) -> None:
    states = writer.article_states()
    read = [
        _rest(item, states) if isinstance(item, ArticleProblem) else item
        for _, item in read_articles(found.files, found.roots, converted, _readings(states))
    ]
    changed = [
        item
        for item in read
        if isinstance(item, Article) and not _is_current(item, states.get(item.slug))
    ]
    encode_articles(writer, changed, len(changed), encoder, progress)


def bring_up_to_date(
    writer: IndexWriter,
    reader: IndexReader,
    encoder: Encoder | None,
    progress: Callable[[ReindexProgress], None] | None = None,
    *,
    processes: int | None = None,
) -> None:
    """Analyse what an older engine indexed again, from the text that the index holds itself.

    For an index whose sources may be out of reach. Facts of very many articles are left for
    ``find_facts``. ``progress`` is called after each article. ``processes``: see ``reindex``.
    Raises ReindexInProgress where another process is writing.
    """
    with writer.transaction():
        stale = [
            (slug, state.file)
            for slug, state in writer.article_states().items()
            if state.engine_version != ENGINE_VERSION
        ]
        tally = _Tally(with_chunks=encoder is not None)
        with RowProcesses(
            processes, with_chunks=tally.with_chunks, steps_back=STEPS_BACK
        ) as row_processes:
            made = row_processes.made_ahead(_stored(reader, stale, tally))
            for done, (one, rows) in enumerate(made, start=1):
                writer.put(rows or rows_of(one.article, one.file, with_chunks=tally.with_chunks))
                if progress is not None:
                    progress(ReindexProgress(done, len(stale), one.article.slug))
        writer.finish(ENGINE_VERSION, _name(encoder))


def _stored(
    reader: IndexReader, stale: Iterable[tuple[str, str]], tally: _Tally
) -> Iterator[tuple[RowsWanted, RowsWanted | None, int]]:
    """Yield articles that the index holds, those of them whose rows can be made ahead once more,
    and how many paragraphs each has."""
    for slug, file in stale:
        one = RowsWanted(reader.article(slug), Path(file))
        wanted = None if tally.finds_facts(one.article) else one
        yield one, wanted, len(one.article.paragraphs)


def _is_current(article: Article, state: ArticleState | None) -> bool:
    return state is not None and (state.content_hash, state.engine_version) == (
        article.content_hash,
        ENGINE_VERSION,
    )


def _put(
    writer: IndexWriter,
    article: Article,
    path: Path,
    rows: ArticleRows | None,
    current: ArticleState | None,
    states: dict[str, ArticleState],
    tally: _Tally,
) -> None:
    if current is not None and _is_current(article, current):
        tally.kept.append(article.slug)
        if current.file != str(path) or current.reading != article.reading:
            writer.note_reading(article.slug, path, article.reading)
        return
    old = states.get(article.slug)
    reader = writer.reading()
    before = None
    if old is not None:
        before = _version(reader, article.slug, lacks_facts=old.lacks_facts)
    if rows is None:
        rows = rows_of(article, path, with_facts=True, with_chunks=tally.with_chunks)
    writer.put(rows)
    if before is None:
        tally.count(
            ArticleChange(
                article.slug,
                article.title,
                ChangeKind.ADDED,
                ChangeCounts(added=len(rows.paragraphs)),
                ChangeCounts(added=len(rows.facts)),
            )
        )
    else:
        tally.count(diff_article(before, _version(reader, article.slug)))
    if old is None:
        tally.added.append(article.slug)
    elif old.content_hash == article.content_hash:
        tally.kept.append(article.slug)
    else:
        tally.changed.append(article.slug)


def _remove_missing(
    writer: IndexWriter,
    states: dict[str, ArticleState],
    found: Found,
    tally: _Tally,
) -> None:
    """Remove what the sources no longer have; keep what they may have but could not be read."""
    missing = {slug: state for slug, state in states.items() if slug not in tally.seen}
    if not missing:
        return
    is_unreadable = _unreadable(states, found, tally)
    for slug, state in missing.items():
        if slug not in tally.withheld and is_unreadable(slug, state):
            tally.kept.append(slug)
            continue
        reader = writer.reading()
        paragraphs, facts = _sizes(reader, slug)
        tally.count(
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


def _unreadable(
    states: dict[str, ArticleState], found: Found, tally: _Tally
) -> Callable[[str, ArticleState], bool]:
    """Return whether an indexed article may be among what could not be read: in the same place,
    under the same name in a place that is new, or named by a line that has nothing else."""
    paths = {
        path
        for problem in tally.problems
        # Not Path.resolve, which fails on a link to itself.
        for path in (Path(os.path.realpath(problem.path)), problem.path.absolute())
    }
    known = {state.file for state in states.values()}
    new = [path for path in paths if str(path) not in known]
    names = {name_of(path, found.roots) for path in new if path.suffix.lower() in SINGLE}
    names |= {problem.article for problem in tally.problems if problem.article is not None}
    bulk = {path.name for path in new if path.suffix.lower() == ".jsonl"}

    def is_unreadable(slug: str, state: ArticleState) -> bool:
        file = Path(state.file)
        if file in paths or not paths.isdisjoint(file.parents):
            return True
        return slug in names or file.name in bulk

    return is_unreadable


def _name(encoder: Encoder | None) -> str | None:
    return None if encoder is None else encoder.model


def _version(reader: IndexReader, slug: str, *, lacks_facts: bool = False) -> Version:
    """Return an indexed article with all its facts, where it ``lacks_facts`` with those that are to
    be found in it: that they were not yet is no change."""
    article = reader.article(slug)
    facts = reader.facts(FactFilter(article=slug))
    return Version(article, (*facts, *extract(article)) if lacks_facts else facts)


def _sizes(reader: IndexReader, slug: str) -> tuple[int, int]:
    """Return how many paragraphs and facts an article has."""
    return reader.count_paragraphs(slug), reader.count_facts(FactFilter(article=slug))
