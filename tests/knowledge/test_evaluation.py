"""Figures of question sets, and the model that is fitted to them."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.evaluation.question_sets import (
    Question,
    QuestionSetError,
    area_under_curve,
    evaluate,
    read_questions,
)
from knowledge.model import Answer, Citation, Span, Verdict

TEXT = "Kim est parti. Il a vendu 10\u00a0933 barils de pétrole à la Chine."


def answer(text: str, verdict: Verdict, confidence: float, *, cited: bool = True) -> Answer:
    start = TEXT.index("Il a")
    citation = Citation(
        passage="x", article="a", title="T", section=None, paragraph=1, text=TEXT,
        span=Span(start, len(TEXT)), highlights=(Span(11, 24),), score=1.0,
    )  # fmt: skip
    return Answer(text, "fr", verdict, confidence, (citation,) if cited else (), 1.0)


def test_a_right_answer_counts_in_every_figure() -> None:
    question = Question(
        id="1",
        question="?",
        kind="fact",
        gold=("Il a vendu 10 933 barils",),
        answer="10 933 barils",
    )
    report = evaluate("set", [question], lambda text: answer(text, Verdict.ANSWERED, 0.9))
    for name in ("hit@1", "hit@3", "snippet@1", "highlight_f1"):
        assert report.figures[name] == 1, name
    assert math.isnan(report.figures["auc_unanswerable"])
    assert report.verdicts == {"fact": {"answered": 1, "uncertain": 0, "unanswered": 0}}


def test_a_snippet_beside_the_gold_is_a_hit_but_no_quotation() -> None:
    question = Question(id="1", question="?", kind="fact", gold=("Kim est parti.",), answer="Kim")
    report = evaluate("set", [question], lambda text: answer(text, Verdict.ANSWERED, 0.9))
    assert report.figures["hit@1"] == 1
    assert report.figures["snippet@1"] == 0
    assert report.figures["highlight_f1"] == 0


def test_doubt_is_measured_against_each_sort_of_unanswerable_question() -> None:
    questions = [
        Question(id="1", question="yes", gold=("Kim",), kind="fact"),
        Question(id="2", question="near", gold=(), kind="unanswerable"),
        Question(id="3", question="far", gold=(), kind="offtopic"),
    ]
    confidences = {"yes": 0.5, "near": 0.9, "far": 0.1}
    report = evaluate(
        "set", questions, lambda text: answer(text, Verdict.UNCERTAIN, confidences[text])
    )
    assert report.figures["auc_unanswerable"] == 0
    assert report.figures["auc_offtopic"] == 1


def test_without_citations_nothing_counts() -> None:
    questions = [
        Question(id="1", question="?", gold=("Kim",), answer="Kim"),
        Question(id="2", question="?", gold_ids=("a",), answer="Kim"),
    ]
    report = evaluate(
        "set", questions, lambda text: answer(text, Verdict.UNANSWERED, 0, cited=False)
    )
    assert all(value == 0 or math.isnan(value) for value in report.figures.values())
    assert report.figures["hit@1"] == report.figures["recall@5"] == 0


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_the_area_is_the_chance_that_a_positive_is_above(
    positive: list[float], negative: list[float]
) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert area_under_curve(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


@pytest.mark.parametrize(
    ("line", "words"),
    [("nope", "line 1"), ('{"id": "1", "gold": []}', "question"),
     ('{"id": "1", "question": "?"}', "gold"), ("", "no question")],
)  # fmt: skip
def test_a_wrong_question_set_says_what_is_wrong(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(QuestionSetError, match=words):
        read_questions(path)
