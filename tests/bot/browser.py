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

__all__ = ["ask", "become", "chromium", "click", "open_preview", "reply", "slash"]

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

_PROGRAM = "import sys; from bot.cli.main import main; sys.exit(main(sys.argv[1:]))"


def chromium() -> str | None:
    """Return the path of a browser, ``None`` where there is none."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


@contextmanager
def open_preview(
    folder: Path, *, width: int, height: int, scale: float = 1, index: Path | None = None
) -> Iterator[Page]:
    """Start ``sourcier preview`` with its files in ``folder`` and open its page.

    It goes by words alone, but with an ``index`` that is there already by meaning, too.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SOURCIER_", "DISCORD_"))
    }
    environment["SOURCIER_DATABASE"] = str(index or folder / "knowledge.db")
    environment["SOURCIER_SEMANTIC"] = "off" if index is None else "on"
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
                page.set_default_timeout(30_000)
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
    """Type ``/ask``, the question, and send it; wait until the answer is there."""
    slash(page, "ask", question=question)


def slash(page: Page, command: str, *subcommand: str, **options: str | Path) -> None:
    """Run a command with options, of which a path is a file to attach; wait for its answer.

    Options that are not required must be named in the order in which the page lists them.
    """
    before = page.locator("#channel-message-list .component-container").count()
    name = " ".join((command, *subcommand))
    _choose(page, name)
    for option, value in options.items():
        if isinstance(value, Path):
            page.locator(f".command-file-input[data-option={option}]").set_input_files(value)
        else:
            page.locator(f".command-option-input[data-option={option}]").fill(value)
    answer = page.locator("#channel-message-list .component-container").nth(before)
    for _ in range(20):
        # The page ignores a click while it is still busy with its own layout.
        with suppress(NotYet):
            page.locator("#send-message").click(timeout=1_000)
        with suppress(NotYet):
            answer.wait_for(timeout=1_000)
            return
    answer.wait_for()


def _choose(page: Page, command: str) -> None:
    """Type a command and choose it from the list, which is empty while the page still loads."""
    box = page.locator("#channel-composer-input")
    chosen = page.get_by_role("option", name=f"/{command}").first
    for _ in range(20):
        box.fill("")
        box.fill(f"/{command}")
        with suppress(NotYet):
            chosen.wait_for(timeout=2_000)
            chosen.click()
            return
    chosen.wait_for()


def become(page: Page, name: str) -> None:
    """Look and act as another person of the preview."""
    page.locator("#viewer-picker").select_option(label=name)
    page.locator("#channel-composer-input").wait_for()


def click(page: Page, label: str) -> None:
    """Click a button of the last message that has it, and wait for what it shows."""
    messages = page.locator("#channel-message-list .component-container")
    before = messages.count()
    messages.get_by_role("button", name=label, exact=True).last.click()
    messages.nth(before).wait_for()
