"""The words of a package in every language of the interface, read from its folder.

What is quoted stays in its article's language; only the frame around it is translated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Generic, TypedDict, TypeVar, cast

from discord import Locale
from discord.app_commands import TranslationContextTypes, Translator, locale_str

from bot.i18n.localisation import CATALOGUE, Catalogue, Language, require_keys

__all__ = ["CommandTranslator", "Translations"]

_Kind = TypeVar("_Kind")


class _CommandTexts(TypedDict):
    name: locale_str
    description: locale_str


@dataclass(frozen=True, slots=True)
class _Words(Generic[_Kind]):
    phrases: _Kind
    commands: Mapping[str, str]


class Translations(Generic[_Kind]):
    """The words of a package: one file ``phrases.CODE.toml`` a language in its folder.

    In each, the table ``phrases`` has the fields of ``kind``, or the ``keys`` that it is made of,
    and the table ``commands`` the names and descriptions that English has there. Phrases are
    templates for ``str.format``. Where a language has no file, English is spoken. Raises ValueError
    where a file has other keys.
    """

    def __init__(
        self, directory: Path, kind: Callable[..., _Kind], keys: Collection[str] | None = None
    ) -> None:
        if keys is None:
            keys = [field.name for field in fields(cast("type[Any]", kind))]
        tables = {path: _tables(path) for path in directory.glob("phrases.*.toml")}
        default = CATALOGUE.default.code
        commands = tables[directory / f"phrases.{default}.toml"]["commands"]
        self._words: dict[str, _Words[_Kind]] = {}
        for path, words in tables.items():
            require_keys(path, words, ("phrases", "commands"))
            require_keys(path, words["phrases"], keys)
            require_keys(path, words["commands"], commands)
            code = path.name.split(".")[1]
            self._words[code] = _Words(kind(**words["phrases"]), words["commands"])
        self._default = self._words[default]

    def of(self, language: Language) -> _Kind:
        """Return the phrases in a language."""
        return self._words.get(language.code, self._default).phrases

    def commands(self, language: Language) -> Mapping[str, str]:
        """Return the names and descriptions of commands and their options in a language."""
        return self._words.get(language.code, self._default).commands

    def command(self, key: str) -> _CommandTexts:
        """Return what the declaration of a command takes: its name and description."""
        return {
            "name": self.command_text(f"{key}.name"),
            "description": self.command_text(f"{key}.description"),
        }

    def command_text(self, key: str) -> locale_str:
        """Return the text of a command or option in English; it is translated when synced."""
        return locale_str(self._default.commands[key], key=key, translations=self)


def _tables(path: Path) -> dict[str, dict[str, str]]:
    """Return the tables of a file, empty ones for those that it can do without."""
    return {"phrases": {}, "commands": {}, **tomllib.loads(path.read_text(encoding="utf-8"))}


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
        translations: Translations[Any] | None = string.extras.get("translations")
        if language is None or translations is None:
            return None
        return translations.commands(language)[string.extras["key"]]
