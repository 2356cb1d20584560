"""Text formats to headings and paragraphs, with the lines that they start on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token as MarkdownToken

__all__ = ["Block", "markdown_blocks", "plain_blocks"]

_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph, and the line of the file that it starts on."""

    text: str
    is_heading: bool
    line: int


def plain_blocks(text: str, first_line: int) -> list[Block]:
    """Return the paragraphs of plain text, from ``first_line`` on: blank lines part them."""
    text = text.replace("\r\n", "\n").replace("\x00", "\ufffd").removeprefix("\ufeff")
    blocks: list[Block] = []
    position = 0
    for gap in (*_BLANK_LINES.finditer(text), None):
        end = len(text) if gap is None else gap.start()
        block = text[position:end].strip("\n\t ")
        if block.strip():
            blocks.append(
                Block(block, is_heading=False, line=first_line + text.count("\n", 0, position))
            )
        position = end if gap is None else gap.end()
    return blocks


def markdown_blocks(body: str, offset: int) -> Iterator[Block]:
    """Yield headings and paragraphs of Markdown as plain text; ``offset`` lines stand before it.

    List items, quotes, code and the text of HTML are paragraphs; so is each row of a table, its
    cells joined by " | ".
    """
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    cells: list[str] | None = None
    for previous, token in zip([None, *tokens], tokens, strict=False):
        line = offset + (token.map[0] if token.map else 0) + 1
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            if any(cell.strip() for cell in cells):
                yield Block(" | ".join(cells), is_heading=False, line=line)
            cells = None
        elif token.type == "inline" and cells is not None:
            cells.append(_inline_text(token.children or []).strip("\n\t "))
        elif token.type == "html_block" and (text := _html_text(token.content)):
            yield Block(text, is_heading=False, line=line)
        elif token.type == "inline":
            text = _inline_text(token.children or []).strip("\n\t ")
            is_heading = previous is not None and previous.type == "heading_open"
            if text:
                yield Block(text, is_heading, line)
        elif token.type in ("fence", "code_block") and token.content.strip():
            yield Block(token.content.strip("\n"), is_heading=False, line=line)


def _inline_text(children: Sequence[MarkdownToken]) -> str:
    parts: list[str] = []
    for child in children:
        if child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak" or (
            child.type == "html_inline" and child.content.lower().startswith("<br")
        ):
            parts.append("\n")
    return "".join(parts)


_INSIDE_A_WORD = frozenset("a abbr b bdi code em i mark q s small span strong sub sup u".split())


class _HtmlText(HTMLParser):
    """Collects the text of HTML, without comments, scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin to be silent in what is not shown."""
        del attrs
        self._silent += tag in ("script", "style")
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        """End being silent."""
        self._silent = max(0, self._silent - (tag in ("script", "style")))
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag not in _INSIDE_A_WORD:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        """Keep what is shown."""
        if not self._silent:
            self.parts.append(data)


def _html_text(html: str) -> str:
    parser = _HtmlText()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.parts).split())
