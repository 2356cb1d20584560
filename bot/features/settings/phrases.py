"""The words of ``/settings``, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "SettingsPhrases"]


@dataclass(frozen=True, slots=True)
class SettingsPhrases:
    """What the panel of settings says."""

    title: str
    at_once: str
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
    answer_length: str
    length_short: str
    length_long: str


PHRASES = Translations(Path(__file__).parent, SettingsPhrases)
