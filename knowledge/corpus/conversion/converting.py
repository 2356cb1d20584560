"""A file's bytes to a Markdown article, by the ending of its name."""

from __future__ import annotations

import importlib.util
import re
from pathlib import PurePath

import yaml

from knowledge.corpus.blocks import markdown_blocks, plain_blocks
from knowledge.corpus.conversion.draft import (
    MAX_CHARACTERS,
    MAX_TITLE,
    ConversionRefused,
    Draft,
    Passage,
    Refusal,
    as_markdown,
    as_title,
)
from knowledge.corpus.front_matter import front_matter
from knowledge.model.errors import ArticleError

__all__ = ["EXTRA_SUFFIXES", "SUFFIXES", "convert"]

EXTRA_SUFFIXES = (".html", ".htm", ".pdf")
_MARKDOWN = (".md", ".markdown")
SUFFIXES = (*_MARKDOWN, ".txt", *EXTRA_SUFFIXES)
_NEEDED = {".pdf": ("pdfminer",), ".html": ("bs4", "markdownify"), ".htm": ("bs4", "markdownify")}
_UNTEXTUAL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def convert(name: str, data: bytes, title: str | None = None) -> str:
    """Return the article in a file as Markdown with front matter.

    ``title`` wins over the file's own; where there is neither it is made from the file's ``name``.
    Raises ConversionRefused.
    """
    path = PurePath(name)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ConversionRefused(Refusal.KIND)
    if any(importlib.util.find_spec(one) is None for one in _NEEDED.get(suffix, ())):
        raise ConversionRefused(Refusal.MISSING_EXTRA)
    if not data.strip():
        raise ConversionRefused(Refusal.EMPTY)
    fallback = as_title(re.sub(r"[_-]+", " ", path.stem)) or "?"
    if suffix in (*_MARKDOWN, ".html", ".htm"):
        text = _decoded(data) if suffix in _MARKDOWN else _from_html(data)
        return _bounded(_titled(text, title, fallback))
    draft = _plain(_decoded(data)) if suffix == ".txt" else _from_pdf(data)
    if not any(passage.text.strip() for passage in draft.passages if not passage.is_heading):
        raise ConversionRefused(Refusal.EMPTY)
    return _bounded(as_markdown(title or draft.title or fallback, draft.passages))


def _bounded(text: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise ConversionRefused(Refusal.TOO_LONG)
    return text


def _decoded(data: bytes) -> str:
    """Return text: UTF-8, UTF-16 with its mark, else what Windows calls Western European."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _UNTEXTUAL.search(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise ConversionRefused(Refusal.ENCODING)


def _plain(text: str) -> Draft:
    """Read plain text: a first block of one short line that others follow is the title."""
    blocks = plain_blocks(text, first_line=1)
    passages = tuple(Passage(block.text) for block in blocks)
    if len(blocks) > 1 and "\n" not in blocks[0].text and len(blocks[0].text) <= MAX_TITLE:
        return Draft(as_title(blocks[0].text), passages[1:])
    return Draft(None, passages)


def _titled(text: str, title: str | None, fallback: str) -> str:
    """Return Markdown that has a title: ``title``, its own or the one to fall back on."""
    try:
        fields, body, _ = front_matter(text)
        first = next(markdown_blocks(body, 0), None)
    except ArticleError:
        return text  # whoever reads it says what is wrong, and where
    own = [field for field in fields if field.key.casefold() == "title"]
    has_title = any(field.text for field in own) or (first is not None and first.is_heading)
    if title is None and has_title:
        return text
    known: dict[str, object] = {"title": as_title(title or fallback)}
    for field in fields:
        if field not in own:
            known[field.key] = field.value if field.text is None else field.text
    front = yaml.safe_dump(known, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{body.strip()}\n"


def _from_html(data: bytes) -> str:
    from knowledge.corpus.conversion.html import read_html

    return read_html(data)


def _from_pdf(data: bytes) -> Draft:
    from knowledge.corpus.conversion.pdf import read_pdf

    return read_pdf(data)
