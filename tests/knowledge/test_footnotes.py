"""A footnote stands below the paragraph that points to it."""

from pathlib import Path

from knowledge.base import KnowledgeBase
from knowledge.corpus.blocks import markdown_blocks
from knowledge.corpus.footnotes import MAX_FOOTNOTE, with_footnotes
from knowledge.model import Verdict


def texts(text: str) -> list[str]:
    return [block.text for block in with_footnotes(markdown_blocks(text, 0))]


def test_a_footnote_is_the_last_line_of_what_points_to_it() -> None:
    text = "It lasted a year[^1]. It rained[^b].\n\nAgain[^1].\n\n[^1]: Logbook.\n[^b]: Ada Quill."
    assert texts(text) == [
        "It lasted a year[^1]. It rained[^b].\n[^1]: Logbook.\n[^b]: Ada Quill.",
        "Again[^1].",
    ]


def test_what_nothing_points_to_and_what_is_long_stays_where_it_is() -> None:
    long = "word " * MAX_FOOTNOTE
    read = texts(f"One[^1]. Two[^x].\n\n[^1]: {long}\n\n[^2]: Alone.\n\n# Head[^2]\n\nEnd.")
    assert read == [
        "One[^1]. Two[^x].",
        f"[^1]: {long.strip()}",
        "[^2]: Alone.",
        "Head[^2]",
        "End.",
    ]


def test_many_marks_take_time_by_their_number() -> None:
    text = "".join(f"[^{i}] " for i in range(20_000)) + "\n\n" + "[^1]: x\n" * 20_000
    assert texts(text)


def test_a_footnote_is_quoted_with_its_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text(
        "# The star\n\nThe survey of Halvora lasted nine months[^1].\n\n## Sources\n\n"
        "[^1]: Kept in the blue logbook of Inge Dahl.\n"
    )
    with KnowledgeBase.open(tmp_path / "k.db", [folder]) as base:
        answer = base.ask("blue logbook")
        assert answer.verdict is not Verdict.UNANSWERED
        assert "nine months[^1].\n[^1]: Kept in the blue" in answer.citations[0].text
