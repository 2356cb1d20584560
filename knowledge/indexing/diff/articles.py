"""What became of one article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from knowledge.indexing.diff.facts import FactDiff, diff_facts
from knowledge.indexing.diff.paragraphs import successors
from knowledge.indexing.diff.similarity import changed_part
from knowledge.model import (
    Article,
    ArticleChange,
    ChangeCounts,
    ChangeKind,
    Difference,
    Fact,
    Paragraph,
)

__all__ = ["MAX_DIFFS", "Version", "diff_article"]

MAX_DIFFS = 12
"""Paragraphs and facts, of each at most so many, that are shown of one article's change."""


@dataclass(frozen=True, slots=True)
class Version:
    """An article with all its facts."""

    article: Article
    facts: Sequence[Fact]


def diff_article(before: Version, after: Version) -> ArticleChange:
    """Return what became of an article that was indexed before and is now."""
    old, new = before.article.paragraphs, after.article.paragraphs
    became = successors(old, new)
    texts = {one.id: one.text for one in chain(old, new)}
    facts = diff_facts(before.facts, after.facts, texts, became)
    ids = {one.id for one in old}, {one.id for one in new}
    removed = [one for one in old if one.id not in ids[1] and one.id not in became]
    reached = set(became.values())
    added = [one for one in new if one.id not in ids[0] and one.id not in reached]
    by_id = {one.id: one for one in new}
    changed = [(one, by_id[became[one.id]]) for one in old if one.id in became]
    is_same = before.article.content_hash == after.article.content_hash
    return ArticleChange(
        slug=after.article.slug,
        title=after.article.title,
        kind=ChangeKind.REREAD if is_same else ChangeKind.CHANGED,
        paragraphs=ChangeCounts(len(added), len(changed), len(removed)),
        facts=ChangeCounts(len(facts.added), len(facts.changed), len(facts.removed)),
        differences=(
            *_first(_of_paragraphs(added, changed, removed)),
            *_first(_of_facts(facts)),
        ),
    )


def _first(differences: Iterable[Difference]) -> Iterator[Difference]:
    """Return the first differences in the order of the text."""
    in_order = sorted(differences, key=lambda one: (one.paragraph, one.kind is ChangeKind.REMOVED))
    return islice(in_order, MAX_DIFFS)


def _of_paragraphs(
    added: Iterable[Paragraph],
    changed: Iterable[tuple[Paragraph, Paragraph]],
    removed: Iterable[Paragraph],
) -> Iterator[Difference]:
    for one in added:
        yield Difference(ChangeKind.ADDED, one.number, after=changed_part(one.text))
    for old, new in changed:
        before, after = changed_part(old.text, new.text), changed_part(new.text, old.text)
        yield Difference(ChangeKind.CHANGED, new.number, before=before, after=after)
    for one in removed:
        yield Difference(ChangeKind.REMOVED, one.number, before=changed_part(one.text))


def _of_facts(facts: FactDiff) -> Iterator[Difference]:
    for one in facts.added:
        yield Difference(ChangeKind.ADDED, one.paragraph, one.kind, after=_line(one))
    for old, new in facts.changed:
        before, after = _line(old, new), _line(new, old)
        yield Difference(ChangeKind.CHANGED, new.paragraph, new.kind, before=before, after=after)
    for one in facts.removed:
        yield Difference(ChangeKind.REMOVED, one.paragraph, one.kind, before=_line(one))


def _line(fact: Fact, other: Fact | None = None) -> str:
    """Return what a fact says: its words, or its statement where the words are the other's, too."""
    if other is not None and fact.text == other.text:
        return changed_part(fact.statement, other.statement)
    return changed_part(fact.text, None if other is None else other.text)
