"""The forms of example questions, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "ExamplePhrases"]


@dataclass(frozen=True, slots=True)
class ExamplePhrases:
    """What is asked of a fact, by its kind."""

    example_person: str
    example_quote: str
    example_source: str
    example_day: str
    example_count: str
    example_count_elided: str
    example_of: str
    example_of_elided: str
    example_true: str
    example_true_elided: str


PHRASES = Translations(Path(__file__).parent, ExamplePhrases)
