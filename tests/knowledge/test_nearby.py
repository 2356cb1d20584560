"""Where the articles do not answer, they may say something about a word of the question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import KnowledgeBase, Verdict

TEXT = (
    "The committee met in Lisbon.\n\n"
    "After the concert, the orchestra of Winterthur was invited to a dinner; it was held in the "
    "great hall of the castle, where candles had been lit on all of the forty tables, and where "
    "the mayor spoke for an hour before anybody was allowed to eat."
) + "".join(f"\n\nNothing else of note came about in year {n} of the record." for n in range(20))


@pytest.fixture
def base(tmp_path: Path) -> Callable[[str], KnowledgeBase]:
    def of(text: str) -> KnowledgeBase:
        (tmp_path / "article.txt").write_text(f"A title\n\n{text}\n", encoding="utf-8")
        return KnowledgeBase.open(tmp_path / "knowledge.db", [tmp_path / "article.txt"])

    return of


def test_it_is_a_line_of_the_passage_that_has_the_word(
    base: Callable[[str], KnowledgeBase],
) -> None:
    answer = base(TEXT).ask("How many violins broke in Winterthur?")
    assert answer.verdict is Verdict.UNANSWERED
    assert answer.nearby is not None
    line = answer.nearby.citation
    assert answer.nearby.word == "Winterthur"
    assert "Winterthur" in line.snippet
    assert line.snippet in TEXT
    assert len(line.snippet) <= 160
    assert line.highlights == ()


@pytest.mark.parametrize(
    "question",
    [
        "Where is the xylophone zwieback?",  # nothing of it is there
        "Who spotted a whale near Reykjavik in 1903?",  # nor of this
        "How many people did 40 ships carry?",  # a number is no subject
        "Do castles matter more than palaces and huts and igloos and yurts and tents?",  # little
    ],
)
def test_a_stray_is_not_shown(base: Callable[[str], KnowledgeBase], question: str) -> None:
    answer = base(TEXT).ask(question)
    assert answer.verdict is Verdict.UNANSWERED
    assert answer.nearby is None


def test_another_word_of_the_same_stem_is_not_the_word(
    base: Callable[[str], KnowledgeBase],
) -> None:
    answer = base("The organisation was founded in Lisbon.").ask("How do organs of mice work?")
    assert answer.nearby is None


def test_what_is_answered_has_none(base: Callable[[str], KnowledgeBase]) -> None:
    answer = base(TEXT).ask("Where was the dinner of the orchestra of Winterthur held?")
    assert answer.verdict is not Verdict.UNANSWERED
    assert answer.nearby is None
