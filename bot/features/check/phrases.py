"""The words around a claim that is checked, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "CheckPhrases"]


@dataclass(frozen=True, slots=True)
class CheckPhrases:
    """What is said of a claim."""

    said: str
    not_all: str
    lacks: str
    not_said: str
    read: str
    wordless: str


PHRASES = Translations(Path(__file__).parent, CheckPhrases)
