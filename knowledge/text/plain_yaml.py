"""YAML that makes nothing but strings, numbers, booleans, lists and mappings.

Scalars are read as people mean them: what YAML 1.1 makes of ``12:30`` (750) or ``010`` (8), a day
that does not exist and 5,000 digits are text here, as is every date. A tag that asks for anything
else (``!!python/…``, ``!!binary``, ``!mine``) is refused, and so is a value that is not what its
tag says. How deep values are nested, and how much aliases repeat, is bounded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import cast

import yaml
from yaml.composer import Composer
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

__all__ = ["MAX_DEPTH", "Entry", "YamlDocument", "YamlError", "sound"]

MAX_DEPTH = 40
"""Lists and mappings inside each other."""

_MAX_REPEATED = 10_000
"""Values that aliases may add to those that are written."""

_MAX_NUMBER = 40
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)", re.ASCII)
_DECIMAL = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?", re.ASCII
)
_BOOLEANS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?", re.ASCII)

_PREFIX = "tag:yaml.org,2002:"
_UNQUOTED = f"{_PREFIX}unquoted"
_KINDS = {ScalarNode: "str", SequenceNode: "seq", MappingNode: "map"}


class YamlError(ValueError):
    """Text that is no YAML, or a value that is not taken; ``line`` counts from 1."""

    def __init__(self, reason: str, line: int | None) -> None:
        super().__init__(reason)
        self.line = line


class Entry:
    """A value as it is written: an entry of a mapping under ``key``, or one of a list."""

    def __init__(self, document: YamlDocument, node: Node, key: str = "", line: int = 0) -> None:
        self._document = document
        self._node = node
        self.key = key
        self.line = line or _line(node)

    @property
    def written(self) -> str | None:
        """The text of a scalar as it is written, whatever it means; ``None`` for others."""
        if not isinstance(self._node, ScalarNode):
            return None
        if self._node.tag == _UNQUOTED and self._node.value in _NULLS:
            return ""
        return sound(self._node.value)

    def value(self) -> object:
        """Return what it means. Raises YamlError."""
        return self._document.value_of(self._node, 0)

    def entries(self, *, repeats: bool = False) -> list[Entry]:
        """Return what is in a mapping or a list, nothing for a scalar.

        Raises YamlError, also for a key that stands there twice, unless with ``repeats``.
        """
        if isinstance(self._node, SequenceNode):
            return [Entry(self._document, node) for node in _items(self._node)]
        if isinstance(self._node, MappingNode):
            pairs = self._document.pairs_of(self._node, 0, repeats=repeats)
            return [Entry(self._document, node, key, line) for key, line, node in pairs]
        return []

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self._node, SequenceNode)


class YamlDocument:
    """One document of YAML: its nodes, of which values are made where they are asked for."""

    def __init__(self, text: str) -> None:
        """Read ``text``. Raises YamlError."""
        try:
            composer = _Composer(text)
            node = composer.get_single_node()
        except YamlError:
            raise
        except ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise YamlError("a character that cannot be seen", line) from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or "not YAML"
            raise YamlError(reason, None if mark is None else mark.line + 1) from None
        except (ValueError, OverflowError):  # an escape that is no character, a version's digits
            raise YamlError("a number that is out of range", None) from None
        self.root = None if node is None else Entry(self, node)
        self._left = composer.composed + _MAX_REPEATED

    def value_of(self, node: Node, depth: int) -> object:
        """Return what a node means, ``depth`` lists and mappings below. Raises YamlError."""
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            raise YamlError("aliases (*) that repeat too much", _line(node))
        if isinstance(node, ScalarNode):
            return _scalar(node)
        if isinstance(node, SequenceNode):
            _require(node, "seq")
            return [self.value_of(one, depth + 1) for one in _items(node)]
        return {
            key: self.value_of(value, depth + 1)
            for key, _, value in self.pairs_of(cast(MappingNode, node), depth)
        }

    def pairs_of(
        self, node: MappingNode, depth: int, *, repeats: bool = False
    ) -> Iterator[tuple[str, int, Node]]:
        """Yield the keys of a mapping, their lines and their values, those merged (``<<``) last.

        Raises YamlError for a key that is no scalar or, without ``repeats``, stands there twice.
        """
        _require(node, "map")
        if depth > MAX_DEPTH:
            raise YamlError("aliases (*) that repeat too much", _line(node))
        seen: dict[str, int] = {}
        merged: list[Node] = []
        for key, value in cast(list[tuple[Node, Node]], node.value):
            if not isinstance(key, ScalarNode):
                raise YamlError("a key that is a list or a mapping", _line(key))
            if key.tag == _UNQUOTED and key.value == "<<":
                merged += _items(value) if isinstance(value, SequenceNode) else [value]
                continue
            name = sound(key.value)
            if name in seen and not repeats:
                raise YamlError(f"“{name}” twice (also in line {seen[name]})", _line(key))
            seen[name] = _line(key)
            yield name, _line(key), value
        for base in merged:
            if not isinstance(base, MappingNode):
                raise YamlError("“<<” with what is no mapping", _line(base))
            self._left -= 1
            for name, line, value in self.pairs_of(base, depth + 1):
                if name not in seen:
                    seen[name] = line
                    yield name, line, value


class _Composer(Reader, Scanner, Parser, Composer, BaseResolver):
    """PyYAML up to its nodes, before it makes anything of them."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self.composed = 0
        self._depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """Compose a node. Raises YamlError where it is too deep."""
        self.composed += 1
        if self._depth > MAX_DEPTH:
            reason = f"more than {MAX_DEPTH} lists and mappings inside each other"
            raise YamlError(reason, self.line + 1)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def resolve(self, kind: type[Node], value: str | None, implicit: object) -> str:
        """Return the tag of what has none: a scalar without quotation marks may be a number."""
        del value
        if kind is ScalarNode and isinstance(implicit, tuple) and implicit[0]:
            return _UNQUOTED
        return _PREFIX + next(name for one, name in _KINDS.items() if issubclass(kind, one))


def sound(text: str) -> str:
    """Return text that can be stored: pairs of surrogates joined, what else is none replaced."""
    if text.isascii():
        return text.replace("\0", "\ufffd")
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "\ufffd")


def _line(node: Node) -> int:
    return node.start_mark.line + 1


def _items(node: SequenceNode) -> list[Node]:
    return cast(list[Node], node.value)


def _require(node: Node, kind: str) -> None:
    if node.tag != _PREFIX + kind:
        raise YamlError(f"a tag that is not known, “{_shown(node.tag)}”", _line(node))


def _shown(tag: str) -> str:
    is_standard = tag.startswith(_PREFIX)
    return f"!!{tag.removeprefix(_PREFIX)}"[:80] if is_standard else tag[:80]


def _scalar(node: ScalarNode) -> str | int | float | bool | None:
    text = sound(node.value)
    if node.tag == _UNQUOTED:
        return _meant(text)
    kind = node.tag.removeprefix(_PREFIX)
    if kind == "str":
        return text
    meant = _meant(text)
    is_right = {
        "int": type(meant) is int,
        "float": isinstance(meant, float) or type(meant) is int,
        "bool": isinstance(meant, bool),
        "null": meant is None,
        "timestamp": _DATE.fullmatch(text) is not None,
    }.get(kind)
    if is_right is None or node.tag == kind:
        raise YamlError(f"a tag that is not known, “{_shown(node.tag)}”", _line(node))
    if not is_right:
        raise YamlError(f"“{text[:40]}” is no {_shown(node.tag)}", _line(node))
    return meant


def _meant(text: str) -> str | int | float | bool | None:
    """Return what a scalar without quotation marks means."""
    if text in _NULLS:
        return None
    if (truth := _BOOLEANS.get(text.lower())) is not None:
        return truth
    if len(text) > _MAX_NUMBER:
        return text
    if _WHOLE.fullmatch(text):
        return int(text.replace("_", ""))
    if _DECIMAL.fullmatch(text):
        number = float(text.replace("_", ""))
        return number if math.isfinite(number) else text
    return text
