"""What a process that reads a stranger's file may take of the machine."""

from __future__ import annotations

import contextlib

__all__ = [
    "MAX_ARCHIVE_FILES",
    "MAX_BESIDE_BYTES",
    "MAX_FILE_BYTES",
    "MAX_UNPACKED_BYTES",
    "MEMORY_BYTES",
    "PROCESSOR_SECONDS",
    "hold_to_limits",
]

MAX_FILE_BYTES = 8_000_000
"""The size of a file that is taken, by itself or in an archive; and of an archive."""

MAX_BESIDE_BYTES = 1_000_000
"""The size of a file of facts or golden questions."""

MAX_ARCHIVE_FILES = 200
MAX_UNPACKED_BYTES = 50_000_000
"""What the files of an archive may have together."""

MEMORY_BYTES = 512 * 1024**2
"""Address space, of which Python and our libraries take some 350 MB before a file is read."""

PROCESSOR_SECONDS = 20
_OUTPUT_BYTES = 64 * 1024**2
_LIFE_SECONDS = 60


def hold_to_limits() -> None:
    """Hold this process to its share, whatever a file makes it do.

    Beyond its memory it gets MemoryError; beyond its processor time, or a minute, the system ends
    it. macOS holds no process to its memory, and Windows to none of these.
    """
    try:
        import resource
        import signal
    except ImportError:  # Windows
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, _OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # a system that does not have this one
            resource.setrlimit(what, (allowed, hard))
    signal.alarm(_LIFE_SECONDS)  # whoever started it may have ended
