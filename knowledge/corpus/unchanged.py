"""Articles whose bytes are those of an earlier reading, so that they need not be parsed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from knowledge.corpus import golden_questions as golden
from knowledge.facts import curated
from knowledge.model.notes import ArticleNote, Reading

__all__ = [
    "NOTHING_KNOWN",
    "Known",
    "Unchanged",
    "file_fingerprint",
    "line_fingerprint",
    "notes_of",
]

_SIZE = 16
_BESIDE = {curated.SUFFIX: curated.MAX_FILE_BYTES, golden.SUFFIX: golden.MAX_FILE_BYTES}


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An article that was read before from the same bytes, if maybe elsewhere."""

    slug: str
    reading: Reading


Known = Mapping[bytes, Unchanged]
"""What was read before, by its fingerprint."""

NOTHING_KNOWN: Known = MappingProxyType({})


def line_fingerprint(raw: bytes) -> bytes:
    """Return the fingerprint of a line of ``.jsonl``."""
    return hashlib.sha256(b"line\0" + raw.strip()).digest()[:_SIZE]


def file_fingerprint(slug: str, path: Path, data: bytes) -> bytes | None:
    """Return the fingerprint of an article's file with these bytes, and of what is kept beside it;
    ``None`` where that cannot be read."""
    digest = hashlib.sha256()
    parts = [slug.encode(), path.suffix.lower().encode(), data]
    name = str(path).removesuffix(path.suffix)
    for suffix, most in _BESIDE.items():
        beside = f"{name}{suffix}"
        try:
            if not os.path.lexists(beside):
                parts.append(b"")
                continue
            status = (file := Path(beside)).stat()
            if not stat.S_ISREG(status.st_mode) or status.st_size > most:
                return None
            parts.append(b"+" + file.read_bytes())
        except OSError:
            return None
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()[:_SIZE]


def notes_of(reading: Reading, path: Path, line: int | None) -> Iterator[ArticleNote]:
    """Yield what was remarked at a reading, of an article that is at ``path`` now, in ``line`` of
    it where there are several."""
    for suffix, remark in reading.remarks:
        place = path.with_name(f"{path.stem}{suffix}") if suffix else path
        yield ArticleNote(remark.kind, place, line or remark.line, remark.message)
