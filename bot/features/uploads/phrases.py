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
    left_out: str
    index_it: str
    index_all: str
    cancel: str
    golden_none: str
    files_read: str
    title_left: str
    pages_gone: str
    waiting: str
    fetching: str
    reading: str
    reading_several: str
    comparing: str
    cancelled: str
    indexing: str
    added: str
    added_several: str
    replaced: str
    removed: str
    kept_days: str
    remove_sure: str
    remove_it: str
    keep_it: str
    undo: str
    undone: str
    undone_added: str
    undone_several: str


PHRASES = Translations(Path(__file__).parent, UploadPhrases)
