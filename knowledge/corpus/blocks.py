"""Text formats to headings and paragraphs, with the lines that they start on."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token as MarkdownToken

from knowledge.corpus.block import Block
from knowledge.corpus.lists import ListBuilder
from knowledge.corpus.markup import (
    alternative,
    ended_elements,
    html_text,
    is_break,
    is_tag,
    named,
)
from knowledge.corpus.scripts import ScriptedText, without_hints
from knowledge.corpus.tables import TableBuilder
from knowledge.model.errors import ArticleError

__all__ = ["MAX_HEADING_CHARACTERS", "MAX_NESTING", "Block", "markdown_blocks", "plain_blocks"]

MAX_NESTING = 200
"""Quotations inside each other; a list counts for two. What is deeper is an error: markdown-it
drops it, and all that comes after."""

MAX_HEADING_CHARACTERS = 500
"""A longer heading is a paragraph that a line of hyphens stands below."""

_INLINE_NESTING = 20
"""Brackets inside each other: further ones are text."""

_LISTS = ("bullet_list_open", "ordered_list_open", "bullet_list_close", "ordered_list_close")
_CONTAINERS = ("blockquote_open", "list_item_open")
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_QUOTE_MARKS = re.compile(r"^[\s>]*")
_TARGET = re.compile(
    r"""
    \[ [^^\]\n] [^\]\n]{0,998} \]: \s*
    (?: <[^<>\n]*> | [a-zA-Z][\w+.-]*://\S | /\S* | \#\S* | \.\.?/ | www\.\S
      | (?:mailto|tel|sms|data|urn|doi|xmpp|magnet|news|geo|javascript|about|file):\S
      | [^\s?\#]*\w\.[a-z][a-z0-9]{1,9} (?=[\s/?\#:]|$) )
    """,
    re.VERBOSE,
)
"""The definition of where a link leads, and no footnote or remark: what follows is an address.

“yes/no”, “x:y” and “…” are words."""

_MAX_DEFINITION = 4_000


def plain_blocks(text: str, first_line: int) -> list[Block]:
    """Return the paragraphs of plain text, from ``first_line`` on: blank lines part them."""
    text = without_hints(text.replace("\r\n", "\n").replace("\x00", "\ufffd"))
    blocks: list[Block] = []
    position = 0
    for gap in (*_BLANK_LINES.finditer(text), None):
        end = len(text) if gap is None else gap.start()
        block = text[position:end].strip("\n\t ")
        if block.strip():
            blocks.append(Block(block, first_line + text.count("\n", 0, position)))
        position = end if gap is None else gap.end()
    return blocks


def markdown_blocks(body: str, offset: int) -> Iterator[Block]:
    """Yield headings and paragraphs of Markdown as plain text; ``offset`` lines stand before it.

    Quotes, code and the text of HTML are paragraphs, and so is a heading that is longer than
    headings are. The items of a list are lines of one paragraph, with their marks and numbers. A
    row of a table is a paragraph: its cells, each after the head of its column, between bars. Left
    out are where links lead, comments and tags.

    Raises ArticleError, with the line, for what cannot be read whole.
    """
    for block in _blocks(body, offset):
        if block.is_heading and len(block.text) > MAX_HEADING_CHARACTERS:
            yield Block(block.text, block.line)
        elif block.text.strip():
            yield block


def _blocks(body: str, offset: int) -> Iterator[Block]:
    lines, ended = body.split("\n"), ended_elements(body)
    items, table = ListBuilder(), TableBuilder()
    level = 0
    for token in _parser().parse(body):
        line = offset + (token.map[0] if token.map else 0) + 1
        _require_whole(token, line)
        if token.type in _LISTS:
            yield from items.turn(token.nesting)
        elif token.type == "list_item_open":
            items.begin_item(token.info + token.markup, line)
        elif token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1:]) if token.nesting > 0 else 0
        elif token.type in ("tr_open", "table_close") or table.in_row:
            source = lines[table.line - offset - 1] if table.in_row else ""
            for row in _rows(table, token, line, source, ended):
                yield from items.block(row)
        elif (text := _text(token, ended, line)) is not None:
            bold = _leading_bold(token.children or [])
            yield from items.block(Block(text, line, level, bold))


def _rows(
    table: TableBuilder, token: MarkdownToken, line: int, source: str, ended: Container[str]
) -> Iterator[Block]:
    """Yield the rows of a table at its end; ``source``: the line that the row in hand stands on."""
    match token.type:
        case "tr_open":
            table.begin_row(line)
        case "inline":
            table.add_cell(_words(token, ended))
        case "tr_close":
            beyond = _cells_beyond(source, len(table.row), ended) if table.has_head else ()
            table.end_row(beyond)
        case "table_close":
            yield from table.rows()
        case _:
            pass


def _text(token: MarkdownToken, ended: Container[str], line: int) -> str | None:
    """Return the text that a token stands for by itself, ``None`` for none."""
    match token.type:
        case "inline":
            return _words(token, ended)
        case "html_block":
            return _html(token, ended, line)
        case "fence" | "code_block":
            return _code(token)
        case _:
            return None


def _words(token: MarkdownToken, ended: Container[str]) -> str:
    return _inline_text(token.children or [], ended).strip("\n\t ")


def _require_whole(token: MarkdownToken, line: int) -> None:
    if token.type in _CONTAINERS and token.level >= MAX_NESTING - 1:
        raise ArticleError(
            f"has more than {MAX_NESTING // 2} lists, or {MAX_NESTING} quotations, inside each "
            "other. Nest them less.",
            line=line,
        )


def _html(token: MarkdownToken, ended: Container[str], line: int) -> str:
    try:
        return html_text(token.content, ended)
    except ValueError as error:
        raise ArticleError(str(error), line=line) from None


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    parser.block.ruler.at("reference", _reference)
    parser.core.ruler.before("inline", "inline_nesting", _limit_inline)
    return parser


def _limit_inline(state: StateCore) -> None:
    state.md.options["maxNesting"] = _INLINE_NESTING


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - theirs
    """Let definitions of links be none of the text, and footnotes and remarks be paragraphs."""
    at = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("[", at):
        return False
    is_target = _TARGET.match(state.src[at : at + _MAX_DEFINITION]) is not None
    return is_target and reference(state, start, end, silent)


def _cells_beyond(row: str, known: int, ended: Container[str]) -> list[str]:
    """Return the cells of a table's row beyond those that its head has; GFM leaves them out."""
    cells = escapedSplit(_QUOTE_MARKS.sub("", row).strip())
    cells = cells[not cells[0] :]
    if cells and not cells[-1]:
        cells.pop()
    parser = MarkdownIt("commonmark")
    return [
        _words(token, ended) for cell in cells[known:] for token in parser.parseInline(cell.strip())
    ]


def _leading_bold(children: Sequence[MarkdownToken]) -> str:
    """Return the words in bold that a paragraph begins with."""
    words, depth = "", 0
    for child in children:
        depth += child.nesting * (child.type.startswith("strong"))
        if not depth and (child.content or child.type.startswith("strong")):
            break
        words += child.content if child.type in ("text", "code_inline") else ""
    return words.strip()


def _code(token: MarkdownToken) -> str:
    """Return code, with the words behind its fence that name no language."""
    words = token.info.strip()
    is_text = len(words.split()) > 1 and not set(words) & set("={}")
    return "\n".join([words] * is_text + [token.content.strip("\n")])


def _inline_text(children: Sequence[MarkdownToken], ended: Container[str]) -> str:
    text = ScriptedText()
    for child in children:
        if child.type in ("text", "code_inline", "image"):
            text.add(child.content)
        elif child.type == "softbreak":
            text.add(" ")
        elif child.type == "hardbreak":
            text.add("\n")
        elif child.type == "html_inline":
            _add_inline_html(text, child.content, ended)
    return text.text()


def _add_inline_html(text: ScriptedText, html: str, ended: Container[str]) -> None:
    if html.startswith("<![CDATA["):
        text.add(html.removeprefix("<![CDATA[").removesuffix("]]>"))
    elif not is_tag(html, ended):
        text.add(html.replace("\n", " "))
    elif is_break(html):
        text.add("\n")
    else:
        name, is_end = named(html)
        text.tag(name, is_end=is_end)
        text.add(alternative(html))
