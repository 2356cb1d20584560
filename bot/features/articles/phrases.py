"""The words around articles and passages, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "ArticlePhrases"]


@dataclass(frozen=True, slots=True)
class ArticlePhrases:
    """What is said of an article, and of a passage that is not what it was."""

    changed: str
    unchanged: str
    removed: str
    article_removed: str
    quoted_then: str
    now: str
    now_there: str
    no_article: str
    outline_paragraphs: str
    outline_beginning: str


PHRASES = Translations(Path(__file__).parent, ArticlePhrases)
