"""Words, stems, sentences and clauses."""

import unicodedata
from itertools import pairwise

import pytest
from bases import MakeBase
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entities import analysed
from knowledge.entities.analysis import index_terms
from knowledge.model import Span
from knowledge.text.detection import detect_language
from knowledge.text.sentences import (
    _PROSE,
    _prose_boundaries,
    chat_sentences,
    clauses,
    sentences,
)
from knowledge.text.tokens import MAX_WORD_CHARACTERS, fold, is_stop_word, stems, tokenize

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


@pytest.mark.parametrize("language", ["de", "en", "fr", "sv", "ja"])
def test_sharp_s_is_two(language: str) -> None:
    for one, two in (("Straße", "Strasse"), ("heißt", "heisst"), ("FUẞWEG", "Fussweg")):
        [sharp], [double] = tokenize(one), tokenize(two)
        assert set(stems(sharp, language)) & set(stems(double, language))


def test_elided_articles_come_off() -> None:
    assert words("l’Ukraine et d'Amour, qu’il") == ["l", "ukraine", "et", "d", "amour", "qu", "il"]


@pytest.mark.parametrize("written", ["10 933", "10\u00a0933", "10\u202f933", "10.933", "10,933"])
def test_thousands_are_one_number_however_they_are_separated(written: str) -> None:
    assert words(f"soit {written} barils") == ["soit", "10933", "barils"]


def test_a_year_before_a_number_stays_apart() -> None:
    assert words("en 2022 100 chars") == ["en", "2022", "100", "chars"]


def test_decimals_are_one_number_with_comma_or_point() -> None:
    assert words("2,5 ou 2.5") == ["2.5", "ou", "2.5"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10⁶ litres", ["10", "6", "litres"]),
        ("en 1998¹.", ["en", "1998", "1"]),
        ("3\u00a0200² francs", ["3200", "2", "francs"]),
        ("250ᵃ flares", ["250", "a", "flares"]),
        ("nine months³", ["nine", "months", "3"]),
        ("45 m², 7,5 m³/s, CO₂", ["45", "m2", "7.5", "m3", "s", "co2"]),
        ("le 1ᵉʳ mai", ["le", "1er", "mai"]),
    ],
)
def test_what_is_raised_is_no_digit_of_the_number_before_it(text: str, words: list[str]) -> None:
    assert [token.folded for token in tokenize(text)] == words


def test_a_soft_hyphen_parts_no_word() -> None:
    text = "un tur\u00adbine"
    *_, token = tokenize(text)
    assert (token.folded, token.lower, token.span.of(text)) == ("turbine", "turbine", text[3:])


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


def test_in_a_chat_a_sentence_ends_also_at_a_new_line_an_emoji_or_a_smiley() -> None:
    text = "slt :) combien de barils\nen juillet. 2023 ? prof. Kim dit 10. 谢谢 merci 😀😀 à +"
    assert [s.of(text) for s in chat_sentences(text)] == [
        "slt",
        "combien de barils",
        "en juillet.",
        "2023 ?",
        "prof. Kim dit 10.",
        "merci",
        "à +",
    ]


def test_clauses_end_at_commas_and_colons_but_not_inside_numbers() -> None:
    text = "En 2023, elle a vendu 2,5 tonnes : un record – dit-on."
    assert [c.of(text) for c in clauses(text, Span(0, len(text)))] == [
        "En 2023,",
        "elle a vendu 2,5 tonnes :",
        "un record",
        "– dit-on.",
    ]


@pytest.mark.parametrize("letter", ["𝐇", "ℍ", "ᴴ", "Ｈ", "ℌ", "𝓗", "H", "h"])
def test_a_styled_letter_is_the_letter(letter: str) -> None:
    assert fold(letter) == "h"
    [token] = tokenize(letter)
    assert token.lower == "h"
    assert stems(token, "en") == ("h",)


def test_styled_words_are_words() -> None:
    assert words("𝐐𝐮𝐢 𝓫𝓾𝓲𝓵𝓽 Ｔｈｅ ﬂeuve") == ["qui", "built", "the", "fleuve"]
    [token] = tokenize("𝐐𝐮𝐢")
    assert is_stop_word(token.folded, "fr", lower=token.lower)
    assert shared_terms("𝐁𝐚𝐫𝐢𝐥𝐬", "baril")


ALL = [chr(code) for code in range(0x110000)]
LETTERS = [one for one in ALL if unicodedata.category(one).startswith("L")]
OTHERS = [one for one in ALL if unicodedata.category(one)[0] in "NMSP"]


def batches(signs: list[str], size: int) -> list[str]:
    """Return texts in which each sign stands alone, before, after and amid others."""
    parts = [signs[at : at + size] for at in range(0, len(signs), size)]
    return [" ".join(f"{one} {one}a a{one} 1{one}" for one in part) for part in parts]


IDEOGRAPHS = [one for one in LETTERS if "\u3400" <= one <= "\ud7a3" or one >= "\U00017000"]
"""Letters of scripts that have many thousands, all alike to the analysis."""
FEW = sorted({*LETTERS} - {*IDEOGRAPHS} | {*IDEOGRAPHS[::100]})


@pytest.mark.parametrize("signs", [FEW, OTHERS], ids=["letters", "others"])
def test_no_sign_of_unicode_gives_an_empty_term(signs: list[str]) -> None:
    for text in batches(signs, 2_000):
        for term in index_terms(analysed(text, "fr")).terms:
            assert term
            assert not any(one.isspace() for one in term), term


@pytest.mark.parametrize("language", ["fr", "en", "de", "ar", "tr", "el", "yi", "hi", "xx"])
def test_no_letter_s_stem_is_empty(language: str) -> None:
    alone = " ".join(IDEOGRAPHS) if language == "fr" else ""
    for text in [*batches(FEW, 2_000), alone]:
        for token in tokenize(text):
            assert all(stems(token, language)), token


def test_questions_of_any_letters_are_answered(make_base: MakeBase) -> None:
    styled = [one for one in LETTERS if fold(one) != one and not "\uac00" <= one <= "\ud7a3"]
    asked = sorted({*styled, *FEW[::10]})
    text = "\n\n".join(" ".join(asked[at : at + 4_000]) for at in range(0, len(asked), 4_000))
    base = make_base(a=f"# Letters\n\n{text}\n", b="# B\n\nUn chat.\n")
    for at in range(0, len(asked), 40):
        question = " ".join(asked[at : at + 40])
        assert base.ask(question).question == question
    for letter in ("𝐇", "ℍ", "ᴴ", "ª", "ﷺ", "ͺ", "ﾞ"):
        for question in (letter, f"Qui est {letter} ?", f"{letter} chat", f"Le chat, M. {letter}"):
            base.ask(question)
            base.ask(question, follows=letter)
            base.search(question)
            base.suggest(question)
            base.facts(question)


@pytest.mark.parametrize(
    "word",
    ["e" + "\u0301" * 19_000, "a" * 19_000, "9" * 19_000, "漢" * 19_000, "1" + " 000" * 4_000,
     "\u0301" * 19_000, "𝐇" * 9_000, "ﷺ" * 1_000, "٣" * 9_000],
)  # fmt: skip
def test_an_endless_word_leaves_the_others_to_be_found(make_base: MakeBase, word: str) -> None:
    text = f"# Longue\n\nLe mot {word} est long. Le lynx boit à Gex.\n"
    base = make_base(a=text, b="# Bon\n\nLa girafe mange à Vincennes.\n")
    assert "girafe" in base.ask("Où mange la girafe ?").citations[0].text
    assert "lynx" in base.ask("Où boit le lynx ?").citations[0].text
    assert base.ask(word).question == word
    assert all(len(token.folded) <= MAX_WORD_CHARACTERS for token in tokenize(word))
    assert all(len(token.lower) <= MAX_WORD_CHARACTERS for token in tokenize(word))


def test_a_long_word_is_found_by_itself(make_base: MakeBase) -> None:
    word = "x" * 9_999
    base = make_base(a=f"# A\n\nLe mot {word} est là.\n", b="# B\n\nUn autre mot est là.\n")
    assert word in base.search(word).citations[0].text
    assert base.search(word).total == 1


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


@given(PROSE | st.text(st.sampled_from("a1. !?…。！」»\n\u00a0\u202f|-*)"), max_size=30))
def test_ends_of_sentences_are_found_as_if_looked_for_everywhere(text: str) -> None:
    everywhere = [match.span() for match in _PROSE.finditer(text)]
    assert [match.span() for match in _prose_boundaries(text)] == everywhere


@given(ANY_TEXT | PROSE)
def test_sentences_of_a_chat_are_trimmed_and_in_order(text: str) -> None:
    spans = chat_sentences(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)


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


@pytest.mark.parametrize(
    "text",
    [
        "Is a tuple mutable?",
        "Is python fast?",
        "reset password",
        "install robot",
        "order of a set?",
    ],
)
def test_a_short_question_is_in_a_language_of_the_articles(text: str) -> None:
    assert detect_language(text, likely=["en"]) == "en"
    assert detect_language(text, likely=["fr", "en"]) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Python es lento?", "es"),
        ("Ist Python schnell?", "de"),
        ("Quanto costa un biglietto?", "it"),
        ("Python est-il lent ?", "fr"),
        ("你好吗", "zh"),
        ("Сколько стоит?", "ru"),
        ("Kim?", None),
    ],
)
def test_what_is_plainly_in_another_language_is(text: str, language: str | None) -> None:
    assert detect_language(text, likely=["en"]) == language
