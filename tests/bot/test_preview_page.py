"""A newcomer opens the preview, types a question and sees the answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import ask, chromium, open_preview

from bot.extras import is_installed

pytestmark = [
    pytest.mark.skipif(not is_installed("preview"), reason="the extra “preview” is not installed"),
    pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this machine"),
]

QUESTION = "Combien de barils de pétrole en juillet ?"


def test_a_question_typed_in_the_page_is_answered(tmp_path: Path) -> None:
    with open_preview(tmp_path, width=1_100, height=800) as page:
        welcome = page.locator("#channel-message-list").inner_text()
        assert QUESTION in welcome
        assert "Choose Alex (admin) at the top of the page" in welcome
        assert "Alex (admin)" in page.get_by_role("combobox").all_inner_texts()[0]
        ask(page, QUESTION)
        answer = page.locator("#channel-message-list .component-container").last
        text = re.sub(r"\s", " ", answer.inner_text())
        assert "10 933 barils" in text
        assert "¶ 9" in text
        assert "La guerre en Ukraine resserre les liens" in text
        bold = [re.sub(r"\s", " ", one) for one in answer.locator("strong").all_inner_texts()]
        assert any("barils" in one for one in bold)  # read in time or not

        answer.get_by_role("button", name="Contexte").click()
        page.get_by_text("Only you can see this").wait_for()
        context = page.locator("#channel-message-list .component-container").last
        shown = re.sub(r"\s", " ", context.inner_text())
        assert "¶ 8–10 / 23" in shown
        assert "¶ 10 · Coopération militaire croissante" in shown
        assert context.locator("strong").count() == 1 + len(bold)  # the title and the same words
