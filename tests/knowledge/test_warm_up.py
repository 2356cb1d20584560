"""What is read into memory when an index is opened, and what only when a question needs it."""

from __future__ import annotations

import gc
import sqlite3
import subprocess
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from bases import MakeBase

from knowledge.base import KnowledgeBase
from knowledge.index import IndexReader

ARTICLE = "---\ntitle: A\nlanguage: fr\n---\n\nLa gouvernante de Paris dort depuis le 3 mai 2021.\n"
FACTS = "- kind: claim\n  statement:\n    fr: Une sieste\n  quote: La gouvernante de Paris dort\n"

ASKED_ONCE = """
import sys
from pathlib import Path
from knowledge import KnowledgeBase

with KnowledgeBase.open(Path("knowledge.db"), [Path("articles")], warm_up=False) as base:
    assert base.ask("Depuis quand la gouvernante dort-elle à Paris ?").citations
rooms = {name.split(".")[1] for name in sys.modules if name.startswith("knowledge.")}
print(rooms & {"indexing", "corpus", "evaluation"}, "sqlite_utils" in sys.modules)
from knowledge.text import detection
print(detection._detector.cache_info().currsize)
"""


def has_words(base: KnowledgeBase) -> bool:
    return base._index.retriever._speller.is_read


def has_facts(base: KnowledgeBase) -> bool:
    return base._index.facts._read.statistics is not None


def reopened(tmp_path: Path, *, warm_up: bool, aside: bool = False) -> KnowledgeBase:
    database, articles = tmp_path / "knowledge.db", [tmp_path / "articles"]
    return KnowledgeBase.open(database, articles, warm_up=warm_up, aside=aside)


def test_who_asks_once_waits_for_nothing_that_the_question_does_not_need(
    make_base: MakeBase, tmp_path: Path
) -> None:
    make_base(a=ARTICLE).close()
    with reopened(tmp_path, warm_up=False) as base:
        assert base.ask("La gouvernante dort ?").citations
        assert not has_words(base)
        assert base.ask("La gouvrenante dort ?").citations
        assert has_words(base)
        assert not has_facts(base)
        assert base.facts("mai 2021").total
        assert has_facts(base)


def test_facts_by_hand_are_heeded_from_the_first_question_on(
    make_base: MakeBase, tmp_path: Path
) -> None:
    make_base(a=ARTICLE).close()
    (tmp_path / "articles" / "a.facts.yaml").write_text(FACTS, encoding="utf-8")
    with reopened(tmp_path, warm_up=False) as base:
        base.reindex()
    with reopened(tmp_path, warm_up=False) as base:
        assert base.ask("Une sieste ?").citations


def test_a_bot_has_all_in_memory_from_the_start(make_base: MakeBase, tmp_path: Path) -> None:
    make_base(a=ARTICLE).close()
    with reopened(tmp_path, warm_up=True) as base:
        assert has_words(base)
        assert has_facts(base)


def test_who_asks_once_loads_nothing_that_only_others_need(
    make_base: MakeBase, tmp_path: Path
) -> None:
    """No code of a reindex or a migration, no models of languages where it is clear which."""
    make_base(a=ARTICLE).close()
    command = [sys.executable, "-c", ASKED_ONCE]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["set() False", "0"]


class Gate:
    """Holds the reading of all words until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_reached, self.is_open = threading.Event(), threading.Event()
        vocabulary = IndexReader.vocabulary

        def held(reader: IndexReader) -> object:
            self.is_reached.set()
            assert self.is_open.wait(60)
            return vocabulary(reader)

        monkeypatch.setattr(IndexReader, "vocabulary", held)


def test_what_is_read_aside_is_waited_for_by_who_needs_it_alone(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_base(a=ARTICLE).close()
    gate = Gate(monkeypatch)
    with reopened(tmp_path, warm_up=True, aside=True) as base, ThreadPoolExecutor() as pool:
        assert gate.is_reached.wait(60)
        assert base.ask("La gouvernante dort ?").citations
        misspelt = pool.submit(base.ask, "La gouvrenante dort ?")
        assert not wait([misspelt], timeout=0.1).done
        gate.is_open.set()
        assert misspelt.result().citations
        assert base.suggest("mai 2021")[0].text == "3 mai 2021"


def test_a_base_that_is_closed_has_no_thread_left(make_base: MakeBase, tmp_path: Path) -> None:
    make_base(a=ARTICLE).close()
    before = threading.active_count()
    base = reopened(tmp_path, warm_up=True, aside=True)
    base.close()
    assert threading.active_count() == before
    assert has_words(base)
    assert has_facts(base)
    assert not base._index.readers._idle


def test_an_index_that_is_gone_before_it_is_read_aside_is_told(
    make_base: MakeBase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_base(a=ARTICLE).close()

    def gone(reader: IndexReader) -> object:
        raise sqlite3.OperationalError("no such table: words")

    monkeypatch.setattr(IndexReader, "vocabulary", gone)
    reopened(tmp_path, warm_up=True, aside=True).close()
    assert "could not be read into memory" in caplog.text


def test_a_large_index_in_memory_does_not_stop_questions_to_be_looked_through(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gc.unfreeze()
    make_base(a=ARTICLE)
    assert gc.get_freeze_count() == 0  # it is small
    monkeypatch.setattr("knowledge.live.live_index._MANY_PASSAGES", 1)
    try:
        with reopened(tmp_path, warm_up=True) as large:
            assert gc.get_freeze_count() > 0
            read = large._index.retriever._speller._read
            assert read is not None
            words = weakref.ref(read.speller._by_length[4].letters)
            del read
            assert words() is not None
            (tmp_path / "articles" / "a.md").write_text(ARTICLE + "\nElle rêve.\n", "utf-8")
            large.reindex()
            assert words() is None  # of as many letters as "rêve": what was left alone is let go
    finally:
        gc.unfreeze()
