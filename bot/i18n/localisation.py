"""The languages that the bot speaks: one TOML file each in ``locales``.

What is quoted stays in its article's language; only the frame around it is here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

from discord import Locale
from discord.app_commands import TranslationContextTypes, Translator, locale_str

from bot.i18n.phrases import (
    PHRASES_BY_TABLE,
    Phrases,
    ServerPhrases,
    TalkPhrases,
    UpkeepPhrases,
    UploadPhrases,
)

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

_Kind = TypeVar("_Kind")


def _phrases(path: Path, kind: type[_Kind], table: Mapping[str, str]) -> _Kind:
    """Return a table of a locale file. Raises ValueError where it has not the keys of ``kind``."""
    expected = {field.name for field in fields(cast("type[Any]", kind))}
    if difference := expected ^ set(table):
        raise ValueError(f"{path}: phrases missing or unknown: {', '.join(sorted(difference))}")
    return kind(**table)


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
    uploads: UploadPhrases
    upkeep: UpkeepPhrases
    server: ServerPhrases
    talk: TalkPhrases

    @classmethod
    def read(cls, path: Path) -> Language:
        """Read a locale file. Raises ValueError where its phrases are not the known ones."""
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            code=data["language"],
            locales=tuple(data["locales"]),
            decimal_mark=data["decimal_mark"],
            months=tuple(data["months"]),
            first_of_month=data["first_of_month"],
            commands=data["commands"],
            **{
                name: _phrases(path, kind, data.get(name, {}))
                for name, kind in PHRASES_BY_TABLE.items()
            },
        )

    def decimal(self, number: float, digits: int = 1) -> str:
        """Write ``number`` as the language does."""
        return f"{number:.{digits}f}".replace(".", self.decimal_mark)

    def month(self, day: date) -> str:
        """Write the month and the year of ``day``."""
        return f"{self.months[day.month - 1]} {day.year}"

    def day(self, day: date) -> str:
        """Write ``day`` in full."""
        return f"{self.day_of_year(day)} {day.year}"

    def day_of_year(self, day: date) -> str:
        """Write ``day`` without its year."""
        number = self.first_of_month if day.day == 1 else str(day.day)
        return f"{number} {self.months[day.month - 1]}"


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
