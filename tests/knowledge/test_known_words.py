"""Each distinct word of a language is read once for all texts, as if it were read in each."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.entities import known_words
from knowledge.entities.analysed_text import AnalysedText
from knowledge.entities.known_words import words_in
from knowledge.entities.numerals import tells_number
from knowledge.text.tokens import is_stop_word, stems, tokenize

LANGUAGES = st.sampled_from(["fr", "en", "de", "ar", "ja", "xx", None])
WORDS = st.lists(
    st.sampled_from(
        """
        été ete Été exportees deux Deux vingt-deux l'Élysée maïs mais 10 933 2,5 8e m² x² ᵃ
        Straße e\u0301te x\u00adx 東京で雨が กำแพง 漢 كتاب ﷺ ﹰ ½ ⑴ the running
        """.split()
    ),
    max_size=12,
).map(" ".join)


@given(WORDS | st.text(max_size=60), LANGUAGES)
def test_words_are_known_as_they_are_read_one_by_one(text: str, language: str | None) -> None:
    tokens = list(tokenize(text))
    read = AnalysedText(text, language)
    assert list(read.tokens) == tokens
    words, folded, spans = read.known_words
    assert [*folded] == [token.folded for token in tokens]
    assert [*spans] == [(token.start, token.end) for token in tokens]
    for token, word in zip(tokens, words, strict=True):
        is_function = is_stop_word(token.folded, language, lower=token.lower)
        assert word.terms == (() if is_function else stems(token, language or ""))
        assert word.tells_number == tells_number(token.folded, language)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, LANGUAGES), max_size=6))
def test_no_more_words_are_remembered_than_may_be(
    monkeypatch: pytest.MonkeyPatch, texts: list[tuple[str, str | None]]
) -> None:
    whole = [words_in(*one) for one in texts]
    monkeypatch.setattr(known_words, "_REMEMBERED", 5)
    tables = {}
    monkeypatch.setattr(known_words, "_tables", tables)
    for one, expected in zip(texts, whole, strict=True):
        assert words_in(*one) == expected
        assert sum(map(len, tables.values())) <= 5
