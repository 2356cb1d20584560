"""``python -m bot.services.drawing``: draws sheets from standard input to standard output, until
it ends.

Both have messages: their length in four bytes, the highest first, then as many bytes. A sheet is
what ``drawings.to_message`` writes, its picture PNG; one that cannot be drawn is answered with no
bytes. Ends by itself where nothing is wanted for ``IDLE_SECONDS``, or whoever started it has ended.
"""

from __future__ import annotations

import contextlib
import os
import select
import struct
import sys
from typing import BinaryIO

from bot.services.drawing.drawings import draw

__all__ = ["IDLE_SECONDS", "main"]

IDLE_SECONDS = 120.0

_MEMORY_BYTES = 1024**3
_NICE = 10


def _be_modest() -> None:
    """Give way to the bot, and take a limited amount of memory, where the system can do that."""
    with contextlib.suppress(AttributeError, OSError):  # Windows
        os.nice(_NICE)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = _MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(_MEMORY_BYTES, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _is_idle(wanted: BinaryIO) -> bool:
    if sys.platform == "win32":  # which waits for no pipe
        return False
    return not select.select([wanted], [], [], IDLE_SECONDS)[0]


def _drawn(sheet: bytes) -> bytes:
    try:
        return draw(sheet)
    except Exception:  # noqa: BLE001 - whatever a plotting library raises
        return b""


def main() -> None:
    """Draw what is wanted."""
    _be_modest()
    # Unbuffered, so that nothing is read ahead of what is waited for.
    wanted, made = os.fdopen(0, "rb", buffering=0), os.fdopen(1, "wb")
    while not _is_idle(wanted):
        head = wanted.read(4)
        if len(head) < 4:
            return
        (length,) = struct.unpack(">I", head)
        sheet = b""
        while len(sheet) < length:
            if not (more := wanted.read(length - len(sheet))):
                return
            sheet += more
        picture = _drawn(sheet)
        made.write(struct.pack(">I", len(picture)) + picture)
        made.flush()


if __name__ == "__main__":
    main()
