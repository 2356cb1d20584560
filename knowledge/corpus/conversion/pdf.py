"""The text of a PDF: paragraphs and headings by where and how large they stand on its pages."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFPasswordIncorrect

from knowledge.corpus.conversion.draft import ConversionRefused, Draft, Passage, Refusal, as_title
from knowledge.corpus.conversion.pdf_lines import Table, tables_of, text_of

__all__ = ["MAX_PAGES", "read_pdf"]

MAX_PAGES = 300

_HEADING_SIZE = 1.15
"""How many times as large as the body's letters a heading's are at least."""

_MAX_HEADING = 200
_EDGE = 0.1
"""The part of a page's height, at its top and its bottom, that has running titles."""

_INDENT = 0.8
"""Of a letter's size: what a first line stands in at least."""

_SENTENCE_END = re.compile(r"[.!?…:;»”\"')\]]\s*$")
_UNKNOWN = re.compile(r"\(cid:\d+\)")
_SHARE_UNKNOWN = 0.1


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph, a heading or a part of one on a page; ``size`` of its letters in points.

    A table has ``rows``.
    """

    text: str
    size: float
    page: int
    is_at_edge: bool
    rows: tuple[tuple[str, ...], ...] = ()


def read_pdf(data: bytes) -> Draft:
    """Return the text of a PDF in reading order. Raises ConversionRefused."""
    pieces: list[_Piece] = []
    pages = 0
    try:
        # One page more than is taken, to know whether there is one.
        for page in extract_pages(io.BytesIO(data), maxpages=MAX_PAGES + 1, laparams=LAParams()):
            pages += 1
            pieces += _pieces(page, pages)
    except PDFPasswordIncorrect:
        raise ConversionRefused(Refusal.ENCRYPTED) from None
    except MemoryError:
        raise
    except Exception as error:  # whatever a parser raises on what is no PDF
        raise ConversionRefused(Refusal.DAMAGED) from error
    letters = sum(len(piece.text) for piece in pieces)
    if not pages:
        raise ConversionRefused(Refusal.DAMAGED)
    if pages > MAX_PAGES:
        raise ConversionRefused(Refusal.TOO_LONG)
    unknown = sum(map(len, (found for p in pieces for found in _UNKNOWN.findall(p.text))))
    if not letters or unknown > _SHARE_UNKNOWN * letters:
        raise ConversionRefused(Refusal.SCANNED)
    return _draft(_without_running_titles(pieces, pages))


def _pieces(page: LTPage, number: int) -> Iterator[_Piece]:
    boxes = [box for box in page if isinstance(box, LTTextBox)]
    low, high = page.y0 + _EDGE * page.height, page.y1 - _EDGE * page.height
    table_of = {
        id(line): table
        for table in tables_of([line for box in boxes for line in box if line.get_text().strip()])
        for line in table.lines
    }
    told: list[Table] = []
    for box in boxes:
        is_at_edge = box.y1 < low or box.y0 > high
        for line in box:
            table = table_of.get(id(line))
            if table is not None and table not in told:
                told.append(table)
                text = " ".join(" ".join(row) for row in table.rows)
                yield _Piece(text, _size(table.lines), number, is_at_edge=False, rows=table.rows)
        for lines in _paragraphs([line for line in box if id(line) not in table_of]):
            text = _joined([text_of(line) for line in lines])
            if text:
                yield _Piece(text, _size(lines), number, is_at_edge)


def _size(lines: Sequence[LTTextLine]) -> float:
    sizes = [char.size for line in lines for char in line if isinstance(char, LTChar)]
    return round(median(sizes), 1) if sizes else 0.0


def _paragraphs(lines: Sequence[LTTextLine]) -> Iterator[list[LTTextLine]]:
    """Part the lines of a box where the letters' size changes or a first line stands in."""
    margin = min((line.x0 for line in lines), default=0.0)
    current: list[LTTextLine] = []
    for line in lines:
        if current:
            size, before = _size([line]), _size(current)
            is_larger = abs(size - before) > (_HEADING_SIZE - 1) * min(size, before)
            stands_in = line.x0 - margin > _INDENT * size and current[-1].x0 - margin < size / 4
            ends = _SENTENCE_END.search(text_of(current[-1])) is not None
            if is_larger or (stands_in and ends):
                yield current
                current = []
        current.append(line)
    if current:
        yield current


def _joined(lines: Sequence[str]) -> str:
    """Join the lines of a paragraph, and words that were parted at a line's end."""
    text = ""
    for line in (" ".join(line.split()) for line in lines):
        if not line:
            continue
        if not text:
            text = line
        elif text.endswith("\u00ad") or (re.search(r"[^\W\d_]-$", text) and line[0].islower()):
            text = text[:-1] + line
        else:
            text = f"{text} {line}"
    return _UNKNOWN.sub("\ufffd", text)


def _without_running_titles(pieces: Sequence[_Piece], pages: int) -> list[_Piece]:
    """Leave out page numbers, and what most pages have at their top or bottom."""
    edges = Counter(_pattern(piece) for piece in pieces if piece.is_at_edge)
    often = max(3, pages / 2)
    return [
        piece
        for piece in pieces
        if not piece.is_at_edge
        or not (
            re.fullmatch(r"\W*\d+(?:\W+\d+)?\W*", piece.text) or edges[_pattern(piece)] >= often
        )
    ]


def _pattern(piece: _Piece) -> str:
    return re.sub(r"\d+", "#", piece.text)


def _draft(pieces: Sequence[_Piece]) -> Draft:
    weights: Counter[float] = Counter()
    for piece in pieces:
        weights[piece.size] += len(piece.text)
    if not weights:
        raise ConversionRefused(Refusal.EMPTY)
    body = weights.most_common(1)[0][0]
    headings = [
        piece
        for piece in pieces
        if piece.size >= _HEADING_SIZE * body and len(piece.text) <= _MAX_HEADING and not piece.rows
    ]
    on_top = [piece for piece in headings if piece.page == 1]
    title = max(on_top, key=lambda piece: piece.size, default=None)
    passages: list[Passage] = []
    page = 1
    for piece in pieces:
        if piece is title:
            continue
        is_heading = piece in headings
        if piece.rows:
            passages.append(Passage(piece.text, rows=piece.rows))
        elif passages and piece.page != page and not is_heading and _goes_on(passages[-1], piece):
            passages[-1] = Passage(_joined([passages[-1].text, piece.text]))
        else:
            passages.append(Passage(piece.text, is_heading))
        page = piece.page
    return Draft(None if title is None else as_title(title.text), tuple(passages))


def _goes_on(before: Passage, piece: _Piece) -> bool:
    """Whether a page begins in the middle of a paragraph."""
    is_open = (
        not before.is_heading and not before.rows and _SENTENCE_END.search(before.text) is None
    )
    return is_open and piece.text[0].islower()
