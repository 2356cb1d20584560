"""Facts by their words, from memory: typos allowed, French or English whatever the fact's own."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from rapidfuzz import fuzz, process

from knowledge.entities.analysis import concept_term
from knowledge.entities.gazetteer import find_names
from knowledge.facts.terms import quoted_terms, spoken_terms, word_terms
from knowledge.index import IndexedFact
from knowledge.model import Fact, FactKind, FactOrigin, Span
from knowledge.text.spelling import Speller, allowed_typos
from knowledge.text.tokens import Token, is_stop_word, tokenize

__all__ = ["MAX_FACTS", "MAX_HINTS", "FactHint", "FactIndex", "ReadFact"]

MAX_FACTS = 20_000
"""Facts that are looked up by their words: those written by hand, then by article."""

MAX_HINTS = 20
"""Paragraphs that curated facts bring to a question."""

_MAX_CHARACTERS = 300
_MAX_WORDS = 24
_MAX_PREFIXED = 40
_QUOTED = 0.5
"""What a word of the quoted text counts, against one of a statement or another wording."""
_CORRECTED = 0.75
_BEGUN = 0.8
"""What a word counts that is corrected, or the beginning of another."""
_CURATED = 0.1
_NAMED = 0.3
_COVERED = 0.2
"""What a fact by hand, one whose name is all that is asked for, and all of a fact's own words being
asked for add, in shares of the question's idf weight."""
_RELATIVE = 0.65
_RELATIVE_TYPING = 0.5
"""The least share of the best score that a fact must have to be found: where one has both of two
words, one that has either is a stray, but may be meant by somebody who goes on typing."""
_ALIKE = 80
"""The least likeness, of 100, where no word at all is known."""

_MAX_POSTINGS = 20_000
"""Postings that are read for a text: the rarest words first, so that it takes some milliseconds."""

_Postings = Mapping[str, Sequence[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class FactHint:
    """What a curated fact says of a question: the share of its worth that the fact covers, from 0
    to 1, and where the words stand in the fact's paragraph that say it."""

    share: float
    span: Span


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact with the terms of its statements and other words, and of the words that say it."""

    fact: Fact
    spoken: Sequence[str]
    quoted: Sequence[str]


NOTHING_READ: Mapping[str, ReadFact] = MappingProxyType({})


def _read(fact: Fact, earlier: ReadFact | None) -> ReadFact:
    if earlier is not None and earlier.fact == fact:
        return earlier
    return ReadFact(fact, spoken_terms(fact), quoted_terms(fact))


class FactIndex:
    """Facts in memory. Never changes, so that any thread may ask it; never raises."""

    def __init__(
        self, indexed: Iterable[IndexedFact], earlier: Mapping[str, ReadFact] = NOTHING_READ
    ) -> None:
        """Index at most ``MAX_FACTS`` facts by the terms of what they say.

        ``earlier``: what was read of facts, by their identifiers; equal facts are not read again.
        """
        self.read: dict[str, ReadFact] = {}
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._facts: list[Fact] = []
        self._sizes: list[int] = []
        self._rowids: list[int] = []
        self._has_curated = False
        for position, one in enumerate(islice(indexed, MAX_FACTS)):
            read = self.read[one.fact.id] = _read(one.fact, earlier.get(one.fact.id))
            self._facts.append(one.fact)
            self._sizes.append(len(read.spoken) or 1)
            self._rowids.append(one.rowid)
            self._has_curated |= one.fact.origin is FactOrigin.CURATED
            for term in read.spoken:
                postings[term].append((position, 1.0))
            spoken = set(read.spoken)
            for term in read.quoted:
                if term not in spoken:
                    postings[term].append((position, _QUOTED))
        self._postings: _Postings = postings
        words = [term for term in postings if term[:1] not in ("@", "~")]
        self._words = sorted(words)
        self._speller = Speller((word, len(postings[word])) for word in words)
        self._names: list[str] = []
        self._named: list[int] = []
        for position, fact in enumerate(self._facts):
            names = [*fact.aliases, *([fact.value] if isinstance(fact.value, str) else [])]
            names += [fact.counted] if fact.counted else []
            self._names += names
            self._named += [position] * len(names)
        self._by_name: dict[str, set[int]] = defaultdict(set)
        for name, position in zip(self._names, self._named, strict=True):
            self._by_name[" ".join(_words(name))].add(position)
        self._by_name_word: dict[str, set[int]] = defaultdict(set)
        for position, fact in enumerate(self._facts):
            for word in _words(fact.value) if isinstance(fact.value, str) else ():
                self._by_name_word[word].add(position)

    def find(
        self,
        text: str,
        *,
        kind: FactKind | None = None,
        origin: FactOrigin | None = None,
        article: str | None = None,
        is_typing: bool = False,
    ) -> list[Fact]:
        """Return the facts that ``text`` means, best first; all of a kind for no text.

        Of facts that it means alike, the one that says the least besides comes first. Where
        somebody ``is_typing``, the last word may be the beginning of another though it is known.
        """

        def is_wanted(fact: Fact) -> bool:
            return (
                kind in (None, fact.kind)
                and origin in (None, fact.origin)
                and article in (None, fact.article)
            )

        text = text[:_MAX_CHARACTERS].strip()
        if not text:
            return [fact for fact in self._facts if is_wanted(fact)]
        scores = self._scores(text, is_typing=is_typing)
        wanted = {at: score for at, score in scores.items() if is_wanted(self._facts[at])}
        share = _RELATIVE_TYPING if is_typing else _RELATIVE
        least = share * max(wanted.values(), default=0.0)
        found = [at for at, score in wanted.items() if score >= least]
        found.sort(key=lambda at: (-round(wanted[at], 6), self._sizes[at], at))
        return [self._facts[at] for at in found]

    def hints(self, question: str) -> dict[int, FactHint]:
        """Return the best curated fact of each of the ``MAX_HINTS`` best paragraphs, by rowid."""
        if not self._has_curated:
            return {}
        scores, _, total = self._matched(question[:_MAX_CHARACTERS])
        best: dict[int, FactHint] = {}
        for at in sorted(scores, key=lambda at: (-scores[at], at)):
            fact, rowid = self._facts[at], self._rowids[at]
            if fact.origin is FactOrigin.CURATED and rowid not in best:
                best[rowid] = FactHint(scores[at] / total, fact.span)
            if len(best) == MAX_HINTS:
                break
        return best

    def _scores(self, text: str, *, is_typing: bool) -> dict[int, float]:
        scores, matched, total = self._matched(text, is_typing=is_typing)
        named = self._shares_of_names(_words(text))
        for at in scores:
            bonus = _CURATED if self._facts[at].origin is FactOrigin.CURATED else 0.0
            bonus += _NAMED * named.get(at, 0.0)
            scores[at] += total * (bonus + _COVERED * min(1.0, matched[at] / self._sizes[at]))
        return scores or self._alike(text)

    def _shares_of_names(self, words: Sequence[str]) -> dict[int, float]:
        """Return what share of a fact's name ``words`` are, where they are that and no more."""
        shares = dict.fromkeys(self._by_name.get(" ".join(words), ()), 1.0)
        first, *others = [self._by_name_word.get(word, set[int]()) for word in words or [""]]
        for at in first.intersection(*others):
            shares.setdefault(at, len(words) / len(_words(str(self._facts[at].value))))
        return shares

    def _matched(
        self, text: str, *, is_typing: bool = False
    ) -> tuple[dict[int, float], Counter[int], float]:
        """Return what each fact covers of a text, how many of its words, and the text's worth."""
        tokens = list(tokenize(text))
        content = [t for t in tokens if not is_stop_word(t.folded, None, lower=t.lower)] or tokens
        is_open = text[-1:].isalnum()
        scores: dict[int, float] = defaultdict(float)
        matched: Counter[int] = Counter()
        total = 0.0
        words = self._units(content[:_MAX_WORDS], is_open=is_open, is_typing=is_typing)
        units = [*words, *self._concepts(text)]
        units.sort(key=self._size)
        room = _MAX_POSTINGS
        for idf_weights in units:
            room -= self._size(idf_weights)
            if room < 0 and scores:
                break
            best: dict[int, float] = {}
            for term, idf_weight in idf_weights.items():
                for at, field in self._postings.get(term, ()):
                    best[at] = max(best.get(at, 0.0), idf_weight * field)
            total += max(best.values(), default=self._idf(""))
            for at, value in best.items():
                scores[at] += value
                matched[at] += 1
        return scores, matched, total or 1.0

    def _size(self, terms: Iterable[str]) -> int:
        return sum(len(self._postings.get(term, ())) for term in terms)

    def _units(
        self, content: Sequence[Token], *, is_open: bool, is_typing: bool
    ) -> Iterator[dict[str, float]]:
        """Yield, for each word, the terms that stand for it with what they are worth.

        What a word that is known may be the beginning of, where it is still being typed, is worth
        no more than the word itself: “maïs” is not “Maison”.
        """
        for position, token in enumerate(content):
            known = [term for term in word_terms(token) if term in self._postings]
            idf_weights = {term: self._idf(term) for term in known}
            if is_open and position == len(content) - 1 and (is_typing or not known):
                most = max(idf_weights.values(), default=math.inf)
                for word in self._beginning_with(token.folded):
                    idf_weights.setdefault(word, _BEGUN * min(self._idf(word), most))
            if not idf_weights:
                corrected = (one.word for one in self._speller.suggest(token.folded))
                idf_weights = {word: _CORRECTED * self._idf(word) for word in corrected}
            yield idf_weights

    def _concepts(self, text: str) -> Iterator[dict[str, float]]:
        for name in find_names(text):
            term = concept_term(name.concept, is_metonym=False)
            if term in self._postings:
                yield {term: _CORRECTED * self._idf(term)}

    def _beginning_with(self, beginning: str) -> list[str]:
        first = bisect_left(self._words, beginning)
        near = self._words[first : first + _MAX_PREFIXED]
        return [word for word in near if word.startswith(beginning)]

    def _idf(self, term: str) -> float:
        count = len(self._postings.get(term, ()))
        return math.log(1 + (len(self._facts) - count + 0.5) / (count + 0.5))

    def _alike(self, text: str) -> dict[int, float]:
        """Return the facts whose other words or names look like ``text``, if that has a word that
        may have a typo."""
        if not any(map(allowed_typos, _words(text))):
            return {}
        near = process.extract(
            text.lower(), self._names, processor=str.lower, scorer=fuzz.QRatio,
            score_cutoff=_ALIKE, limit=25,
        )  # fmt: skip
        scores: dict[int, float] = {}
        for _, likeness, index in near:
            at = self._named[index]
            scores[at] = max(scores.get(at, 0.0), likeness / 100)
        return scores


def _words(name: str) -> list[str]:
    """Return a name so that its spellings with other cases, accents and hyphens are alike."""
    return [token.folded for token in tokenize(name)]
