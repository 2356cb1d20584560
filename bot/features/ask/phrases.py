"""The words around answers, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "AskPhrases"]


@dataclass(frozen=True, slots=True)
class AskPhrases:
    """What is said around an answer, and why it is as sure as it is."""

    not_sure: str
    not_said: str
    not_said_but: str
    more: str
    ask_person: str
    follow_up: str
    follow_up_title: str
    follow_up_label: str
    follow_up_after: str
    follow_up_hint: str
    reply_unseen: str
    left_out: str
    friendly: str
    friendly_alone: str
    why_answered: str
    why_uncertain: str
    why_unanswered: str
    why_figure: str
    why_doubt: str
    why_strict: str
    why_reads: str
    why_reads_not: str
    why_missing: str
    why_said: str
    why_other_name: str
    why_corrected: str
    why_more_words: str
    why_no_words: str
    why_runner_up: str
    why_runner_up_gone: str


PHRASES = Translations(Path(__file__).parent, AskPhrases)
