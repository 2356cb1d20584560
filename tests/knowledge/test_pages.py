"""Of saved web pages the article is read, whole, and nothing of what stands around it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.corpus.blocks import markdown_blocks
from knowledge.corpus.conversion import convert
from knowledge.corpus.front_matter import front_matter

PAGES = Path(__file__).parents[1] / "data" / "pages"
GOLD: dict[str, list[str]] = json.loads((PAGES / "gold.json").read_text(encoding="utf-8"))


def paragraphs(page: str | bytes) -> list[str]:
    data = page.encode() if isinstance(page, str) else page
    _, body, _ = front_matter(convert("page.html", data))
    return [block.text for block in markdown_blocks(body, 0) if not block.is_heading]


@pytest.mark.parametrize("name", GOLD)
def test_the_paragraphs_of_a_page_are_those_of_its_article(name: str) -> None:
    assert paragraphs((PAGES / f"{name}.html").read_bytes()) == GOLD[name]


def test_every_page_has_its_gold() -> None:
    assert {path.stem for path in PAGES.glob("*.html")} == set(GOLD)


def test_a_cell_that_reaches_over_rows_is_in_each_of_them() -> None:
    page = (
        "<table><tr><th>Day</th><th>Class</th></tr><tr><td rowspan=2>Monday</td><td>Judo</td></tr>"
        "<tr><td>Yoga</td></tr><tr><td>Friday</td><td>Rest</td></tr></table>"
    )
    assert paragraphs(page) == [
        "Day: Monday | Class: Judo",
        "Day: Monday | Class: Yoga",
        "Day: Friday | Class: Rest",
    ]


def test_a_page_that_is_one_form_is_read() -> None:
    page = "<body><form><h1>Tides</h1><p>High water is at six.</p><p>Low at noon.</p></form></body>"
    assert paragraphs(page) == ["High water is at six.", "Low at noon."]


@pytest.mark.parametrize("name", ["page has-sidebar", "no-comments", "shadow", "download"])
def test_a_name_that_sounds_like_something_else_costs_nothing(name: str) -> None:
    page = (
        f'<body><h1>T</h1><div class="{name}"><p>The well is nine metres deep.</p></div>'
        "<p>It was dug in 1702.</p></body>"
    )
    assert paragraphs(page) == ["The well is nine metres deep.", "It was dug in 1702."]


def test_the_address_that_a_page_gives_itself_is_the_article_s() -> None:
    link = '<link rel="canonical" href="{}">'
    page = "<html><head>{}</head><body><p>Text.</p></body></html>"
    read = convert("p.html", page.format(link.format("https://example.org/a")).encode())
    assert "url: https://example.org/a\n" in read
    for other in ("/a", "javascript:alert(1)", "https://a b"):
        assert "url" not in convert("p.html", page.format(link.format(other)).encode())


def test_a_section_beside_the_one_with_the_title_is_read() -> None:
    prose = "The mill turns by the water of the Ure, and has done so for three hundred years. "
    prose = (prose * 2).strip()
    page = (
        f"<body><section><h1>The mill</h1><p>{prose}</p></section>"
        "<section><h2>Hours</h2><p>From ten to four.</p></section>"
        "<div><p>A stranger's remark.</p></div></body>"
    )
    assert paragraphs(page) == [prose, "From ten to four."]
