"""The question's own words in a snippet: what is marked where no answer is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.answers.syllables import on_syllables
from knowledge.model import Span
from knowledge.retrieval.lexical import TermMatch

__all__ = ["matched_words"]

_TELLING = 0.4  # a word's worth, against that of the best one, from which it is marked


def matched_words(text: str, snippet: Span, matches: Sequence[TermMatch]) -> tuple[Span, ...]:
    """Return the words of the snippet that the question has, the telling ones.

    Words side by side are marked as one, and hyphenated words whole.
    """
    best = max((match.value for match in matches), default=0.0)
    telling = [match for match in matches if match.value >= _TELLING * best]
    quoted = snippet.of(text)
    spans = [_whole_word(quoted, span) for span in _inside(snippet, telling)]
    merged: list[Span] = []
    for span in sorted(set(spans)):
        if (
            merged
            and span.start - merged[-1].end <= 1
            and not quoted[merged[-1].end : span.start].strip(" -\u00a0'’")
        ):
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _inside(snippet: Span, matches: Sequence[TermMatch]) -> list[Span]:
    """Return where the matches stand in the snippet; of those that overlap, the longer one."""
    spans = {
        Span(span.start - snippet.start, span.end - snippet.start)
        for match in matches
        for span in match.spans
        if snippet.contains(span)
    }
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if not span.overlaps_any(kept):
            kept.append(span)
    return sorted(kept)


def _whole_word(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start >= 2 and text[start - 1] == "-" and text[start - 2].isalnum():
        start -= 1
        while start and text[start - 1].isalnum():
            start -= 1
    while end + 1 < len(text) and text[end] == "-" and text[end + 1].isalnum():
        end += 1
        while end < len(text) and text[end].isalnum():
            end += 1
    while (
        text[start].isupper()
        and end + 1 < len(text)
        and text[end] == " "
        and text[end + 1].isupper()
    ):  # the rest of a name
        end += 1
        while end < len(text) and text[end].isalnum():
            end += 1
    return on_syllables(text, Span(start, end))
