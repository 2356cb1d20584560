"""Nothing that is written in Markdown is lost, however it is nested."""

import re
import textwrap
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.corpus.article_files import read_articles
from knowledge.corpus.blocks import (
    MAX_HEADING_CHARACTERS,
    MAX_NESTING,
    Block,
    markdown_blocks,
    plain_blocks,
)
from knowledge.model import Article, ArticleProblem
from knowledge.model.errors import ArticleError


def blocks(text: str) -> list[Block]:
    return list(markdown_blocks(text, 0))


def texts(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


def problem(text: str) -> ArticleError:
    with pytest.raises(ArticleError) as caught:
        blocks(text)
    return caught.value


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def listed(text: str, mark: str = "- ") -> str:
    return mark + textwrap.indent(text, " " * len(mark)).lstrip()


# "¤" stands for a word; each gets one of its own, so that none can hide another's loss.
LEAVES = st.sampled_from(
    [
        "¤ ¤\n¤.",
        "## ¤ ¤",
        "¤ ¤\n---",
        "```\n¤ ¤\n\n¤\n```",
        "``` ¤ ¤\n¤\n```",
        "    ¤ ¤",
        "| ¤ | ¤ |\n| --- | --- |\n| ¤ | ¤ |\n| ¤ | ¤ | ¤ *¤* |\n| ¤ |",
        "[^¤]: ¤",
        "[¤]: ¤",
        "[¤]: ¤ ¤",
        "**¤** [¤](https://example.org) ![¤](x.png) `¤` <¤> <b>¤</b> <¤ ¤>",
        "<div>\n¤ <p>¤</p> <span class='x'>¤\n</div>",
        "<details>\n<summary>¤</summary>\n\n¤\n\n</details>",
        "<div title='¤\n¤",
        "***",
        "1) ¤\n2) ¤\n\n   ¤",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[¤",
        "- ¤\n* ¤\n+ ¤",
    ]
)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("\n\n".join),
        inner.map(quoted),
        inner.map(listed),
        inner.map(lambda text: listed(text, "10. ")),
    ),
    max_leaves=12,
)


def deep(text: str, wrapping: str) -> str:
    for sign in wrapping:
        text = {">": quoted, "-": listed, "1": lambda one: listed(one, "1. ")}[sign](text)
    return text


@given(inner=DOCUMENTS, wrapping=st.text(">-1", max_size=130), after=DOCUMENTS)
@settings(deadline=None)
def test_every_word_is_in_the_article_or_a_problem_names_the_line(
    tmp_path_factory: pytest.TempPathFactory, inner: str, wrapping: str, after: str
) -> None:
    numbers = count()
    text = re.sub("¤", lambda _: f"w{next(numbers)}x", f"{deep(inner, wrapping)}\n\n{after}\n")
    path = tmp_path_factory.mktemp("nested") / "article.md"
    path.write_text(f"---\ntitle: T\nlanguage: en\n---\n\n{text}\nlast\n", encoding="utf-8")

    [(_, item)] = read_articles([path])

    if isinstance(item, ArticleProblem):
        assert item.line is not None
        too_deep = len(wrapping) + wrapping.count("-") + wrapping.count("1") > MAX_NESTING // 2
        assert too_deep or "without an end" in item.message
        return
    assert isinstance(item, Article)
    read = " ".join([*(p.text for p in item.paragraphs), *(s.title for s in item.sections)])
    assert set(re.findall(r"w\d+x", text)) <= set(re.findall(r"w\d+x", read))
    assert "last" in read


@pytest.mark.parametrize("sign", ["> ", "- ", "1. ", ">"])
@pytest.mark.parametrize("depth", [25, 90])
def test_what_is_nested_deep_is_read_whole(sign: str, depth: int) -> None:
    mark = "" if sign.startswith(">") else sign
    assert texts(f"Before.\n\n{sign * depth}inside\n\n# After\n\nend") == [
        "Before.",
        f"{mark}inside",
        "After",
        "end",
    ]


@pytest.mark.parametrize("sign", ["> ", "- ", "1. ", ">"])
def test_what_is_nested_without_end_is_an_error_that_names_the_line(sign: str) -> None:
    error = problem(f"Before.\n\n{sign * 10_000}inside\n\nAfter")
    assert error.line == 3
    assert "inside each other" in str(error)


@pytest.mark.parametrize("opening", ["<!--", "<script>", "<style media='x'>"])
def test_what_is_opened_and_not_closed_is_an_error_that_names_the_line(opening: str) -> None:
    error = problem(f"Before.\n\n{opening} x\n\n# After\n\nwords")
    assert error.line == 3
    assert "without an end" in str(error)


def test_comments_scripts_and_styles_are_left_out() -> None:
    html = "<!-- a\n\nb --> One <!-->two\n\n<script>\n\nx</script> three\n\n<STYLE>y</style >four"
    assert texts(html) == ["One two", "three", "four"]


def test_words_in_angle_brackets_are_words_and_tags_are_tags() -> None:
    assert texts("Type <name>, <your name> or <b>bold</b><br/>text <Tab x=1>in</Tab> <My/>") == [
        "Type <name>, <your name> or bold\ntext in"
    ]
    assert texts("<Tabs>\n\nInside.\n\n</Tabs>\n\n<name>\n") == ["Inside.", "<name>"]


@pytest.mark.parametrize(
    "text",
    [
        "If a<b and c>d then stop.", "x<i for all y>3", "p<q where r>s", "Tail <u of sets> here",
        "x<a or b>y", "1 <p\nwhere q> 2", "a <!b and c> d", "a <?b and c> d",
        "Type <br of words> here", "so <b hidden words> are", "if a<s x=1 and y> b",
    ],
)  # fmt: skip
def test_a_comparison_is_no_tag(text: str) -> None:
    wanted = text.replace("\n", " ")
    assert texts(text) == [wanted]
    assert texts(f"<div>\n{text}\n</div>") == [" ".join(wanted.split())]


def test_tags_with_all_kinds_of_attributes_are_left_out() -> None:
    tags = (
        "<input checked disabled>", "<details open>", '<a href = "x" download>', "<a href=x?y>",
        "<video controls loop src='a b'/>", "<div class='grid' markdown>", "<b title='a < b'>",
        "<p data-open>", "</b >", "<!doctype html>", "<?php echo 1 ?>",
    )  # fmt: skip
    for tag in tags:
        assert texts(f"one {tag} two")[0].split() == ["one", "two"]


def test_the_words_that_stand_for_a_picture_are_kept() -> None:
    wanted = ["See a red & blue cat here"]
    picture = "<img title=\"alt='no'\" alt='a red &amp; blue\ncat' src=x.png>"
    assert texts(f"See {picture} here") == wanted
    assert texts(f"<p>See{picture}here</p>") == wanted
    assert texts("Bare <IMG src=x ALT=cat> and none <img src=x>.") == ["Bare cat and none ."]


@pytest.mark.parametrize(
    "line",
    ["[Q]: yes/no", "[Q]: Who/W1?", "[Q]: ???", "[Q]: ...", "[Who]: J.Smith", "[Score]: Wins:3"],
)
def test_a_line_that_leads_nowhere_is_text(line: str) -> None:
    assert texts(f"Before.\n\n{line}\n\nAfter.") == ["Before.", line, "After."]


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org", "mailto:a@example.org", "//example.org", "/x", "#x", "./x", "../x",
        "www.example.org", "<any thing>", "page.html", "docs/page.md#part", "example.org/x",
    ],
)  # fmt: skip
def test_where_a_link_leads_is_no_text(target: str) -> None:
    assert texts(f"See [here][a].\n\n[a]: {target} 'Title'") == ["See here."]


def test_cells_beyond_a_table_s_header_are_kept() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 | *three* | f\\|our |"
    row = "a: 1 | b: 2 | three | f|our"
    assert texts(table) == [row]
    assert texts(quoted(quoted(table))) == [row]
    assert texts(listed(table)) == [f"- {row}"]


def test_footnotes_are_text_and_where_links_lead_is_not() -> None:
    text = (
        "See [here][a] and[^1].\n\n[a]: https://example.org 'Title'\n[b]: <x y>\n[c]: docs/page.md"
        "\n\n[^1]: Source\n\n[Open]: daily\n\n[Price]: 12.50"
    )
    assert texts(text) == ["See here and[^1].", "[^1]: Source", "[Open]: daily", "[Price]: 12.50"]


def test_a_paragraph_with_a_line_below_it_is_no_heading() -> None:
    long = "word " * MAX_HEADING_CHARACTERS
    [block, heading, _] = blocks(f"{long}\n---\n\nShort\n---\n\nend")
    assert (block.text, block.is_heading) == (long.strip(), False)
    assert (heading.text, heading.is_heading) == ("Short", True)


@pytest.mark.parametrize(
    "text",
    [
        "<a '" * 50_000, '<a "' * 50_000, "<" * 100_000, "<div>" + "<x>" * 30_000, "[" * 20_000,
        "*a **b " * 10_000, "> " * 150 + "x\n" + ("> " * 150 + "x\n") * 500, "|" * 20_000 + "\n|-|",
        "[a]: " * 20_000, "<!--" * 50_000,
    ],
)  # fmt: skip
def test_hostile_text_is_read_or_refused(text: str) -> None:
    # In time that grows with its length: this would not end otherwise.
    try:
        assert all(block.text for block in blocks(text))
    except ArticleError as error:
        assert error.line is not None  # noqa: PT017


def test_a_file_that_is_too_deep_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\n" + "> " * 999 + "x\n")
    (tmp_path / "b.md").write_text("# B\n\nText.\n")
    (_, bad), (_, good) = read_articles([tmp_path / "a.md", tmp_path / "b.md"])
    assert isinstance(bad, ArticleProblem)
    assert (bad.path, bad.line) == (tmp_path / "a.md", 3)
    assert isinstance(good, Article)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("10<sup>6</sup> litres", "10⁶ litres"),
        ("10<sup>-6</sup>, x<sup>n+1</sup>", "10⁻⁶, xⁿ⁺¹"),
        ("en 1998<sup>1</sup>.", "en 1998¹."),
        ("1904<sup>[2]</sup> by", "1904[2] by"),
        ('1904<sup><a href="#n2">[2]</a></sup> by', "1904[2] by"),
        ("318<sup>3, 4</sup> pages", "318³,⁴ pages"),
        ("318<sup>3</sup><sup>4</sup> pages", "318³,⁴ pages"),
        ("250<sup>a</sup> flares", "250ᵃ flares"),
        ("60 m<sup>2</sup>, CO<sub>2</sub>, x<sub>i</sub>", "60 m², CO₂, xᵢ"),
        ("le 1<sup>er</sup> mai, le XX<sup>e</sup>", "le 1er mai, le XXe"),
        ("the 21<sup>st</sup>, M<sup>me</sup> Roy", "the 21st, Mme Roy"),
        ("a<sup>3/2</sup>, U<sub>eff</sub>", "a^(3/2), U_(eff)"),
        ("free<sup>see below</sup> of", "free see below of"),
        ("a<sup>b<sup>2</sup></sup>", "aᵇ²"),
        ("10<sup>6 l", "106 l"),
        ("x</sup> y", "x y"),
    ],
)  # fmt: skip
def test_what_is_raised_or_lowered_stays_apart_from_what_it_stands_behind(
    html: str, text: str
) -> None:
    assert texts(html) == [text]
    assert texts(f"<p>{html}</p>") == [text]


def test_signs_that_show_nothing_are_left_out() -> None:
    assert texts("tur\u00adbine fer&shy;ry\n\n<p>tu&shy;nnel</p>") == ["turbine ferry", "tunnel"]
    assert [b.text for b in plain_blocks("tur\u00adbine", 1)] == ["turbine"]
