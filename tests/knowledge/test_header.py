"""What people write on top of their articles is understood, or left out with a note."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.corpus.article_files import Item, read_articles
from knowledge.model import Article, ArticleProblem
from knowledge.model.notes import ArticleNote, NoteKind

BODY = "# Un titre\n\nUn paragraphe en français.\n"


def read(folder: Path, text: str) -> list[Item]:
    path = folder / "a.md"
    path.write_text(text, encoding="utf-8", newline="\n")
    return [item for _, item in read_articles([path])]


def headed(folder: Path, *lines: str) -> tuple[Article, list[ArticleNote]]:
    fields = "\n".join(lines)
    article, *notes = read(folder, f"---\n{fields}\n---\n\n{BODY}")
    assert isinstance(article, Article), article
    assert all(isinstance(note, ArticleNote) for note in notes)
    return article, [note for note in notes if isinstance(note, ArticleNote)]


@pytest.mark.parametrize(
    "written",
    [
        "2023-09-13", "'2023-09-13'", "2023-9-13", "2023/09/13", "20230913", "2023.09.13",
        "2023-09-13T00:30:00+02:00", "2023-09-13 23:59:59 -0700", "2023-09-13T08:00:00Z",
        "2023-09-13T08:00:00.123456Z", "2023-09-13 10:00 Z", "2023-09-13 10:00", "2023-09-13 CEST",
        "2023-09-13 10:00:00 +02:00 [Europe/Paris]", "13/09/2023", "09/13/2023", "13.9.2023",
        "13 septembre 2023", "mercredi 13 septembre 2023", "September 13, 2023", "13 Sept. 2023",
        "Wed, 13 Sep 2023 10:00:00 +0200", "!!timestamp 2023-09-13", "!!str 2023-09-13",
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["published", "reference_date"])
def test_a_day_is_understood_however_it_is_written(tmp_path: Path, key: str, written: str) -> None:
    article, notes = headed(tmp_path, f"{key}: {written}")
    assert getattr(article, key) == date(2023, 9, 13)
    assert notes == []


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2023-09", "no day"),
        ("2023", "no day"),
        ("2023-02-30", "no such day"),
        ("2023-13-01", "no such day"),
        ("03/04/2023", "the month"),
        ("yesterday", "write a day"),
        ("septembre 2023", "write a day"),
        ("since 13 September 2023 at least", "write a day"),
        ("1694822400", "write a day"),
        ("12:30:45", "write a day"),
        ("[2023-09-13]", "a list or a mapping"),
        ("{from: 2023-09-13}", "a list or a mapping"),
        ("!!timestamp foo", "“foo” is no !!timestamp"),
        ("!!binary aGk=", "a tag that is not known, “!!binary”"),
        ("!!python/object:os.system x", "a tag that is not known"),
        ("!mine 2023-09-13", "“!mine”"),
        ("9" * 5_000, "write a day"),
    ],
)
def test_what_is_no_day_is_left_out_with_a_note(tmp_path: Path, written: str, why: str) -> None:
    article, [note] = headed(tmp_path, "title: T", f"published: {written}")
    assert article.published is None
    assert (note.kind, note.path, note.line) == (NoteKind.VALUE, tmp_path / "a.md", 3)
    assert note.message.startswith("“published: ")
    assert why in note.message
    assert len(note.message) < 300


def test_published_as_a_truth_is_no_date_and_another_key_may_have_it(tmp_path: Path) -> None:
    article, notes = headed(tmp_path, "published: true")
    assert (article.published, notes) == (None, [])
    article, notes = headed(tmp_path, "published: yes", "date: 2023-09-13 10:00:00 +0200")
    assert (article.published, notes) == (date(2023, 9, 13), [])
    article, notes = headed(tmp_path, "published: 2023-09-13", "date: 2020-01-01")
    assert article.published == date(2023, 9, 13)
    assert [note.message for note in notes] == ["“date” is not used"]


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("fr-FR", "fr"), ("fr_CA", "fr"), ("FR", "fr"), ("en_GB.UTF-8", "en"), ("zh-Hant-TW", "zh"),
        ("French", "fr"), ("français", "fr"), ("Anglais", "en"), ("english", "en"), ("fra", "fr"),
        ("deutsch", "de"), ("no", "no"), ("'no'", "no"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["language", "lang", "Language"])
def test_a_language_is_understood_however_it_is_written(
    tmp_path: Path, key: str, written: str, language: str
) -> None:
    article, notes = headed(tmp_path, f"{key}: {written}")
    assert (article.language, notes) == (language, [])


@pytest.mark.parametrize("written", ["klingon", "[fr, en]", "fr, en", "12", "!!bool fr"])
def test_a_language_that_is_not_understood_is_detected(tmp_path: Path, written: str) -> None:
    article, [note] = headed(tmp_path, f"language: {written}")
    assert article.language == "fr"
    assert (note.kind, note.line) == (NoteKind.VALUE, 2)


@pytest.mark.parametrize(
    "written",
    ["/prix/relatif/", "www.example.org/x", "nowhere", "[https://example.org]", "javascript:x",
     "https://" + "x" * 3_000],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_left_out(tmp_path: Path, written: str) -> None:
    article, [note] = headed(tmp_path, f"url: {written}")
    assert article.url is None
    assert (note.kind, note.line) == (NoteKind.VALUE, 2)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("2024", "2024"), ("1.10", "1.10"), ("12:30", "12:30"), ("010", "010"), ("yes", "yes"),
        ("2023-09-13", "2023-09-13"), ("1_000", "1_000"), ('"\\ud83d\\ude00"', "😀"),
        ("|\n  Deux\n  lignes", "Deux lignes"), ("&a 'X'", "X"),
    ],
)  # fmt: skip
def test_a_title_is_what_was_written(tmp_path: Path, written: str, title: str) -> None:
    article, notes = headed(tmp_path, f"title: {written}")
    assert (article.title, notes) == (title, [])
    assert [section.title for section in article.sections] == ["Un titre"]


@pytest.mark.parametrize("written", ["[a, b]", "{fr: a}", "!!bool foo", "x" * 301])
def test_where_a_title_is_none_the_first_heading_is(tmp_path: Path, written: str) -> None:
    article, [note] = headed(tmp_path, f"title: {written}")
    assert article.title == "Un titre"
    assert note.kind is NoteKind.VALUE


def test_what_is_empty_is_as_if_it_was_not_there(tmp_path: Path) -> None:
    empty = ["title:", "titles:", "language: ~", "source: ''", "url:", "published:", "draft:"]
    article, notes = headed(tmp_path, *empty)
    assert (article.title, article.language, article.source, notes) == ("Un titre", "fr", None, [])


def test_titles_are_taken_one_by_one(tmp_path: Path) -> None:
    article, notes = headed(
        tmp_path, "titles:", "  en-GB: A title", "  no: Norsk", "  klingon: x", "  de: [x]"
    )
    assert article.titles == {"en": "A title", "no": "Norsk"}
    assert [note.line for note in notes] == [5, 6]
    article, [note] = headed(tmp_path, "titles: A title")
    assert (article.titles, note.line) == ({}, 2)


def test_what_nothing_is_done_with_is_named(tmp_path: Path) -> None:
    article, notes = headed(
        tmp_path, "tags: [a, b]", "categories:", "  - x: {y: 1}", "author: !me N", "weight: 010"
    )
    assert article.title == "Un titre"
    assert {note.kind for note in notes} == {NoteKind.UNUSED}
    assert [(note.line, note.message) for note in notes] == [
        (2, "“tags” is not used"),
        (3, "“categories” is not used"),
        (5, "“author” is not used"),
        (6, "“weight” is not used"),
    ]


def test_a_misspelt_key_is_told(tmp_path: Path) -> None:
    _, [note] = headed(tmp_path, "pubished: 2023-02-20")
    assert (note.kind, note.line) == (NoteKind.VALUE, 2)
    assert "Did you mean “published”?" in note.message


def test_a_key_that_stands_there_twice_is_told(tmp_path: Path) -> None:
    article, [note] = headed(tmp_path, "title: A", "title: B")
    assert article.title == "B"
    assert "twice" in note.message


@pytest.mark.parametrize(
    "line",
    [
        "draft: true", "draft: yes", 'draft: "true"', "Draft: True", "draft: on", "draft: 1",
        "draft: oui", "brouillon: vrai", "private: true", "published: false", "published: no",
        'published: "false"', "publish: false", "status: draft", "status: Unpublished",
        "visibility: private", "draft: soon", "draft: [x]", "draft: !!bool foo", "draft: !x true",
        "draft: true\ndraft: false", "draft: false\ndraft: true",
        "status: [draft]", "status: [[x, Draft]]", "status: draft, later", "status: [!x draft]",
        "is_draft: true", "isDraft: true", "is-draft: [true]", "drafts: true", "hidden: true",
        "unlisted: true", "state: draft", "visibility: hidden", "visibility: draft",
        "visibility: unlisted", "dg-publish: false", "params: {draft: true}",
        "extra: {draft: [true]}", "extra:\n  published: [false]", "params: {status: [draft]}",
        "published: [false]", "published: never", "published: draft", "draft: []",
    ],
)  # fmt: skip
def test_a_draft_is_not_read_and_is_named(tmp_path: Path, line: str) -> None:
    [note] = read(tmp_path, f"---\ntitle: T\n{line}\n---\n\n<!-- {BODY}")
    assert isinstance(note, ArticleNote)
    assert (note.kind, note.article) == (NoteKind.WITHHELD, "a")
    assert note.line in (3, 4)
    assert "since it says “" in note.message


@pytest.mark.parametrize(
    "line",
    ["draft: false", "draft: no", 'draft: "false"', "draft: 0", "published: true", "publish: yes",
     "published: 1", "private: false", "status: published", "visibility: public", "draft:",
     "draft: [false]", "hidden: false", "dg-publish: true", "state: final", "status: [done]",
     "isDraft: no"],
)  # fmt: skip
def test_what_is_no_draft_is_read(tmp_path: Path, line: str) -> None:
    article, notes = headed(tmp_path, line)
    assert (article.title, notes) == ("Un titre", [])


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ('+++\ntitle = "Titre"\ndate = 2023-09-13T10:00:00+02:00\nurl = "/x/"\n+++', 4),
        ('{\n  "title": "Titre",\n  "date": "2023-09-13",\n  "url": "/x/"\n}', 4),
        ("\n\n---\ntitle: Titre\ndate: 2023-09-13\nurl: /x/\n---", 6),
        ("-----\ntitle: Titre\ndate: 2023-09-13\nurl: /x/\n----", 4),
        ("---\n{title: Titre, date: 2023-09-13, url: /x/}\n---", 2),
        ("---yaml\ntitle: Titre\ndate: 2023-09-13\nurl: /x/\n---", 4),
        ("--- # a remark\ntitle: Titre\ndate: 2023-09-13\nurl: /x/\n---", 4),
        ("---toml\ntitle = 'Titre'\ndate = 2023-09-13\nurl = '/x/'\n---", 4),
        ('---json\n{"title": "Titre",\n"date": "2023-09-13",\n"url": "/x/"}\n---', 4),
        ("---\n<<: {title: Titre, date: 2023-09-13}\nurl: /x/\n---", 3),
    ],
)
def test_front_matter_is_yaml_toml_or_json(tmp_path: Path, front: str, line: int) -> None:
    article, note = read(tmp_path, f"{front}\n\nLe paragraphe.\n\n" + "x" * 10)
    assert isinstance(article, Article)
    assert (article.title, article.published) == ("Titre", date(2023, 9, 13))
    assert article.paragraphs[0].text == "Le paragraphe."
    assert isinstance(note, ArticleNote)
    assert note.line == line


@pytest.mark.parametrize("table", ["params", "extra"])
@pytest.mark.parametrize("says", ["draft = true", "published = [false]", "status = ['draft']"])
def test_a_draft_in_a_table_of_toml_is_not_read(tmp_path: Path, table: str, says: str) -> None:
    [note] = read(tmp_path, f"+++\ntitle = 'T'\n[{table}]\n{says}\n+++\n\n{BODY}")
    assert isinstance(note, ArticleNote)
    assert note.kind is NoteKind.WITHHELD


def test_text_between_two_lines_is_no_front_matter(tmp_path: Path) -> None:
    [item] = read(tmp_path, "---\nJust words.\n---\n\n# T\n\nText.\n")
    assert isinstance(item, ArticleProblem | Article)
    if isinstance(item, Article):
        assert "Just words." in [item.title, *(s.title for s in item.sections)]


def test_lines_are_counted_from_the_top_of_the_file(tmp_path: Path) -> None:
    [item] = read(tmp_path, f"---\ntitle: T\n---\n\n{'x' * 20_001}\n\n\n\n")
    assert isinstance(item, ArticleProblem)
    assert item.line == 5


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(
    "title titles language lang source url published date reference_date draft status tags".split()
)


@given(fields=st.dictionaries(KEYS | st.text(max_size=9), ANYTHING, max_size=6))
def test_any_front_matter_is_an_article_a_draft_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    written = json.dumps(fields, indent=1)
    items = read(folder, f"{written}\n\n{BODY}") + read(folder, f"---\n{written}\n---\n\n{BODY}")
    assert items
    for item in items:
        assert str(item).encode()  # what can be shown
        if isinstance(item, Article):
            item.title.encode()
