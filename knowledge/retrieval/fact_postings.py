"""The terms and names of facts in memory: which facts have each; made anew or by what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from types import MappingProxyType

from knowledge.facts.terms import quoted_terms, spoken_terms
from knowledge.index import FactOrder, IndexedFact
from knowledge.text.spelling import Speller
from knowledge.text.tokens import tokenize

__all__ = ["FactPostings", "ReadFact", "name_words"]

_QUOTED = 0.5
"""What a word of the quoted text counts, against one of a statement or another wording."""

_Postings = Mapping[str, Sequence[tuple[int, float]]]
"""The facts that have a term, by their row ids, and what it counts in each."""


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact with its place among all, the terms of its statements and other words, those of the
    words that say it, and what it is called."""

    indexed: IndexedFact
    order: FactOrder
    spoken: Sequence[str]
    quoted: Sequence[str]
    names: Sequence[str]

    @property
    def size(self) -> int:
        """How many terms say it; never 0."""
        return len(self.spoken) or 1


NOTHING_READ: Mapping[str, ReadFact] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FactPostings:
    """Facts by what they are looked up by. Never changes.

    ``by_id``: all of them by their row ids; ``ordered``: in their order. ``speller``: of the terms
    that are words; ``words``: these, sorted. ``names`` and ``of_names``: what facts are called, in
    no order, and the row id of the fact that each belongs to.
    """

    by_id: Mapping[int, ReadFact]
    ordered: Sequence[ReadFact]
    postings: _Postings
    speller: Speller
    words: Sequence[str]
    names: Sequence[str]
    of_names: Sequence[int]
    _by_name: _Postings
    _by_name_word: _Postings

    @classmethod
    def of(
        cls, indexed: Iterable[IndexedFact], earlier: Mapping[str, ReadFact] = NOTHING_READ
    ) -> FactPostings:
        """Return facts by their terms and names.

        ``earlier``: what was read of facts, by their identifiers; equal facts are not read again.
        """
        nothing = cls({}, (), {}, Speller.of(()), (), (), (), {}, {})
        return nothing.changed((), indexed, earlier)

    def read(self) -> dict[str, ReadFact]:
        """Return what was read of facts, by their identifiers."""
        return {one.indexed.fact.id: one for one in self.ordered}

    def changed(
        self,
        gone: Collection[int],
        indexed: Iterable[IndexedFact],
        earlier: Mapping[str, ReadFact] = NOTHING_READ,
    ) -> FactPostings:
        """Return these facts without some, by their row ids, and with new ones: what ``of`` all
        that are left would return. ``earlier``: see ``of``."""
        gone = frozenset(gone)
        new = [_read(one, earlier.get(one.fact.id)) for one in indexed]
        old = [self.by_id[at] for at in gone]
        kept = [one for one in self.ordered if one.indexed.id not in gone]
        ordered = sorted((*kept, *new), key=attrgetter("order"))
        by_id = {**self.by_id}
        for at in gone:
            del by_id[at]
        by_id.update((one.indexed.id, one) for one in new)
        postings, touched = _changed(self.postings, old, new, _terms)
        speller = self.speller.changed(
            {term: len(postings.get(term, ())) for term in touched if _is_word(term)}
        )
        pairs = zip(self.of_names, self.names, strict=True)
        named = [(at, name) for at, name in pairs if at not in gone]
        named += [(one.indexed.id, name) for one in new for name in one.names]
        return FactPostings(
            by_id=by_id,
            ordered=ordered,
            postings=postings,
            speller=speller,
            words=_sorted_words(self.words, touched, speller),
            names=[name for _, name in named],
            of_names=[at for at, _ in named],
            _by_name=_changed(self._by_name, old, new, _whole_names)[0],
            _by_name_word=_changed(self._by_name_word, old, new, _words_of_names)[0],
        )

    def named(self, words: Sequence[str]) -> set[int]:
        """Return the row ids of the facts one of whose names has these words and no more."""
        return {at for at, _ in self._by_name.get(" ".join(words), ())}

    def with_name_words(self, words: Sequence[str]) -> set[int]:
        """Return the row ids of the facts whose own name has all of these words."""
        first, *others = [self._by_name_word.get(word, ()) for word in words or [""]]
        return {at for at, _ in first}.intersection(*({at for at, _ in one} for one in others))


def name_words(name: str) -> list[str]:
    """Return a name so that its spellings with other cases, accents and hyphens are alike."""
    return [token.folded for token in tokenize(name)]


def _read(indexed: IndexedFact, earlier: ReadFact | None) -> ReadFact:
    fact = indexed.fact
    if earlier is not None and earlier.indexed.fact == fact:
        return replace(earlier, indexed=indexed, order=indexed.order)
    names = [*fact.aliases, *([fact.value] if isinstance(fact.value, str) else [])]
    names += [fact.counted] if fact.counted else []
    # Tuples of texts, and of such, cost the collector of garbage nothing.
    spoken, quoted = tuple(spoken_terms(fact)), tuple(quoted_terms(fact))
    return ReadFact(indexed, indexed.order, spoken, quoted, tuple(names))


def _changed(
    before: _Postings,
    gone: Iterable[ReadFact],
    new: Iterable[ReadFact],
    terms_of: Callable[[ReadFact], Mapping[str, float]],
) -> tuple[_Postings, set[str]]:
    """Return postings without some facts and with new ones, and the terms of all of these."""
    own: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for one in new:
        for term, weight in terms_of(one).items():
            own[term].append((one.indexed.id, weight))
    gone = list(gone)
    without = {one.indexed.id for one in gone}
    touched = {*own, *(term for one in gone for term in terms_of(one))}
    postings = dict(before)
    for term in touched:
        kept = [entry for entry in before.get(term, ()) if entry[0] not in without]
        kept += own.get(term, ())
        if kept:
            postings[term] = tuple(kept)
        else:
            del postings[term]
    return postings, touched


def _terms(one: ReadFact) -> Mapping[str, float]:
    return dict.fromkeys(one.quoted, _QUOTED) | dict.fromkeys(one.spoken, 1.0)


def _whole_names(one: ReadFact) -> Mapping[str, float]:
    return {" ".join(name_words(name)): 1.0 for name in one.names}


def _words_of_names(one: ReadFact) -> Mapping[str, float]:
    value = one.indexed.fact.value
    return dict.fromkeys(name_words(value), 1.0) if isinstance(value, str) else {}


def _is_word(term: str) -> bool:
    """Whether a term is a word, and no concept."""
    return term[:1] not in ("@", "~")


def _sorted_words(before: Sequence[str], touched: Collection[str], speller: Speller) -> list[str]:
    """Return the words of a speller, sorted: those of before, but for what was ``touched``."""
    words = [word for word in before if word not in touched]
    words += sorted(word for word in touched if word in speller.passages)
    return sorted(words)  # two runs that are sorted: merged in one pass
