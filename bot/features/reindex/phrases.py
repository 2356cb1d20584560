"""The words around reindexes and self-tests, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "ReindexPhrases"]


@dataclass(frozen=True, slots=True)
class ReindexPhrases:
    """What admins are told of a reindex and of golden questions."""

    progress: str
    migrating: str
    finding_facts: str
    encoding: str
    pace: str
    testing: str
    still: str
    changed: str
    unchanged: str
    kept: str
    articles: str
    time: str
    problems: str
    problem_at_line: str
    problem_in_file: str
    left_out: str
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


PHRASES = Translations(Path(__file__).parent, ReindexPhrases)
