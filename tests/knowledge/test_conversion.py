"""Other people's files become articles, or it is said why not."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from documents import paragraph, pdf
from hypothesis import given
from hypothesis import strategies as st

from knowledge.corpus.article_files import read_articles
from knowledge.corpus.conversion import ConversionRefused, Refusal, convert
from knowledge.corpus.conversion.apart import convert_apart
from knowledge.corpus.conversion.draft import Passage, as_markdown
from knowledge.corpus.conversion.pdf import MAX_PAGES
from knowledge.model import Article

ROOT = Path(__file__).parents[2]


def read(markdown: str, folder: Path) -> Article:
    path = folder / "article.md"
    path.write_text(markdown, encoding="utf-8", newline="\n")
    ((_, item),) = read_articles([path])
    assert isinstance(item, Article), item
    return item


def texts(article: Article) -> list[str]:
    return [one.text for one in article.paragraphs]


def refusal(name: str, data: bytes) -> Refusal:
    with pytest.raises(ConversionRefused) as caught:
        convert(name, data)
    return caught.value.reason


def test_a_pdf_keeps_its_title_headings_and_paragraphs(tmp_path: Path) -> None:
    first = [
        (72.0, 760.0, 24.0, "The quokkas of Rottnest"),
        *paragraph(700, "Quokkas live on Rottnest Island, which lies off", "the coast of Austra-"),
        *paragraph(672, "lia."),
        (72.0, 630.0, 16.0, "Food"),
        *paragraph(600, "They eat grass and leaves, and now and then what"),
    ]
    second = paragraph(760, "tourists give them, which is forbidden.") + paragraph(
        700, "They seldom drink."
    )
    article = read(convert("x.pdf", pdf(first, second)), tmp_path)
    assert article.title == "The quokkas of Rottnest"
    assert [section.title for section in article.sections] == ["Food"]
    assert texts(article) == [
        "Quokkas live on Rottnest Island, which lies off the coast of Australia.",
        "They eat grass and leaves, and now and then what tourists give them, which is forbidden.",
        "They seldom drink.",
    ]


def test_a_table_of_a_pdf_is_read_by_rows(tmp_path: Path) -> None:
    rows = [
        ("Line", "First boat", "Fare"),
        ("Lund to Ork", "06:12", "4.50"),
        ("Ork to the", "07:30", "12"),
        ("Isle of Man", "", ""),
        ("Ork | Vik", "09:45", "8"),
    ]
    page = [
        (72.0, 760.0, 24.0, "Boats"),
        *paragraph(700, "The boats run daily from May to September, in fair weather only."),
        *(
            (left, 660 - 14 * number, 11, cell)
            for number, row in enumerate(rows)
            for left, cell in zip((72, 220, 360), row, strict=True)
            if cell
        ),
        *paragraph(540, "Dogs travel free. Bicycles pay half of the fare of an adult."),
    ]
    article = read(convert("x.pdf", pdf(page)), tmp_path)
    assert texts(article) == [
        "The boats run daily from May to September, in fair weather only.",
        "Line: Lund to Ork | First boat: 06:12 | Fare: 4.50",
        "Line: Ork to the Isle of Man | First boat: 07:30 | Fare: 12",
        "Line: Ork | Vik | First boat: 09:45 | Fare: 8",
        "Dogs travel free. Bicycles pay half of the fare of an adult.",
    ]


def test_a_raised_figure_of_a_pdf_is_no_digit_of_the_number_before_it(tmp_path: Path) -> None:
    words = "The wall was finished in 1931"
    page = [
        (72.0, 700.0, 11.0, words),
        (213.0, 705.0, 6.0, "2"),
        *paragraph(660, "It holds a lot of water, as everybody knows."),
    ]
    assert texts(read(convert("x.pdf", pdf(page)), tmp_path))[0] == f"{words}²"


def test_text_in_two_columns_is_no_table(tmp_path: Path) -> None:
    left = ["The quokka is a small animal of the", "west, about as large as a cat, and is",
            "seen on Rottnest by everybody who", "goes there, since it fears nobody."]  # fmt: skip
    right = ["It eats grass and leaves, mostly at", "night, and sleeps in the shade by day",
             "under the low bushes of the island,", "where the sand is cool and dry."]  # fmt: skip
    page = [*paragraph(700, *left), *paragraph(700, *right, left=310)]
    assert texts(read(convert("x.pdf", pdf(page)), tmp_path)) == [" ".join(left), " ".join(right)]


def test_running_titles_and_page_numbers_of_a_pdf_are_left_out(tmp_path: Path) -> None:
    pages = [
        [
            (250.0, 810.0, 9.0, "Journal of Quokkas"),
            *paragraph(600, f"Paragraph {name} of the article."),
            (290.0, 30.0, 9.0, str(number)),
        ]
        for number, name in enumerate(("one", "two", "three", "four"), start=1)
    ]
    article = read(convert("a_title.pdf", pdf(*pages)), tmp_path)
    assert article.title == "a title"
    assert texts(article) == [
        f"Paragraph {name} of the article." for name in ("one", "two", "three", "four")
    ]


def test_a_pdf_that_cannot_be_read_says_why() -> None:
    page = paragraph(700, "Some text.")
    assert refusal("x.pdf", pdf(page, encrypted=True)) is Refusal.ENCRYPTED
    assert refusal("x.pdf", pdf([])) is Refusal.SCANNED
    assert refusal("x.pdf", b"%PDF-1.7\nnothing") is Refusal.DAMAGED
    assert refusal("x.pdf", b"\x89PNG" * 99) is Refusal.DAMAGED
    assert refusal("x.pdf", pdf(*[page] * (MAX_PAGES + 1))) is Refusal.TOO_LONG


PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8">
<title>Site · Les quokkas</title>
<script>alert(1)</script></head><body><nav><a href="/">Accueil</a></nav>
<article><header><h1>Les quokkas</h1></header>
<p>Les quokkas vivent sur l’île de <b>Rottnest</b>, <a href="https://evil.example">ici</a>.</p>
<h2>Nourriture</h2><p>Ils mangent de l’herbe * &amp; des feuilles_.</p>
<ul><li>Une</li><li>Deux</li></ul><aside>Publicité</aside><img src="x.png" alt="Image">
<table><tr><td>a</td><td>b</td></tr></table></article><footer>© 2020</footer></body></html>"""


def test_the_article_of_a_web_page_is_read_without_what_stands_around_it(tmp_path: Path) -> None:
    article = read(convert("page.html", PAGE.encode()), tmp_path)
    assert (article.title, article.language) == ("Les quokkas", "fr")
    assert [section.title for section in article.sections] == ["Nourriture"]
    assert texts(article)[:3] == [
        "Les quokkas vivent sur l’île de Rottnest, ici.",
        "Ils mangent de l’herbe * & des feuilles_.",
        "* Une\n* Deux",
    ]
    shown = " ".join(texts(article))
    assert "a | b" in shown
    for left_out in ("Accueil", "Publicité", "2020", "alert", "evil", "png"):
        assert left_out not in shown


def test_a_page_that_says_its_encoding_is_read_in_it(tmp_path: Path) -> None:
    data = PAGE.replace("utf-8", "iso-8859-1").replace("’", "'").encode("iso-8859-1")
    assert "île" in texts(read(convert("page.htm", data), tmp_path))[0]


def test_a_web_page_that_is_made_to_do_harm_is_refused() -> None:
    assert refusal("x.html", b"<div>" * 50_000 + b"x") is Refusal.DAMAGED
    assert refusal("x.html", b"<p>x" * 100_001) is Refusal.TOO_LONG
    assert refusal("x.html", b"<html><body><script>1</script></body></html>") is Refusal.EMPTY


@pytest.mark.parametrize(
    ("name", "data", "title", "paragraphs"),
    [
        ("a.txt", b"Title\n\nOne.\n\nTwo *x* <b>.", "Title", ["One.", "Two *x* <b>."]),
        ("my_notes.txt", b"One line alone.", "my notes", ["One line alone."]),
        ("a.txt", "Été\n\nÀ l’œuvre.".encode("cp1252"), "Été", ["À l’œuvre."]),
        ("a.txt", "Été\n\nÀ l’œuvre.".encode("utf-16"), "Été", ["À l’œuvre."]),
        ("a.txt", b"Title\r\n\r\n# One\r\n- two", "Title", ["# One\n- two"]),
        ("a.md", b"# Title\n\nOne *two*.", "Title", ["One two."]),
        ("my-notes.md", b"One.", "my notes", ["One."]),
        ("a.md", b"---\nlanguage: fr\n---\nUn.", "a", ["Un."]),
    ],
)
def test_text_and_markdown_keep_their_words(
    tmp_path: Path, name: str, data: bytes, title: str, paragraphs: list[str]
) -> None:
    article = read(convert(name, data), tmp_path)
    assert (article.title, texts(article)) == (title, paragraphs)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf"])
def test_a_title_that_is_given_wins(tmp_path: Path, name: str) -> None:
    data = {
        ".txt": b"Title\n\nOne.",
        ".md": b"---\ntitle: Title\nlanguage: fr\n---\n\nOne.",
        ".html": b"<h1>Title</h1><p>One.</p>",
        ".pdf": pdf([(72, 760, 24, "Title"), *paragraph(700, "One two three four five.")]),
    }[Path(name).suffix]
    article = read(convert(name, data, "Mine: “#1”"), tmp_path)
    assert article.title == "Mine: “#1”"
    if name == "a.md":
        assert article.language == "fr"


_WORDS = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="\u00ad\ufeff"), min_size=1
)
_LINES = st.lists(st.lists(_WORDS, min_size=1).map(" ".join), min_size=1, max_size=3)


@given(title=_WORDS, passages=st.lists(st.tuples(_LINES, st.booleans()), min_size=1, max_size=4))
def test_what_is_written_as_markdown_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, title: str, passages: list[tuple[list[str], bool]]
) -> None:
    wanted = [
        Passage((" " if is_heading else "\n").join(lines), is_heading)
        for lines, is_heading in passages
    ]
    wanted.append(Passage("The end."))
    article = read(as_markdown(title, wanted), tmp_path_factory.mktemp("articles"))
    assert article.title == title[:300] or len(title) > 300
    assert texts(article) == [one.text for one in wanted if not one.is_heading]
    assert [s.title for s in article.sections] == [one.text for one in wanted if one.is_heading]


def test_a_missing_extra_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert refusal("x.pdf", pdf(paragraph(700, "x"))) is Refusal.MISSING_EXTRA
    assert refusal("x.html", b"<p>x</p>") is Refusal.MISSING_EXTRA
    assert "One." in convert("x.txt", b"Title\n\nOne.")


def run(name: str, data: bytes) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "knowledge.corpus.conversion", name],
        input=data,
        capture_output=True,
        cwd=ROOT,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_reader_s_process_tells_what_it_read() -> None:
    said = run("x.txt", b"Quokkas\n\nOn 3 May 2021 there were 4,711 quokkas.")
    assert (said["title"], said["language"], said["paragraphs"]) == ("Quokkas", "en", 1)
    assert said["facts"] == len(said["first_facts"])
    assert ["quantity", "4,711 quokkas"] in said["first_facts"]
    assert said["beginning"] == "On 3 May 2021 there were 4,711 quokkas."


def test_what_lies_where_the_program_was_started_is_no_module_of_the_reader_s(
    among_foreign_modules: None,
) -> None:
    assert "There were 4,711 quokkas." in convert_apart("x.txt", b"There were 4,711 quokkas.")


@pytest.mark.skipif(sys.platform == "win32", reason="memory cannot be limited there")
def test_a_bomb_is_given_up() -> None:
    packer = zlib.compressobj(9)
    chunk = b" " * 10_000_000
    first, again = (packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    bomb = first + again * 399
    assert len(bomb) < 8_000_000
    assert run("x.pdf", pdf([], packed=bomb))["refusal"] in (
        Refusal.TOO_SLOW,
        Refusal.DAMAGED,
        Refusal.SCANNED,
    )


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: Theirs\nlanguage: fr-CA\ndate: 2023-09-13\nx: !!bool foo\ntags: [a]\n---",
        '+++\ntitle = "Theirs"\nlanguage = "fr"\ndate = 2023-09-13\n+++',
        '{\n"title": "Theirs", "language": "French", "date": "2023-09-13"\n}',
    ],
)
def test_another_title_leaves_the_rest_of_the_front_matter(tmp_path: Path, front: str) -> None:
    path = tmp_path / "article.md"
    path.write_text(convert("a.md", f"{front}\n\nOne.\n".encode(), "Mine"), encoding="utf-8")
    (_, article), *_ = read_articles([path])
    assert isinstance(article, Article)
    assert (article.title, article.language, texts(article)) == ("Mine", "fr", ["One."])
    assert str(article.published) == "2023-09-13"


@pytest.mark.parametrize("draft", ["draft: true", "draft: !!bool foo", "published: false"])
def test_a_draft_is_refused_whatever_title_it_is_given(draft: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "knowledge.corpus.conversion", "a.md", "Mine"],
        input=f"---\n{draft}\n---\n\n# T\n\nText.\n".encode(),
        capture_output=True,
        cwd=ROOT,
        timeout=120,
        check=True,
    )
    said = json.loads(done.stdout)
    assert said["refusal"] == Refusal.INVALID
    assert "not read, since it says" in said["detail"]


@pytest.mark.parametrize(
    "data", [b"# T\n\n<!-- x", b"> " * 9_999 + b"x", b"---\nx: [\n---\n\n# T\n\nText."]
)
def test_what_cannot_be_read_whole_is_refused_with_its_line(data: bytes) -> None:
    said = run("x.md", data)
    assert said["refusal"] == Refusal.INVALID
    assert said["detail"].startswith("line ")
