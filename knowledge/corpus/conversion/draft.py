"""What is read from a file before it is an article, and why nothing is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import yaml

__all__ = [
    "MAX_CHARACTERS",
    "MAX_TITLE",
    "ConversionRefused",
    "Draft",
    "Passage",
    "Refusal",
    "as_markdown",
    "as_title",
    "words_of",
]

MAX_CHARACTERS = 1_000_000
"""Characters of an article that is converted."""

MAX_TITLE = 300

_SPECIAL = re.compile(r"[\\`*_\[\]<&|]")
_LINE_START = re.compile(r"^(?:([#>+=~-])|(\d{1,9})([.)]))", re.MULTILINE)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff\u00ad]")


class Refusal(StrEnum):
    """Why a file gives no article."""

    KIND = "kind"
    """It is of no kind that is known."""
    MISSING_EXTRA = "missing_extra"
    """The extra “convert” is not installed."""
    DAMAGED = "damaged"
    """It is not what its name says, or broken."""
    ENCRYPTED = "encrypted"
    """It opens with a password only."""
    SCANNED = "scanned"
    """Its pages are pictures of text."""
    EMPTY = "empty"
    """It has no text."""
    ENCODING = "encoding"
    """It is no text in a known encoding."""
    TOO_LONG = "too_long"
    """It has more text or pages than are taken."""
    TOO_SLOW = "too_slow"
    """Reading it takes too much time or memory."""
    INVALID = "invalid"
    """It cannot be an article; ``detail`` says why, a line each where it is for several reasons."""
    LARGE = "large"
    """It has more bytes than are taken: ``detail`` says how many."""
    TOO_MANY = "too_many"
    """An archive has more files than are taken."""
    TOO_LARGE = "too_large"
    """The files of an archive have more bytes together than are taken."""
    NESTED = "nested"
    """It is an archive inside an archive."""
    LINK = "link"
    """A file in an archive is a link to another one."""
    PATH = "path"
    """The name of a file in an archive leads out of it."""
    LOCKED = "locked"
    """A file in an archive opens with a password only."""
    HIDDEN = "hidden"
    """A file in an archive is hidden."""
    ORPHAN = "orphan"
    """Facts or questions, and no article beside them."""


class ConversionRefused(Exception):
    """A file gives no article: ``reason``, and ``detail`` in the engine's words where there is."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading, a paragraph, or a table: the cells of its ``rows``, the first its headers."""

    text: str
    is_heading: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file says: ``title`` where it has one."""

    title: str | None
    passages: tuple[Passage, ...]


def as_title(text: str) -> str:
    """Return text on one line, no longer than a title may be."""
    line = " ".join(_UNSEEN.sub(" ", text).split())
    return line if len(line) <= MAX_TITLE else f"{line[: MAX_TITLE - 1].rstrip()}…"


def words_of(paragraphs: Iterable[str]) -> str:
    """Return a digest of an article's paragraphs: the same where they say the same, word for word.

    White space, titles and headings do not count.
    """
    words = "\0".join(" ".join(text.split()) for text in paragraphs)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def as_markdown(title: str, passages: Sequence[Passage]) -> str:
    """Return an article file that reads as these headings and paragraphs, character by character.

    But for white space at the ends of lines and signs that cannot be seen.
    """
    front = yaml.safe_dump({"title": as_title(title)}, allow_unicode=True, width=10_000)
    body = [_written(passage) for passage in passages]
    return "\n\n".join([f"---\n{front}---", *(text for text in body if text)]) + "\n"


def _written(passage: Passage) -> str:
    if passage.rows:
        rows = [" | ".join(map(_cell, row)) for row in passage.rows]
        rule = " | ".join("---" for _ in passage.rows[0])
        return "\n".join(f"| {row} |" for row in (rows[0], rule, *rows[1:]))
    lines = [_UNSEEN.sub("", line).strip() for line in passage.text.split("\n")]
    lines = [line for line in lines if line]
    if passage.is_heading:
        heading = _escaped(" ".join(lines))
        # A trailing “#” would close the heading.
        return f"## {heading.removesuffix('#')}\\#" if heading.endswith("#") else f"## {heading}"
    return "\\\n".join(map(_escaped, lines))


def _cell(text: str) -> str:
    return _escaped(" ".join(_UNSEEN.sub("", text).split()))


def _escaped(line: str) -> str:
    escaped = _SPECIAL.sub(r"\\\g<0>", line)
    return _LINE_START.sub(
        lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped
    )
