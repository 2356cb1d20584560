"""The protocol of an extractive question-answering reader, and the span that it predicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from knowledge.model import Span

__all__ = ["NO_SPAN", "Readable", "Reader", "SpanCandidate", "SpanPrediction"]


NO_SPAN = float("-inf")
"""The logarithm of no chance at all."""


class SpanCandidate(NamedTuple):
    """A stretch of a passage that may be the answer; ``score``: by how much it is likelier than
    that there is none, as a logarithm."""

    span: Span
    score: float

    def moved(self, by: int) -> SpanCandidate:
        """Return the same stretch, ``by`` characters further on."""
        return SpanCandidate(Span(self.span.start + by, self.span.end + by), self.score)


@dataclass(frozen=True, slots=True)
class SpanPrediction:
    """What a reader says of a passage.

    ``answerable``: the logit that the passage answers the question; ``candidates``: its likeliest
    answers as characters of the passage, best first (none where it has no words at all).
    """

    answerable: float
    candidates: tuple[SpanCandidate, ...] = ()

    @property
    def span(self) -> Span | None:
        """The likeliest answer."""
        return self.candidates[0].span if self.candidates else None

    @property
    def span_score(self) -> float:
        """How likely that is: see ``SpanCandidate``."""
        return self.candidates[0].score if self.candidates else NO_SPAN

    def moved(self, by: int) -> SpanPrediction:
        """Return the same of a passage in which this one begins ``by`` characters further on."""
        return SpanPrediction(self.answerable, tuple(one.moved(by) for one in self.candidates))

    @property
    def score(self) -> float:
        """One number for both: the higher, the likelier that the passage answers."""
        return self.answerable + self.span_score / 2


class Readable(NamedTuple):
    """A text to read, and the title of the article that it is of."""

    title: str
    text: str


class Reader(Protocol):
    """Reads. Safe to use from several threads."""

    @property
    def model(self) -> str:
        """Name and version: another one whenever predictions are."""
        ...

    def read(
        self, question: str, passages: Sequence[Readable], *, seconds: float | None = None
    ) -> list[SpanPrediction | None]:
        """Return the predictions of ``passages`` in order, in characters of their texts.

        With a budget of ``seconds``, those that it is not enough for are ``None``, and all after
        them: first come the passages that are given first, and nothing is begun that would end
        too late.
        """
        ...
