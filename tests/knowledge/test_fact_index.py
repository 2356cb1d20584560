"""Facts looked up: in both languages, with typos, while a reindex runs."""

import itertools
import random
import string
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from bases import MakeBase

from knowledge.base import KnowledgeBase
from knowledge.facts.terms import quoted_terms
from knowledge.index import FactFilter, IndexedFact
from knowledge.index.facts import FactReader
from knowledge.model import ChangeCounts, Fact, FactKind, FactOrigin, Span
from knowledge.model.notes import NoteKind
from knowledge.retrieval.fact_index import FactIndex
from knowledge.retrieval.fact_postings import FactPostings

CHOICES = 25
ROWS = itertools.count(1)


def indexed(statement: str) -> IndexedFact:
    """Return a statement as the index knows it."""
    fact = Fact(
        id=statement,
        kind=FactKind.CLAIM,
        origin=FactOrigin.EXTRACTED,
        article="a",
        passage="p",
        paragraph=1,
        span=Span(0, 1),
        text="",
        statement=statement,
    )
    return IndexedFact(fact, next(ROWS), 1, 1)


def with_a_typo(text: str, chance: random.Random) -> str:
    """Drop, swap or replace one letter inside a word of some length."""
    places = [i for i in range(1, len(text) - 2) if text[i - 1 : i + 3].isalpha()]
    at = chance.choice(places)
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    dropped = text[:at] + text[at + 1 :]
    replaced = text[:at] + chance.choice(string.ascii_lowercase) + text[at + 1 :]
    return chance.choice([dropped, swapped, replaced])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_curated_fact_is_found_by_its_statement_with_a_typo(
    bundled: KnowledgeBase, language: str
) -> None:
    chance = random.Random(7)
    curated = bundled.facts(origin=FactOrigin.CURATED, limit=1_000).facts
    assert len(curated) >= 90

    for fact in curated:
        for asked in (fact.statements[language], with_a_typo(fact.statements[language], chance)):
            found = [one.id for one in bundled.facts(asked, limit=3).facts]
            assert fact.id in found, asked
            assert fact.id in [one.id for one in bundled.suggest(asked)], asked


def test_every_other_wording_finds_its_fact(bundled: KnowledgeBase) -> None:
    for fact in bundled.facts(origin=FactOrigin.CURATED, limit=1_000).facts:
        for asked in fact.aliases:
            assert fact.id in [one.id for one in bundled.suggest(asked)], asked


def test_suggestions_come_in_far_less_than_fifty_milliseconds(bundled: KnowledgeBase) -> None:
    started = time.perf_counter()
    for asked in ["p", "pou", "poutin", "poutnie a renc", "zzzzzz", ""] * 10:
        bundled.suggest(asked)
    assert (time.perf_counter() - started) / 60 < 0.05


@pytest.mark.parametrize("asked", ["", " ", "\0", "'\"*%()", "😀" * 4_000, "un", "\ud800", "a\nb"])
def test_any_text_is_suggested_for_without_an_error(bundled: KnowledgeBase, asked: str) -> None:
    assert len(bundled.suggest(asked)) <= CHOICES
    bundled.facts(asked)


def test_suggestions_are_of_the_kind_that_is_wanted(bundled: KnowledgeBase) -> None:
    found = bundled.suggest("kim", FactKind.PERSON)

    assert {fact.kind for fact in found} == {FactKind.PERSON}
    assert "Kim Jong Un" in [fact.value for fact in found]
    assert len(bundled.suggest("", limit=3)) == 3


def test_the_kind_and_the_speaker_are_words_to_look_up(bundled: KnowledgeBase) -> None:
    found = bundled.facts("citation de Poutine").facts

    assert found[0].kind is FactKind.QUOTE
    assert "Vladimir Poutine" in [fact.speaker for fact in found[:4]]


@pytest.mark.parametrize(
    ("asked", "kind", "value"),
    [
        ("Kim Jong Un", FactKind.PERSON, "Kim Jong Un"),
        ("kim jong-un", FactKind.PERSON, "Kim Jong Un"),
        ("kim", FactKind.PERSON, "Kim Jong Un"),
        ("Zhang", FactKind.PERSON, "Zhang Guoqing"),
        ("Reuters", FactKind.SOURCE, "Reuters"),
        ("vladimir poutine", FactKind.PERSON, "Vladimir Poutine"),
    ],
)
def test_a_name_alone_finds_whose_it_is_before_what_was_done(
    bundled: KnowledgeBase, asked: str, kind: FactKind, value: str
) -> None:
    first = bundled.facts(asked).facts[0]

    assert (first.kind, first.value) == (kind, value)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ("9 goals", 9),
        ("4 ans à l’étranger", 4),
        ("7 domaines", 7),
        ("réunion de 5 heures", 5),
        ("2000000 rounds a year", 2_000_000),
    ],
)
def test_a_number_in_digits_finds_one_in_words(
    bundled: KnowledgeBase, asked: str, value: int
) -> None:
    assert bundled.facts(asked).facts[0].value == value


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("date", FactKind.DATE),
        ("Quand", FactKind.DATE),
        ("who", FactKind.PERSON),
        ("personnes", FactKind.PERSON),
        ("combien", FactKind.QUANTITY),
        ("chiffres", FactKind.QUANTITY),
        ("où", FactKind.PLACE),
        ("quotes", FactKind.QUOTE),
    ],
)
def test_a_kind_alone_finds_all_of_that_kind(
    bundled: KnowledgeBase, asked: str, kind: FactKind
) -> None:
    found = bundled.facts(asked, kind=kind, limit=1_000)

    assert found.total == bundled.facts(kind=kind).total
    assert bundled.facts(asked).facts[0].kind is kind


def test_a_word_that_is_known_weighs_more_than_what_it_begins() -> None:
    texts = [*(f"the vote number {n}" for n in range(20)), "voters"]

    found = FactIndex(FactPostings.of(map(indexed, texts))).find("vote")

    assert {one.statement for one in found} >= set(texts[:20])


def test_the_work_of_a_look_up_is_bounded() -> None:
    common = " ".join(f"word{n}" for n in range(20))
    index = FactIndex(FactPostings.of(indexed(f"{common} rare{n}") for n in range(4_000)))

    _, matched, _ = index._matched(f"{common} rare7")

    assert sum(matched.values()) <= 20_000
    assert index.find(f"{common} rare7")[0].statement.endswith("rare7")


def test_facts_come_in_pages_in_the_order_of_the_text(bundled: KnowledgeBase) -> None:
    first, second = bundled.facts(limit=5), bundled.facts(limit=5, offset=5)

    assert first.total == second.total > 150
    places = [(fact.paragraph, fact.span.start) for fact in (*first.facts, *second.facts)]
    assert places == sorted(places)
    assert bundled.facts("pétrole", limit=2, offset=1).facts == bundled.facts("pétrole").facts[1:3]


def test_every_fact_is_a_slice_of_its_paragraph(bundled: KnowledgeBase) -> None:
    article = bundled.article("north-korea-russia-summit")

    for fact in bundled.facts(limit=1_000).facts:
        assert fact.span.of(article.paragraphs[fact.paragraph - 1].text) == fact.text
        assert bundled.fact(fact.id) == fact
    assert bundled.fact("nosuchfact00") is None


def test_the_timeline_tells_each_event_once_in_order(bundled: KnowledgeBase) -> None:
    dated = bundled.timeline()

    starts = [fact.date_start or "" for fact in dated]
    assert starts == sorted(starts)
    assert starts[0] == "2014-01-01"
    places = [(fact.paragraph, fact.date_start, fact.date_end) for fact in dated]
    assert len(set(places)) == len(places)
    meetings = [fact for fact in dated if fact.date_start == "2023-09-12"]
    assert [fact.origin for fact in meetings] == [FactOrigin.CURATED]


def test_the_timeline_is_limited_to_a_time(bundled: KnowledgeBase) -> None:
    dated = bundled.timeline(date(2021, 1, 1), date(2021, 12, 31))

    assert [fact.date_start for fact in dated] == ["2021-01-01"]


def test_a_timeline_reads_no_more_than_it_shows(
    bundled: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = bundled.timeline()
    limits: list[int] = []
    read = FactReader.timeline

    def noted(self: FactReader, wanted: FactFilter, *, limit: int = -1) -> tuple[Fact, ...]:
        limits.append(limit)
        return read(self, wanted, limit=limit)

    monkeypatch.setattr(FactReader, "timeline", noted)
    assert bundled.timeline(limit=4) == every[:4]
    assert bundled.timeline(limit=100) == every
    assert 0 < limits[0] < 20


def test_facts_inside_the_first_citation_are_told(bundled: KnowledgeBase) -> None:
    citation = bundled.ask("Combien de barils de pétrole en juillet ?").citations[0]

    found = bundled.facts_cited(citation)

    assert 10_933 in [fact.value for fact in found]
    assert all(fact.text in citation.snippet for fact in found)


ONE = "# Un\n\nLe 12 mai 2020, Marie Curie a reçu 300 lettres.\n\nElle a écrit 40 livres.\n"


def test_facts_change_with_their_article_and_no_other(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(un=ONE, deux="# Deux\n\nIl y a 12 arbres en 1999.\n")
    before = {fact.id: fact for fact in base.facts(limit=100).facts}
    path = tmp_path / "articles" / "un.md"

    path.write_text(ONE.replace("40 livres", "41 livres"), encoding="utf-8")
    report = base.reindex()

    after = {fact.id: fact for fact in base.facts(limit=100).facts}
    assert report.facts == ChangeCounts(changed=1)
    assert [after[i].text for i in after.keys() - before.keys()] == ["41 livres"]
    assert [fact.text for fact in base.suggest("41")] == ["41 livres"]
    (tmp_path / "articles" / "deux.md").unlink()
    assert base.reindex().facts.removed == 2
    assert base.facts("arbres").total == 0


def test_an_edit_of_facts_by_hand_is_noticed(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(un=ONE, deux="# Deux\n\nIl y a 12 arbres.\n")
    beside = tmp_path / "articles" / "un.facts.yaml"

    beside.write_text(
        "- {kind: claim, statement: {fr: Elle était prolifique}, quote: Elle a écrit}",
        encoding="utf-8",
    )
    report = base.reindex()

    assert (report.changed, report.facts.added) == (("un",), 1)
    assert [fact.text for fact in base.facts("prolifique").facts] == ["Elle a écrit"]
    assert base.article("un").facts == base.facts(origin=FactOrigin.CURATED).facts
    assert base.reindex().changed == ()

    beside.write_text("- {kind: claim, statement: {fr: Faux}, quote: Elle a lu}", encoding="utf-8")
    report = base.reindex()

    assert report.problems == ()
    assert [(note.kind, note.line) for note in report.notes] == [(NoteKind.STALE, 1)]
    assert base.facts("prolifique").total == 0


def test_suggestions_go_on_while_a_reindex_runs(make_base: MakeBase) -> None:
    base = make_base(un=ONE)
    inside, go_on = threading.Event(), threading.Event()

    def wait(_: object) -> None:
        inside.set()
        go_on.wait(10)

    thread = threading.Thread(target=lambda: base.reindex(rebuild=True, progress=wait))
    thread.start()
    assert inside.wait(10)
    found = base.suggest("lettres")
    go_on.set()
    thread.join()

    assert "300 lettres" in [fact.text for fact in found]


def test_suggestions_outlive_the_index(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(un=ONE)
    for path in tmp_path.glob("knowledge.db*"):
        path.unlink()

    assert "300 lettres" in [fact.text for fact in base.suggest("lettres")]


def test_what_another_process_indexed_is_suggested_soon(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(un=ONE)
    (tmp_path / "articles" / "un.md").write_text(ONE.replace("300", "301"), encoding="utf-8")
    with KnowledgeBase.open(tmp_path / "knowledge.db", [tmp_path / "articles"]) as other:
        other.reindex()

    until = time.monotonic() + 10
    texts: list[str] = []
    while "301 lettres" not in texts and time.monotonic() < until:
        texts = [fact.text for fact in base.suggest("301 lettres")]
        time.sleep(0.01)

    assert "301 lettres" in texts


def test_a_reindex_reads_only_facts_that_are_new(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(a="# A\n\nNé le 3 août 2021.\n", b="# B\n\nNé le 4 mai 2020.\n")
    read: list[str] = []

    def watched(fact: Fact) -> list[str]:
        read.append(fact.text)
        return quoted_terms(fact)

    monkeypatch.setattr("knowledge.retrieval.fact_postings.quoted_terms", watched)
    path = tmp_path / "articles" / "b.md"
    path.write_text("# B\n\nNé le 5 juin 2019.\n", encoding="utf-8")
    base.reindex()
    assert read == ["5 juin 2019"]
    assert [fact.text for fact in base.facts("mai juin août").facts[:2]] == [
        "3 août 2021",
        "5 juin 2019",
    ]
