"""Facts as citations: the words that say one, in their sentence, with what decides in bold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from knowledge.answers.snippets import MAX_SNIPPET_CHARACTERS
from knowledge.facts.deduplication import is_same_time, stands_for
from knowledge.model import Citation, Fact, FactKind, FactOrigin, Span
from knowledge.text.sentences import clauses, sentences

__all__ = ["cite_fact"]


def cite_fact(
    fact: Fact, paragraph: Citation, beside: Iterable[Fact] = (), *, is_dated: bool = False
) -> Citation:
    """Return the citation of a fact: a slice of its paragraph with the words that say it.

    ``paragraph`` cites the whole of it, ``beside`` are its facts. The slice is whole sentences,
    else whole clauses, of at most 300 characters; of a fact whose own words are longer, these.
    In bold: of a curated fact, the words that rules found to say the same, or the name that it is
    of; else all its words. ``is_dated``: its date before anything else, where rules found it.
    """
    text, beside = paragraph.text, tuple(beside)
    snippet = _around(text, fact.span)
    marks = [
        Span(mark.start - snippet.start, mark.end - snippet.start)
        for mark in (is_dated and _days(fact, beside)) or _decisive(fact, text, beside)
    ]
    return replace(paragraph, span=snippet, highlights=tuple(marks))


def _around(text: str, place: Span) -> Span:
    over = [one for one in sentences(text) if one.overlaps(place)]
    whole = _joined([place, *over])
    if whole.end - whole.start <= MAX_SNIPPET_CHARACTERS:
        return whole
    parts = [clause for sentence in over for clause in clauses(text, sentence)]
    grown = _joined([place, *(c for c in parts if c.overlaps(place))])
    if grown.end - grown.start > MAX_SNIPPET_CHARACTERS:
        return place
    for part in sorted(parts, key=lambda part: abs(part.start - place.start)):
        wider = _joined([grown, part])
        if wider.end - wider.start <= MAX_SNIPPET_CHARACTERS:
            grown = wider
    return grown


def _joined(spans: Iterable[Span]) -> Span:
    kept = list(spans)
    return Span(min(span.start for span in kept), max(span.end for span in kept))


def _days(fact: Fact, beside: Iterable[Fact]) -> list[Span]:
    """Return where rules found the time of a fact in its words."""
    return sorted(
        other.span
        for other in beside
        if other.kind is FactKind.DATE
        and other.origin is FactOrigin.EXTRACTED
        and fact.span.contains(other.span)
        and is_same_time(fact, other)
    )


def _decisive(fact: Fact, text: str, beside: Iterable[Fact]) -> list[Span]:
    if fact.origin is FactOrigin.EXTRACTED or fact.kind in (FactKind.QUOTE, FactKind.CLAIM):
        return [fact.span]
    if fact.kind is FactKind.SOURCE and (name := _name(fact, text)):
        return name
    same = [
        other.span
        for other in beside
        if other.origin is FactOrigin.EXTRACTED
        and fact.span.contains(other.span)
        and stands_for(fact, other)
    ]
    if same:
        return sorted(same)
    return _name(fact, text) or [fact.span]


def _name(fact: Fact, text: str) -> list[Span]:
    """Return where the name that a fact is of stands in its words."""
    if not isinstance(fact.value, str) or fact.kind is FactKind.DATE:
        return []
    at = text.find(fact.value, fact.span.start, fact.span.end)
    return [Span(at, at + len(fact.value))] if at >= 0 else []
