"""The numbers of ``/insights``: what was counted, week by week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.features.unanswered.grouping import Group, group
from bot.state import State
from bot.state.feedback import Vote
from bot.state.unanswered import Unanswered
from knowledge import Citation, KnowledgeBase, Verdict

__all__ = [
    "IN_VAIN",
    "QUOTED",
    "WEEKS",
    "Insights",
    "Kept",
    "Quoted",
    "Week",
    "kept_of",
    "read_insights",
]

WEEKS = 8
"""Weeks that are shown, the running one among them."""

QUOTED = 5
"""Passages that are shown."""

_LOOKED_UP = 50
"""Passages that are looked up to find those: some may be gone."""

IN_VAIN = 3
"""Groups of questions that are shown."""


@dataclass(frozen=True, slots=True)
class Week:
    """How many questions were answered how in the week from a Monday on, and how many votes."""

    monday: date
    answers: tuple[int, int, int]
    """By verdict: sure, not sure, not said."""
    up: int
    down: int

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was asked and nobody voted."""
        return not any((*self.answers, self.up, self.down))


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a server's last weeks, as the state has it."""

    weeks: tuple[Week, ...]
    quoted: tuple[tuple[str, int], ...]
    in_vain: tuple[Unanswered, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """How often a passage was quoted."""

    citation: Citation
    times: int


@dataclass(frozen=True, slots=True)
class Insights:
    """What an admin sees."""

    weeks: tuple[Week, ...]
    quoted: tuple[Quoted, ...]
    in_vain: tuple[Group, ...]
    quoted_gone: int = 0
    """How often passages were quoted that no article has any more, of those most quoted."""

    @property
    def answers(self) -> tuple[int, int, int]:
        """The answers of all weeks, by verdict."""
        sure, unsure, unsaid = zip(*(week.answers for week in self.weeks), strict=True)
        return sum(sure), sum(unsure), sum(unsaid)

    @property
    def votes(self) -> tuple[int, int]:
        """The votes of all weeks: 👍 and 👎."""
        return sum(week.up for week in self.weeks), sum(week.down for week in self.weeks)


def kept_of(state: State, server: int) -> Kept:
    """Return what is kept of a server. Blocks for a moment. Raises StateError."""
    today = state.today()
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    answers = Counter[tuple[int, Verdict]]()
    for day, verdict, times in state.answer_counts.answers(server, first):
        answers[_week(day, first), verdict] += times
    votes = Counter[tuple[int, Vote]]()
    for day, vote, times in state.feedback.by_day(server, first):
        votes[_week(day, first), vote] += times
    weeks = tuple(
        Week(
            first + timedelta(weeks=number),
            (
                answers[number, Verdict.ANSWERED],
                answers[number, Verdict.UNCERTAIN],
                answers[number, Verdict.UNANSWERED],
            ),
            votes[number, Vote.UP],
            votes[number, Vote.DOWN],
        )
        for number in range(WEEKS)
    )
    quoted = state.answer_counts.quoted(server, first, _LOOKED_UP)
    in_vain = state.unanswered.of(server, state.calendar.moment().today)
    return Kept(weeks, quoted, in_vain)


def _week(day: date, first: date) -> int:
    return min((day - first).days // 7, WEEKS - 1)


def read_insights(kept: Kept, knowledge: KnowledgeBase) -> Insights:
    """Return what is shown of it, with the passages and groups of questions.

    Blocks for a moment. Raises IndexUnavailable.
    """
    found = [(knowledge.passage(passage), times) for passage, times in kept.quoted]
    quoted = [Quoted(citation, times) for citation, times in found if citation is not None]
    gone = sum(times for citation, times in found if citation is None)
    in_vain: Sequence[Group] = group(kept.in_vain, knowledge) if kept.in_vain else ()
    return Insights(kept.weeks, tuple(quoted[:QUOTED]), tuple(in_vain[:IN_VAIN]), gone)
