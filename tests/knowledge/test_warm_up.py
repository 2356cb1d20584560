"""What is read into memory when an index is opened, and what only when a question needs it."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from bases import MakeBase

from knowledge.base import KnowledgeBase

ARTICLE = "---\ntitle: A\nlanguage: fr\n---\n\nLa gouvernante de Paris dort depuis le 3 mai 2021.\n"
FACTS = "- kind: claim\n  statement:\n    fr: Une sieste\n  quote: La gouvernante de Paris dort\n"


def has_words(base: KnowledgeBase) -> bool:
    return base._index.retriever._speller[0][1] > 0


def has_facts(base: KnowledgeBase) -> bool:
    return base._index.facts._built[0][1] > 0


def reopened(tmp_path: Path, *, warm_up: bool) -> KnowledgeBase:
    return KnowledgeBase.open(tmp_path / "knowledge.db", [tmp_path / "articles"], warm_up=warm_up)


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
            words = weakref.ref(large._index.retriever._speller[1])
            assert words() is not None
            (tmp_path / "articles" / "a.md").write_text(ARTICLE + "\nElle rêve.\n", "utf-8")
            large.reindex()
            assert words() is None  # what was left alone is let go all the same
    finally:
        gc.unfreeze()
