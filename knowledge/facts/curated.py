"""Facts written by hand: ``<slug>.facts.yaml`` beside an article.

A list of facts, each with a ``kind``, the ``statement`` in one or more languages, and the
``quote`` that says it, word for word (any kind of space and apostrophe will do; ``paragraph``
tells which one is meant where the words stand twice)::

    - kind: quantity               # or date, person, organisation, place, quote, source, claim
      statement:
        fr: La Russie a envoyé plus de 2 800 tonnes de maïs
        en: Russia sent more than 2,800 tonnes of maize
      quote: La Russie avait envoyé plus de 2 800 tonnes de maïs
      aliases: [livraisons de céréales, corn deliveries]
      value: 2800                  # a number, [from, to], or a name
      unit: tonnes
      counted: maïs
      approx: more_than            # exact (by default), about, at_least, more_than, up_to
      date: 2023-01..2023-04       # a day, month or year, or two of them
      year_inferred: true          # the text gives no year
      role: ...                    # of a person
      speaker: ...                 # of a quote or a claim
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from knowledge.facts.identity import Identities
from knowledge.facts.periods import period
from knowledge.model import Article, Fact, FactKind, FactOrigin, Paragraph, Span
from knowledge.model.errors import ArticleError, raise_together
from knowledge.model.notes import NoteKind, Remark
from knowledge.text.plain_yaml import YamlDocument, YamlError

__all__ = ["SUFFIX", "read_curated"]

SUFFIX = ".facts.yaml"
MAX_FILE_BYTES = 1_000_000
MAX_FACTS = 5_000

_Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\n]*$")
]
_Quote = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
_APPROXIMATIONS = ("exact", "about", "at_least", "more_than", "up_to")
_NAMED = (FactKind.PERSON, FactKind.ORGANISATION, FactKind.PLACE, FactKind.SOURCE)
# Length-preserving, so that a place in the one is a place in the other.
_SAME = str.maketrans({"'": "’", "\u00a0": " ", "\u202f": " ", "\u2009": " "})


class _Entry(BaseModel):
    """One fact as it is written."""

    model_config = ConfigDict(extra="forbid")

    kind: FactKind
    statement: Annotated[dict[_Language, _Line], Field(min_length=1)]
    quote: _Quote
    paragraph: Annotated[int, Field(ge=1)] | None = None
    aliases: Annotated[list[_Line], Field(max_length=100)] = Field(default_factory=list[str])
    value: float | Annotated[list[float], Field(min_length=2, max_length=2)] | _Line | None = None
    unit: _Line | None = None
    counted: _Line | None = None
    approx: str | None = None
    date: str | None = None
    year_inferred: bool = False
    role: _Line | None = None
    speaker: _Line | None = None

    @field_validator("date", mode="before")
    @classmethod
    def _as_written(cls, value: object) -> object:
        """Take what YAML made of a day or a year back to text."""
        return str(value) if isinstance(value, int) else value

    @field_validator("date")
    @classmethod
    def _is_date(cls, value: str | None) -> str | None:
        if value is not None:
            period(value)
        return value

    @field_validator("approx")
    @classmethod
    def _is_known(cls, value: str | None) -> str | None:
        if value is not None and value not in _APPROXIMATIONS:
            raise ValueError(f"is none of {', '.join(_APPROXIMATIONS)}")
        return value

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.kind is FactKind.DATE and self.date is None:
            raise ValueError("a date needs “date”, such as 2023-09-13, 2023-09 or 2023")
        if self.kind is FactKind.QUANTITY and not isinstance(self.value, float | list):
            raise ValueError("a quantity needs “value”: a number, or [from, to]")
        if self.kind in _NAMED and not isinstance(self.value, str):
            raise ValueError(f"a {self.kind.value} needs “value”: its name")
        return self


class _Stale(ValueError):
    """The article does not have the words of a fact (any more), or has them several times."""


def read_curated(article: Article, path: Path) -> tuple[tuple[Fact, ...], tuple[Remark, ...]]:
    """Return the facts of the file ``path`` about ``article``, in its order, and what was left out.

    Left out is a fact whose quote the article does not have, or has several times. Raises
    ArticleError for whatever else is wrong, of every fact at once: each names the file, the fact's
    number and line; OSError and UnicodeDecodeError where the file cannot be read.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ArticleError(f"{path.name} is larger than {MAX_FILE_BYTES:,} bytes. Shorten it.")
    identities = Identities(article.slug)
    facts: list[Fact] = []
    stale: list[Remark] = []
    wrong: list[ArticleError] = []
    for number, (line, fields) in enumerate(_entries(path), start=1):
        try:
            facts.append(_fact(article, _Entry.model_validate(fields), identities))
        except ValidationError as error:
            wrong.append(ArticleError(f"{_place(path, number, line)}: {_explain(error)}."))
        except _Stale as error:
            stale.append(Remark(NoteKind.STALE, line, f"fact {number} was left out: {error}"))
        except ValueError as error:
            wrong.append(ArticleError(f"{_place(path, number, line)}: {error}."))
    raise_together(wrong)
    return tuple(facts), tuple(stale)


def _place(path: Path, number: int, line: int) -> str:
    return f"{path.name}, fact {number} (line {line})"


def _entries(path: Path) -> tuple[tuple[int, object], ...]:
    """Return each fact's line and fields."""
    try:
        found = _parsed(path.read_text(encoding="utf-8-sig"))
    except YamlError as error:
        place = path.name if error.line is None else f"{path.name}, line {error.line}"
        raise ArticleError(
            f"{place}: cannot be read ({error}). Put text that has “: ” in it in quotation marks."
        ) from None
    if found is None:
        raise ArticleError(f"{path.name} is not a list. Begin each fact with “- kind: …”.")
    if len(found) > MAX_FACTS:
        raise ArticleError(f"{path.name} has more than {MAX_FACTS:,} facts. Shorten it.")
    return found


@lru_cache(maxsize=4)
def _parsed(text: str) -> tuple[tuple[int, object], ...] | None:
    """Return the lines and the fields of a list, ``None`` where it is none.

    Parsing takes a third of a second for the bundled article, which every server without articles
    of its own has. Raises YamlError.
    """
    root = YamlDocument(text).root
    if root is None:
        return ()
    if not root.is_list:
        return None
    entries = root.entries()
    return tuple((entry.line, entry.value()) for entry in entries[: MAX_FACTS + 1])


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"][:2])
    if first["type"] == "extra_forbidden":
        return f"does not know “{place}”. There are: {', '.join(_Entry.model_fields)}"
    if first["type"] == "missing":
        return f"“{place}” is missing"
    if first["loc"][:1] == ("kind",):
        return f"there is no kind “{first['input']}”. There are: {', '.join(FactKind)}"
    reason = str(first["msg"]).removeprefix("Value error, ")
    return f"“{place}”: {reason}" if place else reason


def _fact(article: Article, entry: _Entry, identities: Identities) -> Fact:
    paragraph, span = _quoted(article, entry)
    text = span.of(paragraph.text)
    start, end, precision = (None, None, None) if entry.date is None else period(entry.date)
    approx = entry.approx
    if entry.kind is FactKind.QUANTITY:
        approx = "range" if isinstance(entry.value, list) else approx or "exact"
    statements = entry.statement
    return Fact(
        id=identities.of(entry.kind, FactOrigin.CURATED, text),
        kind=entry.kind,
        origin=FactOrigin.CURATED,
        article=article.slug,
        passage=paragraph.id,
        paragraph=paragraph.number,
        span=span,
        text=text,
        statement=statements.get(article.language) or next(iter(statements.values())),
        statements=statements,
        aliases=tuple(entry.aliases),
        value=_value(entry, start),
        unit=entry.unit,
        counted=entry.counted,
        approx=approx,
        date_start=start,
        date_end=end,
        precision=precision,
        is_year_inferred=entry.year_inferred,
        role=entry.role,
        speaker=entry.speaker,
    )


def _value(entry: _Entry, start: str | None) -> float | tuple[float, float] | str | None:
    if isinstance(entry.value, list):
        return entry.value[0], entry.value[1]
    return start if entry.value is None and entry.kind is FactKind.DATE else entry.value


def _quoted(article: Article, entry: _Entry) -> tuple[Paragraph, Span]:
    """Return where the quote stands. Raises _Stale where that is nowhere, or not clear."""
    wanted = entry.quote.translate(_SAME).replace("\u00ad", "")  # as in an article
    places = [
        (paragraph, Span(found.start(), found.end()))
        for paragraph in article.paragraphs
        if entry.paragraph in (None, paragraph.number)
        for found in re.finditer(re.escape(wanted), paragraph.text.translate(_SAME))
    ]
    if not places:
        where = "the article" if entry.paragraph is None else f"paragraph {entry.paragraph}"
        raise _Stale(
            f"its quote does not occur in {where}: “{entry.quote[:80]}”. Copy it word for word, or "
            "remove it"
        )
    if len({paragraph.number for paragraph, _ in places}) > 1:
        numbers = ", ".join(str(paragraph.number) for paragraph, _ in places)
        raise _Stale(
            f"its quote occurs in paragraphs {numbers}: “{entry.quote[:80]}”. Make it longer, or "
            "add “paragraph: …”"
        )
    return places[0]
