"""What the articles do say about a word of a question that they do not answer.

Shown under “the articles don’t say”, it must not be a stray. So it is of the passage that comes
closest, and the word is one that tells: no number, worth a good part of the question, and standing
there as its asker wrote it, give or take an ending. Of the written set ``dev``, asked as a library
of 94 articles, 43 of 100 grey answers to questions near an article have such a line then, and 14 of
100 to those far from it; 84 of 100 lines are of the very article that was meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.answers.answering import cite_stretch
from knowledge.model import Nearby, Span
from knowledge.retrieval.bm25 import idf_weight
from knowledge.retrieval.lexical import ScoredPassage, TermMatch
from knowledge.retrieval.retriever import Ranking
from knowledge.text.sentences import clauses
from knowledge.text.stretches import with_neighbours
from knowledge.text.tokens import fold, has_digit

__all__ = ["MAX_LINE_CHARACTERS", "nearby"]

MAX_LINE_CHARACTERS = 160
"""Characters that are quoted: two or three lines on a phone."""

_LEAST_SHARE = 0.2
"""Of what the question's words are worth together, what the word must be worth."""
_LEAST_SIMILARITY = 0.3
"""The least cosine of the passage, where meaning was compared."""
_LONGEST_ENDING, _SHORTEST_STEM = 2, 4
"""Letters by which two forms of a word may differ at their ends, and that they share at least."""


def nearby(ranking: Ranking) -> Nearby | None:
    """Return what the first passage of a ranking (not empty) says about a word of the question;
    ``None`` where it has none that tells."""
    best = ranking.found[0]
    if best.similarity is not None and best.similarity.paragraph < _LEAST_SIMILARITY:
        return None
    found = max(
        _telling(ranking, best),
        key=lambda pair: (pair[0].term.is_essential, pair[0].value, -pair[0].position),
        default=None,
    )
    if found is None:
        return None
    match, place = found
    return Nearby(match.term.written, cite_stretch(best, _line(best, place)))


def _telling(ranking: Ranking, best: ScoredPassage) -> Iterator[tuple[TermMatch, Span]]:
    """Yield the words that tell, each with the first place where the passage has it."""
    least = _LEAST_SHARE * ranking.idf_weight
    for match in best.matches:
        term = match.term
        if has_digit(term.word) or term.weight < 1 or idf_weight(term, ranking.passages) < least:
            continue
        for place in match.spans:
            if _is_same_word(term.written, place.of(best.passage.text)):
                yield match, place
                break


def _is_same_word(one: str, two: str) -> bool:
    """Whether two texts are a word in the same form, or in another by its last letters alone."""
    short, long = sorted((fold(one), fold(two)), key=len)
    if short == long:
        return True
    is_long_enough = len(short) >= _SHORTEST_STEM
    return is_long_enough and long.startswith(short) and len(long) - len(short) <= _LONGEST_ENDING


def _line(best: ScoredPassage, place: Span) -> Span:
    """Return what to quote of a passage around a word: its sentence, else its clauses, else words
    on both sides."""
    text = best.passage.text
    sentence = next((one for one in best.passage.sentences if one.overlaps(place)), place)
    if sentence.end - sentence.start <= MAX_LINE_CHARACTERS:
        return sentence
    parts = clauses(text, sentence)
    own = next(at for at, part in enumerate(parts) if part.overlaps(place))
    line = with_neighbours(parts, [0.0] * len(parts), own, MAX_LINE_CHARACTERS)
    if line.contains(place) and line.end - line.start <= MAX_LINE_CHARACTERS:
        return line
    spare = (MAX_LINE_CHARACTERS - (place.end - place.start)) // 2
    return _whole_words(text, sentence, Span(place.start - spare, place.end + spare), place)


def _whole_words(text: str, within: Span, wanted: Span, place: Span) -> Span:
    """Return what of ``wanted`` lies within a sentence, without the words that its ends cut."""
    start, end = max(wanted.start, within.start), min(wanted.end, within.end)
    while within.start < start < place.start and not text[start - 1].isspace():
        start += 1
    while place.end < end < within.end and not text[end].isspace():
        end -= 1
    while end > place.end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
