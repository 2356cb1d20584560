"""The names of the bot's own words: one class a table of the files in ``locales``.

Every field is a ``str.format`` template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "PHRASES_BY_TABLE",
    "Phrases",
    "ServerPhrases",
    "TalkPhrases",
    "UpkeepPhrases",
    "UploadPhrases",
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
    why_reads: str
    why_reads_not: str
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
    picture_busy: str
    picture_failed: str
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
    reindex_left_out: str
    and_more: str
    admins_only: str
    outdated: str
    unavailable: str
    unavailable_until: str
    index_locked: str
    discord_trouble: str
    failed: str


@dataclass(frozen=True, slots=True)
class UploadPhrases:
    """What the bot says about the articles that a server keeps."""

    managers_only: str
    unknown: str
    outdated: str
    full: str
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
    same_title: str
    several: str
    already: str
    unchanged: str
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
    status_since: str
    status_servers: str
    status_own: str
    status_common: str
    status_index: str
    status_contents: str
    status_models: str
    status_no_models: str
    status_reader: str
    status_reindexing: str
    status_answers: str
    status_latency: str


@dataclass(frozen=True, slots=True)
class ServerPhrases:
    """What the bot says about a server's settings, what was asked in vain, and privacy."""

    closed: str
    closed_but: str
    forgetful: str
    settings_title: str
    settings_at_once: str
    gone: str
    forget_gone: str
    switch_on: str
    switch_off: str
    private_on: str
    private_off: str
    keeping_on: str
    keeping_off: str
    still_kept: str
    allowed_channels: str
    denied_channels: str
    channels_everywhere: str
    channels_none: str
    managers: str
    managers_none: str
    frame_language: str
    language_of_question: str
    own_name: str
    answer_length: str
    length_short: str
    length_long: str
    unanswered_title: str
    unanswered_on: str
    unanswered_off: str
    unanswered_none: str
    last_asked: str
    clear: str
    clear_confirm: str
    clear_yes: str
    cancel: str
    cleared: str
    voted_up: str
    voted_down: str
    reason_title: str
    reason_label: str
    reason_hint: str
    feedback_title: str
    feedback_none: str
    feedback_no_down: str
    feedback_unanswered: str
    feedback_no_passage: str
    privacy_title: str
    privacy_read: str
    privacy_not_keeping: str
    privacy_keeping: str
    privacy_votes: str
    privacy_votes_seen: str
    privacy_buttons: str
    privacy_server: str
    privacy_log: str
    privacy_forget: str
    nothing_tied: str
    forget_confirm: str
    forget_yes: str
    forgotten: str
    help_title: str
    help_channels: str
    help_articles: str
    help_no_articles: str
    help_examples: str
    help_commands: str
    example_person: str
    example_quote: str
    example_source: str
    example_day: str
    example_count: str
    example_of: str
    example_of_elided: str
    example_true: str
    example_true_elided: str
    example_count_elided: str


@dataclass(frozen=True, slots=True)
class TalkPhrases:
    """What the bot says around an answer and its buttons."""

    share: str
    delete: str
    shared_by: str
    about_message: str
    share_not_yours: str
    share_not_mine: str
    share_no_apps: str
    share_forbidden: str
    delete_others: str
    delete_unknown: str
    check_said: str
    check_not_all: str
    check_lacks: str
    check_not_said: str
    check_read: str
    message_wordless: str
    too_fast: str
    too_fast_here: str
    queue_full: str
    state_busy: str


PHRASES_BY_TABLE: Mapping[str, type[Any]] = {
    "phrases": Phrases,
    "uploads": UploadPhrases,
    "upkeep": UpkeepPhrases,
    "server": ServerPhrases,
    "talk": TalkPhrases,
}
