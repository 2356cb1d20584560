"""What directories hold: articles, and what is passed over, which is told."""

import os
from pathlib import Path

import pytest
from bases import MakeBase

from knowledge.corpus.article_files import read_articles
from knowledge.corpus.finding import Found, find_files
from knowledge.model import Article, ArticleProblem
from knowledge.model.notes import MAX_NOTES, NoteKind

TEXT = "# Titre\n\nTexte.\n"


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")


def noted(found: Found, folder: Path) -> list[tuple[NoteKind, str]]:
    return [(note.kind, str(note.path.relative_to(folder))) for note in found.notes.kept]


def slugs(folder: Path) -> list[str]:
    found = find_files([folder])
    read = [item for _, item in read_articles(found.files, found.roots)]
    return [item.slug for item in read if isinstance(item, Article)]


def test_what_is_hidden_is_not_read_and_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.md", ".trash/b.md", "sub/.obsidian/deep/c.md", "._a.md", "sub/.d.txt")
    found = find_files([tmp_path])
    assert found.files == [tmp_path / "a.md"]
    assert found.problems == []
    assert sorted(noted(found, tmp_path)) == [
        (NoteKind.HIDDEN, "._a.md"),
        (NoteKind.HIDDEN, ".trash"),
        (NoteKind.HIDDEN, "sub/.d.txt"),
        (NoteKind.HIDDEN, "sub/.obsidian"),
    ]


def test_drafts_and_what_editors_keep_are_not_read_and_are_named(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "_drafts/b.md", "sub/_Drafts/c.md", "~$a.md", "a.md~", "#a.md#")
    write(tmp_path, "~d.md", "#e.md", "_f/drafts.md")
    found = find_files([tmp_path])
    assert [path.name for path in found.files] == ["#e.md", "drafts.md", "a.md", "~d.md"]
    assert sorted(noted(found, tmp_path)) == [
        (NoteKind.HIDDEN, "#a.md#"),
        (NoteKind.HIDDEN, "_drafts"),
        (NoteKind.HIDDEN, "a.md~"),
        (NoteKind.HIDDEN, "sub/_Drafts"),
        (NoteKind.HIDDEN, "~$a.md"),
    ]


def test_what_is_named_outright_is_read_though_it_is_hidden(tmp_path: Path) -> None:
    write(tmp_path, ".notes/a.md", ".b.md")
    found = find_files([tmp_path / ".notes", tmp_path / ".b.md"])
    assert found.files == [tmp_path / ".notes" / "a.md", tmp_path / ".b.md"]


def test_files_of_other_kinds_are_named(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "sub/photo.PNG", "page.docx", "a.facts.yml", "b.MD")
    found = find_files([tmp_path])
    assert [path.name for path in found.files] == ["a.md", "b.MD"]
    assert sorted(noted(found, tmp_path)) == [
        (NoteKind.UNREAD, "a.facts.yml"),
        (NoteKind.UNREAD, "page.docx"),
        (NoteKind.UNREAD, "sub/photo.PNG"),
    ]
    assert len({note.message for note in found.notes.kept}) == 1


def test_facts_and_questions_without_their_article_are_named(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "a.facts.yaml", "a.questions.jsonl", "b.txt", "b.facts.yaml")
    write(tmp_path, "old.facts.yaml", "sub/a.facts.yaml", "sub/a.questions.jsonl")
    write(tmp_path, "bulk.jsonl", "bulk.facts.yaml", "b.Questions.jsonl")
    found = find_files([tmp_path])
    assert [path.name for path in found.files] == ["a.md", "b.txt", "bulk.jsonl"]
    assert sorted(noted(found, tmp_path)) == [
        (NoteKind.ORPHAN, "b.Questions.jsonl"),
        (NoteKind.ORPHAN, "bulk.facts.yaml"),
        (NoteKind.ORPHAN, "old.facts.yaml"),
        (NoteKind.ORPHAN, "sub/a.facts.yaml"),
        (NoteKind.ORPHAN, "sub/a.questions.jsonl"),
    ]
    messages = {note.path.name: note.message for note in found.notes.kept}
    assert "no “old.md”" in messages["old.facts.yaml"]
    assert "must end in “.questions.jsonl”" in messages["b.Questions.jsonl"]


def test_facts_beside_a_link_to_their_article_are_named(tmp_path: Path) -> None:
    write(tmp_path, "store/a.md", "shown/a.facts.yaml")
    (tmp_path / "shown" / "a.md").symlink_to(tmp_path / "store" / "a.md")
    [note] = find_files([tmp_path]).notes.kept
    assert note.path == tmp_path / "shown" / "a.facts.yaml"
    assert "link" in note.message


@pytest.mark.parametrize("target", ["loop.md", "gone.md"])
def test_a_link_that_leads_nowhere_is_a_problem(tmp_path: Path, target: str) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "loop.md").symlink_to(tmp_path / target)
    for sources in ([tmp_path], [tmp_path / "a.md", tmp_path / "loop.md"]):
        found = find_files(sources)
        assert found.files == [tmp_path / "a.md"]
        [problem] = found.problems
        assert problem.path == tmp_path / "loop.md"
        assert "remove it" in problem.message


def test_links_that_go_round_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path, "one/a.md", "two/b.md")
    (tmp_path / "one" / "up").symlink_to(tmp_path)
    (tmp_path / "two" / "across").symlink_to(tmp_path / "one")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "x.md").symlink_to(tmp_path / "y.md")
    (tmp_path / "y.md").symlink_to(tmp_path / "x.md")
    found = find_files([tmp_path])
    assert [path.name for path in found.files] == ["a.md", "b.md"]
    assert sorted(problem.path.name for problem in found.problems) == ["x.md", "y.md"]
    assert sorted(noted(found, tmp_path)) == [
        (NoteKind.UNREAD, "one/up"),
        (NoteKind.UNREAD, "self"),
        (NoteKind.UNREAD, "two/across"),
    ]


def test_an_article_with_several_ways_to_it_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "again.md").symlink_to(tmp_path / "a.md")
    found = find_files([tmp_path, tmp_path / "a.md", tmp_path / "again.md"])
    assert found.files == [tmp_path / "a.md"]


def test_an_index_is_named_as_its_folder(tmp_path: Path) -> None:
    write(tmp_path, "index.md", "prix/index.md", "horaires/_index.md", "sub/lieu/README.md")
    write(tmp_path, "both/index.md", "both/README.md", "README.md")
    assert sorted(slugs(tmp_path)) == [
        "README", "both", "horaires", "index", "lieu", "prix",
    ]  # fmt: skip  # those of the directory itself keep their own name; "both" has an index
    [(_, item), *_] = read_articles([tmp_path / "prix" / "index.md"])
    assert isinstance(item, Article)
    assert item.slug == "prix"


def test_two_articles_of_one_name_are_a_problem(tmp_path: Path) -> None:
    write(tmp_path, "a/same.md", "b/same.md", "c/prix/index.md", "d/prix/index.md")
    found = find_files([tmp_path])
    items = [item for _, item in read_articles(found.files, found.roots)]
    problems = [item for item in items if isinstance(item, ArticleProblem)]
    assert [problem.path.parts[-3:] for problem in problems] == [
        (tmp_path.name, "b", "same.md"),
        ("d", "prix", "index.md"),
    ]
    assert "“same” is taken by a/same.md" in problems[0].message
    assert "“prix” is taken by prix/index.md" in problems[1].message


def test_a_path_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    [problem] = find_files([tmp_path / "nowhere"]).problems
    assert "does not exist" in problem.message


def test_a_directory_that_cannot_be_looked_into_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    [problem] = find_files([tmp_path]).problems
    assert problem.path == tmp_path / "closed"
    assert "Permission denied" in problem.message


def test_a_path_that_cannot_be_looked_at_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", refuse)
    [problem] = find_files([tmp_path / "closed"]).problems
    assert "Permission denied" in problem.message


def test_something_else_than_a_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    found = find_files([tmp_path])
    assert (found.files, found.problems) == ([], [])
    assert noted(found, tmp_path) == [(NoteKind.UNREAD, "pipe.md")]
    assert find_files([tmp_path / "pipe.md"]).problems


@pytest.mark.parametrize("name", ["a.facts.yaml", "a.questions.jsonl", "a.docx"])
def test_what_is_no_article_is_a_problem_if_named_outright(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    [problem] = find_files([tmp_path / name]).problems
    assert "Give" in problem.message


def test_notes_are_bounded_and_further_ones_counted(tmp_path: Path) -> None:
    for number in range(MAX_NOTES + 5):
        (tmp_path / f"{number}.png").touch()
    write(tmp_path, "old.facts.yaml")
    notes = find_files([tmp_path]).notes
    assert (len(notes.kept), notes.uncounted) == (MAX_NOTES + 1, 5)
    assert notes.kept[0].kind is NoteKind.ORPHAN


@pytest.mark.parametrize(
    ("name", "text"), [("a.md", "# A\n\nUn."), ("a.jsonl", '{"id": "a", "text": "Un."}\n')]
)
def test_what_is_in_a_folder_whose_name_is_no_text_is_a_problem(
    make_base: MakeBase, tmp_path: Path, name: str, text: str
) -> None:
    base = make_base(b="# B\n\nLe chat dort.")
    folder = Path(os.fsdecode(os.fsencode(tmp_path / "articles") + b"/\xff"))
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    report = base.reindex()
    assert [problem.message for problem in report.problems] == [
        "its name or that of a folder above it is no text. Rename it."
    ]
    assert report.kept == ("b",)
