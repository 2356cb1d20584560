"""The words around votes, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "FeedbackPhrases"]


@dataclass(frozen=True, slots=True)
class FeedbackPhrases:
    """What is said to whoever votes, and to admins of votes."""

    voted_up: str
    voted_down: str
    reason_title: str
    reason_label: str
    reason_hint: str
    title: str
    none: str
    no_down: str
    unanswered: str
    no_passage: str


PHRASES = Translations(Path(__file__).parent, FeedbackPhrases)
