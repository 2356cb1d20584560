"""What turns the pages of a look-up survives the way through a button's identifier."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.custom_ids.encoding import MAX_CUSTOM_ID, MalformedReference
from bot.ui.custom_ids.listing import MAX_WORDS, Listing, LookUp, decode_listing, fitted, listing_id
from bot.ui.custom_ids.reasons import units
from knowledge import FactKind


@given(
    st.sampled_from([one for one in LookUp if one is not LookUp.TIMELINE]),
    st.text(max_size=400),
    st.one_of(st.none(), st.sampled_from(list(FactKind))),
    st.integers(min_value=0, max_value=4095),
)
def test_a_page_of_any_words_is_found_again(
    look_up: LookUp, text: str, kind: FactKind | None, page: int
) -> None:
    listing = Listing(look_up, fitted(text), kind if look_up is LookUp.FACT else None, page=page)
    id_ = listing_id(listing)
    assert units(id_) <= MAX_CUSTOM_ID
    assert decode_listing(id_.removeprefix("lu/")) == listing


@given(st.one_of(st.none(), st.dates()), st.one_of(st.none(), st.dates()), st.integers(0, 4095))
def test_a_page_of_a_timeline_is_found_again(
    start: date | None, end: date | None, page: int
) -> None:
    listing = Listing(LookUp.TIMELINE, start=start, end=end, page=page)
    assert decode_listing(listing_id(listing).removeprefix("lu/")) == listing


@given(st.one_of(st.text(max_size=100), st.from_regex(r"[ft][a-z-].{0,20}", fullmatch=True)))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(MalformedReference):
        decode_listing(text)


def test_words_that_fit_are_looked_up_as_they_are() -> None:
    assert fitted("  la Russie\nen   2022 ") == "la Russie en 2022"


def test_of_too_many_words_those_without_content_go_first() -> None:
    long = "la Russie s’est lancée dans un combat sacré pour protéger sa souveraineté et sa " * 2
    words = fitted(long)
    assert units(words) <= MAX_WORDS
    assert words.startswith("Russie lancée combat sacré protéger souveraineté")


@pytest.mark.parametrize("letter", ["x", "é", "🦘"])
def test_a_word_that_is_too_long_is_cut(letter: str) -> None:
    assert 0 < units(fitted(letter * 300)) <= MAX_WORDS


def test_a_page_beyond_what_a_button_can_carry_is_the_last_one() -> None:
    listing = replace(Listing(LookUp.FACT), page=0)
    assert listing.turned(10**6).page == 4095
    assert listing.turned(-1).page == 0
