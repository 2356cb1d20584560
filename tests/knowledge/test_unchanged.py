"""What was read before is not parsed again, wherever it is now, and is remarked on all the same."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bases import MakeBase

from knowledge.base import KnowledgeBase
from knowledge.corpus import article_files
from knowledge.corpus.unchanged import file_fingerprint
from knowledge.model import ReindexReport
from knowledge.model.notes import NoteKind

TEXT = "---\ntitle: A\nlanguage: fr\ntags: [x]\n---\n\nLe chat dort.\n"
FACT = "- kind: claim\n  statement: {fr: Il dort}\n  quote: Le chat dort\n"
QUESTION = (
    '{"id": "q", "question": "Que fait le chat ?", "lang": "fr", "kind": "fact", '
    '"gold": ["Le chat dort"]}\n'
)
STALE = "- kind: claim\n  statement: {fr: Il court}\n  quote: Le chat court\n"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The slugs of articles that are parsed, as they come."""
    found: list[str] = []
    parse: Callable[..., Any] = article_files._article  # pyright: ignore[reportPrivateUsage]

    def watched(slug: str, *rest: object) -> object:
        found.append(slug)
        return parse(slug, *rest)

    monkeypatch.setattr(article_files, "_article", watched)
    return found


def lines(path: Path, **articles: str) -> None:
    rows = [{"id": slug, "text": text, "lang": "fr", "key": 1} for slug, text in articles.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def told(report: ReindexReport) -> list[tuple[NoteKind, str, int | None, str]]:
    return [(note.kind, note.path.name, note.line, note.message) for note in report.notes]


def test_only_what_has_changed_is_parsed(tmp_path: Path, parsed: list[str]) -> None:
    path = tmp_path / "all.jsonl"
    lines(path, a="Un.", b="Deux.", c="Trois.")
    with KnowledgeBase.open(tmp_path / "k.db", [path]) as base:
        first = base.reindex(rebuild=True)
        parsed.clear()
        again = base.reindex()
        assert (parsed, again.kept, told(again)) == ([], ("a", "b", "c"), told(first))
        assert told(again) == [(NoteKind.UNUSED, "all.jsonl", 1, "“key” is not used")]
        lines(path, c="Trois.", a="Un.", b="Deux bis.")
        report = base.reindex()
        assert (parsed, report.changed, report.kept) == (["b"], ("b",), ("c", "a"))
        assert base.reindex().index_version == report.index_version


def test_a_moved_file_is_known_where_it_is_now(
    make_base: MakeBase, tmp_path: Path, parsed: list[str]
) -> None:
    folder = tmp_path / "articles"
    base = make_base(a=TEXT)
    (folder / "a.facts.yaml").write_text(FACT + STALE, encoding="utf-8")
    before = base.reindex()
    parsed.clear()
    (folder / "b").mkdir()
    for name in ("a.md", "a.facts.yaml"):
        (folder / name).rename(folder / "b" / name)
    report = base.reindex()
    assert (parsed, report.kept, report.changes) == ([], ("a",), ())
    assert told(report) == told(before)
    assert {note.path.parent for note in report.notes} == {folder / "b"}
    (folder / "b").rename(folder / "c")
    base.reindex()
    (folder / "c" / "a.md").unlink()  # what is gone from where it is now is gone
    (folder / "d.md").write_text(TEXT, encoding="utf-8")
    assert base.reindex().removed == ("a",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", TEXT.replace("dort", "court")),
        ("a.facts.yaml", FACT),
        ("a.questions.jsonl", QUESTION),
    ],
)
def test_a_change_of_any_file_of_an_article_is_seen(
    make_base: MakeBase, tmp_path: Path, parsed: list[str], name: str, text: str
) -> None:
    base = make_base(a=TEXT)
    parsed.clear()
    (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
    base.reindex()
    assert parsed == ["a"]


def test_the_second_of_a_name_is_a_problem_though_it_is_known(
    tmp_path: Path, parsed: list[str]
) -> None:
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    lines(one, a="Un.")
    with KnowledgeBase.open(tmp_path / "k.db", [tmp_path]) as base:
        two.write_bytes(one.read_bytes())
        parsed.clear()
        report = base.reindex()
    assert parsed == []
    assert [problem.path.name for problem in report.problems] == ["2.jsonl"]
    assert report.kept == ("a",)


def test_what_an_older_engine_read_is_read_again(
    make_base: MakeBase, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(a=TEXT)
    parsed.clear()
    monkeypatch.setattr("knowledge.indexing.reindexing.ENGINE_VERSION", 10_000)
    base.reindex()
    assert parsed == ["a"]


def test_lines_end_as_one_likes(make_base: MakeBase, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    text = TEXT.replace("dort.", "dort.\n\nLe chien court.")
    (tmp_path / "articles" / "a.md").write_bytes(b"\xef\xbb\xbf" + text.encode())
    base = make_base(b=text)
    report = base.reindex()
    assert report.kept == ("a", "b")
    (tmp_path / "articles" / "a.md").write_bytes(text.replace("\n", "\r\n").encode())
    assert base.reindex().changed == ()
    (tmp_path / "articles" / "a.md").write_bytes(text.replace("\n", "\r").encode())
    assert base.reindex().changed == ()


def test_what_is_beside_an_article_and_cannot_be_read_gives_no_fingerprint(tmp_path: Path) -> None:
    article, beside = tmp_path / "a.md", tmp_path / "a.facts.yaml"
    assert file_fingerprint("a", article, b"text") is not None
    beside.symlink_to(tmp_path / "nowhere")
    assert file_fingerprint("a", article, b"text") is None
    beside.unlink()
    beside.touch()
    os.truncate(beside, 1_000_001)
    assert file_fingerprint("a", article, b"text") is None
    beside.unlink()
    os.mkfifo(beside)
    writer = threading.Thread(target=lambda: beside.write_bytes(b""))  # waits for a reader
    writer.start()
    try:
        assert file_fingerprint("a", article, b"text") is None
    finally:
        reader = os.open(beside, os.O_RDONLY | os.O_NONBLOCK)
        writer.join()
        os.close(reader)
