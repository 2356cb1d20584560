"""Questions that were asked in vain, those that ask the same together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.state.unanswered import Unanswered
from knowledge import KnowledgeBase

__all__ = ["Group", "group"]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same, the most frequent wording first."""

    wordings: tuple[Unanswered, ...]

    @property
    def times(self) -> int:
        """How often it was asked."""
        return sum(one.times for one in self.wordings)

    @property
    def last_asked(self) -> date:
        """The last day on which it was."""
        return max(one.last_asked for one in self.wordings)


def group(kept: Sequence[Unanswered], knowledge: KnowledgeBase) -> list[Group]:
    """Return the groups of questions, the most frequent first, then the latest."""
    alike = knowledge.group_alike([one.question for one in kept])
    groups = [Group(tuple(kept[position] for position in places)) for places in alike]
    return sorted(groups, key=lambda one: (-one.times, -one.last_asked.toordinal()))
