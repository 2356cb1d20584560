"""Make the pictures of the README again: ``python tests/screenshots.py``.

They are taken of ``sourcier preview`` in a headless Chromium, with the bundled article.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "bot"))

from browser import chromium, open_preview, reply

PICTURES = Path(__file__).parent / "pictures"
MARGIN = 12
QUESTION = "Combien de barils de pétrole en juillet ?"


def take_answer(picture: Path) -> None:
    """Ask the question and take a picture of it and of its answer as a member sees them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_preview(Path(folder), width=1_000, height=800, scale=2) as page,
    ):
        reply(page, QUESTION)
        page.mouse.move(0, 0)
        page.wait_for_timeout(500)
        messages = page.locator("#channel-message-list > *")
        asked = messages.nth(-2).bounding_box()
        answered = messages.last.locator(".component-container").bounding_box()
        assert asked
        assert answered
        left, top = asked["x"], asked["y"] - MARGIN
        page.screenshot(
            path=picture,
            clip={
                "x": left,
                "y": top,
                "width": answered["x"] + answered["width"] - left + MARGIN,
                "height": answered["y"] + answered["height"] - top + MARGIN,
            },
        )


def main() -> int:
    """Take every picture; return the exit code."""
    if chromium() is None:
        print("There is no Chromium to take pictures with.", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    take_answer(PICTURES / "answer.png")
    print(PICTURES / "answer.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
