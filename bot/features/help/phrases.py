"""The words of ``/help``, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "HelpPhrases"]


@dataclass(frozen=True, slots=True)
class HelpPhrases:
    """What ``/help`` says, and the forms of its examples."""

    title: str
    channels: str
    articles: str
    no_articles: str
    examples: str
    commands: str
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


PHRASES = Translations(Path(__file__).parent, HelpPhrases)
