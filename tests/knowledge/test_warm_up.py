"""What is read into memory when an index is opened, and what only when a question needs it."""

from __future__ import annotations

from pathlib import Path

from bases import MakeBase

from knowledge.base import KnowledgeBase

ARTICLE = "---\ntitle: A\nlanguage: fr\n---\n\nLa gouvernante de Paris dort depuis le 3 mai 2021.\n"
FACTS = "- kind: claim\n  statement:\n    fr: Une sieste\n  quote: La gouvernante de Paris dort\n"


def has_words(base: KnowledgeBase) -> bool:
    return base._index.retriever._speller.is_read


def has_facts(base: KnowledgeBase) -> bool:
    return base._index.facts._read.statistics is not None


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
