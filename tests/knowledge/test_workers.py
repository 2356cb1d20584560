"""Articles are analysed in several processes as in one, in order, and nothing of these stays."""

import dataclasses
import json
import os
import random
import textwrap
from contextlib import closing
from pathlib import Path

import pytest
from killing import forking

from knowledge.base import KnowledgeBase
from knowledge.indexing import reindexing, workers
from knowledge.indexing.workers import in_order
from knowledge.model import FactKind, ReindexProgress

LINES = 120
KILLS = 6


@pytest.fixture
def few_inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand over all but the first paragraphs, a few at a time."""
    monkeypatch.setattr(workers, "INLINE", 5)
    monkeypatch.setattr(workers, "_BATCH", 7)
    monkeypatch.setattr(reindexing, "FOUND_AT_ONCE", 10)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    write(path, LINES)
    return path


def write(path: Path, lines: int, word: str = "chat") -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(lines):
            text = f"Le {word} {number} est né le 3 août {1900 + number}.\n\nVingt-deux œufs."
            file.write(json.dumps({"id": f"{word}{number}", "lang": "fr", "text": text}) + "\n")


def children() -> set[int]:
    """Return the processes that this one has begun."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


def dump(base: KnowledgeBase) -> list[object]:
    articles = [base.article(one.slug) for one in base.articles()]
    return [articles, base.facts(limit=10_000).facts, base.search("chat oeufs 22").citations]


def test_an_index_is_the_same(
    tmp_path: Path, corpus: Path, few_inline: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with KnowledgeBase(tmp_path / "many.db", [corpus]) as many:
        report = many.reindex()
        found = dump(many)
    monkeypatch.setattr(workers, "INLINE", 10_000)
    with KnowledgeBase(tmp_path / "one.db", [corpus]) as one:
        expected = one.reindex()
        assert found == dump(one)
    assert dataclasses.replace(report, elapsed_ms=0) == dataclasses.replace(expected, elapsed_ms=0)
    assert report.paragraphs.added == 2 * LINES
    assert report.facts.added >= LINES


def test_items_keep_their_order(few_inline: None) -> None:
    items = list(range(-50, 50))

    def job_of(item: int) -> int | None:
        return item if item % 3 else None

    with closing(in_order(items, job_of, abs, hex)) as made:
        assert list(made) == [(item, hex(item) if item % 3 else None) for item in items]


def test_a_process_that_ends_costs_nothing(
    few_inline: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers.sys, "executable", "no such program")
    with closing(in_order(range(100), lambda item: item, lambda _: 1, str)) as made:
        assert [one for _, one in made] == [str(item) for item in range(100)]


def test_what_fails_fails_as_in_this_process(few_inline: None) -> None:
    with (
        closing(in_order(["1"] * 50 + ["x"], lambda item: item, lambda _: 1, int)) as made,
        pytest.raises(ValueError, match="invalid literal"),
    ):
        list(made)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_no_process_stays_when_a_reindex_is_given_up(
    tmp_path: Path, corpus: Path, few_inline: None
) -> None:
    seen: set[int] = set()

    def give_up(moment: ReindexProgress) -> None:
        seen.update(children())
        if moment.done == LINES // 2:
            raise KeyboardInterrupt

    before = children()
    with KnowledgeBase(tmp_path / "k.db", [corpus]) as base:
        with pytest.raises(KeyboardInterrupt):
            base.reindex(progress=give_up)
        assert seen - before
        assert children() <= before
        assert base.reindex().added == tuple(f"chat{number}" for number in range(LINES))
    assert children() <= before


REWRITER = """
    import itertools
    from knowledge.indexing import reindexing, workers
    workers.INLINE, workers._BATCH, reindexing.FOUND_AT_ONCE = 5, 7, 10
    base = KnowledgeBase(Path(sys.argv[1]), [])
    print("ready", flush=True)
    for source in itertools.cycle(sys.argv[2:]):
        base.reindex([Path(source)])
        print("rewritten", flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment_an_index_is_old_or_new(tmp_path: Path) -> None:
    database, sources = tmp_path / "k.db", [tmp_path / "chat.jsonl", tmp_path / "chien.jsonl"]
    for source in sources:
        write(source, LINES, source.stem)
    with KnowledgeBase(database, sources[:1]) as base:
        base.reindex()
    moments, seen = random.Random(16), set[str]()
    with forking(textwrap.dedent(REWRITER), database, *sources) as rewriter:
        for _ in range(KILLS):
            rewriter.begin()
            for _ in range(1 + moments.randrange(3)):
                assert rewriter.said() in ("ready", "rewritten")
            rewriter.kill(after=moments.uniform(0, 0.8))
            with KnowledgeBase(database, []) as base:
                slugs = [article.slug for article in base.articles()]
                [word] = {slug.rstrip("0123456789") for slug in slugs}
                assert len(slugs) == LINES
                [first, *_] = base.ask(f"Quand est né le {word} 7 ?").citations
                assert "3 août 1907" in first.text
            seen.add(word)
    assert len(seen) == 2, "the kills never met a finished rewrite"
    with KnowledgeBase.open(database, sources[:1]) as base:  # facts go on where they ended
        dates = base.facts(kind=FactKind.DATE, limit=10_000)
        assert dates.total == LINES
