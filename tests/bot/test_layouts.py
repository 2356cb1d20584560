"""Whatever is shown fits in a message, and what is left out is marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.articles.context_layout import context_layout
from bot.features.ask.answer_layout import answer_layout
from bot.features.reindex.reindex_report import refusal_layout
from bot.i18n.localisation import CATALOGUE
from bot.ui.custom_ids.references import Reference, Turn
from bot.ui.passages import passages_layout
from knowledge import Answer, Article, Citation, Paragraph, Section, Span, Verdict

ENGLISH = CATALOGUE.default


def check(view: ui.LayoutView) -> list[str]:
    """Assert Discord's limits; return the texts."""
    items = list(view.walk_children())
    assert len(items) <= 40
    texts = [item.content for item in items if isinstance(item, ui.TextDisplay)]
    assert sum(map(len, texts)) <= 4_000
    assert all(texts)
    ids = [item.custom_id or "" for item in items if isinstance(item, ui.Button)]
    assert all(0 < len(id_) <= 100 for id_ in ids)
    assert len(set(ids)) == len(ids)
    assert all(len(item.label or "") <= 80 for item in items if isinstance(item, ui.Button))
    assert view.is_finished(), "a view that is not finished is kept in memory"
    return texts


def citations(count: int, sign: str = "*", **changes: object) -> tuple[Citation, ...]:
    values = {
        "article": "slug",
        "title": sign * 500,
        "section": sign * 500,
        "paragraph": 123_456,
        "text": sign * 20_000,
        "span": Span(300, 600),
        "highlights": tuple(Span(n, n + 1) for n in range(0, 300, 2)),
        "score": 1.0,
        "url": "https://a.example/" + "x" * 3_000,
        **changes,
    }
    return tuple(Citation(passage=f"{n:012}", **values) for n in range(count))


def answer(verdict: Verdict, found: Sequence[Citation]) -> Answer:
    return Answer("?", "en", verdict, 0.5, tuple(found), 1.0)


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("count", range(6))
@pytest.mark.parametrize("sign", ["*", "a", "a ", "\n", "é"])
async def test_an_answer_fits(verdict: Verdict, count: int, sign: str) -> None:
    check(answer_layout(answer(verdict, citations(count, sign)), ENGLISH))


@pytest.mark.parametrize("count", range(1, 5))
@pytest.mark.parametrize("sign", ["*", "a", "a ", "\n"])
async def test_passages_fit_even_whole(count: int, sign: str) -> None:
    found = citations(count, sign, span=Span(0, 20_000), highlights=())
    texts = check(passages_layout(found, ENGLISH))
    assert sum(text.endswith(("[…]", "[…] …")) for text in texts) >= count


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_a_passage_that_is_cited_twice_is_shown_once(verdict: Verdict) -> None:
    one, two = citations(2, "a ", title="Title", section=None)
    check(answer_layout(answer(verdict, [one, two, one, two]), ENGLISH))
    texts = check(passages_layout([one, two, one], ENGLISH))
    assert len(texts) == 5


async def test_a_long_title_is_cut_with_a_mark_and_not_linked() -> None:
    (one,) = citations(1, "a b ", url="https://a.example/")
    locator = check(answer_layout(answer(Verdict.ANSWERED, [one]), ENGLISH))[1]
    assert "[…]" in locator
    assert "https" not in locator


async def test_dots_say_that_the_paragraph_goes_on() -> None:
    def snippet(start: int, end: int) -> str:
        (one,) = citations(1, text="One two three. ", span=Span(start, end), highlights=())
        return check(answer_layout(answer(Verdict.ANSWERED, [one]), ENGLISH))[0]

    assert snippet(0, 14) == "> One two three."
    assert snippet(0, 7) == "> One two …"
    assert snippet(4, 14) == "> … two three."
    assert snippet(4, 7) == "> … two …"


async def test_a_snippet_of_several_lines_is_quoted_whole() -> None:
    (one,) = citations(1, text="One\ntwo", span=Span(0, 7), highlights=(Span(0, 7),))
    assert (
        check(answer_layout(answer(Verdict.ANSWERED, [one]), ENGLISH))[0] == "> **One**\n> **two**"
    )


def article(*texts: str) -> Article:
    paragraphs = [Paragraph(f"id{n}", n, None, text) for n, text in enumerate(texts, 1)]
    return Article("slug", "Title", "en", (), tuple(paragraphs), "hash")


@given(st.lists(st.integers(min_value=1, max_value=5_000), min_size=1, max_size=4), st.data())
@settings(max_examples=60, deadline=None)
async def test_a_page_fits_whatever_the_lengths(lengths: list[int], data: st.DataObject) -> None:
    sign = data.draw(st.sampled_from(["a", "*", "ab ", "\n"]))
    book = article(*((sign * length)[:20_000].strip() or "x" for length in lengths))
    number = data.draw(st.integers(min_value=-2, max_value=len(lengths) + 3))
    start = data.draw(st.integers(min_value=0, max_value=5_000))
    reference = Reference("id1", Span(start, start + 300))
    texts = check(context_layout(book, reference, Turn(number), "https://a.example", ENGLISH))
    shown = [paragraph for paragraph in book.paragraphs if f"-# ¶\u00a0{paragraph.number}" in texts]
    assert 1 <= len(shown) <= 3
    for paragraph, text in zip(shown, texts[2::2], strict=True):
        plain = re.sub(r"\\(.)|\*\*", r"\1", text)
        assert plain == paragraph.text or "[…]" in plain


async def test_a_paragraph_that_no_page_holds_is_opened_where_it_is_cited() -> None:
    book = article("before", "long " * 4_000 + "end", "after")
    reference = Reference("id2", Span(10_000, 10_100))
    where, _, middle = check(context_layout(book, reference, Turn(2), None, ENGLISH))
    assert where.endswith("-# ¶\u00a02 / 3")
    assert middle.startswith("[…] long")
    assert middle.endswith("long […]")
    assert "**long long" in middle
    assert len(middle) > 2_400


async def test_what_is_cited_at_the_end_of_a_long_paragraph_is_shown_with_what_follows() -> None:
    book = article("before", "long " * 4_000 + "end.", "after")
    reference = Reference("id2", Span(19_990, 20_004))
    _, _, middle, _, after = check(context_layout(book, reference, Turn(2), None, ENGLISH))
    assert middle.startswith("[…] long")
    assert middle.endswith("**long long end.**")
    assert after == "after"


async def test_long_neighbours_are_cut_where_they_are_farthest() -> None:
    book = article("first " + "x " * 5_000 + "last", "short", "first " + "y " * 5_000 + "last")
    _, _, before, _, middle, _, after = check(
        context_layout(book, Reference("id2"), Turn(2), None, ENGLISH)
    )
    assert before.startswith("[…] ")
    assert before.endswith("last")
    assert middle == "short"
    assert after.startswith("first")
    assert after.endswith(" […]")


async def test_a_heading_is_named_where_it_begins() -> None:
    paragraphs = tuple(
        Paragraph(f"id{n}", n, section, f"text {n}") for n, section in ((1, 0), (2, 0), (3, 1))
    )
    sections = (Section(0, "One"), Section(1, "Two"))
    book = Article("slug", "Title", "en", sections, paragraphs, "hash")
    texts = check(context_layout(book, Reference("id2"), Turn(2), None, ENGLISH))
    assert texts[1::2] == ["-# ¶\u00a01 · One", "-# ¶\u00a02", "-# ¶\u00a03 · Two"]


async def test_a_refusal_names_files_without_their_folders() -> None:
    reason = "Nothing.\n- /home/me/a.md, line 3: why\n- C:\\me\\b.md: and/or\n- c.md: x"
    (text,) = check(refusal_layout(reason))
    assert text == "Nothing.\n\\- a.md, line 3\\: why\n\\- b.md\\: and/or\n\\- c.md\\: x"


async def test_the_highlights_are_marked_in_context_else_the_snippet() -> None:
    book = article("one two three four", "five")
    marked = Reference("id1", Span(4, 13), (Span(4, 9),))
    assert "one two **three** four" in check(context_layout(book, marked, Turn(1), None, ENGLISH))
    whole = Reference("id1", Span(4, 13))
    assert "one **two three** four" in check(context_layout(book, whole, Turn(1), None, ENGLISH))


@pytest.mark.parametrize(
    ("number", "where", "enabled"),
    [(1, "1–2 / 4", [False, True]), (2, "1–3 / 4", [False, True]), (4, "3–4 / 4", [True, False])],
)
async def test_a_page_says_where_one_is(number: int, where: str, enabled: list[bool]) -> None:
    book = article(*"abcd")
    view = context_layout(book, Reference("id1"), Turn(number), None, ENGLISH)
    assert check(view)[0] == f"**Title**\n-# ¶\u00a0{where}"
    buttons = [item for item in view.walk_children() if isinstance(item, ui.Button)]
    assert [not button.disabled for button in buttons] == enabled


async def test_an_article_that_fits_on_the_page_has_no_dead_buttons() -> None:
    view = context_layout(article("a", "b", "c"), Reference("id1"), Turn(2), None, ENGLISH)
    assert not [item for item in view.walk_children() if isinstance(item, ui.Button)]
    (alone, *_) = check(context_layout(article("a"), Reference("id1"), Turn(1), None, ENGLISH))
    assert alone == "**Title**\n-# ¶\u00a01 / 1"
