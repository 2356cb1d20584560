"""Whether a text spells a word as the question does, whatever its case and accents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.retrieval import spellings
from knowledge.retrieval.spellings import has_word, plain_bytes


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Le CHÂTEAU fort.", "chateau"),
        ("L’homme est là.", "homme"),
        ("un cœur d'or", "coeur"),
        ("À 20\u202f%, c’est l’été\u202f!", "ete"),
        ("cafe\u0301 noir", "cafe"),
        ("Москва и Пхеньян", "москва"),
        ("le fleuve Đà, l’Euphrate", "euphrate"),
        ("北京 et Paris", "paris"),
        ("La Corée du Nord, dit-il", "coree du nord"),
        ("żółw i łódź; rok 1934", "zołw"),
    ],
)
def test_a_word_is_found_however_it_is_written(text: str, word: str) -> None:
    assert has_word(plain_bytes(text), word.encode())


@pytest.mark.parametrize(
    ("text", "word"),
    [("châteaux", "chateau"), ("Le rechâteau", "chateau"), ("straße", "stra"), ("été2", "ete")],
)
def test_a_part_of_a_word_is_none(text: str, word: str) -> None:
    assert not has_word(plain_bytes(text), word.encode())


@given(
    st.text(st.sampled_from("aéÉçÀßœŒ -’'\u202f«»…ł中ж1ªº½\u0301æø€"), max_size=12),
    st.sampled_from(["a", "e", "oe", "c", "1"]),
)
def test_the_quick_way_finds_the_same_words(text: str, word: str) -> None:
    slow = spellings._plain(text).encode()
    assert has_word(plain_bytes(text), word.encode()) == has_word(slow, word.encode())
