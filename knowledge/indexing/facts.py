"""Facts of very many new articles: found when their words are indexed and answer already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from knowledge.facts.extraction import extract
from knowledge.index import IndexWriter
from knowledge.model import ChangeCounts, ReindexProgress, ReindexReport, ReindexStage

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
    total = writer.count_lacking_facts()
    while writer.lacking_facts(1):
        with writer.transaction():
            reader = writer.reading()
            slugs = writer.lacking_facts(_BLOCK)  # of which no other process takes any now
            for slug in slugs:
                article = reader.article(slug)
                facts = extract(article)
                writer.add_facts(article, facts)
                found[slug] = len(facts)
            if slugs and not writer.lacking_facts(1):
                writer.join_facts()
        if slugs and progress is not None:
            done = min(len(found), total)
            progress(ReindexProgress(done, total, slugs[-1], ReindexStage.FACTS))
    return found


def with_facts(report: ReindexReport, found: Mapping[str, int]) -> ReindexReport:
    """Return a report with the facts that were found in its new articles afterwards."""
    changes = tuple(
        replace(one, facts=one.facts + ChangeCounts(added=found.get(one.slug, 0)))
        for one in report.changes
    )
    facts = report.facts + ChangeCounts(added=sum(found.get(slug, 0) for slug in report.added))
    return replace(report, changes=changes, facts=facts)
