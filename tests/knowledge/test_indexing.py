"""A reindex is whole or not at all, and says what it did."""

import os
import random
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from bases import MakeBase
from killing import forking

from knowledge.base import KnowledgeBase
from knowledge.index import IndexWriter
from knowledge.index.terms import are_terms_whole
from knowledge.model import ChangeCounts, ReindexProgress
from knowledge.model.errors import ArticleError, IndexLocked, IndexUnavailable, ReindexInProgress
from knowledge.model.notes import NoteKind


def markdown(title: str, *paragraphs: str) -> str:
    return f"---\ntitle: {title}\nlanguage: fr\n---\n\n" + "\n\n".join(paragraphs) + "\n"


def test_a_first_reindex_adds_and_a_second_keeps(make_base: MakeBase) -> None:
    base = make_base(a=markdown("A", "Le chat dort."), b=markdown("B", "Le chien court."))
    report = base.reindex()
    assert (report.added, report.changed, report.removed) == ((), (), ())
    assert report.kept == ("a", "b")
    assert report.index_version == 1  # nothing changed


def test_what_was_added_changed_and_removed_is_said(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(a=markdown("A", "Un.", "Deux."), b=markdown("B", "Trois."))
    (tmp_path / "articles" / "b.md").unlink()
    make_base(a=markdown("A", "Un.", "Deux bis."), c=markdown("C", "Quatre."))
    report = base.reindex()
    assert (report.added, report.changed, report.removed) == (("c",), ("a",), ("b",))
    assert report.paragraphs == ChangeCounts(added=1, changed=1, removed=1)
    assert report.index_version == 2
    assert report.elapsed_ms > 0
    assert [summary.slug for summary in base.articles()] == ["a", "c"]


def test_progress_counts_to_the_end(make_base: MakeBase) -> None:
    base = make_base(a=markdown("A", "Un."), b=markdown("B", "Deux."))
    moments: list[ReindexProgress] = []
    base.reindex(rebuild=True, progress=moments.append)
    assert [(m.done, m.total, m.article) for m in moments] == [(1, 2, "a"), (2, 2, "b")]


def test_rebuild_analyses_unchanged_articles_again(make_base: MakeBase) -> None:
    base = make_base(a=markdown("A", "Le chat dort."))
    report = base.reindex(rebuild=True)
    assert report.kept == ("a",)
    assert report.index_version == 2
    assert base.ask("Où dort le chat ?").citations


def make_it_old(database: Path) -> None:
    """Have an index as an engine left it that stemmed nothing."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE articles SET engine_version = 0")
        connection.execute("UPDATE build SET engine_version = 0")
        connection.execute("DELETE FROM postings")
        connection.execute("DELETE FROM words")
        connection.execute("DELETE FROM article_terms")
    connection.close()


def test_a_reindex_analyses_again_what_an_older_engine_indexed(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(a=markdown("A", "Les chats dorment."))
    make_it_old(tmp_path / "knowledge.db")
    report = base.reindex()
    assert (report.kept, report.index_version) == (("a",), 2)
    assert base.ask("Le chat dort ?").citations


def test_opening_an_older_engines_index_needs_no_article_files(
    make_base: MakeBase, tmp_path: Path
) -> None:
    make_base(a=markdown("A", "Les chats dorment.")).close()
    make_it_old(tmp_path / "knowledge.db")
    (tmp_path / "articles" / "a.md").unlink()
    base = KnowledgeBase.open(tmp_path / "knowledge.db", [tmp_path / "articles"])
    assert base.ask("Le chat dort ?").citations[0].text == "Les chats dorment."
    base.close()


def test_an_unreadable_file_keeps_its_last_good_version(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(a=markdown("A", "Le chat dort."), b=markdown("B", "Un."))
    (tmp_path / "articles" / "a.md").write_text("no title")
    make_base(b=markdown("B", "Deux."))
    report = base.reindex()
    assert [problem.path.name for problem in report.problems] == ["a.md"]
    assert (report.changed, report.kept) == (("b",), ("a",))
    assert base.article("a").paragraphs[0].text == "Le chat dort."


def test_where_nothing_can_be_read_the_index_stays(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(a=markdown("A", "Le chat dort."))
    with pytest.raises(ArticleError, match="does not exist"):
        base.reindex([tmp_path / "mistyped"])
    assert base.ask("Que fait le chat ?").citations


def test_a_removed_directory_empties_nothing_by_itself(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(a=markdown("A", "Le chat dort."))
    other = tmp_path / "other.md"
    other.write_text(markdown("Other", "Le chien court."))
    report = base.reindex([other, tmp_path / "nowhere"])
    assert report.removed == ("a",)  # not below what could not be read
    assert report.added == ("other",)


def test_a_failure_midway_leaves_the_old_index_answering(
    make_base: MakeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(a=markdown("A", "Le chat dort."), b=markdown("B", "Le chien court."))
    make_base(a=markdown("A", "Le chat mange."), b=markdown("B", "Le chien nage."))

    def fail(self: IndexWriter, *_: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(IndexWriter, "finish", fail)
    with pytest.raises(OSError, match="disk full"):
        base.reindex()
    assert base.article("a").paragraphs[0].text == "Le chat dort."
    assert base.ask("Que fait le chien ?").citations[0].text == "Le chien court."
    assert base.status().index_version == 1


def test_a_second_reindex_is_refused_at_once(make_base: MakeBase) -> None:
    base = make_base(a=markdown("A", "Un."))
    running, finish = threading.Event(), threading.Event()

    def wait(_: ReindexProgress) -> None:
        running.set()
        assert finish.wait(20)

    first = threading.Thread(target=lambda: base.reindex(rebuild=True, progress=wait))
    first.start()
    try:
        assert running.wait(20)
        assert base.reindexing
        with pytest.raises(ReindexInProgress):
            base.reindex()
        assert base.ask("Un ?") is not None  # questions go on being answered
    finally:
        finish.set()
        first.join()
    assert not base.reindexing


def test_another_process_that_writes_is_reported(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(a=markdown("A", "Un."))
    for module in ("writer", "damage"):
        monkeypatch.setattr(f"knowledge.index.{module}.LOCK_WAIT_SECONDS", 0.05)
    other = sqlite3.connect(tmp_path / "knowledge.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(IndexLocked, match="Another program is using the index file"):
            base.reindex(rebuild=True)
    finally:
        other.close()


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "knowledge.db"
    path.write_text("This is no database, whatever its name says. " * 50)
    with pytest.raises(IndexUnavailable, match="is no SQLite file"):
        KnowledgeBase.open(path)


def test_a_build_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "knowledge.db"
    path.touch()  # all that a kill at the very start leaves
    base = KnowledgeBase.open(path)
    assert base.status().articles == 1
    base.close()


# Rewrites all articles again and again, one version after the other.
_REWRITER = """
base = KnowledgeBase.open(Path(sys.argv[1]), [Path(sys.argv[2])])
print("ready", flush=True)
while True:
    for source in sys.argv[3], sys.argv[2]:
        base.reindex([Path(source)])
        print("rewritten", flush=True)
"""
_KILLS = 20


def colours_of_one_whole_index(database: Path, sources: list[Path]) -> set[str]:
    base = KnowledgeBase.open(database, sources[:1])
    articles = [base.article(summary.slug) for summary in base.articles()]
    colours = {p.text.split()[-1] for article in articles for p in article.paragraphs}
    assert len(articles) == 25
    assert len(colours) == 1, "two versions at once"
    answer = base.ask("De quelle couleur est la maison 7 ?")
    assert answer.citations[0].text.split()[-1] in colours
    base.close()
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert are_terms_whole(connection)
    connection.close()
    return colours


def test_a_kill_at_any_moment_leaves_one_whole_index(tmp_path: Path) -> None:
    versions = ("rouge", "bleue")
    for version in versions:
        folder = tmp_path / version
        folder.mkdir()
        for i in range(25):
            text = markdown(f"Maison {i}", *(f"La maison {i} {n} est {version}." for n in range(4)))
            (folder / f"maison{i}.md").write_text(text, encoding="utf-8")
    database = tmp_path / "knowledge.db"
    sources = [tmp_path / version for version in versions]
    KnowledgeBase.open(database, sources[:1]).close()
    seen: set[str] = set()
    moments = random.Random(20)
    with forking(_REWRITER, database, *sources) as rewriter:
        for _ in range(_KILLS):
            rewriter.begin()
            for _ in range(1 + moments.randrange(3)):
                assert rewriter.said() in ("ready", "rewritten")
            rewriter.kill(after=moments.uniform(0, 0.3))
            seen |= colours_of_one_whole_index(database, sources)
    assert len(seen) == 2, "the kills never met a finished rewrite"


def test_an_empty_source_does_not_empty_the_index(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(a=markdown("A", "Le chat dort."))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArticleError, match="no article in"):
        base.reindex([tmp_path / "empty"])
    assert base.articles()


def test_articles_below_what_cannot_be_looked_into_are_kept(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(a=markdown("A", "Le chat dort."), b=markdown("B", "Le chien court."))
    (tmp_path / "articles" / "a.md").unlink()
    (tmp_path / "articles" / "a.md").symlink_to(tmp_path / "gone.md")
    report = base.reindex()
    assert report.removed == ()
    assert report.kept == ("b", "a")
    assert base.ask("Que fait le chat ?").citations


def test_a_full_disk_is_explained_and_the_old_index_answers(
    make_base: MakeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(a=markdown("A", "Le chat dort."))
    make_base(a=markdown("A", *(f"Le chien numéro {n} court. " * 50 for n in range(20))))
    put = IndexWriter.put

    def put_on_a_full_disk(self: IndexWriter, *arguments: Any) -> None:
        self._connection.execute("PRAGMA max_page_count = 1")  # at least what it has already
        put(self, *arguments)

    monkeypatch.setattr(IndexWriter, "put", put_on_a_full_disk)
    with pytest.raises(IndexUnavailable, match="disk is full"):
        base.reindex()
    assert base.ask("Que fait le chat ?").citations[0].text == "Le chat dort."


def test_a_deleted_database_is_noticed_while_it_is_open(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(a=markdown("A", "Le crocodile dort."))
    assert base.ask("crocodlie").citations
    for path in tmp_path.glob("knowledge.db*"):
        path.unlink()
    with pytest.raises(IndexUnavailable, match="There is no index"):
        base.ask("crocodile")
    make_base(a=markdown("A", "Le rhinocéros dort."))
    assert not base.ask("crocodile").citations
    assert base.ask("rhinocréos").citations[0].text == "Le rhinocéros dort."


def test_an_index_that_is_ready_is_opened_without_writing(
    make_base: MakeBase, tmp_path: Path
) -> None:
    make_base(a=markdown("A", "Le chat dort.")).close()
    other = sqlite3.connect(tmp_path / "knowledge.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")  # nobody else may write
        base = KnowledgeBase.open(tmp_path / "knowledge.db", [tmp_path / "moved away"])
        assert base.ask("chat").citations
        base.close()
    finally:
        other.close()


def test_an_index_in_a_read_only_directory_answers(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_base(a=markdown("A", "Le chat dort.")).close()
    with sqlite3.connect(tmp_path / "knowledge.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for left_over in tmp_path.glob("knowledge.db-*"):
        left_over.unlink()
    monkeypatch.setattr(os, "access", lambda *_: False)
    before = {path.name for path in tmp_path.iterdir()}
    with KnowledgeBase.open(tmp_path / "knowledge.db") as base:
        assert base.ask("chat").citations
    assert {path.name for path in tmp_path.iterdir()} == before  # nothing was put beside it


def test_an_index_of_a_newer_engine_is_left_alone(make_base: MakeBase, tmp_path: Path) -> None:
    make_base(a=markdown("A", "Le chat dort.")).close()
    with sqlite3.connect(tmp_path / "knowledge.db") as connection:
        connection.execute("UPDATE build SET engine_version = 1000000")
    connection.close()
    with pytest.raises(IndexUnavailable, match="newer version"):
        KnowledgeBase.open(tmp_path / "knowledge.db")


def test_many_threads_share_few_connections(make_base: MakeBase) -> None:
    base = make_base(a=markdown("A", "Le chat dort."))
    for _ in range(50):
        thread = threading.Thread(target=base.ask, args=["chat"])
        thread.start()
        thread.join()
    assert len(base._index.readers._idle) == 1


def test_threads_may_ask_at_once_during_reindexes(make_base: MakeBase) -> None:
    base = make_base(a=markdown("A", "Le chat dort.", "Le chien court."))
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(base.ask, f"Que fait le chat {n} ?") for n in range(80)]
        for _ in range(5):
            base.reindex(rebuild=True)
        texts = {answer.result().citations[0].text for answer in asked}
    assert texts == {"Le chat dort."}


def test_an_unreadable_article_that_moved_keeps_its_last_good_version(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(a=markdown("A", "Le chat dort."), b=markdown("B", "Un."))
    folder = tmp_path / "articles"
    (folder / "moved" / "b").mkdir(parents=True)
    (folder / "a.md").rename(folder / "moved" / "a.md")
    (folder / "moved" / "a.md").write_text("no title")
    (folder / "b.md").rename(folder / "moved" / "b" / "index.md")
    (folder / "moved" / "b" / "index.md").write_text("no title")
    make_base(c=markdown("C", "Trois."))
    report = base.reindex()
    assert (report.removed, sorted(report.kept)) == ((), ["a", "b"])
    assert base.article("a").paragraphs[0].text == "Le chat dort."
    assert len(report.problems) == 2


def test_bulk_that_moved_and_cannot_be_read_keeps_its_articles(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(a=markdown("A", "Un."))
    folder = tmp_path / "articles"
    lines = ['{"id": "p", "text": "Deux."}', '{"id": "q", "text": "Trois."}']
    (folder / "bulk.jsonl").write_text("\n".join(lines))
    assert base.reindex().added == ("p", "q")
    (folder / "sub").mkdir()
    (folder / "bulk.jsonl").rename(folder / "sub" / "bulk.jsonl")
    (folder / "sub" / "bulk.jsonl").write_text(lines[0] + "\nnope")
    assert base.reindex().removed == ()
    (folder / "sub" / "bulk.jsonl").write_text(lines[0])
    assert base.reindex().removed == ("q",)


@pytest.mark.parametrize(
    "said", ['"text": ""', '"text": 5', '"title": "P"', f'"text": "{"x" * 20_001}"']
)
@pytest.mark.parametrize("name", ["other.jsonl", "bulk.jsonl"])
def test_a_line_that_says_only_its_name_keeps_its_article(
    make_base: MakeBase, tmp_path: Path, said: str, name: str
) -> None:
    base = make_base(a=markdown("A", "Un."))
    bulk = tmp_path / "articles" / "bulk.jsonl"
    bulk.write_text('{"id": "p", "text": "Deux."}\n{"id": "q", "text": "Trois."}')
    base.reindex()
    moved = bulk.rename(bulk.with_name(name))
    moved.write_text(f'{{"id": "p", {said}}}\n{{"id": "q", "text": "Trois."}}')
    report = base.reindex()
    assert (report.removed, sorted(report.kept)) == ((), ["a", "p", "q"])
    assert [problem.line for problem in report.problems] == [1]
    assert base.article("p").paragraphs[0].text == "Deux."
    moved.write_text('{"id": "p", "draft": true}\n{"id": "q", "text": "Trois."}')
    assert base.reindex().removed == ("p",)


@pytest.mark.parametrize("is_alone", [True, False])
def test_an_article_that_becomes_a_draft_is_withdrawn(
    make_base: MakeBase, tmp_path: Path, is_alone: bool
) -> None:
    others = {} if is_alone else {"b": markdown("B", "Un.")}
    base = make_base(a=markdown("A", "Le chat dort."), **others)
    make_base(a=markdown("A", "Le chat dort.").replace("language", "draft: true\nlanguage"))
    report = base.reindex()
    assert (report.removed, report.problems) == (("a",), ())
    assert [(note.kind, note.article, note.line) for note in report.notes] == [
        (NoteKind.WITHHELD, "a", 3)
    ]
    assert not any("chat" in one.text for one in base.ask("Que fait le chat ?").citations)


def test_a_draft_among_lines_that_cannot_be_read_is_withdrawn(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(a=markdown("A", "Un."))
    bulk = tmp_path / "articles" / "bulk.jsonl"
    bulk.write_text('{"id": "p", "text": "Deux."}\n{"id": "q", "text": "Trois."}')
    base.reindex()
    bulk.write_text('{"id": "p", "text": "Deux.", "draft": true}\nnope')
    report = base.reindex()
    assert (report.removed, sorted(report.kept)) == (("p",), ["a", "q"])


def test_what_is_passed_over_is_told_by_every_reindex(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(a=markdown("A", "Un."))
    folder = tmp_path / "articles"
    (folder / "a.md").rename(folder / "b.md")
    (folder / "a.facts.yaml").write_text("[]")
    (folder / ".hidden.md").touch()
    (folder / "x.docx").touch()
    (folder / "c.md").write_text("---\nurl: /x/\ntags: [y]\n---\n# C\n\nDeux.\n")
    first, second = base.reindex(), base.reindex()
    for report in (first, second):
        assert report.problems == ()
        assert [(note.kind.value, note.path.name) for note in report.notes] == [
            ("orphan", "a.facts.yaml"),
            ("value", "c.md"),
            ("hidden", ".hidden.md"),
            ("unread", "x.docx"),
            ("unused", "c.md"),
        ]
    assert (second.added, second.changed, second.removed) == ((), (), ())


def test_orphans_are_named_where_there_is_no_article_left(
    make_base: MakeBase, tmp_path: Path
) -> None:
    base = make_base(a=markdown("A", "Un."))
    (tmp_path / "articles" / "a.md").unlink()
    (tmp_path / "articles" / "a.facts.yaml").write_text("[]")
    with pytest.raises(ArticleError, match=r"a\.facts\.yaml"):
        base.reindex()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.facts.yaml", "- {kind: !!bool foo}"),
        ("a.facts.yaml", "- {kind: rumour, statement: {fr: x}, quote: chat}"),
        ("a.questions.jsonl", "nope"),
    ],
)
def test_what_is_wrong_beside_an_article_costs_it_nothing(
    make_base: MakeBase, tmp_path: Path, name: str, content: str
) -> None:
    base = make_base(b=markdown("B", "Le chien court."))
    (tmp_path / "articles" / name).write_text(content)
    make_base(a=markdown("A", "Le chat dort."))
    report = base.reindex()
    assert report.added == ("a",)
    assert [name in problem.message for problem in report.problems] == [True]
    assert base.ask("Que fait le chat ?").citations[0].text == "Le chat dort."
    again = base.reindex()
    assert (again.kept, len(again.problems)) == (("b", "a"), 1)


def test_facts_that_are_no_file_are_a_problem(make_base: MakeBase, tmp_path: Path) -> None:
    base = make_base(a=markdown("A", "Le chat dort."), b=markdown("B", "Un."))
    for target in ("a.facts.yaml", "gone"):
        path = tmp_path / "articles" / "a.facts.yaml"
        path.symlink_to(tmp_path / "articles" / target)
        [problem] = base.reindex().problems
        assert "a.facts.yaml is no file" in problem.message
        path.unlink()


HOSTILE = {
    "loop": None,
    "bool": "---\ntitle: !!bool foo\n---\n\nText.\n",
    "int": "---\n? !!int ''\n: x\n---\n\nText.\n",
    "deep": "# Deep\n\n" + "> " * 9_999 + "x\n",
    "open": "# Open\n\n<!-- x\n",
    "binary": b"# B\n\n\xff\xfe\n",
    "nul": b"---\ntitle: \0\n---\n\nText.\n",
    "escape": '---\ntitle: "\\UFFFFFFFF"\n---\n\nText.\n',
    "nested": "---\nx: " + "[" * 9_999 + "\n---\n\nText.\n",
    "long": "# Long\n\n" + "x" * 20_001,
}


def test_each_hostile_file_costs_itself_alone(make_base: MakeBase, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, content in HOSTILE.items():
        path = folder / f"{name}.md"
        if content is None:
            path.symlink_to(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    base = make_base(a=markdown("A", "Le chat dort."))
    report = base.reindex()
    assert report.kept == ("a",)
    assert sorted(problem.path.stem for problem in report.problems) == sorted(HOSTILE)
    assert base.ask("Que fait le chat ?").citations[0].text == "Le chat dort."
