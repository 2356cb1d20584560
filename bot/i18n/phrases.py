"""The words that features share, and what is said when something fails."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["SHARED", "Phrases"]


@dataclass(frozen=True, slots=True)
class Phrases:
    """What several features say, or those below them."""

    closest: str
    in_context: str
    read: str
    why: str
    gone: str
    previous: str
    next: str
    place: str
    page: str
    picture_busy: str
    picture_failed: str
    and_more: str
    how_to_ask: str
    share: str
    delete: str
    shared_by: str
    about_message: str
    old_button: str
    too_fast: str
    too_fast_here: str
    queue_full: str
    restarting: str
    state_busy: str
    closed: str
    closed_but: str
    admins_only: str
    managers_only: str
    votes_off: str
    voters_only: str
    outdated: str
    reindex_busy: str
    reindex_worse: str
    reindex_stopped: str
    index_locked: str
    article_unknown: str
    article_outdated: str
    articles_full: str
    article_ambiguous: str
    article_already: str
    article_unchanged: str
    refused_busy: str
    refused_kind: str
    refused_large: str
    refused_fetch: str
    refused_missing_extra: str
    refused_damaged: str
    refused_encrypted: str
    refused_scanned: str
    refused_empty: str
    refused_encoding: str
    refused_too_long: str
    refused_too_slow: str
    refused_invalid: str
    refused_invalid_several: str
    refused_too_many: str
    refused_too_large: str
    refused_nested: str
    refused_link: str
    refused_path: str
    refused_locked: str
    refused_hidden: str
    refused_orphan: str
    refused_one: str
    unavailable: str
    unavailable_until: str
    forgetful: str
    discord_trouble: str
    failed: str


SHARED = Translations(Path(__file__).parent, Phrases)
