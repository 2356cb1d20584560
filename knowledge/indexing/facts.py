"""Facts of very many new articles: found when their words are indexed and answer already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from itertools import islice

from knowledge.facts.extraction import extract
from knowledge.index import IndexWriter
from knowledge.indexing.workers import in_order
from knowledge.model import Article, ChangeCounts, ReindexProgress, ReindexReport, ReindexStage
from knowledge.model.errors import ArticleNotFound

__all__ = ["FOUND_AT_ONCE", "find_facts", "with_facts"]

FOUND_AT_ONCE = 2_000
"""Paragraphs of new articles whose facts are found with their words: some seconds' work."""

_BLOCK = 25
"""Articles whose facts are found and then kept together."""


def find_facts(
    writer: IndexWriter, progress: Callable[[ReindexProgress], None] | None
) -> dict[str, int]:
    """Find the facts of the articles that lack them; return how many each has, by slug.

    Facts of a block of articles are there as soon as they are kept, and in memory when all are.
    Where this is given up, or the process is killed, the next call goes on from there. ``progress``
    is called after each block; what it raises ends it.
    """
    found: dict[str, int] = {}
    slugs = writer.lacking_facts()
    with closing(in_order(_articles(writer, slugs), _itself, _size, extract)) as extracted:
        while block := list(islice(extracted, _BLOCK)):
            with writer.transaction():
                for article, facts in block:
                    if writer.add_facts(article, facts or ()):
                        found[article.slug] = len(facts or ())
            if progress is not None:
                last = block[-1][0].slug
                progress(ReindexProgress(len(found), len(slugs), last, ReindexStage.FACTS))
    if found:
        with writer.transaction():
            writer.join_facts()
    return found


def _articles(writer: IndexWriter, slugs: Iterable[str]) -> Iterator[Article]:
    reader = writer.reading()
    for slug in slugs:
        with suppress(ArticleNotFound):  # another process has removed it
            yield reader.article(slug)


def _itself(article: Article) -> Article:
    return article


def _size(article: Article) -> int:
    return len(article.paragraphs)


def with_facts(report: ReindexReport, found: Mapping[str, int]) -> ReindexReport:
    """Return a report with the facts that were found in its new articles afterwards."""
    changes = tuple(
        replace(one, facts=one.facts + ChangeCounts(added=found.get(one.slug, 0)))
        for one in report.changes
    )
    facts = report.facts + ChangeCounts(added=sum(found.get(slug, 0) for slug in report.added))
    return replace(report, changes=changes, facts=facts)
