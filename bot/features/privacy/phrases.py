"""The words around what is kept of members, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "PrivacyPhrases"]


@dataclass(frozen=True, slots=True)
class PrivacyPhrases:
    """What ``/privacy`` and ``/forget-me`` say."""

    title: str
    read: str
    not_keeping: str
    keeping: str
    watching: str
    votes: str
    votes_seen: str
    people: str
    people_kept: str
    buttons: str
    server: str
    counts: str
    log: str
    forget: str
    nothing_tied: str
    forget_confirm: str
    forget_yes: str
    forgotten: str


PHRASES = Translations(Path(__file__).parent, PrivacyPhrases)
