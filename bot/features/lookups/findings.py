"""What a look-up finds: a page of facts or passages, each with its citation."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from bot.ui.custom_ids.listing import Listing, LookUp
from knowledge import (
    Citation,
    Fact,
    FactKind,
    KnowledgeBase,
    allowed_typos,
    cite_fact,
    deduplicated,
    fold,
    tokenize,
)

__all__ = ["MAX_DATED", "PAGE_SIZE", "Findings", "Row", "find", "find_fact", "named"]

PAGE_SIZE = 3
"""Rows a page: with their quotations they fill the screen of a phone."""

MAX_LISTED = 500
"""Facts that one look-up lists at most: each is read to know what quotes the same words."""

MAX_DATED = 1_000
"""Events that a timeline lists at most."""

_LIKE = 80
"""The least likeness, of 100, to one of a name of a word that may have a typo."""

KINDS = {
    LookUp.WHO: FactKind.PERSON,
    LookUp.NUMBERS: FactKind.QUANTITY,
    LookUp.QUOTES: FactKind.QUOTE,
    LookUp.SOURCES: FactKind.SOURCE,
}
"""The kind of fact that a look-up is of; the others are of any."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: a passage, the fact that it says (a search has none), and ``others`` that
    it says and that were looked up, too. ``is_quoted_above``: a line before it in the list quotes
    the same words."""

    citation: Citation
    fact: Fact | None = None
    others: tuple[Fact, ...] = ()
    is_quoted_above: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of ``listing``, whose number may be lower than the one asked for: the last there is.

    ``total``: how many are listed; ``is_cut``: there are more, which are not listed. ``rows`` has
    fewer than the page where a reindex came in between.
    """

    listing: Listing
    rows: tuple[Row, ...]
    total: int
    is_cut: bool = False

    @property
    def first(self) -> int:
        """The number of the first row, from 1."""
        return self.listing.page * PAGE_SIZE + 1

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // PAGE_SIZE)


def find(knowledge: KnowledgeBase, listing: Listing) -> Findings:
    """Look up a page of a list. Raises IndexUnavailable where the index is gone."""
    if listing.look_up is LookUp.SEARCH:
        return _search(knowledge, listing)
    facts, is_cut = _listed(knowledge, listing)
    is_dated = listing.look_up is LookUp.TIMELINE
    if is_dated:
        groups = [[one] for one in facts]
    elif listing.look_up is LookUp.FACT:
        groups = _together(facts, [one.passage for one in facts])
    else:
        groups = _together(facts, _quotations(knowledge, facts))
    listing = _on_a_page(listing, len(groups))
    first = listing.page * PAGE_SIZE
    rows = list(_rows(knowledge, groups[first : first + PAGE_SIZE], is_dated=is_dated))
    # The other lists have a row for each quotation, so that no two pages share one.
    before = _before(knowledge, groups[:first], rows) if is_dated else ()
    return Findings(listing, tuple(_quoted_once(rows, before)), len(groups), is_cut)


def _before(
    knowledge: KnowledgeBase, groups: Iterable[Sequence[Fact]], rows: Iterable[Row]
) -> Iterable[Row]:
    """Return the rows of earlier pages that quote the passages of ``rows``."""
    passages = {row.citation.passage for row in rows}
    alike = [one for one in groups if one[0].passage in passages]
    return _rows(knowledge, alike, is_dated=True)


def _together(facts: Sequence[Fact], keys: Sequence[Hashable]) -> list[list[Fact]]:
    """Return the facts of the same key together, where the first of them stands."""
    groups: dict[Hashable, list[Fact]] = {}
    for fact, key in zip(facts, keys, strict=True):
        groups.setdefault(key, []).append(fact)
    return list(groups.values())


def _quotations(knowledge: KnowledgeBase, facts: Sequence[Fact]) -> list[Hashable]:
    """Return what is quoted for each fact: a place in a passage."""
    passages = {one.passage: knowledge.passage(one.passage) for one in facts}
    keys: list[Hashable] = []
    for fact in facts:
        paragraph = passages[fact.passage]
        quoted = None if paragraph is None else cite_fact(fact, paragraph).span
        keys.append((fact.passage, quoted))
    return keys


def _quoted_once(rows: Iterable[Row], before: Iterable[Row]) -> Iterator[Row]:
    """Yield rows; one that quotes the same as one above it says so. ``before``: above them all."""
    quoted = {(row.citation.passage, row.citation.span) for row in before}
    for row in rows:
        place = row.citation.passage, row.citation.span
        yield replace(row, is_quoted_above=place in quoted)
        quoted.add(place)


def find_fact(knowledge: KnowledgeBase, identifier: str) -> Row | None:
    """Return the fact of a stable id; ``None`` where the articles do not have it (any more)."""
    fact = knowledge.fact(identifier)
    return None if fact is None else next(_rows(knowledge, [[fact]]), None)


def _search(knowledge: KnowledgeBase, listing: Listing) -> Findings:
    found = knowledge.search(listing.words, limit=PAGE_SIZE, offset=listing.page * PAGE_SIZE)
    if not found.citations and found.total:
        listing = _on_a_page(listing, found.total)
        found = knowledge.search(listing.words, limit=PAGE_SIZE, offset=listing.page * PAGE_SIZE)
    return Findings(listing, tuple(map(Row, found.citations)), found.total)


def _on_a_page(listing: Listing, total: int) -> Listing:
    """Return the page asked for, or the last one."""
    return listing.turned(min(listing.page, max(total - 1, 0) // PAGE_SIZE))


def _listed(knowledge: KnowledgeBase, listing: Listing) -> tuple[Sequence[Fact], bool]:
    if listing.look_up is LookUp.TIMELINE:
        dated = knowledge.timeline(listing.start, listing.end, limit=MAX_DATED + 1)
        return dated[:MAX_DATED], len(dated) > MAX_DATED
    kind = KINDS.get(listing.look_up, listing.kind)
    page = knowledge.facts(listing.words or None, kind=kind, limit=MAX_LISTED)
    facts = deduplicated(page.facts)
    is_cut = page.total > len(page.facts)
    if listing.words and listing.look_up in KINDS:
        name = fold(listing.words)
        exact = [fact for fact in facts if fold(named(fact) or "") == name]
        return exact or [fact for fact in facts if _is_named(fact, listing.words)] or facts, is_cut
    return facts, is_cut


def _is_named(fact: Fact, words: str) -> bool:
    """Whether every word of ``words`` is one of the fact's name, give or take the typos that a
    word of its length may have."""
    own = [token.folded for token in tokenize(named(fact) or "")]
    asked = [token.folded for token in tokenize(words)]
    return bool(asked) and all(
        process.extractOne(
            word, own, scorer=fuzz.ratio, score_cutoff=_LIKE if allowed_typos(word) else 100
        )
        for word in asked
    )


def named(fact: Fact) -> str | None:
    """Return the name that a fact is told by: who speaks, else who or what it is about."""
    if fact.kind is FactKind.QUOTE:
        return fact.speaker
    if fact.kind in (FactKind.DATE, FactKind.CLAIM) or not isinstance(fact.value, str):
        return None
    return fact.value


def _rows(
    knowledge: KnowledgeBase, groups: Sequence[Sequence[Fact]], *, is_dated: bool = False
) -> Iterator[Row]:
    for fact, *others in groups:
        paragraph = knowledge.passage(fact.passage)
        if paragraph is not None and fact.span.end <= len(paragraph.text):
            beside = knowledge.facts_cited(paragraph)
            cited = cite_fact(fact, paragraph, beside, is_dated=is_dated)
            alike = [one for one in others if one.kind is fact.kind]
            yield Row(_marked(cited, alike, paragraph, beside), fact, tuple(others))


def _marked(
    cited: Citation, others: Iterable[Fact], paragraph: Citation, beside: Sequence[Fact]
) -> Citation:
    """Return a citation with what decides of other facts in bold, too, where it quotes them."""
    marks = list(cited.highlights)
    for other in others:
        further = cite_fact(other, paragraph, beside)
        if further.span == cited.span:
            marks += [mark for mark in further.highlights if not mark.overlaps_any(marks)]
    return replace(cited, highlights=tuple(sorted(marks)))
