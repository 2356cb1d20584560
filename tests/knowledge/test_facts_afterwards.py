"""Facts of very many articles are found after their words, which answer meanwhile."""

import dataclasses
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.index import open_for_writing
from knowledge.indexing import facts, reindexing
from knowledge.indexing.facts import find_facts
from knowledge.model import ChangeCounts, Fact, FactKind, ReindexProgress, ReindexStage
from knowledge.model.errors import ArticleError

DAYS = ["3 août 2021", "4 mai 2020", "5 juin 2019"]


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the facts of one paragraph with its words, then those of one article after the other."""
    monkeypatch.setattr(reindexing, "FOUND_AT_ONCE", 1)
    monkeypatch.setattr(facts, "_BLOCK", 1)


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    """Three articles with a date each, the last one also with a curated fact."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, day in zip("abc", DAYS, strict=True):
        text = f"---\ntitle: {name}\nlanguage: fr\n---\n\nLe chat {name * 4} est né le {day}.\n"
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    curated = "- kind: claim\n  statement: {fr: Il est né}\n  quote: Le chat cccc\n"
    (folder / "c.facts.yaml").write_text(curated, encoding="utf-8")
    return [folder]


def all_facts(base: KnowledgeBase) -> list[Fact]:
    return sorted(base.facts(limit=100).facts, key=lambda fact: fact.id)


def dates(base: KnowledgeBase) -> list[str]:
    return [fact.text for fact in base.facts(kind=FactKind.DATE).facts]


def test_all_facts_are_found_and_told(
    tmp_path: Path, sources: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments: list[tuple[ReindexStage, list[str]]] = []
    with KnowledgeBase(tmp_path / "later.db", sources) as later:

        def look(moment: ReindexProgress) -> None:
            is_whole = moment.stage is ReindexStage.FACTS
            moments.append((moment.stage, dates(later) if is_whole else []))
            if is_whole:
                assert later.ask("Quand est né le chat bbbb ?").citations[0].article == "b"

        report = later.reindex(progress=look)
        found = all_facts(later)
        assert later.facts("4 mai").facts[0].article == "b"  # in memory, too
    assert moments[3:] == [(ReindexStage.FACTS, DAYS[:2]), (ReindexStage.FACTS, DAYS)]
    monkeypatch.setattr(reindexing, "FOUND_AT_ONCE", 100)
    with KnowledgeBase(tmp_path / "once.db", sources) as once:
        expected = once.reindex()
        assert found == all_facts(once)
    assert report.facts == ChangeCounts(added=len(found))
    assert dataclasses.replace(report, elapsed_ms=0) == dataclasses.replace(expected, elapsed_ms=0)


def test_facts_go_on_where_they_were_given_up(tmp_path: Path, sources: list[Path]) -> None:
    def give_up(moment: ReindexProgress) -> None:
        if moment.stage is ReindexStage.FACTS:
            raise KeyboardInterrupt

    database = tmp_path / "k.db"
    with KnowledgeBase(database, sources) as base:
        with pytest.raises(KeyboardInterrupt):
            base.reindex(progress=give_up)
        assert dates(base) == DAYS[:2]
        assert [fact.article for fact in base.facts(kind=FactKind.CLAIM).facts] == ["c"]
    with KnowledgeBase.open(database, sources) as base:
        assert dates(base) == DAYS
        assert base.facts("5 juin").facts[0].article == "c"
    other = tmp_path / "other.db"
    with KnowledgeBase(other, sources) as base:
        with pytest.raises(KeyboardInterrupt):
            base.reindex(progress=give_up)
        assert base.reindex().kept == ("a", "b", "c")
        assert dates(base) == DAYS


def test_a_rehearsal_finds_all(tmp_path: Path, sources: list[Path]) -> None:
    with KnowledgeBase(tmp_path / "k.db", sources[:0]) as base:
        report = base.rehearse(sources)
        assert report.facts.added >= len(DAYS)
        assert base.reindex(sources).facts == report.facts


def test_an_older_index_finds_them_again(
    tmp_path: Path, sources: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "k.db"
    with KnowledgeBase.open(database, sources) as base:
        before = all_facts(base)
    for module in ("entities.analysis", "indexing.reindexing", "indexing.rows", "live.opening"):
        monkeypatch.setattr(f"knowledge.{module}.ENGINE_VERSION", 10_000)
    with KnowledgeBase.open(database, []) as base:
        assert all_facts(base) == before


def give_up_facts(moment: ReindexProgress) -> None:
    if moment.stage is ReindexStage.FACTS:
        raise KeyboardInterrupt


@pytest.fixture
def lacking(tmp_path: Path, sources: list[Path]) -> Iterator[KnowledgeBase]:
    """An index whose last article has yet to be looked into for facts."""
    with KnowledgeBase(tmp_path / "lacking.db", sources) as base:
        with pytest.raises(KeyboardInterrupt):
            base.reindex(progress=give_up_facts)
        yield base


def test_two_processes_find_no_fact_twice(
    lacking: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = open_for_writing(lacking.database), open_for_writing(lacking.database)
    begin = one.transaction

    def begin_late() -> AbstractContextManager[None]:
        find_facts(other, None)
        return begin()

    monkeypatch.setattr(one, "transaction", begin_late)
    find_facts(one, None)
    one.close()
    other.close()
    assert dates(lacking) == DAYS


def test_what_changed_is_told_though_its_facts_were_yet_to_be_found(
    lacking: KnowledgeBase, sources: list[Path]
) -> None:
    path = sources[0] / "c.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nIl dort.\n", encoding="utf-8")
    for report in (lacking.rehearse(sources), lacking.reindex()):
        (change,) = report.changes
        assert (change.slug, change.paragraphs, change.facts) == (
            "c",
            ChangeCounts(added=1),
            ChangeCounts(),
        )
        assert report.facts == ChangeCounts()
    assert dates(lacking) == DAYS


def test_facts_are_found_though_the_articles_are_refused(
    lacking: KnowledgeBase, sources: list[Path]
) -> None:
    with pytest.raises(ArticleError):
        lacking.reindex([sources[0] / "nowhere"])
    assert dates(lacking) == DAYS


def test_words_answer_while_another_process_finds_facts(
    lacking: KnowledgeBase, sources: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.index.writer.LOCK_WAIT_SECONDS", 0.05)
    other = open_for_writing(lacking.database)
    with other.transaction(), KnowledgeBase.open(lacking.database, sources) as base:
        assert base.ask("Quand est né le chat cccc ?").citations[0].article == "c"
        assert base.status().lacking_facts == 1
    other.close()
    assert dates(lacking) == DAYS[:2]
