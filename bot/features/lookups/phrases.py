"""The words around look-ups, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "LookUpPhrases"]


@dataclass(frozen=True, slots=True)
class LookUpPhrases:
    """What is said around facts and passages that are listed."""

    list_fact: str
    list_who: str
    list_timeline: str
    list_numbers: str
    list_quotes: str
    list_sources: str
    list_search: str
    list_one: str
    entries: str
    list_nothing: str
    list_shortened: str
    list_cut: str
    some_gone: str
    by_hand: str
    by_rules: str
    year_inferred: str
    not_a_day: str
    days_reversed: str
    picture_first: str


PHRASES = Translations(Path(__file__).parent, LookUpPhrases)
