"""Which fact a fact has become: the same kind of thing in the same words, with another value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.indexing.diff.similarity import Candidate, best_pairs, likeness
from knowledge.model import Fact, FactKind, FactOrigin, Span

__all__ = ["FactDiff", "diff_facts"]

_AROUND = 60
_SAME_WORDS = 0.6
_SAME_THING = 0.3
_LIKE_TEXT = 0.5
_NAMED = (FactKind.PERSON, FactKind.ORGANISATION, FactKind.PLACE, FactKind.SOURCE)


@dataclass(frozen=True, slots=True)
class FactDiff:
    """``changed``: pairs of a fact before and after."""

    added: tuple[Fact, ...]
    changed: tuple[tuple[Fact, Fact], ...]
    removed: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A fact with the words around it."""

    fact: Fact
    around: str


def diff_facts(
    before: Sequence[Fact],
    after: Sequence[Fact],
    texts: Mapping[str, str],
    successors: Mapping[str, str],
) -> FactDiff:
    """Tell what became of an article's facts.

    A fact that says the same is the same, wherever it stands now. One of those left has become
    another of its kind and origin in the same paragraph, or in what that has become
    (``successors``), where the words around it are the same, or where it is of the same thing: the
    unit and what is counted, the name, the speaker. ``texts``: of all paragraphs, old and new, by
    their ids.
    """
    gone, new = _without_the_same(before, after)
    old = [_placed(fact, texts) for fact in gone]
    now = [_placed(fact, texts) for fact in new]
    pairs = best_pairs(_candidates(old, now, successors))
    became = set(pairs.values())
    return FactDiff(
        tuple(one for position, one in enumerate(new) if position not in became),
        tuple((gone[i], new[j]) for i, j in sorted(pairs.items())),
        tuple(one for position, one in enumerate(gone) if position not in pairs),
    )


def _without_the_same(
    before: Sequence[Fact], after: Sequence[Fact]
) -> tuple[list[Fact], list[Fact]]:
    """Leave out what says the same before and after, each as often as both have it."""
    there = defaultdict[Fact, list[Fact]](list)
    for fact in before:
        there[_said(fact)].append(fact)
    new = [fact for fact in after if not (there[_said(fact)] and there[_said(fact)].pop())]
    left = {id(fact) for facts in there.values() for fact in facts}
    return [fact for fact in before if id(fact) in left], new


def _said(fact: Fact) -> Fact:
    """Return what a fact says, apart from where it stands; of an extracted one, also apart from
    the sentence around it, of which its id and its statement are made."""
    is_curated = fact.origin is FactOrigin.CURATED
    return replace(
        fact,
        id="",
        passage="",
        paragraph=0,
        span=Span(0, 0),
        statement=fact.statement if is_curated else "",
        statements=_Frozen(fact.statements),
    )


class _Frozen(dict[str, str]):
    """A mapping that can be a part of a key."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


def _placed(fact: Fact, texts: Mapping[str, str]) -> _Placed:
    text, span = texts.get(fact.passage, fact.text), fact.span
    before, after = text[max(span.start - _AROUND, 0) : span.start], text[span.end :][:_AROUND]
    return _Placed(fact, f"{before} {after}".strip())


def _candidates(
    gone: Sequence[_Placed], new: Sequence[_Placed], successors: Mapping[str, str]
) -> Iterator[Candidate]:
    by_place = defaultdict[tuple[str, FactKind, FactOrigin], list[int]](list)
    for j, now in enumerate(new):
        by_place[now.fact.passage, now.fact.kind, now.fact.origin].append(j)
    for i, old in enumerate(gone):
        passage = successors.get(old.fact.passage, old.fact.passage)
        for j in by_place.get((passage, old.fact.kind, old.fact.origin), ()):
            alike = _likeness(old, new[j])
            if alike > 0:
                distance = abs(old.fact.span.start - new[j].fact.span.start)
                yield -alike, distance, i, j


def _likeness(old: _Placed, now: _Placed) -> float:
    """Return how surely one fact has become the other, 0: it has not."""
    if old.fact.id == now.fact.id:  # by hand, of the same words
        return 2.0
    around = likeness(old.around, now.around)
    if old.fact.kind in (FactKind.QUOTE, FactKind.CLAIM):
        alike = likeness(old.fact.text, now.fact.text)
        return alike if alike >= _LIKE_TEXT else 0.0
    if around >= _SAME_WORDS or (around >= _SAME_THING and _of_the_same(old.fact, now.fact)):
        return around + _of_the_same(old.fact, now.fact)
    return 0.0


def _of_the_same(old: Fact, now: Fact) -> bool:
    """Whether two facts of a kind are of the same thing."""
    if old.kind in _NAMED:
        return old.value == now.value
    if old.kind is FactKind.QUANTITY:
        counted = (old.unit, old.counted)
        return counted != (None, None) and counted == (now.unit, now.counted)
    return False
