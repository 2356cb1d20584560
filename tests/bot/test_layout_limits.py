"""Every layout is within Discord's limits, whatever the lengths, with what is offered below it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.articles.change_layout import change_layout, more_layout
from bot.features.articles.context_layout import context_layout
from bot.features.articles.outline_layout import outline_layout
from bot.features.articles.passage_changes import Change, Fate
from bot.features.articles.phrases import PHRASES
from bot.features.ask.answer_layout import answer_layout
from bot.features.ask.explanation_layout import explanation_layout
from bot.features.check.check_layout import check_layout
from bot.features.lookups.findings import PAGE_SIZE, Findings, Row
from bot.features.lookups.list_layout import list_layout, row_layout
from bot.i18n.localisation import CATALOGUE
from bot.server_settings import AnswerLength
from bot.ui.custom_ids.listing import Listing, LookUp
from bot.ui.custom_ids.reasons import Reasons
from bot.ui.custom_ids.references import Reference, Turn
from bot.ui.offers import offer
from bot.ui.passages import passages_layout
from knowledge import (
    Answer,
    Article,
    Citation,
    Evidence,
    Fact,
    FactKind,
    FactOrigin,
    Nearby,
    Paragraph,
    QuestionWord,
    Section,
    Span,
    Support,
    Verdict,
)

FRENCH = CATALOGUE.languages["fr"]
SHARED_LINE = 200
"""Characters of the line that a shared answer has on top; it is one component more."""

SIGNS = st.sampled_from(["*", "a", "ab ", "\n", "é", "語", "<@1> ", "😀", "_ ", "x" * 40 + " "])


@st.composite
def words(draw: st.DrawFn, most: int) -> str:
    sign, length = draw(SIGNS), draw(st.integers(min_value=1, max_value=most))
    return (sign * length)[:length].strip() or "x"


@st.composite
def citations(draw: st.DrawFn, number: int = 0) -> Citation:
    text = draw(words(20_000))
    start = draw(st.integers(min_value=0, max_value=len(text) - 1))
    end = min(start + draw(st.integers(min_value=1, max_value=300)), len(text))
    marks = tuple(Span(n, n + 1) for n in range(0, end - start, draw(st.integers(2, 400))))
    url = "https://a.example/" + "x" * draw(st.integers(min_value=0, max_value=400))
    return Citation(
        passage=f"{number:012}",
        article="slug",
        title=draw(words(400)),
        section=draw(st.none() | words(400)),
        paragraph=draw(st.integers(min_value=1, max_value=10_000)),
        text=text,
        span=Span(start, end),
        highlights=marks,
        score=1.0,
        url=draw(st.none() | st.just(url)),
    )


def several(least: int = 0, most: int = 5) -> st.SearchStrategy[tuple[Citation, ...]]:
    counts = st.integers(min_value=least, max_value=most)
    return counts.flatmap(lambda count: st.tuples(*(citations(n) for n in range(count))))


def assert_within_limits(view: ui.LayoutView) -> None:
    offer(view, FRENCH, share=True, delete=True)
    items = list(view.walk_children())
    assert len(items) + 1 <= 40
    texts = [item.content for item in items if isinstance(item, ui.TextDisplay)]
    assert sum(map(len, texts)) + SHARED_LINE <= 4_000
    assert all(texts)
    ids = [item.custom_id or "" for item in items if isinstance(item, ui.Button)]
    assert all(0 < len(id_) <= 100 for id_ in ids)
    assert len(set(ids)) == len(ids)
    assert all(len(item.children) <= 5 for item in items if isinstance(item, ui.ActionRow))


def assert_cut_with_a_mark(view: ui.LayoutView, found: tuple[Citation, ...]) -> None:
    """What is quoted is the whole snippet, or says that it is not."""
    quoted = [
        item.content
        for item in view.walk_children()
        if isinstance(item, ui.TextDisplay) and item.content.startswith("> ")
    ]
    for text in quoted:
        plain = re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)\*\*", "", text.replace("\n> ", "\n")))
        assert "[…]" in plain or any(one.snippet.strip() in plain for one in found)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    asked = draw(st.lists(words(60), max_size=12))
    nearby = st.builds(Nearby, words(60), citations(9))
    supports = st.sampled_from(list(Support))
    evidence = Evidence(tuple(QuestionWord(word, draw(supports)) for word in asked), (), 0.0)
    return Answer(
        draw(words(4_000)),
        "en",
        draw(st.sampled_from(list(Verdict))),
        0.5,
        draw(several()),
        1.0,
        evidence,
        is_sure_of_words=draw(st.booleans()),
        nearby=draw(st.none() | nearby),
    )


@given(answers(), st.sampled_from(list(AnswerLength)))
@settings(max_examples=60)
async def test_an_answer(answer: Answer, length: AnswerLength) -> None:
    related = ("q" * 97, "r" * 96 + "?")
    view = answer_layout(answer, FRENCH, length, asked=answer.question, related=related)
    assert_within_limits(view)
    nearby = () if answer.nearby is None else (answer.nearby.citation,)
    assert_cut_with_a_mark(view, (*answer.citations, *nearby))


@given(answers())
@settings(max_examples=60)
async def test_a_check(answer: Answer) -> None:
    view = check_layout(answer, FRENCH)
    assert_within_limits(view)
    assert_cut_with_a_mark(view, answer.citations)


@given(answers(), citations())
@settings(max_examples=30)
async def test_an_explanation(answer: Answer, runner_up: Citation) -> None:
    reasons = Reasons.of(answer)
    assert reasons is not None
    assert_within_limits(explanation_layout(reasons, runner_up, FRENCH))


@given(several(least=1, most=4))
@settings(max_examples=40)
async def test_further_passages(found: tuple[Citation, ...]) -> None:
    view = passages_layout(found, FRENCH)
    assert_within_limits(view)
    assert_cut_with_a_mark(view, found)


@given(several(most=4), st.data())
@settings(max_examples=40)
async def test_passages_of_which_some_have_changed(
    found: tuple[Citation, ...], data: st.DataObject
) -> None:
    changes = [
        Change(
            data.draw(st.sampled_from(list(Fate))), data.draw(st.none() | citations(9 + n)), None, 3
        )
        for n in range(len(found), 4)
    ]
    if not found and not changes:
        return
    assert_within_limits(more_layout(found, changes, FRENCH))


@given(citations(), words(400))
@settings(max_examples=30)
async def test_a_passage_that_has_changed(now: Citation, quoted: str) -> None:
    change = Change(Fate.CHANGED, now, "> " + quoted.replace("\n", "\n> "), 3)
    assert_within_limits(change_layout(change, FRENCH))


TURNS = st.builds(
    Turn, st.integers(0, 7), st.none() | st.integers(0, 21_000), is_back=st.booleans()
)


@given(st.lists(words(20_000), min_size=1, max_size=6), words(400), words(400), TURNS)
@settings(max_examples=60)
async def test_a_page_of_an_article(texts: list[str], title: str, heading: str, turn: Turn) -> None:
    paragraphs = tuple(Paragraph(f"id{n}", n, n - 1, text) for n, text in enumerate(texts, 1))
    sections = tuple(Section(n, f"{n} {heading}") for n, _ in enumerate(texts))
    book = Article("slug", title, "en", sections, paragraphs, "hash")
    url = "https://a.example/" + "x" * 200
    note = PHRASES.of(FRENCH).unchanged
    view = context_layout(book, Reference("id1", Span(0, 300)), turn, url, FRENCH, note)
    assert_within_limits(view)


@given(st.lists(st.tuples(words(400), words(20_000)), min_size=1, max_size=20), words(400))
@settings(max_examples=40)
async def test_an_outline(parts: list[tuple[str, str]], title: str) -> None:
    sections = tuple(Section(n, heading) for n, (heading, _) in enumerate(parts))
    paragraphs = tuple(Paragraph(f"id{n}", n + 1, n, text) for n, (_, text) in enumerate(parts))
    book = Article("slug", title, "en", sections, paragraphs, "hash", source=title)
    assert_within_limits(outline_layout(book, "https://a.example/", 0, FRENCH))


@st.composite
def rows(draw: st.DrawFn, number: int) -> Row:
    cited = draw(citations(number))
    statement = draw(words(400))
    fact = Fact(
        f"fact{number:08}", FactKind.QUOTE, draw(st.sampled_from(list(FactOrigin))), "slug",
        cited.passage, cited.paragraph, cited.span, cited.snippet, statement,
        date_start="2023-07-01", date_end="2023-07-31", precision="month", is_year_inferred=True,
        speaker=draw(st.none() | words(200)), role=draw(st.none() | words(200)),
    )  # fmt: skip
    if draw(st.booleans()):
        return Row(cited)
    others = draw(st.lists(words(400), max_size=6))
    return Row(cited, fact, tuple(replace(fact, statement=one) for one in others))


@given(st.data(), st.sampled_from(list(LookUp)))
@settings(max_examples=60)
async def test_a_list(data: st.DataObject, which: LookUp) -> None:
    found = tuple(data.draw(rows(n)) for n in range(data.draw(st.integers(1, 5))))
    if which is LookUp.TIMELINE:
        listing = Listing(which, page=1, start=date(2023, 1, 1))
    else:
        listing = Listing(which, page=1, words="a" * 93)
    findings = Findings(listing, found, 500, is_cut=True)
    assert_within_limits(list_layout(findings, FRENCH, is_shortened=True))
    assert_within_limits(row_layout(found[0], FRENCH))


async def test_a_list_whose_passages_say_much() -> None:
    text = "word " * 2_000
    found: list[Row] = []
    for n in range(PAGE_SIZE):
        cited = Citation(
            passage=f"{n:012}", article="slug", title="t" * 400, section="s" * 400, paragraph=n + 1,
            text=text, span=Span(0, 300), highlights=(Span(0, 4),), score=1.0, url=None,
        )  # fmt: skip
        facts = [
            Fact(
                f"fact{n}{m:07}", FactKind.QUOTE, FactOrigin.CURATED, "slug", cited.passage, n + 1,
                cited.span, cited.snippet, f"{m} " + "statement " * 40, speaker=f"{m}" + "x" * 300,
            )
            for m in range(6)
        ]  # fmt: skip
        found.append(Row(cited, facts[0], tuple(facts[1:])))
    findings = Findings(Listing(LookUp.FACT, words="a"), tuple(found), 500)
    assert_within_limits(list_layout(findings, FRENCH, is_shortened=True))
