"""The words of ``/insights``, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "InsightsPhrases"]


@dataclass(frozen=True, slots=True)
class InsightsPhrases:
    """What is said around the numbers."""

    title: str
    counts_only: str
    none: str
    chart_title: str
    green: str
    amber: str
    grey: str
    votes_drawn: str
    picture: str
    total: str
    share: str
    votes: str
    weeks: str
    week: str
    quiet_week: str
    quiet_weeks: str
    quoted: str
    quoted_none: str
    quoted_gone: str
    in_vain: str
    in_vain_none: str
    in_vain_off: str
    in_vain_all: str


PHRASES = Translations(Path(__file__).parent, InsightsPhrases)
