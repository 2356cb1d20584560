"""What an article says about itself as it is written: YAML, TOML and JSON on top of Markdown."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast

from knowledge.model.errors import ArticleError
from knowledge.text.plain_yaml import Entry, YamlDocument, YamlError, sound

__all__ = ["MAX_CHARACTERS", "Field", "fields_of", "front_matter"]

MAX_CHARACTERS = 100_000
"""Of front matter."""

_FENCE = re.compile(
    r"(-{3,}|\+{3,})[ \t]*(yaml|yml|json|toml)?[ \t]*(?:(?<=[ \t])#[^\n]*)?\n", re.IGNORECASE
)
"""“---”, with the name of its language or a remark behind it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is said: ``text`` as it is written, ``None`` where it is no single value.

    ``value``: what it means, of strings, numbers, booleans, dates, lists and mappings; ``parts``:
    what is inside a mapping. ``problem``: why it could not be read.
    """

    key: str
    text: str | None
    line: int | None
    value: object = None
    parts: tuple[Field, ...] = ()
    problem: str | None = None

    @property
    def shown(self) -> str:
        """The field in a sentence, cut short."""
        return f"{self.key[:40]}: {'…' if self.text is None else self.text[:60]}"

    @property
    def texts(self) -> list[str]:
        """The text, or those of all single values in a list or a mapping."""
        if self.text is not None:
            return [self.text]
        texts: list[str] = []
        waiting = [self.value]
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting += cast("list[object]", value)
            elif isinstance(value, dict):
                waiting += cast("dict[str, object]", value).values()
            else:
                texts.append(_written(value) or "")
        return texts


def front_matter(text: str) -> tuple[tuple[Field, ...], str, int]:
    """Return the fields on top of a Markdown file, the rest of it, and the lines before that.

    Without front matter there are no fields, and the rest is all of it. Raises ArticleError where
    there is some that cannot be read.
    """
    blank = len(text) - len(text.lstrip())
    above = text.count("\n", 0, blank)
    if text.startswith("{", blank):
        return _json(text, blank, above)
    fence = _FENCE.match(text, blank)
    if fence is None:
        return (), text, 0
    end = re.compile(rf"^{re.escape(fence[1][0])}{{3,}}[ \t]*$", re.MULTILINE).search(
        text, fence.end()
    )
    if end is None:
        return (), text, 0
    inside = text[fence.end() : end.start()]
    if len(inside) > MAX_CHARACTERS:
        message = f"its front matter has more than {MAX_CHARACTERS:,} characters. Shorten it."
        raise ArticleError(message, line=above + 1)
    # Lines are counted from the top of the file.
    is_toml = fence[1][0] == "+" or (fence[2] or "").lower() == "toml"
    read = _toml if is_toml else _yaml  # JSON is YAML, too.
    fields = read("\n" * (above + 1) + inside)
    if fields is None:
        return (), text, 0
    return fields, text[end.end() :], text.count("\n", 0, end.end())


def _yaml(text: str) -> tuple[Field, ...] | None:
    """Return the fields, ``None`` for text that stands between two lines."""
    try:
        root = YamlDocument(text).root
        if root is None:
            return ()
        if root.is_list or root.written is not None:
            return None
        return tuple(_entry(entry) for entry in root.entries(repeats=True))
    except YamlError as error:
        message = (
            f"its front matter cannot be read ({error}). Write “key: value” lines; put a value "
            "that has a colon in it in quotation marks."
        )
        raise ArticleError(message, line=error.line) from None


def _entry(entry: Entry) -> Field:
    try:
        value = entry.value()
        inside = [] if entry.is_list else entry.entries()
    except YamlError as error:
        return Field(entry.key, entry.written, error.line, problem=str(error))
    parts = tuple(Field(part.key, part.written, part.line, part.value()) for part in inside)
    return Field(entry.key, entry.written, entry.line, value, parts)


def _toml(text: str) -> tuple[Field, ...]:
    try:
        return fields_of(tomllib.loads(text), text)
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        message = f"its front matter cannot be read ({error}). Between “+++” write TOML."
        raise ArticleError(message, line=int(line[1]) if line else None) from None


def _json(text: str, start: int, above: int) -> tuple[tuple[Field, ...], str, int]:
    try:
        fields, end = json.JSONDecoder().raw_decode(text[: start + MAX_CHARACTERS], start)
    except (ValueError, RecursionError):
        return (), text, 0
    rest = text[end:]
    if not isinstance(fields, dict) or not re.match(r"[ \t]*(?:\n|$)", rest):
        return (), text, 0
    found = fields_of(cast("dict[str, object]", fields), text[:end], above)
    return found, rest, text.count("\n", 0, end)


def fields_of(
    values: Mapping[str, object], text: str | None = None, above: int = 0
) -> tuple[Field, ...]:
    """Return the fields of a table of TOML or JSON; ``text``: where their lines are found."""
    return tuple(_field(key, value, text, above) for key, value in values.items())


def _field(key: str, value: object, text: str | None, above: int) -> Field:
    line = None
    if text is not None:
        found = re.search(rf"^[ \t{{,]*[\"']?{re.escape(key)}[\"']?\s*[:=]", text, re.MULTILINE)
        line = above + 1 if found is None else text.count("\n", 0, found.end()) + 1
    if isinstance(value, dict):
        inside = cast("dict[str, object]", value)
        return Field(sound(key), None, line, inside, fields_of(inside))
    return Field(sound(key), _written(value), line, value)


def _written(value: object) -> str | None:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, int):
        # Longer than any that is of use, and Python writes none of more than 4,300 digits.
        return str(value) if value.bit_length() <= 256 else None
    if isinstance(value, str | float):
        return sound(str(value))
    return None
