"""Facts by their words, from memory: typos allowed, French or English whatever the fact's own."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from rapidfuzz import fuzz, process

from knowledge.entities.analysis import concept_term
from knowledge.entities.gazetteer import find_names
from knowledge.facts.terms import word_terms
from knowledge.index import FactOrder
from knowledge.model import Fact, FactKind, FactOrigin, Span
from knowledge.retrieval.fact_postings import FactPostings, name_words
from knowledge.text.spelling import allowed_typos
from knowledge.text.tokens import Token, is_stop_word, tokenize

__all__ = ["MAX_HINTS", "FactHint", "FactIndex"]

MAX_HINTS = 20
"""Paragraphs that curated facts bring to a question."""

_MAX_CHARACTERS = 300
_MAX_WORDS = 24
_MAX_PREFIXED = 40
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
_MAX_ALIKE = 25

_MAX_POSTINGS = 20_000
"""Postings that are read for a text: the rarest words first, so that it takes some milliseconds."""


@dataclass(frozen=True, slots=True)
class FactHint:
    """What a curated fact says of a question: the share of its worth that the fact covers, from 0
    to 1, and where the words stand in the fact's paragraph that say it."""

    share: float
    span: Span


class FactIndex:
    """Facts in memory. Never changes, so that any thread may ask it; never raises."""

    def __init__(self, facts: FactPostings) -> None:
        self.facts = facts
        self._has_curated = any(
            one.indexed.fact.origin is FactOrigin.CURATED for one in facts.ordered[:1]
        )

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
            every = (one.indexed.fact for one in self.facts.ordered)
            return [fact for fact in every if is_wanted(fact)]
        scores = self._scores(text, is_typing=is_typing)
        wanted = {at: score for at, score in scores.items() if is_wanted(self._fact(at))}
        share = _RELATIVE_TYPING if is_typing else _RELATIVE
        least = share * max(wanted.values(), default=0.0)
        found = [self.facts.by_id[at] for at, score in wanted.items() if score >= least]
        found.sort(key=lambda one: (-round(wanted[one.indexed.id], 6), one.size, one.order))
        return [one.indexed.fact for one in found]

    def hints(self, question: str) -> dict[int, FactHint]:
        """Return the best curated fact of each of the ``MAX_HINTS`` best paragraphs, by rowid."""
        if not self._has_curated:
            return {}
        scores, _, total = self._matched(question[:_MAX_CHARACTERS])
        best: dict[int, FactHint] = {}
        for at in sorted(scores, key=lambda at: (-scores[at], self._order(at))):
            fact, rowid = self._fact(at), self.facts.by_id[at].indexed.rowid
            if fact.origin is FactOrigin.CURATED and rowid not in best:
                best[rowid] = FactHint(scores[at] / total, fact.span)
            if len(best) == MAX_HINTS:
                break
        return best

    def _scores(self, text: str, *, is_typing: bool) -> dict[int, float]:
        scores, matched, total = self._matched(text, is_typing=is_typing)
        named = self._shares_of_names(name_words(text))
        for at in scores:
            one = self.facts.by_id[at]
            bonus = _CURATED if one.indexed.fact.origin is FactOrigin.CURATED else 0.0
            bonus += _NAMED * named.get(at, 0.0)
            scores[at] += total * (bonus + _COVERED * min(1.0, matched[at] / one.size))
        return scores or self._alike(text)

    def _shares_of_names(self, words: Sequence[str]) -> dict[int, float]:
        """Return what share of a fact's name ``words`` are, where they are that and no more."""
        shares = dict.fromkeys(self.facts.named(words), 1.0)
        for at in self.facts.with_name_words(words):
            shares.setdefault(at, len(words) / len(name_words(str(self._fact(at).value))))
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
                for at, field in self.facts.postings.get(term, ()):
                    best[at] = max(best.get(at, 0.0), idf_weight * field)
            total += max(best.values(), default=self._idf(""))
            for at, value in best.items():
                scores[at] += value
                matched[at] += 1
        return scores, matched, total or 1.0

    def _size(self, terms: Iterable[str]) -> int:
        return sum(len(self.facts.postings.get(term, ())) for term in terms)

    def _units(
        self, content: Sequence[Token], *, is_open: bool, is_typing: bool
    ) -> Iterator[dict[str, float]]:
        """Yield, for each word, the terms that stand for it with what they are worth.

        What a word that is known may be the beginning of, where it is still being typed, is worth
        no more than the word itself: “maïs” is not “Maison”.
        """
        for position, token in enumerate(content):
            known = [term for term in word_terms(token) if term in self.facts.postings]
            idf_weights = {term: self._idf(term) for term in known}
            if is_open and position == len(content) - 1 and (is_typing or not known):
                most = max(idf_weights.values(), default=math.inf)
                for word in self._beginning_with(token.folded):
                    idf_weights.setdefault(word, _BEGUN * min(self._idf(word), most))
            if not idf_weights:
                corrected = (one.word for one in self.facts.speller.suggest(token.folded))
                idf_weights = {word: _CORRECTED * self._idf(word) for word in corrected}
            yield idf_weights

    def _concepts(self, text: str) -> Iterator[dict[str, float]]:
        for name in find_names(text):
            term = concept_term(name.concept, is_metonym=False)
            if term in self.facts.postings:
                yield {term: _CORRECTED * self._idf(term)}

    def _beginning_with(self, beginning: str) -> list[str]:
        words = self.facts.words
        first = bisect_left(words, beginning)
        near = words[first : first + _MAX_PREFIXED]
        return [word for word in near if word.startswith(beginning)]

    def _idf(self, term: str) -> float:
        count = len(self.facts.postings.get(term, ()))
        return math.log(1 + (len(self.facts.by_id) - count + 0.5) / (count + 0.5))

    def _alike(self, text: str) -> dict[int, float]:
        """Return the facts whose other words or names look like ``text``, if that has a word that
        may have a typo."""
        if not any(map(allowed_typos, name_words(text))):
            return {}
        names, named = self.facts.names, self.facts.of_names
        near = process.extract(
            text.lower(), names, processor=str.lower, scorer=fuzz.QRatio,
            score_cutoff=_ALIKE, limit=None,
        )  # fmt: skip
        nearest = nsmallest(
            _MAX_ALIKE, near, key=lambda one: (-one[1], self._order(named[one[2]]), one[2])
        )
        scores: dict[int, float] = {}
        for _, likeness, index in nearest:
            at = named[index]
            scores[at] = max(scores.get(at, 0.0), likeness / 100)
        return scores

    def _fact(self, at: int) -> Fact:
        return self.facts.by_id[at].indexed.fact

    def _order(self, at: int) -> FactOrder:
        return self.facts.by_id[at].order
