"""Questions for an item of a list by its place: "rule 5", "la troisième étape", "the last step"."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.entities import AnalysedText, analysed
from knowledge.languages import vocabulary
from knowledge.model import Span

__all__ = ["ItemReference", "find_item_reference"]

_MAX_NUMBER = 999


@dataclass(frozen=True, slots=True)
class ItemReference:
    """An item that is asked for: its ``number``, ``None`` for the last; ``noun``: the folded word
    for what it is, and ``span`` where noun and number stand in the question.

    ``is_counted``: an ordinal, which means the place in any list, where a number means the one
    that stands before the item. ``is_generic``: the noun names an item of whatever list.
    """

    number: int | None
    noun: str
    span: Span
    is_counted: bool
    is_generic: bool


def find_item_reference(question: str) -> ItemReference | None:
    """Return the item that a question asks for by its place, ``None`` where it asks for none.

    The noun may be any word, since a list may be of anything: whether there is such a list is for
    the passages to tell.
    """
    text = analysed(question)
    for at in range(len(text.words)):
        if (found := _numbered(text, at)) or (found := _counted(text, at)):
            return found
    return None


def _numbered(text: AnalysedText, at: int) -> ItemReference | None:
    """Read "rule 5", "règle n° 5" with the number at a place."""
    number, lists = text.words[at], vocabulary().lists
    if not number.is_number or not number.folded.isdecimal() or text.numerals.ordinal(at):
        return None
    before = at - 1
    while before > 0 and (
        text.words[before].folded in lists.numbers or not text.words[before].is_word
    ):
        before -= 1
    if before < 0 or not text.words[before].is_word or at - before > 3:
        return None
    return _reference(text, int(number.folded[:9]), before, at, noun=before, is_counted=False)


def _counted(text: AnalysedText, at: int) -> ItemReference | None:
    """Read "troisième étape", "last rule" with the ordinal at a place."""
    is_last = text.words[at].folded in vocabulary().lists.last
    number = None if is_last else text.numerals.ordinal(at)
    noun = at + (2 if text.words[at].is_number else 1)
    if (number is None and not is_last) or noun >= len(text.words):
        return None
    if not text.words[noun].is_word:
        return None
    return _reference(text, number, at, noun, noun=noun, is_counted=True)


def _reference(
    text: AnalysedText, number: int | None, first: int, last: int, *, noun: int, is_counted: bool
) -> ItemReference | None:
    if number is not None and not 0 < number <= _MAX_NUMBER:
        return None
    word = text.words[noun].folded
    span = Span(text.words[first].start, text.words[last].end)
    return ItemReference(number, word, span, is_counted, word in vocabulary().lists.items)
