"""Make the pictures of the README again: ``python tests/screenshots.py``.

They are taken of ``sourcier preview`` in a headless Chromium, with the bundled article.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "bot"))

from browser import ask, chromium, open_preview

PICTURES = Path(__file__).parent / "pictures"
QUESTION = "Combien de barils de pétrole en juillet ?"


def take_answer(picture: Path) -> None:
    """Ask the question and take a picture of the answer as the member sees it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_preview(Path(folder), width=1_000, height=800, scale=2) as page,
    ):
        ask(page, QUESTION)
        page.wait_for_timeout(500)
        message = page.locator("#channel-message-list > *").last
        box = message.bounding_box()
        assert box is not None
        container = message.locator(".component-container").bounding_box()
        assert container is not None
        margin = 12
        page.screenshot(
            path=picture,
            clip={
                "x": box["x"],
                "y": box["y"] - margin,
                "width": container["x"] + container["width"] - box["x"] + margin,
                "height": box["height"] + 2 * margin,
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
