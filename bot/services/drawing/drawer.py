"""The process that draws: started when it is first wanted, and again where it has ended."""

from __future__ import annotations

import contextlib
import struct
import subprocess
import sys
import threading
import weakref
from typing import IO

from bot.services.child_process import environment
from bot.services.drawing.drawings import Drawing, to_message

__all__ = ["DRAWING_SECONDS", "Drawer", "DrawingFailed"]

DRAWING_SECONDS = 20.0
"""How long a picture may take, on a busy machine."""

_MAX_PICTURE = 8_000_000


class DrawingFailed(Exception):
    """A sheet could not be drawn."""


class Drawer:
    """Draws one sheet at a time. Methods block; ``draw`` is for one thread at a time.

    The process ends with its drawer, also where nobody closes that.
    """

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []
        self._is_closed = False
        self._lock = threading.Lock()
        weakref.finalize(self, _end, self._running)

    def draw(self, sheet: Drawing) -> bytes:
        """Return the PNG of a sheet. Raises DrawingFailed."""
        try:
            drawn = self._ask(sheet)
            if drawn is None:  # the process had ended by itself
                drawn = self._ask(sheet)
        except OSError as error:
            self.end()
            raise DrawingFailed(str(error)) from error
        if not drawn:
            raise DrawingFailed("the drawing process gave no picture")
        return drawn

    def close(self) -> None:
        """End the process for good."""
        self._is_closed = True
        self.end()

    def end(self) -> None:
        """End the process; the next picture starts another."""
        with self._lock:
            _end(self._running)

    def _process(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._is_closed:
                raise DrawingFailed("the bot is ending")
            if not self._running:
                self._running.append(_started())
            return self._running[0]

    def _ask(self, sheet: Drawing) -> bytes | None:
        """Return the picture, empty where there is none; ``None`` where the process had ended."""
        process = self._process()
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        wanted = to_message(sheet)
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            process.kill()

        too_late = threading.Timer(DRAWING_SECONDS, give_up)
        too_late.daemon = True
        too_late.start()
        try:
            process.stdin.write(struct.pack(">I", len(wanted)) + wanted)
            process.stdin.flush()
            head = _exactly(process.stdout, 4)
            length = struct.unpack(">I", head)[0] if head else 0
            picture = _exactly(process.stdout, length) if length <= _MAX_PICTURE else b""
        except BrokenPipeError:
            self.end()
            return None
        except ValueError as error:  # closed meanwhile
            raise DrawingFailed("the bot is ending") from error
        finally:
            too_late.cancel()
        if head and len(picture) == length:
            return picture
        self.end()
        return b"" if head or is_late.is_set() else None


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    """Return so many bytes, or none where the other side has ended."""
    read = pipe.read(length)
    return read if len(read) == length else b""


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        # Whatever lies in the folder where the bot was started is none of its modules.
        [sys.executable, "-P", "-m", "bot.services.drawing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,  # Ctrl-C is for the bot alone
    )


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    """End what runs, and leave neither a zombie nor a pipe of it."""
    while running:
        process = running.pop()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not sent is lost with it
                    pipe.close()
