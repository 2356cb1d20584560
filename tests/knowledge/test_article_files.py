"""Files become articles, or a problem that says what to mend."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.corpus.article_files import MAX_PARAGRAPH_CHARACTERS, Item, read_articles
from knowledge.corpus.finding import find_files
from knowledge.model import Article, ArticleProblem
from knowledge.model.notes import ArticleNote

FRONT = "---\ntitle: Le titre\nlanguage: fr\n---\n\n"


def read(path: Path) -> list[Item]:
    found = find_files([path])
    read_items = read_articles(found.files, found.roots)
    return [*found.problems, *(item for _, item in read_items)]


def article(path: Path, text: str) -> Article:
    path.write_text(text, encoding="utf-8")
    [item] = read(path)
    assert isinstance(item, Article), item
    return item


def problem(path: Path, content: str | bytes) -> ArticleProblem:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    [item] = read(path)
    assert isinstance(item, ArticleProblem), item
    return item


def texts(read_article: Article) -> list[str]:
    return [paragraph.text for paragraph in read_article.paragraphs]


def test_markdown_gives_titles_sections_and_numbered_paragraphs(tmp_path: Path) -> None:
    read_article = article(
        tmp_path / "accord.md",
        "---\ntitle: Accord\ntitles: {en: Deal}\nlanguage: fr\nsource: Le Journal\n"
        "url: https://example.org/a\npublished: 2024-05-02\nreference_date: 2024-05-01\n---\n\n"
        "Premier.\n\n## Suite\n\nDeuxième\nsur deux lignes.\n\n### Fin\n\n- un\n- deux\n",
    )
    assert (read_article.slug, read_article.title, read_article.titles) == (
        "accord", "Accord", {"en": "Deal"},
    )  # fmt: skip
    assert texts(read_article) == ["Premier.", "Deuxième sur deux lignes.", "- un\n- deux"]
    sections = [read_article.section_of(p) for p in read_article.paragraphs]
    assert sections == [None, "Suite", "Suite › Fin"]
    assert read_article.url == "https://example.org/a"
    assert read_article.published == date(2024, 5, 2)
    assert read_article.reference_date == date(2024, 5, 1)


def test_marks_of_markdown_are_not_part_of_the_text(tmp_path: Path) -> None:
    read_article = article(
        tmp_path / "a.md", FRONT + "Un **mot** [lié](https://example.org), `x` &amp; <b>y</b>.\n"
    )
    assert texts(read_article) == ["Un mot lié, x & y."]


def test_the_first_heading_is_the_title_where_the_front_matter_has_none(tmp_path: Path) -> None:
    read_article = article(tmp_path / "a.md", "# Titre\n\nUn paragraphe en français.\n")
    assert (read_article.title, read_article.language) == ("Titre", "fr")
    assert read_article.sections == ()


def test_plain_text_is_a_title_and_paragraphs(tmp_path: Path) -> None:
    read_article = article(
        tmp_path / "note.txt", "The title\n\nFirst one.\n\n\nSecond\none is the last of them.\n"
    )
    assert read_article.title == "The title"
    assert texts(read_article) == ["First one.", "Second\none is the last of them."]
    assert read_article.language == "en"


def test_every_json_line_is_an_article(tmp_path: Path) -> None:
    path = tmp_path / "bulk.jsonl"
    lines = [
        {"id": "p1", "lang": "fr", "title": "Égypte", "text": "Un."},
        {"id": "p2", "lang": "fr", "title": "", "text": "Deux.\n\nTrois."},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    first, second = (item for item in read(path) if isinstance(item, Article))
    assert (first.slug, first.title, texts(first)) == ("p1", "Égypte", ["Un."])
    assert (second.slug, second.title, texts(second)) == ("p2", "p2", ["Deux.", "Trois."])


@pytest.mark.parametrize(
    ("name", "content", "line", "words"),
    [
        ("a.md", "---\ntitle: [x\n---\n\ntext\n", 3, "front matter"),
        ("a.md", '---\ntitle: T\nsource: "x" y\nurl:\n---\n\ntext\n', 3, "front matter"),
        ("a.md", "just text\n", 1, "title"),
        ("a.md", "---\ntitle: Sommet : bilan\n---\n\ntext\n", 2, "quotation marks"),
        ("a.md", "{\n}\n\ntext\n", 1, "title"),
        ("a.md", '---\ntitle: "\\UFFFFFFFF"\n---\n\ntext\n', None, "front matter"),
        ("a.md", "---\ntitle: T\nx: \x07\n---\n\ntext\n", 3, "front matter"),
        ("a.md", "---\nx: " + "[" * 9_999 + "\n---\n\ntext\n", 2, "front matter"),
        ("a.md", "---\nx: " + "y" * 100_001 + "\n---\n\ntext\n", 1, "front matter"),
        ("a.md", "\n+++\ntitle = \n+++\n\ntext\n", 3, "TOML"),
        ("a.jsonl", '{"id": ' + "9" * 5_000 + "}\n", 1, "JSON"),
        ("a.jsonl", '{"id": "a\\nb", "text": "t"}\n', 1, "name"),
        ("a.jsonl", "[1]\n", 1, "object"),
        ("a.md", FRONT, None, "no paragraph"),
        ("a.md", FRONT + "x" * (MAX_PARAGRAPH_CHARACTERS + 1), 6, "blank lines"),
        ("a.md", FRONT.encode() + b"\xe9t\xe9\n", 6, "UTF-8"),
        ("a.txt", "\n\n", None, "empty"),
        ("a.txt", "two\nlines\n\ntext\n", 1, "title"),
        ("a.jsonl", '{"id": "a", "text": "t"\n', 1, "not JSON"),
        ("a.jsonl", '\n{"id": "a"}\n', 2, "text"),
    ],
)
def test_a_file_that_cannot_be_read_names_its_line_and_what_to_do(
    tmp_path: Path, name: str, content: str | bytes, line: int | None, words: str
) -> None:
    found = problem(tmp_path / name, content)
    assert found.path == tmp_path / name
    assert found.line == line
    assert words in found.message
    assert str(tmp_path / name) in str(found)


def test_a_bad_line_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    path = tmp_path / "bulk.jsonl"
    path.write_text('{"id": "a", "text": "Un."}\nnope\n{"id": "b", "text": "Deux."}\n')
    first, bad, second = read(path)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert isinstance(bad, ArticleProblem)
    assert bad.line == 2


def test_html_does_not_glue_words_together(tmp_path: Path) -> None:
    read_article = article(
        tmp_path / "a.md", FRONT + "x<br>y\n\n<div>\n<p>Un.</p><p>De<b>ux</b>.</p>\n</div>\n"
    )
    assert texts(read_article) == ["x\ny", "Un. Deux."]


def test_front_matter_takes_numbers_for_titles_and_times_for_days(tmp_path: Path) -> None:
    read_article = article(
        tmp_path / "a.md",
        "---\ntitle: 2024\nlanguage: fr\npublished: 2023-09-20T12:30:00Z\n---\n\nTexte.\n",
    )
    assert (read_article.title, read_article.published) == ("2024", date(2023, 9, 20))


def test_a_second_article_of_a_name_in_one_file_names_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "bulk.jsonl"
    path.write_text('{"id": "a", "text": "Un."}\n{"id": "a", "text": "Deux."}\n')
    _, second = read(path)
    assert isinstance(second, ArticleProblem)
    assert second.line == 2
    assert "bulk.jsonl, line 1" in second.message


@pytest.mark.parametrize("name", [" .md", "a\nb.md", "caf\udce9.md"])
def test_a_file_name_that_cannot_name_an_article_is_a_problem(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FRONT + "Texte.\n")
    [item] = read(tmp_path)
    assert isinstance(item, ArticleProblem)
    assert "Rename it" in item.message


def test_html_gives_its_text(tmp_path: Path) -> None:
    read_article = article(
        tmp_path / "a.md",
        FRONT + "<div>Un &eacute;l&eacute;ment</div>\n\n<!-- rien -->\n\n"
        "| Pays | Tonnes |\n| --- | --- |\n| Russie | 3\u00a0833 |\n",
    )
    assert texts(read_article) == ["Un élément", "Pays: Russie | Tonnes: 3\u00a0833"]


def test_a_paragraph_keeps_its_id_for_as_long_as_its_text(tmp_path: Path) -> None:
    before = article(tmp_path / "a.md", FRONT + "Un.\n\nDeux.\n")
    after = article(tmp_path / "a.md", FRONT + "Nouveau.\n\n## Titre\n\nDeux.\n")
    assert before.paragraphs[1].id == after.paragraphs[1].id
    assert before.paragraphs[0].id != after.paragraphs[0].id
    assert before.content_hash != after.content_hash


def test_equal_paragraphs_have_different_ids(tmp_path: Path) -> None:
    read_article = article(tmp_path / "a.md", FRONT + "Pareil.\n\nPareil.\n")
    first, second = read_article.paragraphs
    assert first.id != second.id


@example(content=b"\x0b", suffix=".txt")
@given(content=st.binary(max_size=300), suffix=st.sampled_from([".md", ".txt", ".jsonl"]))
def test_any_bytes_are_articles_or_problems(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"file{suffix}"
    path.write_bytes(content)
    assert all(isinstance(item, Article | ArticleProblem | ArticleNote) for item in read(path))


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_text_after_front_matter_is_an_article_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "file.md"
    path.write_text(FRONT + text, encoding="utf-8")
    for item in read(path):
        if isinstance(item, Article):
            assert all(paragraph.text.strip() for paragraph in item.paragraphs)


def test_text_that_cannot_be_stored_is_made_whole(tmp_path: Path) -> None:
    path = tmp_path / "bulk.jsonl"
    path.write_text('{"id": "a", "title": "\\ud83d\\ude00", "text": "x \\ud800\\u0000 y"}\n')
    [item] = read(path)
    assert isinstance(item, Article)
    assert (item.title, texts(item)) == ("😀", ["x \ufffd\ufffd y"])


def test_a_line_may_have_a_number_for_its_name(tmp_path: Path) -> None:
    path = tmp_path / "bulk.jsonl"
    path.write_text('{"id": 12, "text": "Un.", "tags": ["x"], "language": "fr-CA"}\n' * 1)
    one, note = read(path)
    assert isinstance(one, Article)
    assert (one.slug, one.language) == ("12", "fr")
    assert isinstance(note, ArticleNote)
    assert (note.line, note.message) == (1, "“tags” is not used")
