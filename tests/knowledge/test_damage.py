"""A damaged index is made again from the articles, by whoever opens or reindexes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from bases import MakeBase

from knowledge.base import KnowledgeBase
from knowledge.index import damage, discard_damaged
from knowledge.model.errors import IndexLocked, IndexLost

ARTICLE = "---\ntitle: A\nlanguage: fr\n---\n\nLe chat dort.\n"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def scratch(path: Path) -> None:
    """Damage the page of the paragraphs alone: what an opening reads first is as it was."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'paragraphs'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "act"),
    [(cut, "open"), (cut, "reindex"), (scratch, "reindex"), (cut, "rebuild"), (scratch, "rebuild")],
)
def test_a_new_process_makes_it_again(
    make_base: MakeBase, tmp_path: Path, spoil: Callable[[Path], None], act: str
) -> None:
    make_base(a=ARTICLE).close()
    database = tmp_path / "knowledge.db"
    spoil(database)
    if act == "open":
        base = KnowledgeBase.open(database, [tmp_path / "articles"])
    else:
        base = KnowledgeBase(database, [tmp_path / "articles"])
        report = base.reindex(rebuild=act == "rebuild")
        assert report.added == ("a",)
    with base:
        assert base.ask("Que fait le chat ?").citations[0].text == "Le chat dort."
    assert {path.name for path in tmp_path.iterdir()} >= {"knowledge.db", "articles"}
    assert not list(tmp_path.glob("*.damaged-*")), "derived: nobody needs what is left of it"


def test_damage_that_only_a_question_meets_with_is_explained(
    make_base: MakeBase, tmp_path: Path
) -> None:
    make_base(a=ARTICLE).close()
    scratch(tmp_path / "knowledge.db")
    with KnowledgeBase.open(tmp_path / "knowledge.db", [tmp_path / "articles"]) as base:
        with pytest.raises(IndexLost, match=r"is damaged.*Run “sourcier index --rebuild”"):
            base.ask("Que fait le chat ?")
        assert base.seems_lost


def test_a_reindex_of_a_whole_index_discards_nothing(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(a=ARTICLE)
    identity = (tmp_path / "knowledge.db").stat().st_ino
    base._index.readers.seems_lost = True  # as a file that was away for a moment leaves it
    assert base.reindex().kept == ("a",)
    assert base.reindex(rebuild=True).kept == ("a",)
    assert (tmp_path / "knowledge.db").stat().st_ino == identity
    assert not base.seems_lost


def test_a_file_that_is_as_a_reindex_left_it_is_not_looked_through_again(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(a=ARTICLE)
    looked: list[bool] = []
    is_damaged = damage._is_damaged

    def watched(path: Path, *, thorough: bool) -> bool:
        looked.append(thorough)
        return is_damaged(path, thorough=thorough)

    monkeypatch.setattr(damage, "_is_damaged", watched)
    base.reindex()
    assert looked == [False]
    (tmp_path / "articles" / "b.md").write_text(ARTICLE.replace("chat", "chien"), encoding="utf-8")
    assert base.reindex().added == ("b",)
    assert base.ask("Que fait le chien ?").citations
    assert base.reindex().kept == ("a", "b")
    assert looked == [False]
    with closing(sqlite3.connect(base.database)) as connection, connection:
        connection.execute("DELETE FROM contexts")
    base.reindex()
    assert looked == [False, False]
    base.reindex(rebuild=True)
    base._index.readers.seems_lost = True
    base.reindex()
    assert looked == [False, False, True, True]


@pytest.mark.parametrize("entries", [b"\xff\x00", b"\xff\xff\x41"])
def test_postings_that_mean_nothing_are_damage(make_base: MakeBase, entries: bytes) -> None:
    base = make_base(a=ARTICLE)
    with closing(sqlite3.connect(base.database)) as connection, connection:
        connection.execute("UPDATE postings SET entries = ?", [entries])
    with pytest.raises(IndexLost, match="damaged"):
        base.ask("Que fait le chat ?")
    assert base.seems_lost
    assert base.reindex().added == ("a",)
    assert base.ask("Que fait le chat ?").citations


def test_a_rebuild_finds_postings_that_are_not_there(make_base: MakeBase) -> None:
    base = make_base(a=ARTICLE)
    with closing(sqlite3.connect(base.database)) as connection, connection:
        connection.execute("DELETE FROM postings WHERE term = 'chat'")
    assert base.reindex().kept == ("a",)
    assert base.reindex(rebuild=True).added == ("a",)
    assert base.ask("Que fait le chat ?").citations


def test_an_index_that_is_held_is_not_discarded(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(a=ARTICLE)
    for module in ("writer", "damage"):
        monkeypatch.setattr(f"knowledge.index.{module}.LOCK_WAIT_SECONDS", 0.05)
    base._index.readers.seems_lost = True
    with closing(sqlite3.connect(base.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(IndexLocked):
            base.reindex()
    assert base.reindex().kept == ("a",)


def test_before_the_first_build_has_ended_nothing_is_said_to_be_unknown(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(a=ARTICLE)
    with closing(sqlite3.connect(base.database)) as connection, connection:
        connection.execute("UPDATE build SET index_version = 0")
    with pytest.raises(IndexLost, match="not built yet"):
        base.ask("Que fait le chat ?")


def test_there_is_room_where_there_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "knowledge.db"
    path.with_name("knowledge.db-wal").write_bytes(b"left over")
    assert discard_damaged(path, is_ours=False)
    assert list(tmp_path.iterdir()) == []
