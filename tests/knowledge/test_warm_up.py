"""What is read into memory when an index is opened, and what only when a question needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bases import MakeBase

from knowledge.base import KnowledgeBase

ARTICLE = "---\ntitle: A\nlanguage: fr\n---\n\nLa gouvernante de Paris dort depuis le 3 mai 2021.\n"
FACTS = "- kind: claim\n  statement:\n    fr: Une sieste\n  quote: La gouvernante de Paris dort\n"

ASKED_ONCE = """
import sys
from pathlib import Path
from knowledge import KnowledgeBase

with KnowledgeBase.open(Path("knowledge.db"), [Path("articles")], warm_up=False) as base:
    assert base.ask("Depuis quand la gouvernante dort-elle à Paris ?").citations
rooms = {name.split(".")[1] for name in sys.modules if name.startswith("knowledge.")}
print(rooms & {"indexing", "corpus", "evaluation"})
from knowledge.text import detection
print(detection._detector.cache_info().currsize)
"""


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


def test_who_asks_once_loads_nothing_that_only_others_need(
    make_base: MakeBase, tmp_path: Path
) -> None:
    """No code of a reindex, and no models of languages where the question's is clear."""
    make_base(a=ARTICLE).close()
    command = [sys.executable, "-c", ASKED_ONCE]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["set()", "0"]
