"""The words around unanswered questions, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "UnansweredPhrases"]


@dataclass(frozen=True, slots=True)
class UnansweredPhrases:
    """What ``/unanswered`` says."""

    title: str
    on: str
    off: str
    none: str
    last_asked: str
    clear: str
    clear_confirm: str
    clear_yes: str
    cancel: str
    cleared: str


PHRASES = Translations(Path(__file__).parent, UnansweredPhrases)
