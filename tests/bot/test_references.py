"""References survive the way through a button's identifier."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.custom_ids.encoding import MAX_CUSTOM_ID, MalformedReference
from bot.ui.custom_ids.references import (
    Reference,
    Turn,
    context_id,
    decode,
    decode_page,
    decode_turn,
    encode,
    more_id,
    outline_id,
    page_id,
)
from knowledge import Citation, Span

PASSAGES = st.text(alphabet="ABCXYZabcxyz0189-_", min_size=1, max_size=12)


@st.composite
def references(draw: st.DrawFn) -> Reference:
    start = draw(st.integers(min_value=0, max_value=64**3 - 1))
    length = draw(st.integers(min_value=1, max_value=300))
    marks: list[Span] = []
    position = 0
    for _ in range(draw(st.integers(min_value=0, max_value=6))):
        first = draw(st.integers(min_value=position, max_value=length))
        last = draw(st.integers(min_value=first, max_value=length))
        if first < last:
            marks.append(Span(first, last))
        position = last
    return Reference(draw(PASSAGES), Span(start, start + length), tuple(marks))


def citation(text: str, span: Span, marks: tuple[Span, ...] = ()) -> Citation:
    return Citation("id", "slug", "Title", None, 1, text, span, marks, 1.0)


@given(st.lists(references(), min_size=1, max_size=5))
def test_more_keeps_the_first_passages_and_as_many_highlights_as_fit(
    given_: list[Reference],
) -> None:
    id_ = more_id(given_)
    assert len(id_) <= MAX_CUSTOM_ID
    assert id_.startswith("mo/")
    read = decode(id_.removeprefix("mo/"))
    assert len(read) >= min(len(given_), 4)
    for one, wanted in zip(read, given_, strict=False):
        assert replace(one, highlights=()) == replace(wanted, highlights=())
        assert one.highlights == wanted.highlights[: len(one.highlights)]


@given(references())
def test_one_passage_keeps_all_its_highlights(reference: Reference) -> None:
    assert decode(context_id(reference).removeprefix("cx/")) == (reference,)


@given(references(), st.integers(min_value=-5, max_value=64**4 + 5))
def test_a_page_of_an_outline_keeps_its_number(reference: Reference, number: int) -> None:
    id_ = outline_id(reference, number)
    assert len(id_) <= MAX_CUSTOM_ID
    read, page = decode_page(id_.removeprefix("ol/"))
    assert read == reference
    assert page == min(max(number, 0), 64**4 - 1)


NUMBERS = st.integers(min_value=0, max_value=64**4 - 1)


@given(references(), NUMBERS, st.none() | NUMBERS, st.booleans())
def test_a_page_of_an_article_keeps_where_it_begins_or_ends(
    reference: Reference, number: int, offset: int | None, is_back: bool
) -> None:
    turn = Turn(number, offset, is_back and offset is not None)
    id_ = page_id(reference, turn)
    assert len(id_) <= MAX_CUSTOM_ID
    read, page = decode_turn(id_.removeprefix("pg/"))
    assert replace(read, highlights=()) == replace(reference, highlights=())
    assert len(read.highlights) >= min(len(reference.highlights), 6)
    assert page == turn


def test_the_identifiers_of_sent_pages_do_not_change() -> None:
    old = "pg/abcdef012345;AAKAeQwErAI/AAAL"
    reference, turn = decode_turn(old.removeprefix("pg/"))
    assert turn == Turn(11)
    assert page_id(reference, turn) == old
    assert page_id(reference, Turn(11, 70)) == f"{old}>AABG"
    assert page_id(reference, Turn(11, 70, is_back=True)) == f"{old}<AABG"


@given(
    st.one_of(st.text(max_size=100), st.from_regex(r"[A-Za-z0-9:./<>_-]{0,100}", fullmatch=True))
)
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (decode, decode_page, decode_turn):
        with suppress(MalformedReference):
            read(text)


def test_four_passages_with_a_highlight_each_fit() -> None:
    full = Reference("x" * 12, Span(64**3 - 1, 64**3 + 299), (Span(0, 9), Span(20, 30)))
    read = decode(more_id([full] * 4).removeprefix("mo/"))
    assert [len(one.highlights) for one in read] == [2, 2, 2, 1]


def test_no_room_for_one_is_an_error() -> None:
    with pytest.raises(ValueError, match="no reference fits"):
        encode([Reference("x" * 12)], 10)


def test_a_reference_narrows_its_paragraph_to_what_was_quoted() -> None:
    text = "The quick brown fox jumps over the lazy dog."
    quote = citation(text, Span(4, 19), (Span(6, 11),))
    whole = citation(text, Span(0, len(text)))
    narrowed = Reference.to(quote).resolve(whole)
    assert narrowed == quote
    assert narrowed.snippet == "quick brown fox"


def test_what_cannot_be_written_is_the_paragraph_as_a_whole() -> None:
    whole = citation("x" * 64**3 + "yz", Span(0, 64**3 + 2))
    far = Reference.to(replace(whole, span=Span(64**3, 64**3 + 2)))
    assert far == Reference("id")
    assert far.resolve(whole) is whole
    long = citation("x" * 5_000, Span(0, 5_000))
    assert Reference.to(long).span is None


def test_a_reference_beyond_its_paragraph_is_the_paragraph_as_a_whole() -> None:
    whole = citation("short", Span(0, 5))
    assert Reference("id", Span(3, 9)).resolve(whole) is whole
