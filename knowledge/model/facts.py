"""Facts: typed statements, and the words that say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from knowledge.model.spans import Span

__all__ = ["Fact", "FactKind", "FactOrigin", "FactPage", "nothing_by_language"]


def nothing_by_language() -> Mapping[str, str]:
    """Return an empty mapping: the default of texts by language."""
    return MappingProxyType({})


class FactKind(StrEnum):
    """What a fact tells. ``SOURCE``: who reported it. ``CLAIM``: a statement of the article or a
    point of view in it, written down by hand."""

    DATE = "date"
    QUANTITY = "quantity"
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    QUOTE = "quote"
    SOURCE = "source"
    CLAIM = "claim"


class FactOrigin(StrEnum):
    """Where a fact comes from: found in the text by rules, or written by hand beside it."""

    EXTRACTED = "extracted"
    CURATED = "curated"


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed statement with the words that say it: ``span`` of the paragraph, ``text`` its slice.

    ``id`` comes from the article's slug, the kind and these words (of an extracted one, also from
    the sentence around them), so that it survives a reindex for as long as they stand there.
    ``statement`` is one line in the article's language: an extracted one is made of slices and
    labels only; ``statements`` holds a curated one by language (ISO 639-1). ``aliases`` are other
    words that it is looked up by.

    ``value``: of a quantity the number (per cent as written) or both ends of a range; of a date
    its first day; of a person, organisation, place or source the name. ``unit`` as written;
    ``counted``: what the number counts. ``approx`` (quantities): ``exact``, ``about``,
    ``at_least``, ``more_than``, ``up_to`` or ``range``. ``date_start`` and ``date_end`` are ISO
    8601 days, both included; ``precision`` the finest part the text gives, ``day`` to ``century``;
    ``is_year_inferred``: the year is that of the article's reference date. ``passage`` is the
    paragraph's stable id, ``paragraph`` its number.
    """

    id: str
    kind: FactKind
    origin: FactOrigin
    article: str
    passage: str
    paragraph: int
    span: Span
    text: str
    statement: str
    statements: Mapping[str, str] = field(default_factory=nothing_by_language)
    aliases: tuple[str, ...] = ()
    value: float | tuple[float, float] | str | None = None
    unit: str | None = None
    counted: str | None = None
    approx: str | None = None
    date_start: str | None = None
    date_end: str | None = None
    precision: str | None = None
    is_year_inferred: bool = False
    role: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class FactPage:
    """One page of a look-up: ``total`` facts were found."""

    facts: tuple[Fact, ...]
    offset: int
    total: int
