"""The question in a message: greetings, thanks, chatter and links are left out, what asks is kept.

Only slices of the message are kept, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.model import Span
from knowledge.questions.chat_segmentation import (
    ChatSegment,
    gives_order,
    segments_of,
    sentences_of,
)
from knowledge.questions.content_words import content_words, names, runs
from knowledge.questions.limits import MAX_QUESTION_CHARACTERS
from knowledge.text.tokens import tokenize

__all__ = ["find_question", "question_in"]

_TELLING, _SCANT = 3, 2
"""Content words by which a sentence says what it asks about without its neighbours, and below
which it says next to nothing."""

_LINK = re.compile(r"<?\b(?:https?://|www\.(?=\w))[^\s<>()\[\]«»“”]+>?", re.IGNORECASE)
"""The words of an address are nobody's: “…/who-opened-it-in-1958” asks nothing."""


def question_in(message: str) -> str | None:
    """Return what ``message`` asks, in its own words, one slice a line; ``None`` for nothing.

    A message that asks nothing is a greeting, thanks, an insult or small talk, or one that tells
    the bot what to be or to do; or a link, with no more than a word beside it. Key words are a
    question. Any text may be given.
    """
    slices = find_question(message)
    return "\n".join(span.of(message) for span in slices) or None


def find_question(message: str) -> tuple[Span, ...]:
    """Return the slices of ``message`` that ask, in order, not overlapping; none: see above."""
    text = message[:MAX_QUESTION_CHARACTERS]
    links = [Span(*match.span()) for match in _LINK.finditer(text)]
    if not links:
        return _asking(text)
    blank = _LINK.sub(lambda link: " " * len(link.group()), text)
    spans = [part for span in _asking(blank) for part in _between(blank, span, links)]
    if "?" not in blank and sum(_content(span.of(blank)) for span in spans) < _SCANT:
        return ()
    return tuple(spans)


def _content(text: str) -> int:
    return len(content_words(tuple(tokenize(text))))


def _between(blank: str, span: Span, links: Sequence[Span]) -> Iterator[Span]:
    """Yield what a slice has beside links, where that is words; ``blank`` is without them."""
    start = span.start
    for end in (*(link.start for link in links if span.contains(link)), span.end):
        if _count(blank[start:end]):
            inside = _trimmed(blank[start:end])
            yield Span(start + inside.start, start + inside.end)
        start = next((link.end for link in links if link.start == end), end)


def _asking(text: str) -> tuple[Span, ...]:
    segments: list[ChatSegment] = []
    for tokens, end in sentences_of(text):
        if gives_order(tokens):
            return ()
        segments += segments_of(text, tokens, end)
    spans = tuple(_chosen(segments))
    if not spans:
        return ()
    is_whole = _count(text) == sum(_count(span.of(text)) for span in spans)
    return (_trimmed(text),) if is_whole else spans


def _count(text: str) -> int:
    return sum(1 for _ in tokenize(text))


def _trimmed(text: str) -> Span:
    start = len(text) - len(text.lstrip())
    return Span(start, len(text.rstrip()))


def _chosen(segments: Sequence[ChatSegment]) -> Iterator[Span]:
    """Yield what to keep: the parts that ask, all of them where none does.

    Of the other sentences, what the asking ones need to be understood stays: an impersonal remark
    that is short and names something; a neighbour where they have next to no content of their
    own; and a neighbour's names where they have little.
    """
    asking = [segment for segment in segments if segment.asks]
    if not asking:
        yield from (segment.span for segment in segments)
        return
    content = sum(segment.content for segment in asking)
    is_named = any(segment.has_name for segment in asking)
    for position, segment in enumerate(segments):
        near = any(other.asks for other in segments[max(position - 1, 0) : position + 2])
        is_short = not segment.is_aside and segment.content <= _TELLING
        is_needed = near and content < (1 if is_named and not segment.has_name else _SCANT)
        is_telling = segment.has_name or content < _TELLING
        if segment.asks or is_needed or (is_short and is_telling):
            yield segment.span
        elif near and content < _TELLING:
            yield from runs(segment.text, names(segment.text, segment.tokens))
