"""Standard input and output: results in text and JSON, and streams that are closed."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import BinaryIO, TextIO, cast

from rich.console import Console

__all__ = ["Output", "StreamClosed", "accept_any_text", "discard_output", "print_json", "questions"]


class StreamClosed(OSError):
    """A standard stream was closed before the program began; ``str`` says which."""


def _opened(name: str, stream: TextIO) -> TextIO:
    # Python has None for a stream that was closed already, which its types do not say.
    if cast(TextIO | None, stream) is None:
        raise StreamClosed(f"Standard {name} is closed.")
    return stream


def questions() -> BinaryIO:
    """Return standard input. Raises StreamClosed."""
    return _opened("input", sys.stdin).buffer


def accept_any_text() -> None:
    """Write what a terminal's encoding lacks as escapes (which JSON reads) instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def discard_output() -> None:
    """Let nothing more be written to standard output, not even what is still to be flushed."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


class Output(Console):
    """Standard output, for results. Raises StreamClosed."""

    def __init__(self) -> None:
        _opened("output", sys.stdout)
        super().__init__(highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        """Let ``main`` deal with a reader that has enough; by itself, rich exits with 1."""
        raise BrokenPipeError


def print_json(payload: object) -> None:
    """Write one line of JSON to standard output. Raises StreamClosed."""
    output = _opened("output", sys.stdout)
    is_unicode = (output.encoding or "").lower().replace("-", "").startswith("utf")
    output.write(json.dumps(payload, ensure_ascii=not is_unicode, allow_nan=False) + "\n")
