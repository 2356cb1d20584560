"""The shape of a text says what its parts mean: paths of headings, questions, lists, tables."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.corpus.article_files import read_articles
from knowledge.model import Article
from knowledge.text.layout import cells_of, introduction, items_after, items_of
from knowledge.text.sentences import sentences

WORDS = st.text("abcé .:;?!-", min_size=1, max_size=30).map(lambda s: f"x{s.strip()}x")


def article(folder: Path, text: str, name: str = "a.md") -> Article:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    [(_, found)] = [one for one in read_articles([path]) if isinstance(one[1], Article)]
    assert isinstance(found, Article)
    return found


def parts(found: Article) -> list[tuple[str | None, str]]:
    return [(found.section_of(one), one.text) for one in found.paragraphs]


def test_a_paragraph_knows_all_headings_that_it_stands_under(tmp_path: Path) -> None:
    text = (
        "# Manual\n\n## Install\n\n### Linux\n\nRun it.\n\n"
        "## Remove\n\nStop.\n\n#### Linux\n\nDelete."
    )
    assert parts(article(tmp_path, text)) == [
        ("Install › Linux", "Run it."),
        ("Remove", "Stop."),
        ("Remove › Linux", "Delete."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## Who has the key?\n\nAda.",
        "#### **Q: Who has the key?**\n\nA: Ada.",
        "**Who has the key?**\n\nAda.",
        "**Q: Who has the key?**\nA: Ada.",
        "**Who has the key?** Ada.",
        "Q: Who has the key?\n\nA: Ada.",
        "Q: Who has the key? A: Ada.",
        "- **Who has the key?** Ada.",
        "1. **Who has the key?**\n\n   Ada.",
    ],
)
def test_a_question_stands_above_its_answer(tmp_path: Path, text: str) -> None:
    assert parts(article(tmp_path, f"# FAQ\n\n{text}")) == [("Who has the key?", "Ada.")]


def test_questions_that_stand_by_themselves_are_a_list_of_them(tmp_path: Path) -> None:
    text = "FAQ\n\nWho has the key?\n\nAda.\n\nWhere is the hut?\n\nBehind the mill.\n"
    assert parts(article(tmp_path, text, "a.txt")) == [
        ("Who has the key?", "Ada."),
        ("Where is the hut?", "Behind the mill."),
    ]


def test_one_question_among_paragraphs_is_text(tmp_path: Path) -> None:
    text = "# News\n\nIt rained.\n\nAnd now?\n\nNobody knows. D. Hill left."
    assert [text for _, text in parts(article(tmp_path, text))] == [
        "It rained.",
        "And now?",
        "Nobody knows. D. Hill left.",
    ]


def test_a_list_is_one_paragraph_with_what_introduces_it(tmp_path: Path) -> None:
    text = "# A\n\nBring:\n\n- a jar\n- a towel\n  - of linen\n\nThen go.\n\n7. seven\n8. eight"
    assert [text for _, text in parts(article(tmp_path, text))] == [
        "Bring:\n- a jar\n- a towel\n  - of linen",
        "Then go.",
        "7. seven\n8. eight",
    ]


def test_a_long_list_is_divided_between_items_and_a_long_item_stands_alone(tmp_path: Path) -> None:
    items = [f"- {number} {'word ' * 60}".strip() for number in range(30)]
    long = f"- {'sentence ' * 100}".strip()
    found = [text for _, text in parts(article(tmp_path, "# A\n\n" + "\n".join([*items, long])))]
    assert found[-1] == long
    assert all(len(one) <= 3_000 for one in found)
    assert "\n".join(found) == "\n".join([*items, long])


def test_a_row_is_read_below_the_heads_of_its_columns(tmp_path: Path) -> None:
    text = "# A\n\n| | Monday | Tuesday |\n|---|---|---|\n| Pool | open | |\n| Gym | | shut |"
    assert [text for _, text in parts(article(tmp_path, text))] == [
        "Pool | Monday: open",
        "Gym | Tuesday: shut",
    ]


def test_a_head_with_nothing_below_it_is_kept(tmp_path: Path) -> None:
    text = "# A\n\n| Name | Remark |\n|---|---|\n| Ada | |"
    assert [text for _, text in parts(article(tmp_path, text))] == ["Remark", "Name: Ada"]


def test_a_long_row_is_divided_and_each_part_says_what_it_is_of(tmp_path: Path) -> None:
    head = " | ".join(["Town", *(f"Figure {n}" for n in range(30))])
    row = " | ".join(["Arlac", *(f"{n} hundred" for n in range(30))])
    text = f"# A\n\n| {head} |\n|{'---|' * 31}\n| {row} |"
    found = [text for _, text in parts(article(tmp_path, text))]
    assert len(found) > 1
    assert all(one.startswith("Town: Arlac | Figure ") and len(one) <= 300 for one in found)
    assert sum(one.count("hundred") for one in found) == 30


@given(st.lists(WORDS, min_size=1, max_size=6), st.sampled_from(["- ", "1. ", "* ", "3) "]))
def test_items_are_found_where_they_were_written(words: list[str], mark: str) -> None:
    text = "Before:\n" + "\n".join(mark + one for one in words)
    found = items_of(text)
    assert [item.words.of(text) for item in found] == words
    assert [item.span.of(text) for item in found] == [mark + one for one in words]
    before = introduction(text)
    assert before is not None
    assert before.of(text) == "Before:"
    assert items_after(text, found[0].span.end) == len(words) - 1
    starts = {sentence.start for sentence in sentences(text)}
    assert all(item.span.start in starts for item in found)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=6))
def test_cells_are_found_where_they_were_written(cells: list[tuple[str, str]]) -> None:
    cells = [(head.replace(":", ""), value) for head, value in cells]
    text = " | ".join(f"{head}: {value}" for head, value in cells)
    assert [cell.value.of(text) for cell in cells_of(text)] == [value for _, value in cells]
