"""What belongs together in bold: a number with its sign, half and unit, a time of day, an address.

The reader marks stretches of word pieces, and may stop between "8 h" and "30".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.answers.contacts import asked_contact, contacts_in
from knowledge.answers.syllables import on_syllables
from knowledge.entities import QuantitySort, analysed
from knowledge.model import Span
from knowledge.questions.contrast import Contrast

__all__ = ["best_stretch", "widened"]

_DIGITS = r"\d+(?:[\u00a0\u202f\u2009 ]\d{3})*(?:[.,]\d+)*"
_WHOLE = re.compile(
    rf"""
    (?<![\w.,])\d{{1,2}}[\u00a0\u202f ]?h\.?[\u00a0\u202f ]?\d{{2}}(?!\w)     # 8 h. 30
    | (?<![\w.,])\d{{1,2}}(?::\d{{2}})?[\u00a0\u202f ]?[ap]\.[\u00a0 ]?m\.    # 6 a.m.
    | (?<![\w.,:])\d{{1,2}}:\d{{2}}(?![\w:])
    | (?<![\w\-−–+±.,])[\-−–+±][\u00a0\u202f]?{_DIGITS}                       # −17
    | {_DIGITS}[\u00a0\u202f ]?±[\u00a0\u202f ]?{_DIGITS}                     # 7,4 ± 0,2
    """,
    re.VERBOSE,
)


def best_stretch(
    question: str,
    text: str,
    candidates: Iterable[Span],
    snippet: Span,
    contrast: Contrast | None,
) -> Span | None:
    """Return the first of the reader's stretches with the rest of what it cuts, inside ``snippet``.

    Where the question asks for an address or a number to reach somebody, that one, if it is there.
    """
    kind = asked_contact(question)
    if kind is not None:
        of_kind = (one.span for one in contacts_in(text) if one.kind == kind)
        asked = next((span for span in of_kind if snippet.contains(span)), None)
        if asked is not None:
            return asked
    fitting = (s for s in candidates if contrast is None or not contrast.is_of_replaced(text, s))
    first = next(fitting, None)
    if first is None:
        return None
    whole = widened(text, first)
    return whole if snippet.contains(whole) else first


def widened(text: str, span: Span) -> Span:
    """Return ``span`` of ``text`` with the rest of each number, time and address that it cuts.

    It never cuts a syllable, either, in scripts whose vowels stand beside their consonants.
    """
    start, end = span.start, span.end
    for whole in sorted(_wholes(text)):
        if whole.start < end and start < whole.end:
            start, end = min(start, whole.start), max(end, whole.end)
    return on_syllables(text, Span(start, end))


def _wholes(text: str) -> Iterator[Span]:
    for match in _WHOLE.finditer(text):
        yield Span(*match.span())
    for quantity in analysed(text).quantities:
        if quantity.unit is not None or quantity.sort is QuantitySort.TIME:
            yield quantity.measure
    for contact in contacts_in(text):
        yield contact.span
