"""What is in memory after changes of the articles is what a base that is opened anew reads."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from bases import MakeBase
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.base import KnowledgeBase
from knowledge.index import FactOrder, IndexReader, changes
from knowledge.model import FactKind
from knowledge.retrieval.fact_postings import FactPostings
from knowledge.text.spelling import Speller

SLUGS = st.sampled_from(["a", "b", "c", "d", "é"])
SENTENCES = st.sampled_from(
    [
        "La gouvernante de Paris dort depuis le 3 mai 2021.",
        "Le président Vladimir Poutine a vu 1 200 chats à Moscou en 2019.",
        "Un pamplemousse pèse 300 grammes.",
        "« Nous avons gagné », a dit Marie Curie à Varsovie.",
        "Selon l'ONU, 45 % des navires partent de Marseille.",
        "Les pamplemousses et les gouvernantes voyagent.",
        "Zanzibar exporte dix tonnes de girofle chaque printemps.",
    ]
)
FACT = "- kind: claim\n  statement: {fr: Une sieste parisienne}\n  quote: La gouvernante de Paris\n"
GOLDEN = (
    '{"id": "q", "question": "Une sieste de la gouvrenante ?", "lang": "fr", "kind": "fact", '
    '"gold": ["La gouvernante de Paris"]}\n'
)
ASKED = [
    "Que fait la gouvrenante ?",
    "Combien pèse un pamplemouse ?",
    "Qui dort à Paris ?",
    "Une sieste ?",
    "Quand Poutine est-il venu ?",
    "girolfe de Zanzibar",
]
LOOKED_UP = ["poutine", "pari", "gouvrenante", "mai 2021", "varso", "marseile", "sieste", "10", ""]


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, bool]:
    """An article's paragraphs, and whether a fact is written down beside it."""
    said = draw(st.lists(SENTENCES, min_size=1, max_size=4))
    return "\n\n".join(said), "gouvernante de" in said[0] and draw(st.booleans())


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), SLUGS, articles()),
        st.tuples(st.just("remove"), SLUGS, st.none()),
        st.tuples(st.just("rename"), SLUGS, SLUGS),
        st.tuples(st.just("rebuild"), st.none(), st.none()),
    ),
    min_size=1,
    max_size=3,
)


def put(folder: Path, slug: str, text: str, *, with_fact: bool = False) -> None:
    header = f"---\ntitle: Titre {slug}\nlanguage: fr\n---\n\n"
    (folder / f"{slug}.md").write_text(f"{header}{text}\n", encoding="utf-8")
    beside = folder / f"{slug}.facts.yaml"
    beside.unlink(missing_ok=True)
    if with_fact:
        beside.write_text(FACT, encoding="utf-8")


def do(folder: Path, step: tuple) -> None:
    kind, slug, what = step
    files = [path for path in folder.iterdir() if path.name.startswith(f"{slug}.")]
    if kind == "put":
        put(folder, slug, what[0], with_fact=what[1])
    elif kind == "remove" and slug != "a":  # one is left
        for path in files:
            path.unlink()
    elif kind == "rename" and "a" not in (slug, what):
        for path in files:
            path.replace(path.with_name(path.name.replace(f"{slug}.", f"{what}.")))


@contextmanager
def opened(database: Path, folder: Path) -> Iterator[KnowledgeBase]:
    with closing(KnowledgeBase.open(database, [folder])) as base:
        yield base


def speller(base: KnowledgeBase) -> Speller:
    with base._index.readers.snapshot() as (reader, statistics):
        return base._index.retriever._speller.of(reader, statistics)


def as_sets(postings: FactPostings) -> tuple[dict[str, set], ...]:
    own = (postings.postings, postings._by_name, postings._by_name_word)
    return tuple({term: set(entries) for term, entries in one.items()} for one in own)


def assert_same(base: KnowledgeBase, fresh: KnowledgeBase) -> None:
    """Compare what is in memory, and what is answered from it."""
    assert speller(base).passages == speller(fresh).passages
    for word in ("gouvrenante", "pamplemouse", "girolfe", "presidnet", "marseile"):
        assert speller(base).suggest(word) == speller(fresh).suggest(word)
    own, other = base._index.facts._read.index.facts, fresh._index.facts._read.index.facts
    assert own.ordered == other.ordered
    assert as_sets(own) == as_sets(other)
    assert (own.words, own.by_id) == (other.words, other.by_id)
    assert own.speller.passages == other.speller.passages
    for text in LOOKED_UP:
        assert base.suggest(text) == fresh.suggest(text)
        assert base.facts(text, limit=50) == fresh.facts(text, limit=50)
        assert base.suggest(text, FactKind.DATE) == fresh.suggest(text, FactKind.DATE)
    for question in ASKED:
        assert base.rank(question) == fresh.rank(question)
        assert base.search(question) == fresh.search(question)


@given(
    rounds=st.lists(STEPS, min_size=1, max_size=4),
    limits=st.sampled_from([(20_000, 200_000), (6, 40), (3, 12)]),
)
@settings(max_examples=40, deadline=None)
def test_after_changes_all_is_as_if_read_anew(
    rounds: list[list[tuple]], limits: tuple[int, int]
) -> None:
    """Also where only some facts and words of the index are kept in memory."""
    facts, words = limits
    with (
        tempfile.TemporaryDirectory() as name,
        patch("knowledge.retrieval.facts.MAX_FACTS", facts),
        patch("knowledge.retrieval.index_speller.MAX_VOCABULARY", words),
        patch("knowledge.index.terms.MAX_VOCABULARY", words),
    ):
        database, folder = Path(name) / "k.db", Path(name) / "articles"
        folder.mkdir()
        put(folder, "a", "La gouvernante de Paris dort.", with_fact=True)
        put(folder, "b", "Le 4 juin 2020, Marie Curie visita Varsovie et Zanzibar.")
        with opened(database, folder) as base, opened(database, folder) as other:
            for steps in rounds:
                for step in steps:
                    do(folder, step)
                base.reindex(rebuild=("rebuild", None, None) in steps)
                with opened(database, folder) as fresh:
                    assert_same(base, fresh)
            other._index.catch_up()  # over all rounds at once, as another process does
            with opened(database, folder) as fresh:
                assert_same(other, fresh)


class Watched:
    """How often all words, and how often all facts of an index are read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.words = self.facts = 0
        vocabulary, indexed_facts = IndexReader.vocabulary, IndexReader.indexed_facts

        def all_words(reader: IndexReader) -> object:
            self.words += 1
            return vocabulary(reader)

        def all_facts(reader: IndexReader, limit: int, *after: FactOrder) -> object:
            self.facts += not after
            return indexed_facts(reader, limit, *after)

        monkeypatch.setattr(IndexReader, "vocabulary", all_words)
        monkeypatch.setattr(IndexReader, "indexed_facts", all_facts)


def test_only_what_an_article_changed_is_read(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(a="# A\n\nPoutine dort.\n", b="# B\n\nLe chat a vu Moscou en 2019.\n")
    with opened(base.database, tmp_path / "articles") as other:
        watched = Watched(monkeypatch)
        put(tmp_path / "articles", "a", "Le pamplemousse est né à Paris en 2020.")
        base.reindex()
        for one in (base, other):
            assert one.ask("Où est né le pamplemouse ?").citations
            assert one.facts("2020").total
        assert (watched.words, watched.facts) == (0, 0)


def test_golden_questions_are_asked_with_what_is_in_memory(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    put(folder, "a", "La gouvernante de Paris dort.", with_fact=True)
    (folder / "a.questions.jsonl").write_text(GOLDEN, encoding="utf-8")
    base = make_base(b="# B\n\nLe chat a vu Moscou en 2019.\n")
    watched = Watched(monkeypatch)
    put(folder, "b", "Le chat est né à Varsovie en 2020.")
    report = base.reindex()
    assert report.golden is not None
    assert (watched.words, watched.facts) == (0, 0)
    with opened(base.database, folder) as fresh:
        assert_same(base, fresh)


@pytest.mark.parametrize("limit", ["MAX_CHANGED_ARTICLES", "MAX_CHANGED_WORDS"])
def test_where_very_much_has_changed_all_is_read_anew(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(changes, limit, 0)
    base = make_base(a="# A\n\nPoutine dort.\n", b="# B\n\nLe chat a vu Moscou en 2019.\n")
    watched = Watched(monkeypatch)
    put(tmp_path / "articles", "a", "Le pamplemousse est né à Paris en 2020.")
    base.reindex()
    assert (watched.words, watched.facts) == (1, 1)
    with opened(base.database, tmp_path / "articles") as fresh:
        assert_same(base, fresh)


def test_who_has_not_asked_for_many_versions_reads_all_anew(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_KEPT", 2)
    base = make_base(a="# A\n\nPoutine dort.\n", b="# B\n\nLe chat a vu Moscou en 2019.\n")
    for versions in (2, 3):
        with opened(base.database, tmp_path / "articles") as other:
            for at in range(versions):
                put(tmp_path / "articles", "a", f"Le chat {versions} est né en {2020 + at}.")
                base.reindex()
            with monkeypatch.context() as patching:
                watched = Watched(patching)
                other._index.catch_up()
            assert (watched.words, watched.facts) == ((0, 0) if versions == 2 else (1, 1))
            assert_same(other, base)


def test_what_no_question_has_needed_is_not_read_after_a_reindex(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(monkeypatch)
    put(tmp_path, "a", "Le chat dort à Paris.")
    with KnowledgeBase(tmp_path / "k.db", [tmp_path / "a.md"]) as base:
        base.reindex()
        assert (watched.words, watched.facts) == (0, 0)
