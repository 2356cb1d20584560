"""What is counted and measured of a running bot, for whoever watches it from outside.

Every label is declared here, and has one of the values of an enumeration: no question, no article,
and no id of a person or a server can get into one.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram

from knowledge import Answer, Verdict

__all__ = ["NOTHING_ASKED", "Lookups", "Metrics", "Outcome", "ReindexResult", "Stage"]

NOTHING_ASKED = "nothing_asked"
"""In the place of a verdict: the message was no question."""

_STAGE_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0)
"""Half a second is when an answer is announced first, three when Discord stops waiting."""

_REINDEX_SECONDS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)


class Stage(StrEnum):
    """A part of the way from a question, a command or a click to what is said to it."""

    ACKNOWLEDGING = "acknowledging"
    """From the first look at a command or a click to the first word to Discord."""
    QUEUEING = "queueing"
    """A question waits for its turn."""
    OPENING = "opening"
    """The index that a server is answered from is taken, or opened first."""
    RETRIEVING = "retrieving"
    """Passages are found, quoted and judged."""
    READING = "reading"
    """The reader reads the first of them; not where there is none, or no time for it."""
    REPLYING = "replying"
    """An answer is sent to Discord."""


class Outcome(StrEnum):
    """How a command, a click or a message ended that was not answered."""

    REFUSED = "refused"
    """It may not be done, or not now, for a reason that is nobody's fault."""
    FAILED = "failed"
    """By a fault, which is in the log with a reference."""


class ReindexResult(StrEnum):
    """How a reindex ended."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ROLLED_BACK = "rolled_back"
    """Golden questions would have been answered worse."""
    STOPPED = "stopped"
    """The bot was ending."""
    FAILED = "failed"


@dataclass(slots=True)
class Lookups:
    """How often something was found in a cache, and how often it had to be made or fetched."""

    hits: int = 0
    misses: int = 0

    def note(self, *, is_hit: bool) -> None:
        """Count one more."""
        if is_hit:
            self.hits += 1
        else:
            self.misses += 1


class Metrics:
    """The counters and histograms of one bot, in a registry of their own. Safe in any thread.

    What is read of the bot itself only when somebody asks comes into the same registry: see
    ``bot.app.monitoring.bot_collector``.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "sourcier_questions",
            "Questions that were answered, by verdict; each of several in one message counts.",
            ["verdict"],
            registry=self.registry,
        )
        self._stages = Histogram(
            "sourcier_stage_duration_seconds",
            "How long each stage took on the way from a question, command or click to its answer.",
            ["stage"],
            buckets=_STAGE_SECONDS,
            registry=self.registry,
        )
        self._unsuccessful = Counter(
            "sourcier_unsuccessful_requests",
            "Commands, clicks and messages that were refused, or failed by a fault.",
            ["outcome"],
            registry=self.registry,
        )
        self._reindexes = Histogram(
            "sourcier_reindex_duration_seconds",
            "How long reindexes took, from when they were begun, by how they ended.",
            ["result"],
            buckets=_REINDEX_SECONDS,
            registry=self.registry,
        )
        # A series that is there from the start can be told from one that is missing.
        for verdict in (*Verdict, NOTHING_ASKED):
            self._questions.labels(verdict)
        for stage in Stage:
            self._stages.labels(stage)
        for outcome in Outcome:
            self._unsuccessful.labels(outcome)
        for result in ReindexResult:
            self._reindexes.labels(result)

    def answered(self, answer: Answer) -> None:
        """Count each question of a message, or that it asked nothing."""
        if not answer.is_question:
            self._questions.labels(NOTHING_ASKED).inc()
            return
        for part in answer.each:
            self._questions.labels(part.verdict).inc()

    def unsuccessful(self, outcome: Outcome) -> None:
        """Count what was refused or has failed."""
        self._unsuccessful.labels(outcome).inc()

    def took(self, stage: Stage, seconds: float) -> None:
        """Keep how long a stage took."""
        self._stages.labels(stage).observe(seconds)

    @contextmanager
    def timed(self, stage: Stage) -> Generator[None]:
        """Keep how long what is inside takes, unless it raises."""
        started = perf_counter()
        yield
        self.took(stage, perf_counter() - started)

    def reindexed(self, result: ReindexResult, seconds: float) -> None:
        """Count a reindex that has ended."""
        self._reindexes.labels(result).observe(seconds)
