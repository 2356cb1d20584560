"""Other people's words are shown as they are and do nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simcord.preview._markdown import markdown_tokens

from bot.ui.markdown import CUT, bold, escape, excerpt, link, quoted
from knowledge import Span

NASTY = st.text(
    alphabet=st.sampled_from(list("*_~`|<>@#:[]()&\\-+=.!/ \n\r\u20280129aé—«’\u00a0\u202f")),
    max_size=60,
)
TEXT = st.one_of(
    NASTY,
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            [
                "@everyone", "@here", "<@1>", "<@!1>", "<@&2>", "<#3>", "</ask:4>", "<t:5:R>",
                "<:a:6>", "<a:b:7>", "<id:guide>", ":smile:", "https://evil.example/a_b_c",
                "[x](https://evil.example)", "**b**", "__u__", "*i*", "~~s~~", "||s||", "`c`",
                "```\nc\n```", "# h", "## h", "-# s", "> q", ">>> q", "- l", "* l", "+ l", "1. l",
                "2) l", "---", "===", "&amp;", "\\", "\n", "  ", "word", "été", "10 933",
            ]
        ),
        max_size=12,
    ).map(" ".join),
)  # fmt: skip


def spans_in(text: str) -> st.SearchStrategy[list[Span]]:
    places = st.integers(min_value=0, max_value=max(len(text), 1))
    return st.lists(
        st.tuples(places, places).filter(lambda pair: pair[0] < pair[1]).map(lambda p: Span(*p)),
        max_size=4,
    )


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(TEXT)
    return text, draw(spans_in(text))


def unescape(markdown: str) -> str:
    """Undo ``escape`` as Discord does: a backslash makes the next sign ordinary."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


def without_bold(markdown: str) -> str:
    """Take the bold marks away: the asterisks that no backslash makes ordinary."""
    return re.sub(r"(\\[^0-9A-Za-z\s])|\*\*", lambda match: match[1] or "", markdown)


def kinds(tokens: list[dict]) -> set[str]:
    found: set[str] = set()
    for token in tokens:
        found.add(token["type"])
        found |= kinds(token.get("children", []))
    return found


def words(tokens: list[dict]) -> str:
    return "".join(
        token.get("content", "\n" if token["type"] == "break" else words(token.get("children", [])))
        for token in tokens
    )


@given(TEXT)
def test_what_is_escaped_can_be_read_back(text: str) -> None:
    assert unescape(escape(text)) == text


@given(texts_with_spans())
def test_a_slice_with_bold_is_the_slice_verbatim(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    assert unescape(without_bold(bold(text, spans))) == text


@given(texts_with_spans())
def test_bold_marks_are_pairs_around_words(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    shown = re.sub(r"\\[^0-9A-Za-z\s]", "x", bold(text, spans))
    assert shown.count("**") % 2 == 0
    assert "****" not in shown
    for inside in re.findall(r"\*\*(.*?)\*\*", shown, re.DOTALL):
        assert inside == inside.strip() != ""
        assert "\n" not in inside


@given(TEXT)
def test_nothing_of_it_is_markdown(text: str) -> None:
    context = {
        "everyone": True,
        "users": {"1": "someone"},
        "roles": {"2": "role"},
        "channels": {"3": "channel"},
        "commands": {"4": "ask"},
        "emojis": {"6": {"name": "a"}, "7": {"name": "b", "animated": True}},
    }
    # Four spaces make code in CommonMark, which the oracle speaks, but not on Discord.
    flat = re.sub(r"[^\S\n]+", " ", text)
    tokens = markdown_tokens(escape(flat), "text_display", context=context)
    # SimCord takes the backslash away before it looks for a sub-text; Discord does not.
    assert kinds(tokens) <= {"paragraph", "inline", "text", "break", "subtext"}


def test_the_oracle_knows_what_it_is_asked() -> None:
    tokens = markdown_tokens("# @everyone **b** [x](https://a.example)", context={"everyone": True})
    assert {"heading", "mention", "strong_open", "link_open"} <= kinds(tokens)


def test_typography_is_left_alone() -> None:
    text = "« Pékin » : l’essai — 10\u202f933\u00a0barils… 50 %, n° 3"
    assert escape(text) == text.replace(":", r"\:")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- a\n+ b\n 3. c\n4) d", "\\- a\n\\+ b\n 3\\. c\n4\\) d"),
        ("# a -# b 1. c", r"\# a -\# b 1. c"),
        ("a@b.example", r"a\@b.example"),
    ],
)
def test_line_starts_and_the_rest(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(texts_with_spans(), st.integers(min_value=60, max_value=120), st.data())
def test_an_excerpt_fits_and_is_one_slice(
    case: tuple[str, list[Span]], limit: int, data: st.DataObject
) -> None:
    text, spans = case[0] * 3, case[1]
    if not text:
        return
    start = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    end = data.draw(st.integers(min_value=start + 1, max_value=len(text)))
    shown = excerpt(text, limit, around=Span(start, end), spans=spans)
    assert len(shown) <= limit + 2
    plain = without_bold(shown)
    head = plain.startswith(f"{CUT} ")
    tail = plain.endswith(f" {CUT}")
    kept = unescape(plain[len(CUT) + 1 if head else 0 : -len(CUT) - 1 if tail else None])
    assert kept in text
    if not head and not tail:
        assert kept == text


def test_an_excerpt_keeps_what_matters_in_view() -> None:
    text = " ".join(f"word{n}" for n in range(500))
    middle = text.index("word250")
    shown = excerpt(text, 200, around=Span(middle, middle + 7), spans=[Span(middle, middle + 7)])
    assert "**word250**" in shown
    assert shown.startswith("[…] word")
    assert shown.endswith(" […]")
    assert 150 < len(shown) <= 200


def test_a_quotation_quotes_every_line() -> None:
    assert quoted("a\n\nb") == "> a\n> \n> b"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (None, r"a \[b\]"),
        ("javascript:alert(1)", r"a \[b\]"),
        ("ftp://files.example/a", r"a \[b\]"),
        ("https://", r"a \[b\]"),
        ("https://[::1", r"a \[b\]"),
        ("https://good.example@evil.example/", r"a \[b\]"),
        ("https://a.example/@everyone", r"[a \[b\]](https://a.example/%40everyone)"),
        ("https://a.example/x y(z)", r"[a \[b\]](https://a.example/x%20y%28z%29)"),
        ("http://a.example/é?q=1&r=%20#p", r"[a \[b\]](http://a.example/%C3%A9?q=1&r=%20#p)"),
    ],
)
def test_only_web_addresses_are_linked(url: str | None, shown: str) -> None:
    assert link("a\n[b]", url) == shown
