"""The words around unanswered questions, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "UnansweredPhrases"]


@dataclass(frozen=True, slots=True)
class UnansweredPhrases:
    """What ``/unanswered`` says."""

    title: str
    on: str
    off: str
    none: str
    last_asked: str
    clear: str
    clear_confirm: str
    clear_yes: str
    cancel: str
    cleared: str
    would_show: str
    would_teach: str
    example: str
    example_other: str
    switch_on: str
    write: str
    form_title: str
    form_question: str
    form_answer: str
    form_answer_hint: str
    question_gone: str
    nothing_written: str
    article_title: str
    signature: str
    indexing: str
    written: str
    not_written: str
    answered_already: str
    so_far: str
    from_now: str
    replace: str
    keep: str
    to_list: str
    undo: str


PHRASES = Translations(Path(__file__).parent, UnansweredPhrases)
