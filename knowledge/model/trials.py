"""The vocabulary of the self-test: golden questions, and how they were answered.

A leaf below ``knowledge.model``, which speaks of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Comparison", "GoldenQuestion", "Miss", "SelfTest", "Trial"]


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question kept beside an article, and what is right.

    ``gold`` are verbatim clauses of the article, any of which is right; empty: the articles must
    say that they do not answer it. ``answer`` is the short span inside a gold clause. ``id`` is
    unique within the article. ``language``: ISO 639-1.
    """

    article: str
    id: str
    question: str
    gold: tuple[str, ...]
    language: str | None = None
    kind: str = "question"
    answer: str | None = None


class Miss(StrEnum):
    """Why an answer is not the right one.

    ``WITHHELD``: the right passage was found, but nothing is shown. ``ELSEWHERE``: other passages
    are shown. ``NOT_FOUND``: nothing is shown, and the right passage is not among the closest.
    ``ANSWERED``: something is shown where the articles do not answer.
    """

    WITHHELD = "withheld"
    ELSEWHERE = "elsewhere"
    NOT_FOUND = "not_found"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Trial:
    """How a golden question was answered; ``miss`` is ``None`` for a hit.

    ``article`` (slug) and ``paragraph`` (number): the first passage that is shown, ``None`` where
    none is. ``rank``: that of the right passage among those found, from 1; 0: it was not found.
    """

    question: GoldenQuestion
    miss: Miss | None
    article: str | None = None
    paragraph: int | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class SelfTest:
    """All trials, in the order of the articles and their files. ``left_out``: golden questions
    beyond those that are asked at most."""

    trials: tuple[Trial, ...]
    left_out: int = 0

    @property
    def hits(self) -> int:
        """How many were answered rightly."""
        return sum(trial.miss is None for trial in self.trials)

    @property
    def misses(self) -> tuple[Trial, ...]:
        """Those that were not."""
        return tuple(trial for trial in self.trials if trial.miss is not None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same golden questions, asked of the index before and after a reindex."""

    before: SelfTest
    after: SelfTest

    @property
    def is_lower(self) -> bool:
        """Whether fewer are answered rightly than before."""
        return self.after.hits < self.before.hits

    @property
    def worse(self) -> tuple[Trial, ...]:
        """Trials after the reindex that are misses and were hits."""
        pairs = zip(self.before.trials, self.after.trials, strict=True)
        return tuple(new for old, new in pairs if old.miss is None and new.miss is not None)

    @property
    def better(self) -> tuple[Trial, ...]:
        """Trials after the reindex that are hits and were misses."""
        pairs = zip(self.before.trials, self.after.trials, strict=True)
        return tuple(new for old, new in pairs if old.miss is not None and new.miss is None)
