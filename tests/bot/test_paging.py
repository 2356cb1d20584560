"""A report's pages fit in messages and leave nothing out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.features.reindex.reindex_report import report_pages
from bot.i18n.localisation import CATALOGUE
from bot.ui.containers import GREEN
from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.report_pages import (
    MAX_PAGES,
    Block,
    pages_of,
    read_page_id,
    report_page,
    report_page_id,
)
from knowledge import (
    ArticleChange,
    ArticleProblem,
    ChangeCounts,
    ChangeKind,
    Difference,
    FactKind,
    ReindexReport,
)

ENGLISH = CATALOGUE.default


def check(view: ui.LayoutView) -> None:
    items = list(view.walk_children())
    assert len(items) <= 40
    assert sum(len(item.content) for item in items if isinstance(item, ui.TextDisplay)) <= 4_000
    ids = [item.custom_id for item in items if isinstance(item, ui.Button)]
    assert len(set(ids)) == len(ids)
    assert all(len(id_ or "") <= 100 for id_ in ids)


LINES = st.lists(st.text("abc", min_size=1, max_size=700), max_size=20)


@given(st.lists(LINES, max_size=20))
async def test_every_line_is_on_a_page_once_and_in_order(blocks: list[list[str]]) -> None:
    marked = [
        Block(f"H{i}", tuple(f"{i}.{j} {line}" for j, line in enumerate(lines)))
        for i, lines in enumerate(blocks)
    ]
    pages = pages_of("first", marked, ENGLISH)
    texts = [line for page in pages for text in page for line in text.splitlines()]
    assert [line for line in texts if line[0].isdigit()] == [
        line for block in marked for line in block.lines
    ]
    for number in range(len(pages)):
        check(report_page(pages, number, partial(report_page_id, "x" * 12), GREEN, ENGLISH))


async def test_a_page_begins_with_the_heading_of_what_goes_on() -> None:
    pages = pages_of("first", [Block("Heading", tuple("x" * 500 for _ in range(5)))], ENGLISH)
    assert [page[-1].splitlines()[0] for page in pages] == ["Heading", "Heading …"]


async def test_what_is_beyond_the_last_page_is_counted() -> None:
    lines = 4 * MAX_PAGES + 10
    pages = pages_of("first", [Block("H", tuple("x" * 500 for _ in range(lines)))], ENGLISH)
    shown = sum(text.count("x" * 500) for page in pages for text in page)
    assert len(pages) == MAX_PAGES
    assert pages[-1][-1] == f"-# and {lines - shown} more"


async def test_a_report_of_hostile_and_long_words_fits() -> None:
    long = "*" * 160
    difference = Difference(ChangeKind.CHANGED, 10**6, FactKind.QUANTITY, long, long)
    counts = ChangeCounts(10**6, 10**6, 10**6)
    change = ArticleChange("*" * 120, "*" * 300, ChangeKind.CHANGED, counts, counts)
    full = ArticleChange("s", "*" * 300, ChangeKind.CHANGED, counts, counts, (difference,) * 24)
    problems = tuple(ArticleProblem(Path("*" * 200), n, "*" * 5_000) for n in range(50))
    slugs = tuple(map(str, range(2_000)))
    report = ReindexReport(
        slugs, slugs, slugs, slugs, problems, counts, counts, 1, 10**7, (change, full)
    )
    pages = report_pages(report, ENGLISH)
    assert "Time: 10000.0 s" in pages[0][0]
    assert "And 5998 more articles" in pages[-1][-1]
    for number in range(len(pages)):
        check(report_page(pages, number, partial(report_page_id, "x" * 12), GREEN, ENGLISH))


@pytest.mark.parametrize("payload", ["", "abc", "abc/", "abc/-1", "abc/99999", "abc/²"])
async def test_what_is_no_page_is_refused(payload: str) -> None:
    with pytest.raises(MalformedReference):
        read_page_id(payload)
