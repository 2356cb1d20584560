"""Words, stems, sentences and clauses."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Span
from knowledge.text.detection import detect_language
from knowledge.text.tokens import (
    clauses,
    fold,
    is_stop_word,
    sentences,
    stems,
    tokenize,
)

ANY_TEXT = st.text(st.characters(), max_size=400)
PROSE = st.lists(
    st.sampled_from(
        ["Kim", "l’Ukraine", "3\u00a0833", "M.", "etc.", "?", "!", "…", "«", "»", ",", ";", "(",
         ")", " – ", "。", "a.b", "U.S.", "\n", "  ", "le", "韓国", "–", "“x.”"]
    ),
    max_size=60,
).map(" ".join)  # fmt: skip


def words(text: str) -> list[str]:
    return [token.folded for token in tokenize(text)]


def shared_terms(first: str, second: str, language: str = "fr") -> bool:
    [one], [other] = tokenize(first), tokenize(second)
    return bool(set(stems(one, language)) & set(stems(other, language)))


def test_accents_ligatures_and_case_are_folded() -> None:
    assert fold("Œuvre ÉLÈVE straße Łódź") == "oeuvre eleve strasse lodz"


def test_elided_articles_come_off() -> None:
    assert words("l’Ukraine et d'Amour, qu’il") == ["l", "ukraine", "et", "d", "amour", "qu", "il"]


@pytest.mark.parametrize("written", ["10 933", "10\u00a0933", "10\u202f933", "10.933", "10,933"])
def test_thousands_are_one_number_however_they_are_separated(written: str) -> None:
    assert words(f"soit {written} barils") == ["soit", "10933", "barils"]


def test_a_year_before_a_number_stays_apart() -> None:
    assert words("en 2022 100 chars") == ["en", "2022", "100", "chars"]


def test_decimals_are_one_number_with_comma_or_point() -> None:
    assert words("2,5 ou 2.5") == ["2.5", "ou", "2.5"]


def test_scripts_without_spaces_give_pairs_of_characters() -> None:
    assert words("北朝鮮とロシア")[:3] == ["北朝", "朝鮮", "鮮と"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("barils", "baril"), ("energie", "énergie"), ("privee", "privée"), ("exportees", "exportées")],
)
def test_inflected_and_unaccented_words_share_a_term(written: str, meant: str) -> None:
    assert shared_terms(written, meant)


def test_vowel_signs_belong_to_their_word() -> None:
    assert len(words("हिन्दी भाषा")) == 2
    assert words("مُحَمَّد") == words("محمد")


def test_question_words_say_nothing_about_the_content() -> None:
    for word in ["combien", "pourquoi", "ou", "which", "how"]:
        assert is_stop_word(word, None)
    assert not is_stop_word("barils", None)


def test_a_sentence_does_not_end_at_abbreviations_initials_or_before_lower_case() -> None:
    text = "M. Kim et J. Dupont (cf. p. 3) parlent… de tout. « Fin ? » Oui ! Non."
    assert [s.of(text) for s in sentences(text)] == [
        "M. Kim et J. Dupont (cf. p. 3) parlent… de tout.",
        "« Fin ? »",
        "Oui !",
        "Non.",
    ]


def test_clauses_end_at_commas_and_colons_but_not_inside_numbers() -> None:
    text = "En 2023, elle a vendu 2,5 tonnes : un record – dit-on."
    assert [c.of(text) for c in clauses(text, Span(0, len(text)))] == [
        "En 2023,",
        "elle a vendu 2,5 tonnes :",
        "un record",
        "– dit-on.",
    ]


@given(ANY_TEXT | PROSE)
def test_tokens_are_slices_in_order(text: str) -> None:
    last = 0
    for token in tokenize(text):
        assert 0 <= token.span.start < token.span.end <= len(text)
        assert token.span.start >= last
        assert token.folded
        last = token.span.start


@given(ANY_TEXT | PROSE)
def test_sentences_hold_every_visible_character_once(text: str) -> None:
    spans = sentences(text)
    assert list(spans) == sorted(spans)
    outside = set(range(len(text)))
    for span in spans:
        inside = set(range(span.start, span.end))
        assert inside <= outside  # no overlap
        outside -= inside
        assert span.of(text) == span.of(text).strip()
    assert all(text[i].isspace() for i in outside)


@given(ANY_TEXT | PROSE)
def test_clauses_cover_their_sentence(text: str) -> None:
    for sentence in sentences(text):
        parts = clauses(text, sentence)
        assert parts[0].start == sentence.start
        assert parts[-1].end == sentence.end
        for before, after in pairwise(parts):
            assert before.end <= after.start
            assert not text[before.end : after.start].strip()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Combien de barils de pétrole en juillet ?", "fr"),
        ("où habit rika?", "fr"),
        ("Qui est Adolf Lüderitz ?", "fr"),
        ("kim il est venu en train ou en avion ?", "fr"),
        ("When did Zhu Shijie die?", "en"),
        ("¿Qué les pusieron de cenar después de tantas horas hablando?", "es"),
        ("Wann hat Kim seiner Armee die neun Ziele vorgegeben?", "de"),
        ("북한은 왜 러시아에 무기를 보냈나요?", "ko"),
        ("😂😂😂", None),
        ("", None),
    ],
)
def test_the_language_of_a_question_is_told(text: str, language: str | None) -> None:
    assert detect_language(text) == language


@given(ANY_TEXT)
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert detect_language(text) is None or len(str(detect_language(text))) == 2
