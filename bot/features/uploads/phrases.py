"""The words around a server's own articles, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "UploadPhrases"]


@dataclass(frozen=True, slots=True)
class UploadPhrases:
    """What is said to those who manage a server's articles."""

    listed: str
    none_yet: str
    own: str
    common: str
    not_indexed: str
    since: str
    sections: str
    paragraphs: str
    facts: str
    language: str
    replaces: str
    same_title: str
    sections_read: str
    facts_read: str
    waits: str
    index_it: str
    cancel: str
    cancelled: str
    indexing: str
    added: str
    replaced: str
    removed: str
    kept_days: str
    remove_sure: str
    remove_it: str
    keep_it: str
    undo: str
    undone: str
    undone_added: str


PHRASES = Translations(Path(__file__).parent, UploadPhrases)
