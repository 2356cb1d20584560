"""Web pages and PDF files in a folder of articles are articles like others."""

from pathlib import Path

import pytest
from documents import paragraph, pdf

from knowledge.base import KnowledgeBase
from knowledge.corpus import converted_files
from knowledge.model import Verdict
from knowledge.model.errors import ArticleError

PAGE = "<html><body><h1>Le phare</h1><p>Le phare fut bâti en 1861 par Zoé Petit.</p></body></html>"
PDF = pdf([(72, 760, 24, "The mill"), *paragraph(700, "The mill was built in 1742 by Ada Quill.")])


def write(folder: Path) -> None:
    (folder / "phare.html").write_text(PAGE, encoding="utf-8")
    (folder / "mill.pdf").write_bytes(PDF)
    (folder / "note.markdown").write_text("# Note\n\nThe well is nine metres deep.\n")


def test_pages_and_pdf_files_are_answered_from(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    write(folder)
    with KnowledgeBase.open(tmp_path / "k.db", [folder]) as base:
        articles = {one.slug: one.title for one in base.articles()}
        assert articles == {"mill": "The mill", "note": "Note", "phare": "Le phare"}
        answer = base.ask("Qui a bâti le phare ?")
        assert answer.verdict is not Verdict.UNANSWERED
        assert "1861" in answer.citations[0].snippet
        again = base.reindex()
        assert (again.added, again.changed, again.problems) == ((), (), ())


def test_a_file_that_cannot_be_converted_costs_itself_alone(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    write(folder)
    (folder / "locked.pdf").write_bytes(pdf(paragraph(700, "x"), encrypted=True))
    (folder / "broken.pdf").write_bytes(b"\x89PNG")
    (folder / "empty.html").write_text("<p></p>")
    reports = []
    with KnowledgeBase.open(tmp_path / "k.db", [folder], report=reports.append) as base:
        assert len(base.articles()) == 3
        [report] = reports
        told = {problem.path.name: problem.message for problem in report.problems}
        assert set(told) == {"locked.pdf", "broken.pdf", "empty.html"}
        assert "password" in told["locked.pdf"]
        # Its last good version stays, as that of any other file does.
        (folder / "mill.pdf").write_bytes(b"%PDF-1.7 cut off")
        assert "mill" in base.reindex().kept
        assert len(base.articles()) == 3


def test_two_files_of_one_name_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    write(folder)
    (folder / "phare.md").write_text("# Phare\n\nTexte.\n")
    reports = []
    with KnowledgeBase.open(tmp_path / "k.db", [folder], report=reports.append):
        [problem] = reports[0].problems
        assert "“phare” is taken by articles/phare.html" in problem.message


def test_what_has_not_changed_is_converted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = PAGE.replace("1861", "1999").encode()
    first = converted_files.converted("a.html", data)

    def refused(name: str, data: bytes) -> str:
        raise AssertionError

    monkeypatch.setattr(converted_files, "convert_apart", refused)
    assert converted_files.converted("a.html", data) == first
    with pytest.raises(AssertionError):
        converted_files.converted("a.html", data + b" ")


def test_what_a_file_lacks_is_said_in_words() -> None:
    with pytest.raises(ArticleError, match="no text"):
        converted_files.converted("a.html", b"<p></p>")
