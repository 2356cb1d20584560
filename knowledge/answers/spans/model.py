"""Which stretch of a snippet answers: a linear model over named features.

The weights are in ``weights.json`` with the data, command and day that fitted them
(``python -m knowledge.training spans``).
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate

from knowledge.answers.spans.decoding import mixed, most_shared, probabilities
from knowledge.answers.spans.features import (
    MAX_WORDS,
    SpanFeatures,
    distances,
    end_features,
    start_features,
    word_features,
)
from knowledge.answers.spans.tagging import TaggedSnippet
from knowledge.model import Span
from knowledge.neural.reader.protocol import SpanCandidate
from knowledge.questions.question_type import ClassifiedQuestion

__all__ = [
    "AnswerModels",
    "Choice",
    "SpanModel",
    "candidates",
    "entity_edges",
    "load_models",
    "merged",
]


_SCORED_WHOLE = 120
"""Stretches, the best by their edges and words, that are looked at as a whole, too: of 800 choices
none was another for it."""
_CONSIDERED = 30
"""Stretches, the best by score, of which one is chosen."""
_SHARPNESS = 1.1
"""What scores are multiplied by to become probabilities; chosen on held-out articles."""
_READ_SHARPNESS = 0.5
_READ_SHARE = 0.5
"""The same of a reader's scores, and the say that it has beside the model: chosen on articles that
it was not trained on; a share of 0.5 to 0.65 and a sharpness of 0.5 to 1 do nearly the same."""


def candidates(tagged: TaggedSnippet) -> Iterator[tuple[int, int]]:
    """Yield the stretches that may be the answer, as positions of words, end exclusive."""
    ends = tagged.ends
    first = 0
    for start in tagged.starts:
        while first < len(ends) and ends[first] <= start:
            first += 1
        sentence = tagged.sentence_of[start]
        for end in ends[first:]:
            if end - start > MAX_WORDS or tagged.sentence_of[end - 1] != sentence:
                break
            yield start, end


def entity_edges(
    tagged: TaggedSnippet,
) -> tuple[dict[int, set[str]], dict[int, set[str]], frozenset[int]]:
    """Return the kinds of entities that start and that end at each position, and where one is
    cut in two."""
    opening: dict[int, set[str]] = {}
    closing: dict[int, set[str]] = {}
    cuts: set[int] = set()
    for (start, end), kind in tagged.entities.items():
        opening.setdefault(start, set()).add(kind)
        closing.setdefault(end, set()).add(kind)
        if not kind.startswith(("role", "whole")):
            cuts.update(range(start + 1, end))
    return opening, closing, frozenset(cuts)


@dataclass(frozen=True, slots=True)
class Choice:
    """A stretch of a snippet: ``score`` is that of the likeliest one, in log-odds but for a
    constant; ``certainty`` its share, from 0 to 1, among those considered."""

    span: Span
    score: float
    certainty: float


@dataclass(frozen=True, slots=True)
class SpanModel:
    """Weights by feature, for each form of question (the shared ones added in)."""

    weights: Mapping[str, Mapping[str, float]]

    def best(
        self,
        tagged: TaggedSnippet,
        asked: ClassifiedQuestion,
        among: Sequence[Span] = (),
        read: Sequence[SpanCandidate] = (),
    ) -> Choice | None:
        """Return the stretch of the snippet that shares most words with what may be the answer.

        ``among``: where it must have something of one of these (the dates of a "when"). ``read``:
        what a reader takes for the answer, in characters of the snippet. ``None`` where nothing
        may be the answer.
        """
        scored = [
            (score, Span(tagged.words[start].start, tagged.words[end - 1].end))
            for score, start, end in heapq.nlargest(_CONSIDERED, self._scored(tagged, asked, among))
        ]
        if not scored:
            return None
        own = probabilities(scored, _SHARPNESS)
        others = probabilities([(one.score, one.span) for one in read], _READ_SHARPNESS)
        span = most_shared(mixed(own, others, _READ_SHARE), tagged)
        return None if span is None else Choice(span, scored[0][0], own[0].probability)

    def _scored(
        self, tagged: TaggedSnippet, asked: ClassifiedQuestion, among: Sequence[Span]
    ) -> Iterator[tuple[float, int, int]]:
        weights = self.weights.get(str(asked.question_type)) or self.weights["shared"]
        near = distances(tagged)
        opening, closing, cuts = entity_edges(tagged)
        weight = weights.get
        starts = {
            at: sum(weight(f, 0.0) for f in start_features(tagged, near, opening, cuts, at))
            for at in tagged.starts
        }
        ends = {
            at: sum(weight(f, 0.0) for f in end_features(tagged, near, closing, cuts, at))
            for at in tagged.ends
        }
        inside = (
            sum(weight(f, 0.0) for f in word_features(tagged, at))
            for at in range(len(tagged.words))
        )
        inner = list(accumulate(inside, initial=0.0))
        spans = SpanFeatures(tagged, asked, near)
        touched = _touched(tagged, among)
        sketched = (
            (starts[start] + ends[end] + inner[end] - inner[start], start, end)
            for start, end in candidates(tagged)
            if not among or touched[end] != touched[start]
        )
        for sketch, start, end in heapq.nlargest(_SCORED_WHOLE, sketched):
            score = sketch
            for feature in spans.of(start, end):
                score += weight(feature, 0.0)
            yield score, start, end


def _touched(tagged: TaggedSnippet, among: Sequence[Span]) -> list[int]:
    """Return how many words before each position overlap any of ``among``."""
    overlaps = (
        any(word.start < span.end and span.start < word.end for span in among)
        for word in tagged.words
    )
    return list(accumulate(overlaps, initial=0))


@dataclass(frozen=True, slots=True)
class AnswerModels:
    """The models of the package: for questions in the snippet's language, and in another, of
    which but names, numbers and cognates are known in the snippet."""

    native: SpanModel
    foreign: SpanModel


@lru_cache(maxsize=1)
def load_models() -> AnswerModels:
    """Return the models that ship with the package."""
    stored = json.loads(
        files("knowledge.answers.spans").joinpath("weights.json").read_text("utf-8")
    )
    return AnswerModels(SpanModel(merged(stored["native"])), SpanModel(merged(stored["foreign"])))


def merged(stored: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return the weights of each form of question with those that all of them share added in."""
    shared = dict(stored["shared"])
    found = {"shared": shared}
    for question_type, own in stored.items():
        if question_type != "shared":
            both = dict(shared)
            for feature, weight in own.items():
                both[feature] = both.get(feature, 0.0) + weight
            found[question_type] = both
    return found
