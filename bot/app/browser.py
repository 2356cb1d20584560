"""Opening a page in the browser of whoever sits before the screen, and never waiting for it."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from pathlib import Path

__all__ = ["open_page"]

# These take over the terminal, and a page that needs JavaScript is nothing to them.
_TEXT_BROWSERS = ("browsh", "elinks", "links", "links2", "lynx", "w3m", "www-browser")


def _has_screen() -> bool:
    """Whether there is a screen for windows, as far as can be told."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open(url: str) -> None:
    try:
        browser = webbrowser.get()
    except webbrowser.Error:  # there is none
        return
    if Path(str(getattr(browser, "name", ""))).name not in _TEXT_BROWSERS:
        browser.open(url)


def open_page(url: str) -> None:
    """Open ``url`` in a graphical browser where there is one. Returns at once, whatever it does.

    Some browsers return only when they are closed, so that a thread waits for them, which does
    not keep the program from ending.
    """
    if _has_screen():
        threading.Thread(target=_open, args=(url,), name="browser", daemon=True).start()
