"""The words around questions to a person, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "PeoplePhrases"]


@dataclass(frozen=True, slots=True)
class PeoplePhrases:
    """What is said to askers and to helpers."""

    confirm_changed: str
    confirm: str
    confirm_ping: str
    confirm_link: str
    confirm_private: str
    send: str
    cancel: str
    cancelled: str
    sent: str
    not_offered: str
    cannot_send: str
    question_gone: str
    asks: str
    the_answer: str
    reply: str
    form_title: str
    form_label: str
    form_hint: str
    nothing_written: str
    helpers_only: str
    reply_unseen: str
    replied: str
    replied_on: str
    announced: str
    told: str
    not_told: str


PHRASES = Translations(Path(__file__).parent, PeoplePhrases)
