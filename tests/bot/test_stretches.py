"""Whoever turns the pages of an article gets to every character of it, in order, both ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import Shown, World, shown, write_article

from bot.features.articles.stretches import Point, Stretch, Stretches
from bot.ui.custom_ids.references import Reference
from knowledge import Article, Paragraph, Section, Span, Verdict

ROOM = 3_000

WORDS = st.sampled_from(
    [
        "word ",
        "*",
        "<@1> ",
        "A sentence. ",
        "語",
        "1. ",
        "- line\n",
        "😀",
        "x" * 300,
        "\n\n",
        "e\u0301",
    ]
)
TEXTS = st.builds(
    lambda pattern, length, end: (pattern * length)[:length].strip() + end,
    st.lists(WORDS, min_size=1, max_size=6).map("".join),
    st.integers(min_value=1, max_value=20_000),
    st.sampled_from(["x", ".", "語"]),
)
ARTICLES = st.lists(TEXTS, min_size=1, max_size=6)
REFERENCES = st.builds(
    lambda number, start, length, mark: Reference(
        f"id{number}", Span(start, start + length), (Span(0, mark),) if mark else ()
    ),
    st.integers(1, 6),
    st.integers(0, 20_000),
    st.integers(1, 300),
    st.integers(0, 50),
)


def paged(texts: list[str], reference: Reference) -> Stretches:
    paragraphs = tuple(Paragraph(f"id{n}", n, n % 2, text) for n, text in enumerate(texts, 1))
    sections = (Section(0, "Heading"), Section(1, "Another one " * 30))
    return Stretches(Article("slug", "Title", "en", sections, paragraphs, "hash"), reference, ROOM)


def onward(pages: Stretches, page: Stretch) -> Iterator[Stretch]:
    yield page
    while not pages.is_last(page):
        following = pages.after(page.end)
        assert following.end > page.end
        page = following
        yield page


def back(pages: Stretches, page: Stretch) -> Iterator[Stretch]:
    yield page
    while not pages.is_first(page):
        previous = pages.before(page.start)
        assert previous.start < page.start
        page = previous
        yield page


def words(page: Stretch) -> str:
    return "".join("".join(one.span.of(one.paragraph.text).split()) for one in page.pieces)


def between(pages: Stretches, start: Point, end: Point) -> str:
    """Return the article's characters between two points, without white space."""
    texts = [
        one.text[start.offset if one.number == start.number else 0 :][
            : end.offset - (start.offset if one.number == start.number else 0)
            if one.number == end.number
            else None
        ]
        for one in pages.article.paragraphs
        if start.number <= one.number <= end.number
    ]
    return "".join("".join(texts).split())


def assert_page(pages: Stretches, page: Stretch) -> None:
    """A page is a part of the article without gaps, and has room."""
    assert 1 <= len(page.pieces) <= 3
    assert words(page) == between(pages, page.start, page.end)
    lines = [pages.place(one.paragraph) + pages.shown(one) for one in page.pieces]
    assert sum(map(len, lines)) <= ROOM


@given(ARTICLES, REFERENCES)
@settings(max_examples=40, deadline=None)
def test_from_the_first_page_to_the_last_everything_is_shown_once(
    texts: list[str], reference: Reference
) -> None:
    pages = paged(texts, reference)
    shown_ = list(onward(pages, pages.after(Point(1, 0))))
    for page in shown_:
        assert_page(pages, page)
    assert "".join(map(words, shown_)) == "".join("".join(texts).split())


@given(ARTICLES, REFERENCES)
@settings(max_examples=40, deadline=None)
def test_from_the_last_page_to_the_first_everything_is_shown(
    texts: list[str], reference: Reference
) -> None:
    pages = paged(texts, reference)
    shown_ = list(back(pages, pages.before(Point(99, 0))))
    first = shown_.pop()
    for page in (first, *shown_):
        assert_page(pages, page)
    rest = "".join(map(words, reversed(shown_)))
    whole = "".join("".join(texts).split())
    # The first page is filled, and so may go on into the one after it.
    assert whole.startswith(words(first))
    assert whole.endswith(rest)
    assert len(words(first)) + len(rest) >= len(whole)


@given(ARTICLES, REFERENCES, st.integers(-1, 8))
@settings(max_examples=60, deadline=None)
def test_from_wherever_one_begins_both_ends_are_reached_without_a_gap(
    texts: list[str], reference: Reference, number: int
) -> None:
    pages = paged(texts, reference)
    opened = pages.around(number)
    assert_page(pages, opened)
    wanted = min(max(number, 1), len(texts))
    assert wanted in [one.paragraph.number for one in opened.pieces]
    before = "".join(words(one) for one in list(back(pages, opened))[:0:-1])
    after = "".join(map(words, onward(pages, opened)))
    whole = "".join("".join(texts).split())
    assert whole.endswith(after)
    if pages.is_first(opened):
        assert after == whole
    else:
        assert before
        *_, first = back(pages, opened)
        assert whole.startswith(words(first))
        assert len(before) + len(after) >= len(whole)


@given(ARTICLES, REFERENCES)
@settings(max_examples=60, deadline=None)
def test_what_is_cited_is_in_view(texts: list[str], reference: Reference) -> None:
    pages = paged(texts, reference)
    cited = next((one for one in pages.article.paragraphs if one.id == reference.passage), None)
    if cited is None or reference.span is None or reference.span.end > len(cited.text):
        return
    page = pages.around(cited.number)
    piece = next(one for one in page.pieces if one.paragraph is cited)
    assert piece.span.start <= reference.span.start
    assert reference.span.end <= piece.span.end


def test_usual_paragraphs_stand_whole_and_by_threes() -> None:
    texts = [f"Paragraph {n}. " + "Some words. " * 40 for n in range(1, 9)]
    pages = paged(texts, Reference("id4"))
    for stretch, numbers in (
        (pages.around(4), [3, 4, 5]),
        (pages.after(pages.around(4).end), [6, 7, 8]),
        (pages.before(pages.around(5).start), [1, 2, 3]),
        (pages.before(pages.around(4).start), [1, 2, 3]),
    ):
        assert [one.paragraph.number for one in stretch.pieces] == numbers
        assert all(one.span == Span(0, len(one.paragraph.text)) for one in stretch.pieces)


def test_a_page_ends_with_a_sentence_where_one_ends_near() -> None:
    pages = paged(["Here is a sentence of some words. " * 500], Reference("id1"))
    for page in onward(pages, pages.after(Point(1, 0))):
        text = page.pieces[0].span.of(page.pieces[0].paragraph.text)
        assert text.startswith("Here is")
        assert text.rstrip().endswith("some words.")
    for page in list(back(pages, pages.before(Point(9, 0))))[:-1]:
        assert page.pieces[0].span.of(page.pieces[0].paragraph.text).startswith("Here is")


def test_places_beyond_the_article_are_its_ends() -> None:
    pages = paged(["one", "two"], Reference("id1"))
    for page in (
        pages.around(0), pages.around(9), pages.after(Point(0, 0)), pages.after(Point(9, 9)),
        pages.after(Point(2, 3)), pages.before(Point(0, 5)), pages.before(Point(1, 0)),
        pages.before(Point(2, 99)),
    ):  # fmt: skip
        assert words(page) == "onetwo"


# --- as members turn them -------------------------------------------------------------------

LONG = " ".join(f"Quokka {n} lives here, on islet {n}." for n in range(1, 500))
NEIGHBOUR = " ".join(f"Wombat {n} digs in valley {n}." for n in range(1, 400))
FRENCH_LONG = " ".join(f"Le quokka {n} vit ici, sur l’îlot {n}." for n in range(1, 500))


async def click(world: World, message: Shown, label: str) -> Shown:
    result = await world.member.click(message.message, custom_id=message.button(label))
    assert result.response is not None
    return shown(result.response)


def read(page: Shown) -> str:
    """Return the words of the article that a page shows, as they are read."""
    texts = [text for text in page.texts[1:] if not text.startswith("-# ")]
    plain = re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)\*\*", "", " ".join(texts)))
    return " ".join(plain.replace("[…]", " ").split())


def is_open(page: Shown, label: str) -> bool:
    return not page.buttons[page.button(label)].get("disabled")


async def walk(world: World, page: Shown, label: str) -> list[Shown]:
    pages = [page]
    while is_open(pages[-1], label):
        pages.append(await click(world, pages[-1], label))
    return pages


@pytest.mark.parametrize(
    ("language", "long", "question"),
    [
        ("en", LONG, "Where does quokka 400 live?"),
        ("fr", FRENCH_LONG, "Où vit le quokka 400 ?"),
    ],
)
async def test_a_member_reads_long_paragraphs_to_both_ends(
    world: World,
    articles: Path,
    judged: Callable[[Verdict], None],
    locale: list[str],
    language: str,
    long: str,
    question: str,
) -> None:
    locale[0] = "fr" if language == "fr" else "en-GB"
    lines = ("A beginning.", NEIGHBOUR, long, "Between.", NEIGHBOUR, "The end.")
    write_article(articles, "quokkas", *lines, language=language)
    world.knowledge.reindex(force=True)
    judged(Verdict.ANSWERED)
    answer = await world.ask(question)
    assert "400" in answer.texts[0]
    opened = await click(world, answer, "In context")
    assert re.search(r"\*\*[^*]*400", opened.text)
    previous, following = ("Previous", "Next") if language == "en" else ("Précédent", "Suivant")
    assert [b["label"] for b in opened.buttons.values()] == [previous, following]
    first = (await walk(world, opened, "Previous"))[-1]
    assert not is_open(first, "Previous")
    forth = await walk(world, first, "Next")
    assert " ".join(map(read, forth)) == " ".join(lines)
    back_ = await walk(world, forth[-1], "Previous")
    words_back = read(back_[0])
    for page in back_[1:-1]:
        words_back = f"{read(page)} {words_back}"
    assert " ".join(lines).endswith(words_back)
    assert " ".join(lines).startswith(read(back_[-1]))
    assert len(read(back_[-1])) + len(words_back) >= len(" ".join(lines)) - 1


async def test_pages_go_on_after_a_restart(
    world: World, articles: Path, judged: Callable[[Verdict], None]
) -> None:
    write_article(articles, "quokkas", "A beginning.", LONG, "The end.")
    world.knowledge.reindex()
    judged(Verdict.ANSWERED)
    answer = await world.ask("Where does quokka 400 live?")
    opened, twice = [await click(world, answer, "In context") for _ in range(2)]
    following = await click(world, twice, "Next")
    await world.restart()
    assert (await click(world, opened, "Next")).texts == following.texts
    assert (await click(world, following, "Previous")).ephemeral


async def test_a_button_with_a_paragraph_alone_shows_it_between_its_neighbours(
    world: World, articles: Path, judged: Callable[[Verdict], None]
) -> None:
    write_article(articles, "quokkas", *(f"Quokkas are {n} years old." for n in range(1, 10)))
    world.knowledge.reindex()
    judged(Verdict.ANSWERED)
    opened = await click(world, await world.ask("Are quokkas 2 years old?"), "In context")
    stored = world.env.backend.get_message(world.channel.id, opened.message.id)
    row = stored.components[0]["components"][-1]["components"]
    old = re.sub(r"/[^/]*\Z", "/AAAG", row[1]["custom_id"])
    row[1]["custom_id"] = old
    result = await world.member.click(opened.message, custom_id=old)
    assert re.findall(r"-# ¶\u00a0(\d)\n", shown(result.response).text) == ["5", "6", "7"]
