"""The questions in a message: greetings, thanks and chatter are left out, what asks is kept.

Only slices of the message are kept, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from knowledge.model import Span
from knowledge.questions.chat_segmentation import (
    ChatSegment,
    gives_order,
    segments_of,
    sentences_of,
)
from knowledge.questions.content_words import names, runs
from knowledge.questions.coordination import goes_on, is_topic, parts_of
from knowledge.questions.limits import MAX_QUESTION_CHARACTERS
from knowledge.text.tokens import tokenize

__all__ = ["LINK", "find_questions", "question_in", "questions_in"]

LINK = re.compile(r"<?(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?)\]'\"»”]>?", re.IGNORECASE)
"""An address. Nobody asks with the words of one."""

_TELLING, _SCANT = 3, 2
"""Content words by which a sentence says what it asks about without its neighbours, and below
which it says next to nothing."""


def question_in(message: str) -> str | None:
    """Return all that ``message`` asks, in its own words, one slice a line; ``None`` for nothing.

    A message that asks nothing is a greeting, thanks, an insult or small talk, a link that nothing
    is asked about, or one that tells the bot what to be or to do. Key words are a question. Any
    text may be given.
    """
    return "\n".join(questions_in(message)) or None


def questions_in(message: str) -> tuple[str, ...]:
    """Return each of the questions of ``message``, as ``question_in`` does for all of them.

    Several sentences that ask are several questions, and so are two that a conjunction joins in
    one. What is said beside them stays with the one that follows it.
    """
    found = find_questions(message)
    return tuple("\n".join(span.of(message) for span in slices) for slices in found)


def find_questions(message: str) -> tuple[tuple[Span, ...], ...]:
    """Return the slices of ``message`` that ask, a tuple a question, in order, not overlapping."""
    text = message[:MAX_QUESTION_CHARACTERS]
    plain = LINK.sub(lambda link: " " * len(link.group()), text)
    segments: list[ChatSegment] = []
    for tokens, end in sentences_of(plain):
        if gives_order(tokens):
            return ()
        segments += segments_of(plain, tokens, end)
    has_link = plain != text
    said = sum(segment.content for segment in segments)
    if has_link and said < _SCANT and not any(segment.asks for segment in segments):
        return ()  # a word beside a link says what it leads to
    questions = tuple(_grouped(_chosen(segments)))
    if has_link:
        return tuple(tuple(_without_links(text, slices)) for slices in questions)
    spans = [span for slices in questions for span in slices]
    is_whole = _count(text) == sum(_count(span.of(text)) for span in spans)
    return ((_trimmed(text),),) if len(questions) == 1 and is_whole else questions


def _without_links(text: str, slices: Sequence[Span]) -> Iterator[Span]:
    """Yield the pieces of slices between links that have a word."""
    for span in slices:
        start = span.start
        for link in LINK.finditer(text, span.start, span.end):
            yield from _worded(text, Span(start, link.start()))
            start = link.end()
        yield from _worded(text, Span(start, span.end))


def _worded(text: str, span: Span) -> Iterator[Span]:
    if span.end > span.start and _count(span.of(text)):
        piece = _trimmed(span.of(text))
        yield Span(span.start + piece.start, span.start + piece.end)


_Kept: TypeAlias = "tuple[Span, ChatSegment | None]"
"""A slice that is kept, with the segment that it is (a part of) where that asks."""


def _grouped(kept: Iterator[_Kept]) -> Iterator[tuple[Span, ...]]:
    """Yield the slices of each question: what does not ask, and a mere topic ("Le sommet ?"),
    belong to the question behind them, and at the end to the last one."""
    questions: list[list[Span]] = []
    before: list[Span] = []
    last: ChatSegment | None = None
    for span, asking in kept:
        if asking is None or is_topic(asking):
            before.append(span)
            continue
        if last is not None and goes_on(last, asking):
            questions[-1] += [*before, span]
            before, last = [], asking
            continue
        last = asking
        for part in parts_of(asking):
            questions.append([*before, part])
            before = []
    if questions:
        questions[-1] += before
    elif before:
        questions.append(before)
    return (tuple(slices) for slices in questions)


def _count(text: str) -> int:
    return sum(1 for _ in tokenize(text))


def _trimmed(text: str) -> Span:
    start = len(text) - len(text.lstrip())
    return Span(start, len(text.rstrip()))


def _chosen(segments: Sequence[ChatSegment]) -> Iterator[_Kept]:
    """Yield what to keep: the parts that ask, all of them where none does.

    Of the other sentences, what the asking ones need to be understood stays: an impersonal remark
    that is short and names something; a neighbour where they have next to no content of their
    own; and a neighbour's names where they have little.
    """
    asking = [segment for segment in segments if segment.asks]
    if not asking:
        yield from ((segment.span, None) for segment in segments)
        return
    content = sum(segment.content for segment in asking)
    is_named = any(segment.has_name for segment in asking)
    for position, segment in enumerate(segments):
        near = any(other.asks for other in segments[max(position - 1, 0) : position + 2])
        is_short = not segment.is_aside and segment.content <= _TELLING
        is_needed = near and content < (1 if is_named and not segment.has_name else _SCANT)
        is_telling = segment.has_name or content < _TELLING
        if segment.asks or is_needed or (is_short and is_telling):
            yield segment.span, segment if segment.asks else None
        elif near and content < _TELLING:
            found = runs(segment.text, names(segment.text, segment.tokens))
            yield from ((span, None) for span in found)
