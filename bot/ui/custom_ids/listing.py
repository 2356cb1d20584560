"""What a look-up lists, small enough for a button's ``custom_id``: the pages are found anew.

Nothing is kept of a look-up, so that the button that turns its pages carries all that it takes to
look up again: after a restart, and in an index that has changed since.

    lu/LKPPWORDS      look-up L, kind of fact K, page PP in base 64, and the words looked up
    lu/t-PPSSSSEEEE   the timeline: its first and last day (proleptic Gregorian ordinals, 0: open)
    le/t-PPSSSSEEEE   the same, beside its picture

Words that do not fit are left out before the first page is looked up (``fitted``), so that every
page is of the same list, and the message says which words it is of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.ui.custom_ids.encoding import MAX_CUSTOM_ID, MalformedReference, read_number, write_number
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.reasons import units
from knowledge import FactKind, is_stop_word, tokenize

__all__ = [
    "MAX_WORDS",
    "Listing",
    "LookUp",
    "decode_listing",
    "entries_id",
    "fitted",
    "is_too_long",
    "listing_id",
]

_PAGE_DIGITS, _DAY_DIGITS = 2, 4

MAX_WORDS = MAX_CUSTOM_ID - len(f"{Prefix.LIST_PAGE}/LK") - _PAGE_DIGITS
"""UTF-16 code units of the words of a look-up that a button can carry."""

_MAX_PAGE = 64**_PAGE_DIGITS - 1
_ANY = "-"
_KINDS = {
    FactKind.DATE: "d",
    FactKind.QUANTITY: "n",
    FactKind.PERSON: "p",
    FactKind.ORGANISATION: "o",
    FactKind.PLACE: "l",
    FactKind.QUOTE: "q",
    FactKind.SOURCE: "s",
    FactKind.CLAIM: "c",
}
_BY_LETTER = {letter: kind for kind, letter in _KINDS.items()}
_PAYLOAD = re.compile(
    r"(?P<look_up>[fwtnqsx])(?P<kind>[a-z-])(?P<page>[A-Za-z0-9_-]{2})(?P<rest>[^\n]*)"
)
_DAYS = re.compile(r"[A-Za-z0-9_-]{8}")
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")


class LookUp(StrEnum):
    """The look-ups that list something; the value stands in their buttons."""

    FACT = "f"
    WHO = "w"
    TIMELINE = "t"
    NUMBERS = "n"
    QUOTES = "q"
    SOURCES = "s"
    SEARCH = "x"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page (from 0) of a look-up: ``words`` as ``fitted`` returns them; ``kind`` narrows facts;
    ``start`` and ``end`` are the days of a timeline, both included, ``None``: open."""

    look_up: LookUp
    words: str = ""
    kind: FactKind | None = None
    start: date | None = None
    end: date | None = None
    page: int = 0

    def turned(self, page: int) -> Listing:
        """Return another page of the same list."""
        return replace(self, page=min(max(page, 0), _MAX_PAGE))


def fitted(words: str) -> str:
    """Return what is looked up for a member's words: in one line, as many as a button can carry.

    Of too many, function words go first, then those at the end; a single word is cut.
    """
    every = _INVISIBLE.sub(" ", words).split()
    if not is_too_long(words):
        return " ".join(every)
    kept: list[str] = []
    room = MAX_WORDS + 1
    for word in [word for word in every if _has_content(word)] or every:
        if units(word) < room:
            kept.append(word)
            room -= units(word) + 1
    return " ".join(kept) or _beginning(every[0])


def is_too_long(words: str) -> bool:
    """Whether ``fitted`` leaves some of a member's words out."""
    return units(" ".join(_INVISIBLE.sub(" ", words).split())) > MAX_WORDS


def _has_content(word: str) -> bool:
    tokens = list(tokenize(word))
    return any(not is_stop_word(token.folded, None, lower=token.lower) for token in tokens)


def _beginning(word: str) -> str:
    while units(word) > MAX_WORDS:
        word = word[:-1]
    return word


def listing_id(listing: Listing) -> str:
    """Return the ``custom_id`` of a button that shows this page."""
    kind = _ANY if listing.kind is None else _KINDS[listing.kind]
    head = f"{Prefix.LIST_PAGE}/{listing.look_up}{kind}{write_number(listing.page, _PAGE_DIGITS)}"
    if listing.look_up is not LookUp.TIMELINE:
        return head + listing.words
    days = (0 if day is None else day.toordinal() for day in (listing.start, listing.end))
    return head + "".join(write_number(day, _DAY_DIGITS) for day in days)


def entries_id(listing: Listing) -> str:
    """Return the ``custom_id`` of a button that lists a timeline beside its picture."""
    return f"{Prefix.LIST_ENTRIES}/{listing_id(listing).removeprefix(f'{Prefix.LIST_PAGE}/')}"


def decode_listing(payload: str) -> Listing:
    """Read what follows ``lu/`` or ``le/``. Raises MalformedReference."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None or not _is_kind_of(match["kind"], match["look_up"]):
        raise MalformedReference(f"not a page of a look-up: {payload!r}")
    look_up, rest = LookUp(match["look_up"]), match["rest"]
    kind, page = _BY_LETTER.get(match["kind"]), read_number(match["page"])
    if look_up is not LookUp.TIMELINE:
        return Listing(look_up, rest, kind, page=page)
    if _DAYS.fullmatch(rest) is None:
        raise MalformedReference(f"not the days of a timeline: {payload!r}")
    start, end = _day(rest[:_DAY_DIGITS]), _day(rest[_DAY_DIGITS:])
    return Listing(look_up, "", kind, start, end, page)


def _is_kind_of(letter: str, look_up: str) -> bool:
    """Whether a look-up may be of a kind: facts of any, the others say it themselves."""
    return letter == _ANY or (look_up == LookUp.FACT and letter in _BY_LETTER)


def _day(digits: str) -> date | None:
    ordinal = read_number(digits)
    if ordinal > date.max.toordinal():
        raise MalformedReference(f"not a day: {digits!r}")
    return date.fromordinal(ordinal) if ordinal else None
