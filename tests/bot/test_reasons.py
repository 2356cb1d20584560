"""The reasons of an answer survive the way through a button's identifier, and are told in words."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_layouts import check, citations
from test_references import references

from bot.features.ask.explanation_layout import explanation_layout
from bot.i18n.localisation import CATALOGUE, Language
from bot.ui.custom_ids.encoding import MAX_CUSTOM_ID, MalformedReference
from bot.ui.custom_ids.reasons import Reasons, decode_reasons, units, why_id
from bot.ui.custom_ids.references import Reference
from knowledge import Answer, Evidence, Factor, QuestionWord, Span, Support, Verdict

ENGLISH, FRENCH = CATALOGUE.default, CATALOGUE.languages["fr"]
RUNNER_UP = Reference("x" * 12, Span(64**3 - 1, 64**3 + 299))
HARMLESS = st.text(alphabet="abcéßо한국조日本😀 '’-.&,", min_size=1, max_size=30)


@st.composite
def reasons(draw: st.DrawFn, words: st.SearchStrategy[str] = HARMLESS) -> Reasons:
    listed = draw(st.lists(st.builds(QuestionWord, words, st.sampled_from(Support)), max_size=45))
    runner_up = draw(st.none() | references())
    return Reasons(
        draw(st.sampled_from(Verdict)),
        draw(st.integers(0, 100)),
        tuple(listed),
        0,
        runner_up,
        draw(st.sampled_from([None, True, False])),
    )


def read(id_: str) -> Reasons:
    assert id_.startswith("wy/")
    return decode_reasons(id_.removeprefix("wy/"))


@given(reasons(st.text(max_size=60)))
def test_any_words_fit_in_discord_s_units(given_: Reasons) -> None:
    id_ = why_id(given_)
    assert units(id_) <= MAX_CUSTOM_ID
    assert "\n" not in id_
    got = read(id_)
    assert (got.verdict, got.percent) == (given_.verdict, given_.percent)
    assert got.reads is given_.reads
    assert len(got.words) + got.left_out == len(given_.words)
    id_.encode("utf-8")


@given(reasons())
def test_missing_words_come_first_and_what_does_not_fit_is_counted(given_: Reasons) -> None:
    got = read(why_id(given_))
    ranks = [list(Support).index(one.support) for one in got.words]
    assert ranks == sorted(ranks, reverse=True)
    for one in got.words:
        start = one.word.removesuffix("…")
        assert any(
            " ".join(word.word.split()).startswith(start) and word.support is one.support
            for word in given_.words
        )
    if given_.runner_up is not None:
        assert got.runner_up is not None
        assert got.runner_up.passage == given_.runner_up.passage


@pytest.mark.parametrize(
    "words",
    [
        ["barils", "pétrole", "juillet", "licornes", "exportations", "Russie", "rapport", "Comité"],
        ["김정은", "국무위원장", "블라디보스토크", "우주기지", "방문", "정상회담", "시간", "지속"],
    ],
)
def test_eight_typical_words_fit_with_the_longest_runner_up(words: list[str]) -> None:
    listed = tuple(QuestionWord(word, Support.MISSING) for word in words)
    got = read(why_id(Reasons(Verdict.UNCERTAIN, 74, listed, 0, RUNNER_UP)))
    assert (got.words, got.left_out, got.runner_up) == (listed, 0, RUNNER_UP)


def test_emoji_count_twice() -> None:
    assert units("é한😀") == 4
    listed = tuple(QuestionWord("😀" * 10, Support.SAID) for _ in range(9))
    got = read(why_id(Reasons(Verdict.ANSWERED, 100, listed)))
    assert len(got.words) == 4
    assert got.left_out == 5


def test_a_long_word_is_cut() -> None:
    (word,) = read(
        why_id(Reasons(Verdict.ANSWERED, 5, (QuestionWord("a" * 500, Support.SAID),)))
    ).words
    assert word.word == "a" * 23 + "…"


@given(
    st.one_of(st.text(max_size=100), st.from_regex(r"[A-Za-z0-9!~=+:/_-]{0,60}", fullmatch=True))
)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(MalformedReference):
        decode_reasons(text)


def test_pairs_of_characters_are_read_as_the_words_that_they_come_from() -> None:
    pairs = [("朝鲜", Support.SAID), ("鲜饿", Support.MISSING), ("饿死", Support.MISSING)]
    evidence = Evidence(tuple(QuestionWord(*pair) for pair in pairs), (), 0.0)
    (one,) = citations(1)
    got = Reasons.of(Answer("?", "zh", Verdict.UNCERTAIN, 0.4, (one,), 1.0, evidence))
    assert got is not None
    assert [word.word for word in got.words] == ["朝鲜", "鲜饿死"]
    assert got.runner_up is None


def told(given_: Reasons, language: Language = ENGLISH) -> str:
    (two,) = citations(1, "a ", title="Title", section=None, url=None)
    return "\n".join(check(explanation_layout(given_, two, language)))


async def test_what_the_passage_has_and_lacks_is_told_in_words() -> None:
    words = (
        QuestionWord("licornes", Support.MISSING),
        QuestionWord("juilet", Support.CORRECTED),
        QuestionWord("Kremlin", Support.OTHER_NAME),
        QuestionWord("barils", Support.SAID),
        QuestionWord("pétrole", Support.SAID),
    )
    text = told(Reasons(Verdict.UNCERTAIN, 42, words, 3))
    assert "not sure" in text
    assert "Of 100 answers this sure, about 42 are right." in text
    assert "does not have: **licornes**" in text
    assert "that it has: **barils**, **pétrole**" in text
    assert "another name: **Kremlin**" in text
    assert "corrected spelling: **juilet**" in text
    assert "And 3 more of its words" in text
    french = told(Reasons(Verdict.UNCERTAIN, 42, words, 3), FRENCH)
    assert "absents du passage\u00a0: **licornes**" in french
    assert "Sur 100 réponses aussi sûres, environ 42 sont justes." in french


def test_a_word_of_like_meaning_in_an_older_message_is_read_as_missing() -> None:
    (word,) = decode_reasons(
        why_id(Reasons(Verdict.UNCERTAIN, 42)).removeprefix("wy/").replace("/", "*fuel/")
    ).words
    assert word == QuestionWord("fuel", Support.MISSING)


@pytest.mark.parametrize("support", Support)
async def test_every_support_can_be_written_and_told(support: Support) -> None:
    given_ = Reasons(Verdict.UNCERTAIN, 42, (QuestionWord("barils", support),))
    assert read(why_id(given_)) == given_
    for language in (ENGLISH, FRENCH):
        assert "**barils**" in told(given_, language)


async def test_a_high_figure_beside_doubt_is_explained() -> None:
    assert "whatever the figure" in told(Reasons(Verdict.UNCERTAIN, 74))
    assert "whatever the figure" not in told(Reasons(Verdict.ANSWERED, 74))
    assert "about 99 " in told(Reasons(Verdict.ANSWERED, 100))
    assert "about 1 " in told(Reasons(Verdict.UNANSWERED, 0))


async def test_what_reading_said_is_told_where_the_passage_was_read() -> None:
    (one,) = citations(1)
    lines: dict[float | None, str] = {}
    for logit in (None, 2.5, -0.5):
        factors = () if logit is None else (Factor("read_answerable", logit, 0.3),)
        evidence = Evidence((), factors, 0.0)
        given_ = Reasons.of(Answer("?", "fr", Verdict.ANSWERED, 0.4, (one,), 1.0, evidence))
        assert given_ is not None
        assert read(why_id(given_)) == given_
        lines[logit] = told(given_)
    assert "seems to hold the answer" in lines[2.5]
    assert "does not seem to hold the answer" in lines[-0.5]
    assert "Read as a whole" not in lines[None]
    assert "semble contenir la réponse" in told(Reasons(Verdict.ANSWERED, 9, reads=True), FRENCH)


async def test_a_button_from_before_there_was_reading_is_read() -> None:
    assert decode_reasons("ABKA+barils/") == Reasons(
        Verdict.ANSWERED, 74, (QuestionWord("barils", Support.SAID),)
    )


@given(reasons(st.text(min_size=1, max_size=40)))
async def test_an_explanation_fits_whatever_the_words(given_: Reasons) -> None:
    got = read(why_id(given_))
    for language in (ENGLISH, FRENCH):
        check(explanation_layout(got, citations(1)[0], language))
        check(explanation_layout(got, None, language))


async def test_words_can_neither_format_nor_mention() -> None:
    hostile = ["**a**", "<@1>", "[x](https://evil.example)", "@everyone", "`b`", "||c||"]
    words = tuple(QuestionWord(word, Support.MISSING) for word in hostile)
    text = told(Reasons(Verdict.ANSWERED, 90, words))
    for sign in ("<", "@", "[", "`", "|"):
        assert not re.search(rf"(?<!\\){re.escape(sign)}", text), sign
