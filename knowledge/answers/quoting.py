"""What is quoted of a passage, and what in it answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.answers.negation import is_denied_of, is_negated
from knowledge.answers.outright import NOTHING_DECIDED, Outright
from knowledge.answers.snippets import MAX_SNIPPET_CHARACTERS, choose_snippet
from knowledge.answers.whole_units import best_stretch
from knowledge.model import Span
from knowledge.questions.contrast import Contrast
from knowledge.questions.query import Query
from knowledge.retrieval.lexical import ScoredPassage
from knowledge.text.layout import Cell, Item, cells_of, items_of

__all__ = ["Quote", "quote"]


@dataclass(frozen=True, slots=True)
class Quote:
    """The snippet of a passage, and the stretch of the snippet that answers; ``None`` where the
    passage was not read or the snippet has no such stretch whole. ``is_sure``: whether
    the shape of the text decides that stretch, or the reader takes the passage to answer."""

    snippet: Span
    answer: Span | None
    is_sure: bool = False


def quote(
    query: Query,
    scored: ScoredPassage,
    outright: Outright = NOTHING_DECIDED,
    contrast: Contrast | None = None,
) -> Quote:
    """Choose what to quote of a passage as an answer to ``query``; ``outright``: what its shape
    has decided.

    The likeliest stretch is taken, with what belongs to it (``whole_units``): on articles that the
    reader does not know, choosing the one that shares most words with all candidates, or weighing
    the words around each, marked the answer worse. Of a follow-up it is one that is not said of
    what the question before asked about.
    """
    snippet = outright.quoted or choose_snippet(scored, query.kinds)
    snippet = Span(snippet.start, min(snippet.end, snippet.start + MAX_SNIPPET_CHARACTERS))
    decided = outright.marked or _cell_asked_for(cells_of(scored.passage.text), scored)
    if decided is not None and snippet.contains(decided):
        return Quote(snippet, decided.moved(-snippet.start), is_sure=True)
    read = (span for span in _likeliest(query, scored) if snippet.contains(span))
    if scored.prediction is None or not scored.prediction.candidates:
        return Quote(snippet, None)
    answer = best_stretch(query.text, scored.passage.text, read, snippet, contrast)
    if answer is None:
        return Quote(snippet, None)
    is_sure = scored.prediction.answerable > 0
    return Quote(snippet, answer.moved(-snippet.start), is_sure=is_sure)


def _likeliest(query: Query, scored: ScoredPassage) -> Iterator[Span]:
    """Yield what the reader takes for the answer, in characters of the passage, best first.

    What is denied of a stretch comes last, unless the question denies it, too.
    """
    text, sentences = scored.passage.text, scored.passage.sentences
    cells, items = cells_of(text), items_of(text)
    denied: list[Span] = []
    for one in () if scored.prediction is None else scored.prediction.candidates:
        if (value := _within_cell(one.span, cells)) is None:
            continue
        value = _without_mark(value, items)
        if is_denied_of(text, sentences, value) and not is_negated(query.text):
            denied.append(value)
        elif not value.overlaps_any(denied):
            yield value
    yield from denied


def _cell_asked_for(cells: Sequence[Cell], scored: ScoredPassage) -> Span | None:
    """Return the cell whose head has more of the question's words than any other's.

    A cell that says a word of the question is what is known, not what is asked for.
    """
    said = [span for match in scored.matches for span in match.spans]
    asked = {
        cell.value: sum(cell.whole.contains(span) for span in said)
        for cell in cells
        if not any(cell.value.contains(span) for span in said)
    }
    most = max(asked.values(), default=0)
    best = [value for value, count in asked.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def _without_mark(span: Span, items: Sequence[Item]) -> Span:
    """Return a stretch without the mark of the item that it begins."""
    start = next((i.words.start for i in items if i.span.start <= span.start < i.words.start), None)
    return span if start is None or start >= span.end else Span(start, span.end)


def _within_cell(span: Span, cells: Sequence[Cell]) -> Span | None:
    """Return what of a stretch lies in the value of one cell; all of it where there are no cells,
    ``None`` where it is a head."""
    if not cells:
        return span
    for cell in cells:
        start, end = max(span.start, cell.value.start), min(span.end, cell.value.end)
        if start < end:
            return Span(start, end)
    return None
