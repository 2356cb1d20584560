"""The answers to several questions of one message, as one answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

from knowledge.model import MAX_QUESTIONS, Answer, Citation, Span, Verdict
from knowledge.questions.contrast import Answering
from knowledge.questions.follow_ups import answer_follow_up, in_full

__all__ = ["answer_each"]


def answer_each(
    questions: Sequence[str], follows: str | None, limit: int, answer: Answering
) -> Answer:
    """Answer the questions of a message (not empty) by way of ``answer``, ``limit`` citations at
    most. Each may lean on the one before it, the first on ``follows``, the message before."""
    parts: list[Answer] = []
    before, last = follows, None
    for question in questions[:MAX_QUESTIONS]:
        if last is not None:
            before = in_full([last] if before is None else [before, last])
        found = answer(question) if before is None else answer_follow_up(question, before, answer)
        parts.append(replace(found, question=question))
        last = question
    if len(parts) == 1:
        return parts[0]
    return _together(parts, tuple(questions[MAX_QUESTIONS:]), limit)


def _together(parts: Sequence[Answer], left_out: tuple[str, ...], limit: int) -> Answer:
    shown = [part for part in parts if part.verdict is not Verdict.UNANSWERED and part.citations]
    telling = shown or parts
    if not shown:
        verdict = Verdict.UNANSWERED
    elif all(part.verdict is Verdict.ANSWERED for part in parts):
        verdict = Verdict.ANSWERED
    else:
        verdict = Verdict.UNCERTAIN
    return Answer(
        question="\n".join(part.question for part in parts),
        language=next((part.language for part in parts if part.language is not None), None),
        verdict=verdict,
        confidence=min(part.confidence for part in parts),
        citations=tuple(_cited(telling, parts))[:limit],
        elapsed_ms=0.0,
        evidence=telling[0].evidence,
        reader=telling[0].reader,
        parts=tuple(parts),
        left_out=left_out,
    )


def _cited(telling: Sequence[Answer], parts: Sequence[Answer]) -> Iterator[Citation]:
    """Yield the best citation of each part that tells something, then the others in turn.

    What answers two questions is cited once, with what answers either in bold.
    """
    best: dict[tuple[str, Span], Citation] = {}
    for part in telling:
        for one in part.citations[:1]:
            place = one.passage, one.span
            known = best.get(place)
            best[place] = one if known is None else _marked(known, one.highlights)
    yield from best.values()
    seen = {passage for passage, _ in best}
    in_turn = chain.from_iterable(zip_longest(*(part.citations for part in parts)))
    for citation in in_turn:
        if citation is not None and citation.passage not in seen:
            seen.add(citation.passage)
            yield citation


def _marked(citation: Citation, further: Iterable[Span]) -> Citation:
    """Return a citation with further highlights, but for those that overlap one of its own."""
    new = [span for span in further if not span.overlaps_any(citation.highlights)]
    return replace(citation, highlights=tuple(sorted((*citation.highlights, *new))))
