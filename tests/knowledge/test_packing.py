"""What the index keeps in few bytes comes back as it was."""

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.base import BUNDLED_ARTICLES, KnowledgeBase
from knowledge.corpus.article_files import read_articles
from knowledge.corpus.finding import find_files
from knowledge.entities import analysed
from knowledge.entities.analysis import IndexedTerms, index_terms, occurrences, pack_names
from knowledge.index import open_for_reading
from knowledge.index.packing import pack_spans, unpack_spans
from knowledge.indexing.rows import rows_of
from knowledge.model import Article, Span
from knowledge.text.sentences import sentences


@given(st.lists(st.tuples(st.integers(0, 40_000), st.integers(1, 40_000)), max_size=20))
def test_spans_come_back(gaps_and_lengths: list[tuple[int, int]]) -> None:
    spans: list[Span] = []
    end = 0
    for gap, length in gaps_and_lengths:
        spans.append(Span(end + gap, end + gap + length))
        end = spans[-1].end
    assert unpack_spans(pack_spans(spans)) == tuple(spans)


@given(st.text(max_size=300))
def test_the_sentences_of_any_text_come_back(text: str) -> None:
    assert unpack_spans(pack_spans(sentences(text))) == sentences(text)


@pytest.mark.parametrize("language", ["fr", "en", "ja"])
def test_the_places_of_terms_are_those_that_were_indexed(language: str) -> None:
    text = "Vingt-deux œufs de Chine, twelve à l'Élysée le 3 août. 2021年8月3日、東京で雨が降った。"
    stored = index_terms(analysed(text, language))
    found = occurrences(text, language, pack_names(stored.names), {*stored.terms})
    words, names = found[: stored.length], found[stored.length :]
    assert [one.place for one in words] == list(range(stored.length))
    assert [IndexedTerms(one.terms, one.span) for one in names] == list(stored.names)
    assert [term for one in found for term in one.terms] == list(stored.terms)
    assert pack_names([IndexedTerms(("@fr",), Span(0, 1))]) == '[[0,1,"@fr"]]'


def test_only_words_and_names_with_the_terms_asked_for_are_found() -> None:
    text = "Pékin dit non. La Chine a vingt-deux régions, la Corée en a neuf."
    names = pack_names(index_terms(analysed(text, "fr")).names)
    found = occurrences(text, "fr", names, {"region", "~cn", "22", "absent"})
    assert [(one.span.of(text), one.terms, one.place) for one in found] == [
        ("régions", ("region",), 4),
        ("Pékin", ("~cn",), 0),
        ("vingt-deux", ("22",), None),
    ]


def test_facts_come_back(tmp_path: Path) -> None:
    text = "# Été\n\nLe 3 août 2021, « il a  plu : fort », a dit Zoé Petit: 0 mort, 3 % de maïs."
    (tmp_path / "pluie.md").write_text(text, encoding="utf-8")
    folders = [BUNDLED_ARTICLES, tmp_path]
    found = find_files(folders)
    read = read_articles(found.files, found.roots)
    made = [
        fact
        for _, item in read
        if isinstance(item, Article)
        for fact in rows_of(item, Path("article.md")).facts
    ]
    database = tmp_path / "knowledge.db"
    KnowledgeBase.open(database, folders).close()
    with closing(open_for_reading(database)) as reader:
        stored = reader.facts()
    assert {fact.id: fact for fact in made} == {fact.id: fact for fact in stored}
