"""Question sets to figures: is the right passage found, quoted, marked, and is doubt in place?"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.corpus.question_lines import QuestionLine, WrongLine, plain, read_lines
from knowledge.model import Answer, Citation, Verdict
from knowledge.model.errors import KnowledgeError
from knowledge.model.trials import GoldenQuestion
from knowledge.text.tokens import fold, tokenize

__all__ = [
    "Question",
    "QuestionSetError",
    "Report",
    "area_under_curve",
    "evaluate",
    "golden_sets",
    "read_questions",
]

RANKS = 10
"""Citations asked for: the depth of MRR@10."""


class QuestionSetError(KnowledgeError):
    """A question set cannot be read."""


class Question(QuestionLine):
    """A labelled question.

    ``gold`` are verbatim clauses, any of which is right; ``gold_ids`` slugs of articles that hold
    the answer (sets over a corpus of one-paragraph articles). Both empty: unanswerable.
    ``paragraph``: the slug of the article that it was written on, where that may not answer it.
    """

    gold: tuple[str, ...] | None = None
    gold_ids: tuple[str, ...] | None = None
    paragraph: str | None = None

    @property
    def is_answerable(self) -> bool:
        """Whether the articles answer it."""
        return bool(self.gold or self.gold_ids)


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one question set.

    ``figures`` are shares from 0 to 1 by name (``NaN`` where nothing could be measured);
    ``verdicts`` the share of each verdict by kind of question; ``latency_ms`` percentiles.
    """

    name: str
    questions: int
    figures: Mapping[str, float]
    verdicts: Mapping[str, Mapping[str, float]]
    latency_ms: Mapping[str, float]


def read_questions(path: Path) -> list[Question]:
    """Read a ``.jsonl`` question set. Raises QuestionSetError with the line that is wrong."""
    try:
        lines: list[tuple[int, Question]] = []
        for number, question in read_lines(path.read_text(encoding="utf-8-sig"), Question):
            if isinstance(question, WrongLine):
                raise QuestionSetError(f"{path}, {question}.")
            lines.append((number, question))
    except OSError as error:
        raise QuestionSetError(f"{path} cannot be opened: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise QuestionSetError(f"{path} is not UTF-8 text.") from None
    if not lines:
        raise QuestionSetError(f"{path} holds no question.")
    for number, question in lines:
        if question.gold is None and question.gold_ids is None:
            reason = "no “gold” and no “gold_ids”: say what is right ([]: nothing)"
            raise QuestionSetError(f"{path}, line {number}: {reason}.")
    return [question for _, question in lines]


def golden_sets(golden: Iterable[GoldenQuestion]) -> list[tuple[str, list[Question]]]:
    """Return golden questions as question sets, one an article with its slug as the name.

    Raises QuestionSetError where there are none.
    """
    sets: dict[str, list[Question]] = {}
    for one in golden:
        fields = Question(
            id=one.id,
            question=one.question,
            lang=one.language,
            kind=one.kind,
            gold=one.gold,
            answer=one.answer,
        )
        sets.setdefault(one.article, []).append(fields)
    if not sets:
        raise QuestionSetError(
            "There are no golden questions with these articles. Name a file of questions."
        )
    return list(sets.items())


def evaluate(name: str, questions: Sequence[Question], ask: Callable[[str], Answer]) -> Report:
    """Ask every question and measure. ``ask`` gives up to ten citations.

    For sets with ``gold``: hit@1 and hit@3 (the cited paragraph holds a gold clause), snippet@1
    (the first snippet overlaps one by at least 80% of the shorter). For sets with ``gold_ids``:
    recall@1, recall@5, MRR@10 and whether the first snippet holds the answer. For both, highlight
    F1 (words of the first citation's highlights against ``answer``, as in SQuAD) and the area
    under the ROC curve of the confidence, answerable against each sort of unanswerable.
    """
    answers = [(question, ask(question.question)) for question in questions]
    answerable = [(q, a) for q, a in answers if q.is_answerable]
    figures: dict[str, float] = {}
    clauses = [(q, a) for q, a in answerable if q.gold]
    if clauses:
        ranks = [_rank(a, lambda c, q=q: _holds_gold(c, q)) for q, a in clauses]
        figures["hit@1"] = _mean(rank == 1 for rank in ranks)
        figures["hit@3"] = _mean(0 < rank <= 3 for rank in ranks)
        figures["snippet@1"] = _mean(_quotes_gold(q, a) for q, a in clauses)
    documents = [(q, a) for q, a in answerable if q.gold_ids]
    if documents:
        ranks = [_rank(a, lambda c, q=q: c.article in (q.gold_ids or ())) for q, a in documents]
        figures["recall@1"] = _mean(rank == 1 for rank in ranks)
        figures["recall@5"] = _mean(0 < rank <= 5 for rank in ranks)
        figures["mrr@10"] = _mean(1 / rank if rank else 0.0 for rank in ranks)
        figures["answer_in_snippet"] = _mean(
            _snippet_holds_answer(q, a) for q, a in documents if q.answer
        )
    figures["highlight_f1"] = _mean(_highlight_f1(q, a) for q, a in answerable if q.answer)
    positive = [a.confidence for _, a in answerable]
    on_topic = [a.confidence for q, a in answers if not q.is_answerable and q.kind != "offtopic"]
    off_topic = [a.confidence for q, a in answers if not q.is_answerable and q.kind == "offtopic"]
    figures["auc_unanswerable"] = area_under_curve(positive, on_topic)
    figures["auc_offtopic"] = area_under_curve(positive, off_topic)
    return Report(name, len(answers), figures, _verdict_shares(answers), _latencies(answers))


def area_under_curve(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the probability that a positive scores above a negative, ties half (ROC AUC).

    ``NaN`` where either is empty.
    """
    if not positive or not negative:
        return math.nan
    ordered = sorted([(score, True) for score in positive] + [(score, False) for score in negative])
    rank_sum, position = 0.0, 0
    while position < len(ordered):
        end = position
        while end < len(ordered) and ordered[end][0] == ordered[position][0]:
            end += 1
        tied = sum(is_positive for _, is_positive in ordered[position:end])
        rank_sum += tied * (position + 1 + end) / 2
        position = end
    least = len(positive) * (len(positive) + 1) / 2
    return (rank_sum - least) / (len(positive) * len(negative))


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else math.nan


def _rank(answer: Answer, is_right: Callable[[Citation], bool]) -> int:
    """Return the rank of the first right citation, from 1; 0 where there is none."""
    return next((i for i, c in enumerate(answer.citations, start=1) if is_right(c)), 0)


def _holds_gold(citation: Citation, question: Question) -> bool:
    text = plain(citation.text)
    return any(plain(gold) in text for gold in question.gold or ())


def _quotes_gold(question: Question, answer: Answer) -> bool:
    if not answer.citations:
        return False
    citation = answer.citations[0]
    # White space is alike one to one in paragraphs, so that offsets stay.
    text = "".join(" " if c.isspace() else c for c in citation.text)
    for gold in question.gold or ():
        start = text.find(plain(gold))
        if start < 0:
            continue
        end = start + len(plain(gold))
        shared = min(end, citation.span.end) - max(start, citation.span.start)
        if shared >= 0.8 * min(end - start, citation.span.end - citation.span.start):
            return True
    return False


def _words(text: str) -> Counter[str]:
    return Counter(token.folded for token in tokenize(text))


def _highlight_f1(question: Question, answer: Answer) -> float:
    if not answer.citations:
        return 0.0
    citation = answer.citations[0]
    marked = _words(" ".join(span.of(citation.snippet) for span in citation.highlights))
    wanted = _words(question.answer or "")
    shared = (marked & wanted).total()
    return 2 * shared / (marked.total() + wanted.total()) if shared else 0.0


def _snippet_holds_answer(question: Question, answer: Answer) -> bool:
    if not answer.citations:
        return False
    return plain(fold(question.answer or "")) in plain(fold(answer.citations[0].snippet))


def _verdict_shares(
    answers: Sequence[tuple[Question, Answer]],
) -> dict[str, dict[str, float]]:
    by_kind: dict[str, list[Verdict]] = defaultdict(list)
    for question, answer in answers:
        kind = question.kind
        if kind == "question":
            kind = "answerable" if question.is_answerable else "unanswerable"
        by_kind[kind].append(answer.verdict)
    return {
        kind: {verdict.value: _mean(v is verdict for v in verdicts) for verdict in Verdict}
        for kind, verdicts in sorted(by_kind.items())
    }


def _latencies(answers: Sequence[tuple[Question, Answer]]) -> dict[str, float]:
    times = sorted(answer.elapsed_ms for _, answer in answers)
    return {
        f"p{percent}": times[min(len(times) - 1, math.ceil(percent / 100 * len(times)) - 1)]
        for percent in (50, 95, 99)
    }
