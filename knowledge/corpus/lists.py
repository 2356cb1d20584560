"""The items of a list, joined to paragraphs: an item by itself rarely says what it is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from knowledge.corpus.block import Block
from knowledge.text.layout import items_of

__all__ = ["ListBuilder", "with_lists_joined"]

_MAX_LIST = 3_000
"""Characters of a list that is one paragraph; a longer one is divided between items."""

_MAX_ITEM = 600
"""A longer item is a paragraph by itself."""

_MAX_INTRODUCTION = 1_000
_MAX_INDENT = 6


@dataclass(slots=True)
class _TopItem:
    """An item that is in no other, with all inside it."""

    line: int
    texts: list[str] = field(default_factory=list[str])
    bold: str = ""


class ListBuilder:
    """Collects what is read between the beginning and the end of a list."""

    def __init__(self) -> None:
        self._depth = 0
        self._mark = ""
        self._items: list[_TopItem] = []

    def turn(self, nesting: int) -> Iterator[Block]:
        """Begin a list, or one inside it (1), or end the innermost (-1).

        Yields the paragraphs of the outermost list when that ends.
        """
        self._depth += nesting
        if self._depth == 0:
            items, self._items = [item for item in self._items if item.texts], []
            yield from _joined([_block(item) for item in items])

    def block(self, block: Block) -> Iterator[Block]:
        """Yield a block as it is; inside a list add its text to the item that was begun last."""
        if self._depth == 0:
            yield block
        elif block.text.strip():
            self._add(block)

    def begin_item(self, mark: str, line: int) -> None:
        """Begin an item; ``mark`` is what stands before it: "-", "3."."""
        self._mark = mark
        if self._depth == 1:
            self._items.append(_TopItem(line))

    def _add(self, block: Block) -> None:
        if not self._items:
            self._items.append(_TopItem(block.line))
        item = self._items[-1]
        indent = "  " * min(self._depth - 1, _MAX_INDENT)
        first = f"{indent}{self._mark} " if self._mark else f"{indent}  "
        if not item.texts:
            item.line, item.bold = block.line, block.bold
        item.texts.append(first + block.text.replace("\n", f"\n{indent}  "))
        self._mark = ""


def _block(item: _TopItem) -> Block:
    text = "\n".join(item.texts).strip("\n\t ")
    return Block(text, item.line, bold=item.bold)


def _joined(items: Sequence[Block]) -> Iterator[Block]:
    """Yield paragraphs of items; each by itself where all begin with a question in bold."""
    if items and all(item.bold.rstrip().endswith(("?", "？")) for item in items):
        yield from (_without_mark(item) for item in items)
        return
    group: Block | None = None
    for item in items:
        if group is not None and _fits(group, item):
            group = replace(group, text=f"{group.text}\n{item.text}")
        else:
            if group is not None:
                yield group
            group = replace(item, bold="")
    if group is not None:
        yield group


def _without_mark(item: Block) -> Block:
    found = items_of(item.text)
    return replace(item, text=item.text[found[0].words.start :]) if found else item


def _fits(group: Block, item: Block) -> bool:
    size = len(group.text) + 1 + len(item.text)
    last = group.text[items_of(group.text)[-1].span.start :] if items_of(group.text) else ""
    return size <= _MAX_LIST and max(len(last), len(item.text)) <= _MAX_ITEM


def with_lists_joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks; a list is one paragraph with the words before it that introduce it: those that
    end in a colon."""
    held: Block | None = None
    for block in blocks:
        is_list = not block.is_heading and _begins_list(block.text)
        if held is not None and is_list and _introduces(held) and _fits_below(held, block):
            held = replace(held, text=f"{held.text}\n{block.text}")
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held


def _begins_list(text: str) -> bool:
    items = items_of(text)
    return bool(items) and items[0].span.start == 0


def _introduces(block: Block) -> bool:
    return not block.is_heading and block.text.rstrip().endswith((":", "："))


def _fits_below(held: Block, block: Block) -> bool:
    return len(held.text) <= _MAX_INTRODUCTION and len(held.text) + len(block.text) <= 2 * _MAX_LIST
