"""The words of ``/help``, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "HelpPhrases"]


@dataclass(frozen=True, slots=True)
class HelpPhrases:
    """What ``/help`` says."""

    title: str
    channels: str
    articles: str
    no_articles: str
    examples: str
    commands: str


PHRASES = Translations(Path(__file__).parent, HelpPhrases)
