"""The words of ``/settings``, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot import server_settings
from bot.i18n.translations import Translations
from bot.server_settings import SETTINGS

__all__ = ["PHRASES", "SETTING_PHRASES", "SettingsPhrases"]


@dataclass(frozen=True, slots=True)
class SettingsPhrases:
    """What the panel of settings says."""

    title: str
    at_once: str
    example: str
    page_answers: str
    page_places: str
    gone: str
    forget_gone: str
    switch_on: str
    switch_off: str
    still_kept: str
    may_not_write: str
    may_not_ping: str


PHRASES = Translations(Path(__file__).parent, SettingsPhrases)

SETTING_PHRASES = Translations(
    Path(server_settings.__file__).parent,
    dict[str, str],
    [f"{name}.{word}" for name, kind in SETTINGS.items() for word in kind.words],
)
"""What is said of each setting, by its name and the word that its kind needs: ``private.on``."""
