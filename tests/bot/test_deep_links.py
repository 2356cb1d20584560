"""A link leads to the very words, or to the page."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.payloads import citation_payload
from bot.ui import deep_links
from bot.ui.deep_links import deep_link, link_to
from knowledge import Citation, Span

URL = "https://example.org/article"
WORDS = st.lists(
    st.sampled_from([*"the war oil 10-933 Corée, du a&b été 鉱石 -".split(), "x" * 70]),
    min_size=1,
    max_size=60,
)


def parts(link: str) -> tuple[str | None, str, str | None]:
    """Read a text fragment as the specification says: prefix, start and end."""
    directive = link.split(":~:text=")[1]
    assert re.fullmatch(r"(?:[^-,&]+-,)?[^-,&]+(?:,[^-,&]+)?", directive)
    prefix, _, rest = directive.rpartition("-,")
    start, _, end = rest.partition(",")
    return unquote(prefix) or None, unquote(start), unquote(end) or None


def found(text: str, link: str) -> int | None:
    """Return where a browser that follows ``link`` begins to mark ``text``, one space a gap."""
    prefix, start, end = parts(link)
    before = "" if prefix is None else f"{prefix} "
    place = text.casefold().find(f"{before}{start}".casefold())
    if place < 0:
        return None
    place += len(before)
    return None if end and text.find(end, place + len(start)) < 0 else place


@st.composite
def quotations(draw: st.DrawFn) -> tuple[str, Span]:
    text = " ".join(draw(WORDS))
    places = [0, *(gap.end() for gap in re.finditer(" ", text))]
    start = draw(st.sampled_from(places))
    end = draw(st.integers(min_value=start + 1, max_value=len(text)))
    return text, Span(start, end)


@given(quotations())
def test_a_fragment_leads_to_the_first_word_of_the_quotation(case: tuple[str, Span]) -> None:
    text, span = case
    link = deep_link(URL, text, span)
    if link != URL:
        assert found(text, link) == span.start
        assert len(link) < 260


@given(st.text(max_size=200), st.integers(0, 200), st.integers(1, 200))
def test_any_text_gives_an_address(text: str, start: int, length: int) -> None:
    link = deep_link(URL, text, Span(start, start + length))
    assert link.startswith(URL)
    assert re.fullmatch(r"[!-~]+", link)
    if link != URL:
        parts(link)


def test_short_words_are_written_whole_and_long_ones_by_their_ends() -> None:
    assert deep_link(URL, "Kim, the leader - of all & sundry", Span(0, 33)) == (
        f"{URL}#:~:text=Kim%2C%20the%20leader%20%2D%20of%20all%20%26%20sundry"
    )
    long = " ".join(f"word{n}" for n in range(50))
    prefix, start, end = parts(deep_link(URL, long, Span(0, len(long))))
    assert prefix is None
    assert start == "word0 word1 word2 word3 word4 word5 word6 word7"
    assert end == "word43 word44 word45 word46 word47 word48 word49"


def test_a_long_quotation_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try of an end encodes no more than an end may have, however long what is quoted."""
    encoded = 0

    def counted(words: str, safe: str) -> str:
        nonlocal encoded
        encoded += len(words)
        return quote(words, safe=safe)

    monkeypatch.setattr(deep_links, "quote", counted)
    text = f"from {'a ' * 10_000}to"
    prefix, start, end = parts(deep_link(URL, text, Span(0, len(text))))
    assert prefix is None
    assert start.startswith("from a a ")
    assert end is not None
    assert end.endswith(" a a to")
    assert encoded < len(text) + 5_000


def test_what_stands_twice_is_told_apart_by_the_words_before_it() -> None:
    text = "He came. Then he left. He came."
    assert deep_link(URL, text, Span(0, 8)) == f"{URL}#:~:text=He%20came."
    assert deep_link(URL, text, Span(23, 31)) == f"{URL}#:~:text=left.-,He%20came."


def test_what_cannot_be_told_apart_is_the_page() -> None:
    text = "no " * 100
    assert deep_link(URL, text, Span(150, 152)) == URL


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        (f"{URL}#part", f"{URL}#part:~:text=oil"),
        (f"{URL}#", f"{URL}#:~:text=oil"),
        (f"{URL}#part:~:text=old", f"{URL}#part:~:text=oil"),
        (f"{URL}?q=:~:", f"{URL}?q=:~:#:~:text=oil"),
    ],
)
def test_a_fragment_that_is_there_is_kept(url: str, linked: str) -> None:
    assert deep_link(url, "oil", Span(0, 3)) == linked


def test_half_a_word_is_linked_as_a_word() -> None:
    assert deep_link(URL, "l’essai nucléaire", Span(2, 7)).endswith("text=l%E2%80%99essai")


def test_an_answer_as_json_has_both_addresses() -> None:
    cited = Citation("id", "slug", "Title", None, 1, "oil and gas", Span(0, 3), (), 1.0, URL)
    payload = citation_payload(cited)
    assert (payload["url"], payload["deep_link"]) == (URL, f"{URL}#:~:text=oil")
    assert link_to(Citation("id", "slug", "Title", None, 1, "oil", Span(0, 3), (), 1.0)) is None
