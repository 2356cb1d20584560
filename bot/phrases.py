"""The names of the bot's own words: one class a table of the files in ``locales``.

Every field is a ``str.format`` template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "PHRASES_BY_TABLE",
    "LibraryPhrases",
    "Phrases",
    "ServerPhrases",
    "TalkPhrases",
    "UpkeepPhrases",
]


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the bot says around answers, look-ups and reindexes, and when it fails."""

    not_sure: str
    not_said: str
    closest: str
    more: str
    in_context: str
    why: str
    previous: str
    next: str
    gone: str
    changed: str
    unchanged: str
    removed: str
    article_removed: str
    quoted_then: str
    now: str
    now_there: str
    some_gone: str
    old_button: str
    why_answered: str
    why_uncertain: str
    why_unanswered: str
    why_figure: str
    why_doubt: str
    why_missing: str
    why_said: str
    why_other_name: str
    why_corrected: str
    why_similar: str
    why_more_words: str
    why_no_words: str
    why_runner_up: str
    why_runner_up_gone: str
    how_to_ask: str
    reply_unseen: str
    list_fact: str
    list_who: str
    list_timeline: str
    list_numbers: str
    list_quotes: str
    list_sources: str
    list_search: str
    list_one: str
    list_place: str
    list_nothing: str
    list_shortened: str
    list_cut: str
    picture_first: str
    by_hand: str
    by_rules: str
    year_inferred: str
    not_a_day: str
    days_reversed: str
    no_article: str
    outline_paragraphs: str
    outline_beginning: str
    reindex_progress: str
    reindex_encoding: str
    reindex_still: str
    reindex_busy: str
    reindex_worse: str
    reindex_stopped: str
    reindex_changed: str
    reindex_unchanged: str
    reindex_kept: str
    reindex_articles: str
    reindex_time: str
    reindex_problems: str
    problem_at_line: str
    problem_in_file: str
    and_more: str
    admins_only: str
    outdated: str
    unavailable: str
    discord_trouble: str
    failed: str


@dataclass(frozen=True, slots=True)
class LibraryPhrases:
    """What the bot says about the articles that a server keeps."""


@dataclass(frozen=True, slots=True)
class UpkeepPhrases:
    """What the bot says about reindexing, the state of the bot and its own test."""

    page: str
    report_gone: str
    article_added: str
    article_changed: str
    article_removed: str
    article_reread: str
    paragraphs: str
    facts: str
    count_added: str
    count_changed: str
    count_removed: str
    changed_around: str
    more_articles: str
    golden: str
    worse: str
    better: str
    rolled_back: str
    rolled_back_why: str
    rolled_back_force: str
    reindex_testing: str
    selftest: str
    selftest_left_out: str
    no_questions: str
    misses: str
    hits: str
    rightly_silent: str
    miss_withheld: str
    miss_elsewhere: str
    miss_elsewhere_unfound: str
    miss_not_found: str
    miss_answered: str


@dataclass(frozen=True, slots=True)
class ServerPhrases:
    """What the bot says about a server's settings, what was asked in vain, and privacy."""

    closed: str
    closed_but: str
    forgetful: str


@dataclass(frozen=True, slots=True)
class TalkPhrases:
    """What the bot says around an answer and its buttons."""


PHRASES_BY_TABLE: Mapping[str, type[Any]] = {
    "phrases": Phrases,
    "library": LibraryPhrases,
    "upkeep": UpkeepPhrases,
    "server": ServerPhrases,
    "talk": TalkPhrases,
}
