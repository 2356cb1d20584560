"""A file of a language to its value, and the values of several languages to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import reduce
from types import MappingProxyType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from knowledge.languages.language import Language

__all__ = ["read", "united"]

_Table = TypeVar("_Table")


def read(written: Mapping[str, object]) -> Language:
    """Return what a file says; what it leaves out is empty, or 0.

    Text is words between spaces, a list is phrases; words where each stands for a number are those
    for 0, 1, 2 and so on. Raises ValueError, which names a key that is not known or whose value is
    of another type.
    """
    return _table(Language, written, "")


def _table(kind: type[_Table], written: Mapping[str, object], place: str) -> _Table:
    types = get_type_hints(kind)
    for name in written.keys() - types.keys():
        raise ValueError(f"“{place}{name}” is not known. There are: {', '.join(types)}")
    return kind(**{n: _value(t, written.get(n), f"{place}{n}") for n, t in types.items()})


def _value(kind: Any, written: object, place: str) -> object:  # noqa: ANN401 - of any field
    """Return a value of the type ``kind``."""
    origin = get_origin(kind) or kind
    words = written.split() if isinstance(written, str) else None
    if is_dataclass(kind) and isinstance(written, dict | None):
        return _table(cast(type[object], kind), cast(dict[str, object], written or {}), f"{place}.")
    if origin is int and isinstance(written, int | None):
        return written or 0
    if origin is frozenset and (words is not None or written is None):
        return frozenset(words or ())
    if origin is tuple and (words is not None or isinstance(written, list | None)):
        return tuple(words or cast(list[str], written or ()))
    if origin is Mapping and (words is not None or isinstance(written, dict | None)):
        entries = cast(dict[str, object], written or {}) if words is None else dict(_counted(words))
        inner = get_args(kind)[1]
        return MappingProxyType(
            {key: _value(inner, value, f"{place}.{key}") for key, value in entries.items()}
        )
    raise ValueError(f"“{place}” cannot be {written!r}")


def _counted(words: Iterable[str]) -> Iterable[tuple[str, object]]:
    return ((word, value) for value, word in enumerate(words))


def united(languages: Iterable[Language]) -> Language:
    """Return the words of all as those of one; a word means what it does to the last of them."""
    return reduce(_united, languages)


def _united(first: Any, second: Any) -> Any:  # noqa: ANN401 - of any field
    if isinstance(first, frozenset):
        return cast(frozenset[str], first) | second
    if isinstance(first, tuple):
        return tuple(dict.fromkeys((*cast(tuple[str, ...], first), *second)))
    if isinstance(first, Mapping):
        entries = dict(cast(Mapping[str, object], first))
        for key, value in cast(Mapping[str, object], second).items():
            entries[key] = _united(entries[key], value) if key in entries else value
        return MappingProxyType(entries)
    if is_dataclass(first) and not isinstance(first, type):
        names = [field.name for field in fields(first)]
        return type(first)(**{n: _united(getattr(first, n), getattr(second, n)) for n in names})
    return second
