"""Golden questions asked of an index: is the right passage shown, and is silence kept?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from knowledge.corpus.question_lines import plain
from knowledge.model import CITATIONS_SHOWN, Answer, Citation, ReindexProgress, ReindexStage
from knowledge.model.trials import Comparison, GoldenQuestion, Miss, SelfTest, Trial

__all__ = ["MAX_TRIALS", "compare", "try_questions"]

MAX_TRIALS = 1_000
"""Golden questions that are asked: half a minute with the models, on both sides of a reindex."""


def try_questions(
    questions: Sequence[GoldenQuestion],
    ask: Callable[[str], Answer],
    progress: Callable[[ReindexProgress], None] | None = None,
) -> SelfTest:
    """Ask the first ``MAX_TRIALS`` questions and judge the answers.

    Right is an answer whose shown passage holds a gold clause; for a question without one, an
    answer that shows none.
    """
    return _tried(questions, ask, progress, 0, 1)


def compare(
    questions: Sequence[GoldenQuestion],
    ask_before: Callable[[str], Answer],
    ask_after: Callable[[str], Answer],
    progress: Callable[[ReindexProgress], None] | None = None,
) -> Comparison:
    """Ask the same questions of an index before and after."""
    after = _tried(questions, ask_after, progress, 0, 2)
    return Comparison(_tried(questions, ask_before, progress, 1, 2), after)


def _tried(
    questions: Sequence[GoldenQuestion],
    ask: Callable[[str], Answer],
    progress: Callable[[ReindexProgress], None] | None,
    turn: int,
    turns: int,
) -> SelfTest:
    """Ask all; this is turn ``turn`` (from 0) of ``turns``."""
    wanted = questions[:MAX_TRIALS]
    trials: list[Trial] = []
    for question in wanted:
        trials.append(_judged(question, ask(question.question)))
        if progress is not None:
            done, total = turn * len(wanted) + len(trials), turns * len(wanted)
            progress(ReindexProgress(done, total, question.article, ReindexStage.TESTING))
    return SelfTest(tuple(trials), len(questions) - len(trials))


def _judged(question: GoldenQuestion, answer: Answer) -> Trial:
    rank = next((i for i, c in enumerate(answer.citations, start=1) if _holds(c, question)), 0)
    shown = answer.citations[: CITATIONS_SHOWN[answer.verdict]]
    miss = None
    if not question.gold:
        miss = Miss.ANSWERED if shown else None
    elif not 0 < rank <= len(shown):
        withheld = Miss.WITHHELD if rank else Miss.NOT_FOUND
        miss = Miss.ELSEWHERE if shown else withheld
    first = shown[0] if shown else None
    return Trial(
        question,
        miss,
        None if first is None else first.article,
        None if first is None else first.paragraph,
        rank,
    )


def _holds(citation: Citation, question: GoldenQuestion) -> bool:
    text = plain(citation.text)
    return any(plain(gold) in text for gold in question.gold)
