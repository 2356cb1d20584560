"""The words of the marks on answers whose articles have changed, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "WatchingPhrases"]


@dataclass(frozen=True, slots=True)
class WatchingPhrases:
    """What is said below a quotation that has been overtaken."""

    changed: str
    changed_see: str
    removed: str
    article_removed: str


PHRASES = Translations(Path(__file__).parent, WatchingPhrases)
