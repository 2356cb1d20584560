"""Facts are cited by the sentence that says them, once, with what decides in bold."""

from __future__ import annotations

from dataclasses import replace

from knowledge.answers.fact_citations import cite_fact
from knowledge.facts.deduplication import deduplicated
from knowledge.model import Citation, Fact, FactKind, FactOrigin, Span

TEXT = (
    "Quokkas are small. In May 2023, rangers counted some 1,200 of them on Rottnest Island, "
    "where they have no enemies. They eat grass."
)
PARAGRAPH = Citation("p", "a", "Title", None, 1, TEXT, Span(0, len(TEXT)), (), 0.0)


def fact(words: str, kind: FactKind = FactKind.QUANTITY, **more: object) -> Fact:
    at = TEXT.index(words)
    span = Span(at, at + len(words))
    made = Fact(words, kind, FactOrigin.EXTRACTED, "a", "p", 1, span, words, words)
    return replace(made, **more)  # type: ignore[arg-type]


COUNT = fact("some 1,200", value=1200.0)
DAY = fact("May 2023", FactKind.DATE, date_start="2023-05-01", date_end="2023-05-31")
CURATED = fact(
    "In May 2023, rangers counted some 1,200 of them",
    origin=FactOrigin.CURATED, value=1200.0, date_start="2023-05-01", date_end="2023-05-31",
)  # fmt: skip


def marked(citation: Citation) -> list[str]:
    return [mark.of(citation.snippet) for mark in citation.highlights]


def test_an_extracted_fact_is_bold_in_its_sentence() -> None:
    cited = cite_fact(COUNT, PARAGRAPH)
    assert cited.snippet.startswith("In May 2023")
    assert cited.snippet.endswith("no enemies.")
    assert marked(cited) == ["some 1,200"]


def test_of_a_curated_fact_what_rules_found_to_say_the_same_is_bold() -> None:
    assert marked(cite_fact(CURATED, PARAGRAPH, [COUNT, DAY])) == ["some 1,200"]
    assert marked(cite_fact(CURATED, PARAGRAPH, [COUNT, DAY], is_dated=True)) == ["May 2023"]
    assert marked(cite_fact(CURATED, PARAGRAPH)) == [CURATED.text]


def test_of_a_source_its_name_is_bold() -> None:
    source = fact("rangers counted", FactKind.SOURCE, origin=FactOrigin.CURATED, value="rangers")
    assert marked(cite_fact(source, PARAGRAPH)) == ["rangers"]


def test_a_long_sentence_is_cut_at_clauses() -> None:
    text = f"Rangers, {'who walk a lot, ' * 30}counted 1,200 of them, {'they say, ' * 30}in May."
    at = text.index("1,200")
    paragraph = replace(PARAGRAPH, text=text, span=Span(0, len(text)))
    cited = cite_fact(replace(COUNT, span=Span(at, at + 5)), paragraph)
    assert marked(cited) == ["1,200"]
    assert len(cited.snippet) <= 300
    assert cited.snippet.startswith(("counted", "who"))


def test_what_rules_found_gives_way_to_what_is_written_by_hand() -> None:
    assert deduplicated([CURATED, COUNT, DAY]) == (CURATED, DAY)
    assert deduplicated([COUNT, CURATED]) == (CURATED,)


def test_another_value_in_the_same_words_stays() -> None:
    other = fact("some 1,200", value=1.0)
    assert deduplicated([CURATED, other]) == (CURATED, other)
    assert deduplicated([CURATED, replace(COUNT, passage="q")]) == (
        CURATED,
        replace(COUNT, passage="q"),
    )
