"""What the shape of a text decides before any probability: the question that a passage answers, and
the item that is asked for by its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.answers.confidence import highest_unsure, threshold
from knowledge.answers.numbered_items import find_item
from knowledge.answers.same_question import is_same_question
from knowledge.model import Span, Verdict, question_above
from knowledge.questions.item_reference import ItemReference, find_item_reference
from knowledge.retrieval.lexical import ScoredPassage
from knowledge.retrieval.retriever import Ranking
from knowledge.text.layout import items_of

__all__ = ["NOTHING_DECIDED", "ConfidenceBound", "Outright", "decide_outright"]

_SURE = 0.95
_SHORT_ANSWER = 120
"""Characters of an answer that is marked whole."""


@dataclass(frozen=True, slots=True)
class ConfidenceBound:
    """Why a confidence is at least ``lowest`` and at most ``highest``; ``name`` is the factor's.

    What has a highest one is never claimed, however little a server asks of a claim.
    """

    name: str
    lowest: float = 0.0
    highest: float = 1.0

    @property
    def holds_back(self) -> bool:
        """Whether the answer may not be claimed."""
        return self.highest < 1.0

    def within(self, confidence: float) -> float:
        """Return the nearest confidence that it allows."""
        return min(max(confidence, self.lowest), self.highest)


@dataclass(frozen=True, slots=True)
class Outright:
    """What is decided of the first passage of a ranking: how sure it may be, what to mark, and
    the stretch to quote, in characters of the passage; ``None``: as of any other."""

    bound: ConfidenceBound | None = None
    marked: Span | None = None
    quoted: Span | None = None


NOTHING_DECIDED = Outright()


def decide_outright(ranking: Ranking) -> tuple[Ranking, Outright]:
    """Return a ranking, with the passage first that its shape decides for, and what it decides."""
    if not ranking.found:
        return ranking, NOTHING_DECIDED
    for place, scored in enumerate(ranking.found):
        question = question_above(scored.passage.headings)
        if question is not None and is_same_question(ranking.query.text, question):
            marked = _short_answer(scored)
            return _first(ranking, place), Outright(ConfidenceBound("asked", _SURE), marked)
    reference = find_item_reference(ranking.query.text)
    return (ranking, NOTHING_DECIDED) if reference is None else _by_number(ranking, reference)


def _short_answer(scored: ScoredPassage) -> Span | None:
    """Return a passage that is one short sentence, without its full stop: it is the answer."""
    text, sentences = scored.passage.text, scored.passage.sentences
    if len(sentences) != 1 or len(text) > _SHORT_ANSWER:
        return None
    end = len(text.rstrip(" .!…"))
    return Span(0, end) if end else None


def _by_number(ranking: Ranking, reference: ItemReference) -> tuple[Ranking, Outright]:
    found = find_item(ranking, reference)
    unsure = highest_unsure()
    if found is None:
        if reference.is_generic and items_of(ranking.found[0].passage.text):
            return ranking, Outright(ConfidenceBound("no_such_item", highest=unsure))
        return ranking, NOTHING_DECIDED
    if found.is_certain:
        bound = ConfidenceBound("item", _SURE)
    else:
        bound = ConfidenceBound("item", threshold(Verdict.UNCERTAIN), unsure)
    return _first(ranking, found.place), Outright(bound, found.words, found.item)


def _first(ranking: Ranking, place: int) -> Ranking:
    """Return a ranking with the passage at a place before all others, by its score, too."""
    found: Sequence[ScoredPassage] = ranking.found
    if place == 0:
        return ranking
    chosen = replace(found[place], score=found[0].score)
    return replace(ranking, found=(chosen, *found[:place], *found[place + 1 :]))
