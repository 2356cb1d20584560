"""The bot's own words, by language: one TOML file each in ``locales``.

What is quoted stays in its article's language; only the frame around it is here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from discord import Locale
from discord.app_commands import TranslationContextTypes, Translator, locale_str

__all__ = [
    "CATALOGUE",
    "LOCALES",
    "Catalogue",
    "CommandTranslator",
    "Language",
    "Phrases",
    "command_text",
]

LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Phrases:
    """The frame's words in one language: ``str.format`` templates, named as in the files."""

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
    reindex_stopped: str
    reindex_changed: str
    reindex_unchanged: str
    reindex_kept: str
    reindex_articles: str
    reindex_paragraphs: str
    reindex_time: str
    reindex_added: str
    reindex_modified: str
    reindex_removed: str
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
class Language:
    """One locale file. ``locales`` are Discord's names of the language."""

    code: str
    locales: tuple[str, ...]
    decimal_mark: str
    months: tuple[str, ...]
    first_of_month: str
    commands: Mapping[str, str]
    phrases: Phrases

    @classmethod
    def read(cls, path: Path) -> Language:
        """Read a locale file. Raises ValueError where its phrases are not the known ones."""
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        expected = {field.name for field in fields(Phrases)}
        if difference := expected ^ set(data["phrases"]):
            raise ValueError(f"{path}: phrases missing or unknown: {', '.join(sorted(difference))}")
        return cls(
            code=data["language"],
            locales=tuple(data["locales"]),
            decimal_mark=data["decimal_mark"],
            months=tuple(data["months"]),
            first_of_month=data["first_of_month"],
            commands=data["commands"],
            phrases=Phrases(**data["phrases"]),
        )

    def decimal(self, number: float, digits: int = 1) -> str:
        """Write ``number`` as the language does."""
        return f"{number:.{digits}f}".replace(".", self.decimal_mark)

    def month(self, day: date) -> str:
        """Write the month and the year of ``day``."""
        return f"{self.months[day.month - 1]} {day.year}"

    def day(self, day: date) -> str:
        """Write ``day`` in full."""
        number = self.first_of_month if day.day == 1 else str(day.day)
        return f"{number} {self.month(day)}"


class Catalogue:
    """Every language that the bot speaks; English where it does not speak the one wanted."""

    def __init__(self, languages: Iterable[Language]) -> None:
        self.languages = {language.code: language for language in languages}
        self.default = self.languages["en"]

    @classmethod
    def load(cls, directory: Path = LOCALES) -> Catalogue:
        """Read every locale file of ``directory``."""
        return cls(Language.read(path) for path in sorted(directory.glob("*.toml")))

    def of_locale(self, locale: str) -> Language | None:
        """Return the language that Discord's ``locale`` names, ``None`` if it is not spoken."""
        for language in self.languages.values():
            if locale in language.locales:
                return language
        return None

    def choose(self, *wanted: Locale | str | None) -> Language:
        """Return the first spoken language among Discord locales and ISO 639-1 codes."""
        for name in wanted:
            if name is None:
                continue
            language = self.of_locale(str(name)) or self.languages.get(str(name))
            if language is not None:
                return language
        return self.default


CATALOGUE = Catalogue.load()


def command_text(key: str) -> locale_str:
    """Return the text of a command or option: English here, translated when commands are synced."""
    return locale_str(CATALOGUE.default.commands[key], key=key)


class CommandTranslator(Translator):
    """Gives Discord the names and descriptions of commands in every language of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    async def translate(
        self,
        string: locale_str,
        locale: Locale,
        context: TranslationContextTypes,  # noqa: ARG002 - the key says it all
    ) -> str | None:
        """Return the text in ``locale``, ``None`` where the language is not spoken.

        English is given for its own locales as well: where a key is missing Discord falls back
        on any English that it has.
        """
        language = self.catalogue.of_locale(locale.value)
        key = string.extras.get("key")
        return None if language is None or key is None else language.commands[key]
