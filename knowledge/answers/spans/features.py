"""The named features of a stretch of a snippet as the answer to a question.

Of its start, of its end, of each word inside, and of the whole: the model adds their weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge.answers.spans.tagging import TaggedSnippet
from knowledge.questions.question_type import ClassifiedQuestion

__all__ = ["MAX_WORDS", "SpanFeatures", "end_features", "start_features", "word_features"]

MAX_WORDS = 40
"""The longest answer, in words and signs."""


def _gap(distance: int | None) -> str:
    if distance is None:
        return "-"
    if distance <= 3:
        return str(distance)
    if distance <= 5:
        return "4-5"
    if distance <= 9:
        return "6-9"
    return "10-19" if distance <= 19 else "far"


def _share(value: float) -> str:
    return "1" if value > 0.99 else ".7" if value > 0.66 else ".4" if value > 0.33 else "0"


def _class_at(tagged: TaggedSnippet, at: int) -> str:
    return tagged.classes[at] if 0 <= at < len(tagged.words) else "^"


class Distances(NamedTuple):
    """How far words of the question are, before each position and from it on.

    The nearest one, the most telling one, the question's first and its last; ``None`` where there
    is none. ``near_before``, ``near_after``: the worth of all, each over its distance.
    """

    before: tuple[int | None, ...]
    after: tuple[int | None, ...]
    best_before: tuple[int | None, ...]
    best_after: tuple[int | None, ...]
    first_before: tuple[int | None, ...]
    first_after: tuple[int | None, ...]
    last_before: tuple[int | None, ...]
    last_after: tuple[int | None, ...]
    near_before: tuple[float, ...]
    near_after: tuple[float, ...]


def distances(tagged: TaggedSnippet) -> Distances:
    """Return the distances for a snippet."""
    size = len(tagged.words)
    order = sorted(tagged.terms)
    first = tagged.terms[order[0]][1] if order else ()
    last = tagged.terms[order[-1]][1] if order else ()
    near_before, near_after = [0.0] * (size + 1), [0.0] * (size + 1)
    for value, places in tagged.terms.values():
        before, after = _sweeps(_marks(places, size), 0.0)
        sentence = tagged.sentence_of
        for at in range(size + 1):
            if at < size and (distance := before[at]) is not None:
                is_apart = sentence[at] != sentence[at - distance - 1]
                near_before[at] += value / (1 + distance) / (1 + 2 * is_apart)
            if at and (distance := after[at]) is not None:
                is_apart = sentence[at - 1] != sentence[at + distance]
                near_after[at] += value / (1 + distance) / (1 + 2 * is_apart)
    return Distances(
        *_sweeps(tagged.matched, 0.0),
        *_sweeps(tagged.matched, 0.99),
        *_sweeps(_marks(first, size), 0.0),
        *_sweeps(_marks(last, size), 0.0),
        tuple(near_before),
        tuple(near_after),
    )


def _marks(places: Sequence[int], size: int) -> list[float]:
    marks = [0.0] * size
    for at in places:
        marks[at] = 1.0
    return marks


def _nearness(value: float) -> str:
    return str(min(int(value * 5), 9))


def _sweeps(
    matched: Sequence[float], above: float
) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
    before: list[int | None] = []
    last: int | None = None
    for at, value in enumerate(matched):
        before.append(None if last is None else at - last - 1)
        if value > above:
            last = at
    after: list[int | None] = [None]
    last = None
    for at in range(len(matched) - 1, -1, -1):
        if matched[at] > above:
            last = at
        after.append(None if last is None else last - at)
    return tuple(before), tuple(reversed(after))


def start_features(
    tagged: TaggedSnippet,
    near: Distances,
    opening: dict[int, set[str]],
    cuts: frozenset[int],
    at: int,
) -> Iterator[str]:
    """Yield the features of an answer that starts with the word at a position."""
    yield from _words_at_start(tagged, at)
    yield f"dl{_gap(near.before[at])}"
    yield f"dbl{_gap(near.best_before[at])}"
    yield f"dfl{_gap(near.first_before[at])}"
    yield f"dll{_gap(near.last_before[at])}"
    yield f"nl{_nearness(near.near_before[at])}"
    yield f"sv{_share(tagged.sentence_values[tagged.sentence_of[at]])}"
    yield f"cv{_share(tagged.clause_values[tagged.clauses[at]])}"
    for kind in opening.get(at, ()):
        yield f"ms {kind}"
    if at in cuts:
        yield "s cut"
    if at - 1 in tagged.focus:
        yield "s<focus"
    elif at - 2 in tagged.focus or at - 3 in tagged.focus:
        yield "s<<focus"


def _words_at_start(tagged: TaggedSnippet, at: int) -> Iterator[str]:
    first = tagged.classes[at]
    yield f"s>{first}"
    yield f"sw>{tagged.endings[at]}"
    if at + 1 < len(tagged.words):
        yield f"s>>{first} {tagged.classes[at + 1]}"
    if tagged.matched[at]:
        yield f"s>matched {_share(tagged.matched[at])}"
    if at == 0 or tagged.sentence_of[at] != tagged.sentence_of[at - 1]:
        yield "s<^"
        yield f"s ^ {first}"
        return
    before = tagged.classes[at - 1]
    yield f"s<{before}"
    yield f"s {before} {first}"
    yield f"sw<{tagged.endings[at - 1]}"
    if tagged.matched[at - 1]:
        yield "s<matched"
    if at > 1:
        yield f"s<<{tagged.classes[at - 2]}"
        yield f"s<< {tagged.classes[at - 2]} {before}"


def end_features(
    tagged: TaggedSnippet,
    near: Distances,
    closing: dict[int, set[str]],
    cuts: frozenset[int],
    end: int,
) -> Iterator[str]:
    """Yield the features of an answer that ends before a position."""
    last, after = tagged.classes[end - 1], _class_at(tagged, end)
    is_last = end == len(tagged.words) or tagged.sentence_of[end] != tagged.sentence_of[end - 1]
    if is_last:
        after = "^"
    yield f"e<{last}"
    yield f"e>{after}"
    yield f"e {last} {after}"
    if end > 1:
        yield f"e<<{tagged.classes[end - 2]} {last}"
    if not is_last and tagged.matched[end]:
        yield "e>matched"
    if tagged.matched[end - 1]:
        yield "e<matched"
    yield f"dr{_gap(near.after[end])}"
    yield f"dbr{_gap(near.best_after[end])}"
    yield f"dfr{_gap(near.first_after[end])}"
    yield f"dlr{_gap(near.last_after[end])}"
    yield f"nr{_nearness(near.near_after[end])}"
    yield f"ew<{tagged.endings[end - 1]}"
    if not is_last:
        yield f"ew>{tagged.endings[end]}"
    for kind in closing.get(end, ()):
        yield f"me {kind}"
    if end in cuts:
        yield "e cut"
    if end in tagged.focus or end + 1 in tagged.focus:
        yield "e>focus"


def word_features(tagged: TaggedSnippet, at: int) -> Iterator[str]:
    """Yield the features of a word inside an answer."""
    yield f"i{tagged.classes[at]}"
    if tagged.matched[at]:
        yield f"i matched {_share(tagged.matched[at])}"


class SpanFeatures:
    """The features of whole stretches of one snippet."""

    def __init__(self, tagged: TaggedSnippet, asked: ClassifiedQuestion, near: Distances) -> None:
        self._tagged = tagged
        self._near = near
        self._focus_noun = asked.focus or ""
        self._listing = [0]
        for name in tagged.classes:
            self._listing.append(self._listing[-1] + (name in ("and", "or", ",")))
        self._sort = None if asked.sort is None else str(asked.sort)
        content, covered, focus = [0], [0], [0]
        for at, name in enumerate(tagged.classes):
            is_content = name in _CONTENT
            content.append(content[-1] + is_content)
            covered.append(covered[-1] + (is_content and tagged.matched[at] > 0))
            focus.append(focus[-1] + (at in tagged.focus))
        self._content, self._covered, self._focus = content, covered, focus

    def of(self, start: int, end: int) -> Iterator[str]:
        """Yield the features of the words ``start`` up to ``end``."""
        tagged = self._tagged
        content = self._content[end] - self._content[start]
        yield f"l{_length(end - start)}"
        yield f"lc{min(content, 8)}"
        covered = self._covered[end] - self._covered[start]
        if covered:
            yield f"covered {_share(covered / max(content, 1))}"
        crossed = tagged.clauses[end - 1] - tagged.clauses[start]
        if crossed:
            yield f"crossed {min(crossed, 3)}"
        if self._focus[end] > self._focus[start]:
            yield "focus"
        near = self._near
        total = _nearness(near.near_before[start] + near.near_after[end])
        yield f"n{total}"
        kind = tagged.entities.get((start, end))
        if kind is not None:
            yield f"m {kind}"
            yield f"nm{total}"
            if self._sort is not None and not kind.startswith(("date", "role")):
                yield "sort" if self._sort in kind else "other sort"
        if self._focus_noun:
            found = kind or tagged.classes[start]
            yield f"f {self._focus_noun} {found}"
            if self._focus_noun.endswith("s"):
                yield f"plural {self._listing[end] > self._listing[start]}"
        before = _class_at(tagged, start - 1)
        yield f"b {before} {_class_at(tagged, end)}"


_CONTENT = frozenset({"word", "name", "number", "demonym", "-ing", "-ed", "-er"})


def _length(words: int) -> str:
    if words <= 6:
        return str(words)
    if words <= 8:
        return "7-8"
    if words <= 11:
        return "9-11"
    return "12-16" if words <= 16 else "17-24" if words <= 24 else "25+"
