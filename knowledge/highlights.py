"""Which words of a snippet to mark: what answers by its form, else the question's own words.

Offsets into the snippet, in order, not overlapping: never new text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.expectation import AnswerKind, find_kind
from knowledge.gazetteer import find_names
from knowledge.language import fold, sentences, tokenize
from knowledge.model import Span
from knowledge.retrieval.lexical import TermMatch
from knowledge.retrieval.query import Query

__all__ = ["decisive_words", "matched_words"]

_TELLING = 0.4  # a word's worth, against that of the best one, from which it is marked
_FAR = 160  # characters from the question's words beyond which nothing is taken for the answer


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


def decisive_words(
    text: str, snippet: Span, matches: Sequence[TermMatch], query: Query
) -> tuple[Span, ...]:
    """Return what in the snippet answers by its form: the number, date or name asked for.

    Empty where nothing of that kind stands near the question's words, or where the question asks
    for something that has no form of its own.
    """
    quoted = snippet.of(text)
    for kind in AnswerKind:
        if kind not in query.kinds:
            continue
        # What is counted stands beside its number, and is marked with it.
        others = [m for m in matches if kind is not AnswerKind.NUMBER or not _is_counted(m, query)]
        matched = tuple(_inside(snippet, others))
        if kind is AnswerKind.NUMBER:
            found = _numbers(quoted, matches, snippet, query)
        elif kind is AnswerKind.DATE:
            found = find_kind(quoted, kind)
        else:
            found = _names(quoted, kind, matched)
        free = [span for span in found if not _overlaps_any(span, matched)]
        near = [(_distance(quoted, span, matched), span) for span in free]
        if query.counted is None or kind is not AnswerKind.NUMBER:
            near = [(distance, span) for distance, span in near if distance <= _FAR]
        if near:
            return (min(near)[1],)
    return ()


def _is_counted(match: TermMatch, query: Query) -> bool:
    return match.term.word == query.counted


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
        if not _overlaps_any(span, kept):
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
    return Span(start, end)


_DURATION = re.compile(
    r" ?(?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?|annees?|siecles?|"
    r"seconds?|hours?|days?|weeks?|months?|years?|centur(?:y|ies))\b"
)
_DURATION_WORDS = frozenset("temps time long longtemps duree".split())


def _numbers(quoted: str, matches: Sequence[TermMatch], snippet: Span, query: Query) -> list[Span]:
    """Return the numbers that count what is asked for, with the word that says so."""
    dates = find_kind(quoted, AnswerKind.DATE)
    numbers = [
        number
        for number in find_kind(quoted, AnswerKind.NUMBER)
        if not _overlaps_any(number, dates)
    ]
    if query.counted is None:
        return numbers
    if query.counted in _DURATION_WORDS:
        folded = "".join(fold(c) if len(fold(c)) == 1 else c for c in quoted)
        units = ((number, _DURATION.match(folded, number.end)) for number in numbers)
        return [Span(number.start, unit.end()) for number, unit in units if unit is not None]
    counted = [match for match in matches if _is_counted(match, query)]
    found: list[Span] = []
    for number in numbers:
        for span in _inside(snippet, counted):
            between = quoted[number.end : span.start] if number.end <= span.start else "…"
            if len(list(tokenize(between))) <= 1 and not re.search(r"[^\w\s’'-]", between):
                found.append(Span(number.start, span.end))
    return found


_PLACE_BEFORE = re.compile(
    r"(?:\b(?:à|au|aux|en|dans|vers|depuis|près de|in|at|to|from|near)|"
    r"\b(?:ville|région|province|oblast|cosmodrome|port|city|region) (?:de|d’|d'|du|of))"
    r"\s?(?:la |le |les |l’|l'|the )?$",
    re.IGNORECASE,
)


def _names(quoted: str, kind: AnswerKind, matched: Sequence[Span]) -> list[Span]:
    """Return the names that may be of a person, or of a place."""
    known = [name.span for name in find_names(quoted)]
    names = find_kind(quoted, kind)
    if kind is AnswerKind.PERSON:
        if all(_overlaps_any(span, names) for span in matched):
            return []  # "Qui est X ?": X itself is not what is asked for
        return [
            name for name in names if not _overlaps_any(name, known) and len(name.of(quoted)) > 3
        ]
    return [
        name
        for name in names
        if _overlaps_any(name, known) or _PLACE_BEFORE.search(quoted, 0, name.start)
    ]


def _overlaps_any(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _distance(text: str, span: Span, matched: Sequence[Span]) -> int:
    """Return how far ``span`` is from the question's words of its sentence, in characters.

    What follows counts half: a number stands before what it counts. Without any of these words
    in the sentence, farther than ``_FAR``.
    """
    sentence = next((s for s in sentences(text) if s.contains(span)), Span(0, len(text)))
    gaps = [
        other.start - span.end if other.start >= span.end else 2 * (span.start - other.end)
        for other in matched
        if sentence.contains(other)
    ]
    return min(gaps, default=_FAR + 1)
