"""Which stretch of a passage to quote: offsets, never new text."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.model import Span
from knowledge.questions.answer_type import AnswerType, find_answer_type
from knowledge.retrieval.lexical import ScoredPassage, TermMatch
from knowledge.text.layout import Item, introduction, items_of
from knowledge.text.sentences import clauses
from knowledge.text.stretches import with_neighbours

__all__ = ["MAX_SNIPPET_CHARACTERS", "choose_snippet"]

MAX_SNIPPET_CHARACTERS = 300


def choose_snippet(scored: ScoredPassage, kinds: frozenset[AnswerType]) -> Span:
    """Return the stretch of the passage to quote: one slice of at most 300 characters.

    The best sentence with as many whole neighbours as fit; of a longer sentence, the clauses in a
    row that match best; of a longer clause, whole words around its matches. Of a list, whole items.
    """
    passage = scored.passage
    best = _best_sentence(scored)
    if best is None:
        return _words_around(passage.text, Span(0, len(passage.text)), scored.matches)
    if items := items_of(passage.text):
        return _items(scored, items, passage.sentences[best], kinds)
    if _length(passage.sentences[best]) <= MAX_SNIPPET_CHARACTERS:
        values = _towards_answer(scored)
        whole = with_neighbours(passage.sentences, values, best, MAX_SNIPPET_CHARACTERS)
        return _trimmed(passage.text, whole)
    sentence = passage.sentences[best]
    return _best_clauses(passage.text, clauses(passage.text, sentence), scored.matches, kinds)


def _best_sentence(scored: ScoredPassage) -> int | None:
    """Return the place of the sentence that is quoted in any case: the one that the reader finds
    the answer in, if it says that there is one; in a list that words and meaning say, since what
    introduces the list answers as a whole."""
    prediction, sentences = scored.prediction, scored.passage.sentences
    if prediction is None or prediction.answerable <= 0 or items_of(scored.passage.text):
        return scored.best_sentence
    read = prediction.span
    places = (at for at, one in enumerate(sentences) if read is not None and one.overlaps(read))
    return next(places, scored.best_sentence)


def _items(
    scored: ScoredPassage, items: Sequence[Item], best: Span, kinds: frozenset[AnswerType]
) -> Span:
    """Return items of a list in a row, whole, from the one that answers on; the list from its
    beginning, with what introduces it, where it is asked for as such."""
    text = scored.passage.text
    first = last = _first_item(scored, items, best)
    if _length(items[first].span) > MAX_SNIPPET_CHARACTERS:
        return _best_clauses(text, clauses(text, items[first].span), scored.matches, kinds)
    start = items[first].span.start
    if first == 0:
        start = _introduced(scored.passage.sentences, introduction(text), items[0])
    while last + 1 < len(items) and items[last + 1].span.end - start <= MAX_SNIPPET_CHARACTERS:
        last += 1
    end = items[last].span.end
    while first > 0 and end - items[first - 1].span.start <= MAX_SNIPPET_CHARACTERS:
        first -= 1
        start = items[first].span.start
    return Span(start, end)


def _first_item(scored: ScoredPassage, items: Sequence[Item], best: Span) -> int:
    """Return the item that answers: the first, where that is what introduces the list, or where
    the best one says no word of the question and nothing was read in it."""
    prediction = scored.prediction
    read = None if prediction is None or prediction.answerable <= 0 else prediction.span
    for at, item in enumerate(items):
        is_said = any(item.span.contains_any(match.spans) for match in scored.matches)
        if item.span.overlaps(best) and (is_said or (read and read.overlaps(item.span))):
            return at
    return 0


def _introduced(sentences: Sequence[Span], before: Span | None, first: Item) -> int:
    """Return where a list begins with what introduces it: the last sentence of that, where it is
    long; without any where its first item would not fit."""
    if before is None:
        return first.span.start
    start = before.start
    if _length(before) > MAX_SNIPPET_CHARACTERS // 2:
        start = max(sentence.start for sentence in sentences if sentence.start < before.end)
    return start if first.span.end - start <= MAX_SNIPPET_CHARACTERS else first.span.start


def _towards_answer(scored: ScoredPassage) -> Sequence[float]:
    """Return the sentences' values, the highest where a reader has found the answer."""
    answer = None if scored.prediction is None else scored.prediction.span
    if answer is None:
        return scored.sentence_values
    highest = max(scored.sentence_values)
    return [
        value + highest * sentence.overlaps(answer)
        for value, sentence in zip(scored.sentence_values, scored.passage.sentences, strict=True)
    ]


def _length(span: Span) -> int:
    return span.end - span.start


def _best_clauses(
    text: str,
    parts: Sequence[Span],
    matches: Sequence[TermMatch],
    kinds: frozenset[AnswerType],
) -> Span:
    found = [span for kind in kinds for span in find_answer_type(text, kind)]
    best: tuple[float, int, Span] | None = None
    for i, first in enumerate(parts):
        for last in parts[i:]:
            run = _trimmed(text, Span(first.start, last.end))
            if _length(run) > MAX_SNIPPET_CHARACTERS:
                break
            value = sum(match.value for match in matches if run.contains_any(match.spans))
            value *= 1 + 0.3 * run.contains_any(found)
            if best is None or (value, _length(run)) > best[:2]:
                best = value, _length(run), run
    if best is None or best[0] == 0:
        return _words_around(text, Span(parts[0].start, parts[-1].end), matches)
    return best[2]


def _trimmed(text: str, run: Span) -> Span:
    """Return ``run`` without the marks that joined it to its neighbours, never empty."""
    start, end = run.start, run.end
    while end > start + 1 and (text[end - 1] in ",;:–—" or text[end - 1].isspace()):
        end -= 1
    while start < end - 1 and (text[start] in ",;:–—" or text[start].isspace()):
        start += 1
    return Span(start, end)


def _words_around(text: str, bounds: Span, matches: Sequence[TermMatch]) -> Span:
    """Return whole words of ``bounds``: 300 characters from a little before the first match."""
    inside = [
        span.start
        for match in matches
        for span in match.spans
        if bounds.start <= span.start < bounds.end
    ]
    start = max(bounds.start, min(inside, default=bounds.start) - MAX_SNIPPET_CHARACTERS // 4)
    start = max(bounds.start, min(start, bounds.end - MAX_SNIPPET_CHARACTERS))
    while bounds.start < start < bounds.end and not text[start - 1].isspace():
        start += 1
    if start >= bounds.end:  # one word without end
        start = bounds.start
    end = min(bounds.end, start + MAX_SNIPPET_CHARACTERS)
    cut = end
    while cut < bounds.end and cut > start and not text[cut].isspace():
        cut -= 1
    end = cut if cut > start else end
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
