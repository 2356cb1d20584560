"""The articles in a ``.zip``: what may be read of it, counted byte by byte.

Nothing of an archive is written anywhere by the name that it has there, and nothing that it says of
its own sizes is believed.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from knowledge.corpus import golden_questions
from knowledge.corpus.conversion.converting import SUFFIXES
from knowledge.corpus.conversion.draft import ConversionRefused, Refusal
from knowledge.corpus.conversion.limits import (
    MAX_ARCHIVE_FILES,
    MAX_BESIDE_BYTES,
    MAX_FILE_BYTES,
    MAX_UNPACKED_BYTES,
)
from knowledge.facts import curated

__all__ = ["FACTS", "QUESTIONS", "Archive", "Entry"]

FACTS, QUESTIONS = curated.SUFFIX, golden_questions.SUFFIX
_DRIVE = re.compile("[A-Za-z]:")
_NESTED = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others unpack without a bound of what is unpacked at once."""

_ENCRYPTED = 0x1
_CHUNK = 64 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in an archive with what is kept beside it, or a file that is none."""

    name: str
    info: zipfile.ZipInfo
    refusal: Refusal | None = None
    facts: zipfile.ZipInfo | None = None
    questions: zipfile.ZipInfo | None = None


class Archive:
    """A ``.zip``. Raises ConversionRefused where it is none, or has more than is taken."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise ConversionRefused(Refusal.DAMAGED) from error
        infos = [one for one in self._zip.infolist() if _counts(one)]
        if len(infos) > MAX_ARCHIVE_FILES:
            raise ConversionRefused(Refusal.TOO_MANY)
        self.entries = _entries(infos)
        self._require_bounded(infos)
        if not self.entries:
            raise ConversionRefused(Refusal.EMPTY)

    def _require_bounded(self, infos: Sequence[zipfile.ZipInfo]) -> None:
        """Unpack everything that will be read, and let go of it again: what is too much shows."""
        room = MAX_UNPACKED_BYTES
        for info in infos:
            if _refusal(info) is not None:
                continue
            try:
                for chunk in self._chunks(info):
                    room -= len(chunk)
                    if room < 0:
                        raise ConversionRefused(Refusal.TOO_LARGE)
            except _BROKEN:
                continue  # it is told when it is read

    def _chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        with self._zip.open(info) as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    def read(self, info: zipfile.ZipInfo) -> bytes:
        """Return the bytes of a file. Raises ConversionRefused."""
        is_beside = _beside(info.filename) is not None
        most = left = MAX_BESIDE_BYTES if is_beside else MAX_FILE_BYTES
        parts: list[bytes] = []
        try:
            for chunk in self._chunks(info):
                parts.append(chunk)
                left -= len(chunk)
                if left < 0:
                    raise ConversionRefused(Refusal.LARGE, str(most))
        except _BROKEN as error:
            raise ConversionRefused(Refusal.DAMAGED) from error
        return b"".join(parts)


def _counts(info: zipfile.ZipInfo) -> bool:
    """Whether it is a file that somebody put there: macOS adds some of its own."""
    parts = PurePosixPath(info.filename).parts
    return not info.is_dir() and "__MACOSX" not in parts[:1] and parts[-1:] != (".DS_Store",)


def _entries(infos: Sequence[zipfile.ZipInfo]) -> tuple[Entry, ...]:
    """Return the articles with what is beside each, and all else with the reason against it."""
    beside: dict[str, zipfile.ZipInfo] = {}
    articles: list[tuple[zipfile.ZipInfo, str]] = []
    others: list[Entry] = []
    for info in infos:
        refusal = _refusal(info)
        kept = _beside(info.filename)
        if refusal is not None:
            others.append(Entry(info.filename, info, refusal))
        elif kept is not None:
            name = f"{PurePosixPath(info.filename[: -len(kept)])}{kept}"
            if beside.setdefault(name, info) is not info:
                others.append(Entry(info.filename, info, Refusal.ORPHAN))
        else:
            articles.append((info, str(PurePosixPath(info.filename).with_suffix(""))))
    entries = [
        Entry(
            info.filename,
            info,
            facts=beside.pop(f"{stem}{FACTS}", None),
            questions=beside.pop(f"{stem}{QUESTIONS}", None),
        )
        for info, stem in articles
    ]
    orphans = [Entry(info.filename, info, Refusal.ORPHAN) for info in beside.values()]
    return (*entries, *others, *orphans)


def _beside(name: str) -> str | None:
    """Return the ending of a file that keeps something about the article beside it."""
    return next((one for one in (FACTS, QUESTIONS) if name.lower().endswith(one)), None)


def _refusal(info: zipfile.ZipInfo) -> Refusal | None:
    """Return why a file is not read, whatever is in it."""
    name = info.filename
    path = PurePosixPath(name)
    if "\\" in name or _DRIVE.match(name) or path.is_absolute() or ".." in path.parts:
        return Refusal.PATH
    if stat.S_ISLNK(info.external_attr >> 16):
        return Refusal.LINK
    if info.flag_bits & _ENCRYPTED:
        return Refusal.LOCKED
    if info.compress_type not in _METHODS:
        return Refusal.DAMAGED
    if any(part.startswith(".") for part in path.parts):
        return Refusal.HIDDEN
    suffix = path.suffix.lower()
    if suffix in _NESTED:
        return Refusal.NESTED
    if suffix not in SUFFIXES and _beside(name) is None:
        return Refusal.KIND
    return None
