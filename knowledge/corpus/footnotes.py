"""Footnotes of Markdown, put where they are found: below the paragraph that points to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from knowledge.corpus.blocks import Block

__all__ = ["MAX_FOOTNOTE", "with_footnotes"]

MAX_FOOTNOTE = 600
"""Characters of a footnote; a longer one is a paragraph of its own."""

_MAX_BESIDE = 3_000
"""Characters that all footnotes of a paragraph take."""

_MARK = re.compile(r"\[\^([^\]\s]{1,100})\]")
_DEFINED = re.compile(rf"(?:\A|(?<=\s)){_MARK.pattern}:(?=\s)")


def with_footnotes(blocks: Iterable[Block]) -> list[Block]:
    """Return blocks with each footnote as a last line of the first paragraph that has its mark.

    A question finds either by the other, and they are quoted together. A footnote that nothing
    points to, or that is long, stays where it is.
    """
    split = [part for block in blocks for part in _parted(block)]
    defined = {label: block for block in split if (label := _label(block)) is not None}
    taken: set[int] = set()
    out: list[Block] = []
    for block in split:
        text, room = block.text, _MAX_BESIDE
        if not block.is_heading and _label(block) is None:
            for mark in dict.fromkeys(_MARK.findall(block.text)):
                note = defined.get(mark)
                if note is None or id(note) in taken or len(note.text) > min(MAX_FOOTNOTE, room):
                    continue
                taken.add(id(note))
                room -= len(note.text)
                text = f"{text}\n{note.text}"
        out.append(block if text == block.text else replace(block, text=text))
    return [block for block in out if id(block) not in taken]


def _label(block: Block) -> str | None:
    found = None if block.is_heading else _DEFINED.match(block.text)
    return None if found is None else found[1]


def _parted(block: Block) -> list[Block]:
    """Part footnotes that stand below each other without a blank line."""
    if _label(block) is None:
        return [block]
    starts = [found.start() for found in _DEFINED.finditer(block.text)]
    ends = [*starts[1:], len(block.text)]
    return [
        replace(block, text=block.text[start:end].strip())
        for start, end in zip(starts, ends, strict=True)
    ]
