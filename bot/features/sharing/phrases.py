"""The words around sharing and deleting answers, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "SharingPhrases"]


@dataclass(frozen=True, slots=True)
class SharingPhrases:
    """Why an answer cannot be shared or deleted."""

    share_not_yours: str
    share_not_mine: str
    share_no_apps: str
    share_forbidden: str
    delete_others: str
    delete_unknown: str


PHRASES = Translations(Path(__file__).parent, SharingPhrases)
