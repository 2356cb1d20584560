"""The words around sharing and deleting answers, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "SharingPhrases"]


@dataclass(frozen=True, slots=True)
class SharingPhrases:
    """What is said of sharing and deleting an answer."""

    share_not_yours: str
    share_not_mine: str
    share_no_apps: str
    share_forbidden: str
    delete_others: str
    delete_unknown: str
    delete_not_mine: str
    delete_forbidden: str
    deleted: str


PHRASES = Translations(Path(__file__).parent, SharingPhrases)
