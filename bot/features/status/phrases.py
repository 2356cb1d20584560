"""The words of ``/status``, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.i18n.translations import Translations

__all__ = ["PHRASES", "StatusPhrases"]


@dataclass(frozen=True, slots=True)
class StatusPhrases:
    """What ``/status`` says."""

    since: str
    servers: str
    processes: str
    own: str
    common: str
    index: str
    index_version: str
    details: str
    contents: str
    lacking_facts: str
    models: str
    no_models: str
    reader: str
    reindexing: str
    answers: str
    latency: str


PHRASES = Translations(Path(__file__).parent, StatusPhrases)
