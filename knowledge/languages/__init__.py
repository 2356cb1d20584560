"""What is known of single languages, as data: one file a language (``fr.toml``, ``en.toml``).

A further language is a file with the same keys, and its code in ``CODES``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, cast

__all__ = ["CODES", "LANGUAGES", "Language", "is_function_word", "merged"]

CODES = ("fr", "en")
"""ISO 639-1 codes of the languages that there are files of."""


@dataclass(frozen=True, slots=True)
class Language:
    """The words of a language by what they do, folded (lower case, without accents).

    ``accented_function_words`` and ``telltale_words`` are as they are written, in lower case; a
    text with one of the latter is in this language. ``close_to``: languages that share function
    words with it. ``small_numbers``: the words for 0, 1, 2 and so on. ``seasons``: the month that
    each starts in; ``parts``: of a year or month, 1 to 3, 0 for none in particular; ``fractions``:
    their denominators; the other mappings: the number that a word stands for.
    """

    function_words: frozenset[str]
    accented_function_words: frozenset[str]
    telltale_words: frozenset[str]
    close_to: frozenset[str]
    weekdays: frozenset[str]
    plural_collectives: frozenset[str]
    small_numbers: tuple[str, ...]
    seasons: Mapping[str, int]
    parts: Mapping[str, int]
    tens: Mapping[str, int]
    scales: Mapping[str, int]
    collectives: Mapping[str, int]
    fractions: Mapping[str, int]
    ordinals: Mapping[str, int]

    def is_function_word(self, folded: str, lower: str) -> bool:
        """Whether a word carries no content; ``lower``: as written, where accents count."""
        return folded in self.function_words and (
            lower.isascii() or lower in self.accented_function_words
        )


def _read(code: str) -> Language:
    """Read the file of a language. Raises TypeError where it lacks a key or has another."""
    text = files("knowledge.languages").joinpath(f"{code}.toml").read_text("utf-8")
    fields: dict[str, Any] = {}
    value: Any
    for name, value in tomllib.loads(text).items():
        if name == "small_numbers":
            fields[name] = tuple(value.split())
        elif isinstance(value, dict):
            fields[name] = MappingProxyType(cast(dict[str, int], value))
        else:
            fields[name] = frozenset(value.split())
    return Language(**fields)


LANGUAGES: Mapping[str, Language] = MappingProxyType({code: _read(code) for code in CODES})
"""What there is a file of, by code."""


def is_function_word(folded: str, language: str | None, lower: str) -> bool:
    """Whether a word carries no content in ``language`` (ISO 639-1); in any of ``LANGUAGES`` where
    that is none of them."""
    known = LANGUAGES.get(language or "")
    if known is not None:
        return known.is_function_word(folded, lower)
    return any(one.is_function_word(folded, lower) for one in LANGUAGES.values())


def merged(name: str) -> dict[str, int]:
    """Return a mapping of all languages in one: where they differ, the last one's."""
    found: dict[str, int] = {}
    for language in LANGUAGES.values():
        found |= getattr(language, name)
    return found
