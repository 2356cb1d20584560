"""Pictures that were drawn, in files that are derived: they can be deleted at any time."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import time
from pathlib import Path

from knowledge import make_directory, narrow

__all__ = ["KEPT_DAYS", "MAX_BYTES", "PictureStore"]

_log = logging.getLogger(__name__)

KEPT_DAYS = 7
"""Days for which a picture is kept: far less than an article that was removed."""

MAX_BYTES = 64_000_000
"""Of all pictures together; the oldest give way."""

_DIGEST = hashlib.sha256().digest_size
_SUFFIX = ".picture"


class PictureStore:
    """Files in a directory of their own, readable by their owner alone. Methods block.

    Each begins with the digest of its picture, so that a damaged one is taken for none. A disk
    that is full or read-only costs the pictures that it does not keep, and nothing else.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def find(self, key: str) -> bytes | None:
        """Return a picture by the digest of what is in it, ``None`` where it is not kept."""
        path = self._path(key)
        try:
            if path.stat().st_mtime < time.time() - KEPT_DAYS * 86_400:
                return None
            kept = path.read_bytes()
        except OSError:
            return None
        digest, picture = kept[:_DIGEST], kept[_DIGEST:]
        return picture if hashlib.sha256(picture).digest() == digest else None

    def keep(self, key: str, picture: bytes) -> None:
        """Keep a picture, whole or not at all."""
        try:
            make_directory(self._directory)
            narrow(self._directory)
            handle, name = tempfile.mkstemp(dir=self._directory)  # for its owner alone
            beside = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(picture).digest() + picture)
                beside.replace(self._path(key))
            except OSError:
                beside.unlink(missing_ok=True)
                raise
        except OSError as error:
            _log.warning("A picture was not kept: %s", error)
        self.tidy()

    def tidy(self) -> None:
        """Delete what is old, the oldest where there is too much, and what was left unfinished."""
        now, room = time.time(), MAX_BYTES
        try:
            found = [(path, path.stat()) for path in self._directory.glob("*")]
        except OSError:  # another process tidies
            return
        for path, known in sorted(found, key=lambda one: -one[1].st_mtime):
            room -= known.st_size
            days = KEPT_DAYS if path.suffix == _SUFFIX else 1 / 24
            if room < 0 or known.st_mtime < now - days * 86_400:
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    _log.warning("An old picture was not deleted: %s", error)

    def _path(self, key: str) -> Path:
        return self._directory / f"{key}{_SUFFIX}"
