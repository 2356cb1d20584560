"""The preview page in a headless Chromium, as a person would use it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as NotYet

__all__ = ["ask", "chromium", "open_preview", "reply"]

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

_PROGRAM = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"


def chromium() -> str | None:
    """Return the path of a browser, ``None`` where there is none."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


@contextmanager
def open_preview(folder: Path, *, width: int, height: int, scale: float = 1) -> Iterator[Page]:
    """Start ``sourcier preview`` with its files in ``folder`` and open its page."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SOURCIER_", "DISCORD_"))
    }
    environment["SOURCIER_DATABASE"] = str(folder / "knowledge.db")
    environment["SOURCIER_SEMANTIC"] = "off"
    environment["SOURCIER_STATE"] = str(folder / "state.db")
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, "preview", "--no-browser"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            address = re.search(r"http://\S+", server.stdout.readline())
            assert address, "the preview did not start"
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=list(_FLAGS))
                page = browser.new_page(
                    viewport={"width": width, "height": height}, device_scale_factor=scale
                )
                page.set_default_timeout(15_000)
                page.goto(address[0])
                page.locator("#channel-composer-input").wait_for()
                yield page
                browser.close()
        finally:
            server.terminate()


def reply(page: Page, question: str) -> None:
    """Reply to the last message with a question; wait until the answer is there."""
    messages = page.locator("#channel-message-list .component-container")
    before = messages.count()
    messages.last.hover()
    page.get_by_role("button", name="Reply").last.click()
    box = page.locator("#channel-composer-input")
    box.fill(question)
    box.press("Enter")
    messages.nth(before).wait_for()


def ask(page: Page, question: str) -> None:
    """Type ``/ask``, the question, and Enter; wait until the answer is there."""
    before = page.locator("#channel-message-list .component-container").count()
    box = page.locator("#channel-composer-input")
    box.fill("/ask")
    page.get_by_role("option", name="/ask").wait_for()
    box.press("Enter")
    option = page.locator(".command-option-input[data-option=question]")
    option.fill(question)
    answer = page.locator("#channel-message-list .component-container").nth(before)
    for _ in range(20):
        # The page ignores Enter while it is still busy with its own layout.
        if option.is_visible():
            option.press("Enter")
        with suppress(NotYet):
            answer.wait_for(timeout=1_000)
            return
    answer.wait_for()
