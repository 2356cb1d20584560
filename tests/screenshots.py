"""Make the pictures of the README again: ``python tests/screenshots.py [--all DIRECTORY]``.

They are taken of ``sourcier preview`` in a headless Chromium, with the bundled article. With
``--all``, every situation is taken for a desk and for a phone, to be looked at. ``--heights``
measures on a phone how much of the screen the messages take that members see most.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parent / "bot"))

from browser import chromium, open_preview
from situations import SITUATIONS

from knowledge import KnowledgeBase, load_encoder

PICTURES = Path(__file__).parent / "pictures"
IN_README = (
    "answer", "nearby", "marked", "in-context", "insights", "settings", "article-added",
)  # fmt: skip
DESK, PHONE = 1_000, 390
HEIGHT = 2_600
"""Of the page, in pixels: what is taller is not in the picture as a whole."""

MARGIN = 12
MEASURED: Mapping[str, str] = {
    "green": "asked",
    "amber": "uncertain",
    "grey": "unanswered",
    "grey, something nearby": "nearby",
    "list": "fact",
    "timeline": "timeline",
    "timeline, as a list": "entries",
}
"""What ``--heights`` measures: a situation by what a reader of the table knows it as."""


@contextmanager
def _brought_about(name: str, index: Path, width: int) -> Iterator[Page]:
    """Bring a situation about, and give the page once it has settled."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_preview(Path(folder), width=width, height=HEIGHT, scale=2, index=index) as page,
    ):
        SITUATIONS[name](page, Path(folder))
        page.mouse.move(0, 0)
        page.wait_for_timeout(1_000)
        yield page


def measure(name: str, index: Path) -> int:
    """Return the height of the last message of a situation on a phone, in pixels."""
    with _brought_about(name, index, PHONE) as page:
        shown = page.locator("#channel-message-list .component-container").last.bounding_box()
        assert shown
        return round(shown["height"])


def take(name: str, picture: Path, index: Path, *, width: int) -> None:
    """Bring a situation about and take a picture of its last message, as members see it.

    The message that asked is in the picture, too, where there is one.
    """
    with _brought_about(name, index, width) as page:
        messages = page.locator("#channel-message-list > *")
        first = messages.nth(-2) if name == "answer" else messages.last
        top = first.bounding_box()
        shown = messages.last.locator(".component-container").last.bounding_box()
        assert top
        assert shown
        page.screenshot(
            path=picture,
            clip={
                "x": top["x"],
                "y": top["y"] - MARGIN,
                "width": shown["x"] + shown["width"] - top["x"] + MARGIN,
                "height": shown["y"] + shown["height"] - top["y"] + 2 * MARGIN,
            },
        )
    print(picture)


def main() -> int:
    """Take every picture; return the exit code."""
    parser = argparse.ArgumentParser(description="Make the pictures of the README again.")
    parser.add_argument("--all", metavar="DIRECTORY", type=Path, help="take every situation there")
    parser.add_argument("--only", metavar="NAME", choices=SITUATIONS, help="take this one alone")
    parser.add_argument("--heights", action="store_true", help="measure messages on a phone")
    options = parser.parse_args()
    if chromium() is None:
        print("There is no Chromium to take pictures with.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "knowledge.db"
        KnowledgeBase.open(index, encoder=load_encoder()).close()
        if options.heights:
            print(f"| situation | pixels at {PHONE} |\n| --- | --- |")
            for kind, name in MEASURED.items():
                print(f"| {kind} | {measure(name, index)} |", flush=True)
            return 0
        if options.all is None:
            PICTURES.mkdir(exist_ok=True)
            for name in IN_README:
                take(name, PICTURES / f"{name}.png", index, width=DESK)
            return 0
        options.all.mkdir(parents=True, exist_ok=True)
        for name in SITUATIONS if options.only is None else [options.only]:
            for kind, width in (("desk", DESK), ("phone", PHONE)):
                take(name, options.all / f"{name}-{kind}.png", index, width=width)
    return 0


if __name__ == "__main__":
    sys.exit(main())
