"""The languages that the bot speaks: one TOML file each in ``languages``, named by its code."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from discord import Locale

__all__ = ["CATALOGUE", "LANGUAGES", "Catalogue", "Language", "require_keys"]

LANGUAGES = Path(__file__).parent / "languages"


def require_keys(path: Path, found: Iterable[str], expected: Iterable[str]) -> None:
    """Raise ValueError where a table of a file has not exactly the keys that it is to have."""
    if difference := set(expected) ^ set(found):
        raise ValueError(f"{path}: keys missing or unknown: {', '.join(sorted(difference))}")


@dataclass(frozen=True, slots=True)
class Language:
    """How a language is named, and how it writes numbers and days.

    ``code`` is its ISO 639-1 code, ``locales`` are Discord's names of it.
    """

    code: str
    own_name: str
    locales: tuple[str, ...]
    decimal_mark: str
    months: tuple[str, ...]
    first_of_month: str

    @classmethod
    def read(cls, path: Path) -> Language:
        """Read the file of a language. Raises ValueError where its keys are not the known ones."""
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        data["code"] = path.stem
        require_keys(path, data, [field.name for field in fields(cls)])
        data["locales"], data["months"] = tuple(data["locales"]), tuple(data["months"])
        return cls(**data)

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
    def load(cls, directory: Path = LANGUAGES) -> Catalogue:
        """Read every language of ``directory``."""
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
