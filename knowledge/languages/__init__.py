"""What is known of single languages, as data: one file a language, ``CODE.toml``.

``mul.toml`` holds what texts of any language have ("mul": several languages, ISO 639-2). What a
file may hold: ``knowledge.languages.language``. All is read when it is first asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from knowledge.languages.language import Language
from knowledge.languages.reading import read, united

__all__ = ["Language", "is_function_word", "known_languages", "ruled_languages", "vocabulary"]


@cache
def known_languages() -> Mapping[str, Language]:
    """Return what there is a file of, by code (ISO 639-1), in the order of precedence.

    Raises ValueError, which names the file, where one cannot be read.
    """
    found: dict[str, Language] = {}
    for file in files(__name__).iterdir():
        code, _, ending = file.name.partition(".")
        if ending == "toml":
            try:
                found[code] = read(tomllib.loads(file.read_text("utf-8")))
            except ValueError as error:
                raise ValueError(f"{file.name}: {error}") from None
    ordered = sorted(found.items(), key=lambda item: (item[1].precedence, item[0]))
    return MappingProxyType(dict(ordered))


@cache
def ruled_languages() -> tuple[str, ...]:
    """Return the codes of those that facts are found in, in the order of precedence."""
    return tuple(code for code, one in known_languages().items() if one.has_rules)


@cache
def vocabulary(code: str | None = None) -> Language:
    """Return the words of all languages as those of one: texts mix them.

    Where they mean different things by a word, it means what it does in ``code``, the language of
    the text; where nothing is known of that, what it does to the language of highest precedence.
    """
    known = known_languages()
    if code is not None and code not in known:
        return vocabulary()
    return united(sorted(known.values(), key=lambda one: one is known.get(code or "")))


@cache
def _of_function_words(code: str | None) -> Language:
    own = known_languages().get(code or "")
    return own if own is not None and own.has_rules else vocabulary()


def is_function_word(folded: str, language: str | None, lower: str) -> bool:
    """Whether a word carries no content in ``language`` (ISO 639-1); in any that is known where
    the function words of that one are not. ``lower``: as written, where accents count."""
    return _of_function_words(language).is_function_word(folded, lower)
