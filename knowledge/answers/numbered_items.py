"""The item of a list that a question asks for by its place, among ranked passages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from knowledge.index import StoredPassage
from knowledge.model import Span
from knowledge.questions.item_reference import ItemReference
from knowledge.questions.query import Query
from knowledge.retrieval.lexical import ScoredPassage, supporting_forms
from knowledge.retrieval.retriever import Ranking
from knowledge.text.layout import Item, introduction, items_of
from knowledge.text.tokens import fold, stems, tokenize

__all__ = ["FoundItem", "find_item"]


@dataclass(frozen=True, slots=True)
class FoundItem:
    """The item that is asked for: ``place``: of its passage in the ranking; ``words``: its own, in
    characters of the passage. ``is_certain``: the list is of what the question names."""

    place: int
    item: Span
    words: Span
    is_certain: bool


def find_item(ranking: Ranking, reference: ItemReference) -> FoundItem | None:
    """Return the item that ``reference`` asks for, ``None`` where no list found has it.

    A list is the one asked for if it, its headings or its title have the other words of the
    question; and the noun, unless that names an item of any list. The list that has most of them
    is taken, of equal ones one under no heading that the question does not name; where that leaves
    several, the first of the ranking, which is then not certain.
    """
    fitting: list[tuple[int, bool, int, Item]] = []
    for place, scored in enumerate(ranking.found):
        item = _item(scored.passage.text, reference)
        if item is not None and _is_list_of(scored.passage, reference):
            missing = _missing(ranking.query, scored, reference)
            fitting.append((missing, _is_elsewhere(ranking.query, scored), place, item))
    if not fitting:
        return None
    missing, is_elsewhere, place, item = min(fitting, key=lambda one: one[:3])
    alike = sum(one[:2] == (missing, is_elsewhere) for one in fitting)
    return FoundItem(place, item.span, item.words, is_certain=missing == 0 and alike == 1)


def _is_elsewhere(query: Query, scored: ScoredPassage) -> bool:
    """Whether a passage stands under headings of which the question has no word."""
    passage = scored.passage
    named = {stem for heading in passage.headings for stem in _stems(heading, passage.language)}
    return bool(named) and named.isdisjoint(_stems(query.text, passage.language))


def _item(text: str, reference: ItemReference) -> Item | None:
    """Return the item of the outer list, with all that is inside it."""
    outer = [item for item in items_of(text) if not _is_indented(text, item)]
    ends = [*(item.span.start for item in outer[1:]), len(text)]
    items = [
        replace(
            item,
            span=Span(item.span.start, item.span.start + len(text[item.span.start : end].rstrip())),
        )
        for item, end in zip(outer, ends, strict=False)
    ]
    if reference.number is None:
        return items[-1] if len(items) > 1 else None
    numbered = [item for item in items if item.number is not None]
    if not numbered and reference.is_counted and len(items) > 1:
        return items[reference.number - 1] if reference.number <= len(items) else None
    return next((item for item in numbered if item.number == reference.number), None)


def _is_indented(text: str, item: Item) -> bool:
    """Whether an item is of a list inside another one."""
    return text[: item.span.start].endswith((" ", "\t"))


def _is_list_of(passage: StoredPassage, reference: ItemReference) -> bool:
    if reference.is_generic:
        return True
    above = introduction(passage.text)
    named = [passage.title, *passage.headings, "" if above is None else above.of(passage.text)]
    known = {stem for words in named for stem in _stems(words, passage.language)}
    return not known.isdisjoint(_stems(reference.noun, passage.language))


def _stems(words: str, language: str) -> set[str]:
    return {stem for token in tokenize(words) for stem in stems(token, language)}


def _missing(query: Query, scored: ScoredPassage, reference: ItemReference) -> int:
    """Return how many words of the question, beside those of the reference, a passage lacks."""
    asked = {token.folded for token in tokenize(fold(reference.span.of(query.text)))}
    return sum(
        not supporting_forms(term, scored)
        for term in query.terms
        if not asked.issuperset(term.word.split())
    )
