"""What reading a passage for the answer to a question gives, and who reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from knowledge.model import Span

__all__ = ["NOT_THERE", "Candidate", "Reader", "Reading"]


NOT_THERE = float("-inf")
"""The logarithm of no chance at all."""


class Candidate(NamedTuple):
    """A stretch of a passage that may be the answer; ``score``: by how much it is likelier than
    that there is none, as a logarithm."""

    span: Span
    score: float

    def moved(self, by: int) -> Candidate:
        """Return the same stretch, ``by`` characters further on."""
        return Candidate(Span(self.span.start + by, self.span.end + by), self.score)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a passage gave.

    ``answerable``: the logit that the passage answers the question; ``candidates``: its likeliest
    answers as characters of the passage, best first (none where it has no words at all).
    """

    answerable: float
    candidates: tuple[Candidate, ...] = ()

    @property
    def span(self) -> Span | None:
        """The likeliest answer."""
        return self.candidates[0].span if self.candidates else None

    @property
    def span_score(self) -> float:
        """How likely that is: see ``Candidate``."""
        return self.candidates[0].score if self.candidates else NOT_THERE

    def moved(self, by: int) -> Reading:
        """Return the same of a passage in which this one begins ``by`` characters further on."""
        return Reading(self.answerable, tuple(one.moved(by) for one in self.candidates))

    @property
    def score(self) -> float:
        """One number for both: the higher, the likelier that the passage answers."""
        return self.answerable + self.span_score / 2


class Reader(Protocol):
    """Reads. Safe to use from several threads."""

    @property
    def model(self) -> str:
        """Name and version: another one whenever readings are."""
        ...

    @property
    def languages(self) -> Collection[str]:
        """ISO 639-1 codes of the questions that it has learned to read."""
        ...

    def read(
        self, question: str, passages: Sequence[str], *, seconds: float | None = None
    ) -> list[Reading | None]:
        """Return the readings of ``passages`` in order.

        With a budget of ``seconds``, those that it is not enough for are ``None``: first come the
        passages that are given first, and none is begun that would end too late. Questions that
        others keep waiting are among them.
        """
        ...
