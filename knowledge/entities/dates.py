"""Dates in a text, French and English: days, months, years, decades, centuries, and ranges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from knowledge.entities.known_names import known_names
from knowledge.entities.numerals import numeral_at, ordinal_value
from knowledge.entities.values import DateEntity, DatePrecision, PartialDate
from knowledge.entities.words import words_of
from knowledge.languages import LANGUAGES, merged
from knowledge.model import Span
from knowledge.text.tokens import is_stop_word

__all__ = ["WEEKDAYS", "dates"]

WEEKDAYS = frozenset(word for one in LANGUAGES.values() for word in one.weekdays)
_SEASONS = merged("seasons")
_PARTS = merged("parts")
_OF = frozenset("de d du des of the l la le les annee annees mois year".split())
_BEFORE_YEARS = frozenset(
    """
    en in depuis since annee annees an year debut fin mi early late mid by until till during
    courant jusqu avant before vers circa printemps ete automne hiver
    """.split()
)
_RELATIVE_WORDS = frozenset(
    "hier aujourd demain avant-hier yesterday today tomorrow tonight".split()
)
_PERIODS = frozenset(
    "an annee mois semaine siecle week month year century decade decennie nuit night".split()
)
_LAST = frozenset("dernier derniere prochain prochaine passe passee precedent precedente".split())
_TO = frozenset("a au aux to until till through jusqu".split())
_AND = frozenset({"et", "and"})
_ENGLISH_DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
    "eighties": 80, "nineties": 90,
}  # fmt: skip
_ROMAN = re.compile(r"(m{0,2}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))(?:e|er|eme)?")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,4})([-/.])(\d{1,2})\2(\d{2,4})(?![\d/-]|[.,]\d)")


class _Atom(NamedTuple):
    """One date: words ``first`` up to ``end``."""

    first: int
    end: int
    date: PartialDate
    precision: DatePrecision


class _Reader:
    """The words of a text with the months that the gazetteer finds in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words_of(text)
        self.months = {
            name.span.start: int(name.concept.removeprefix("month"))
            for name in known_names(text)
            if name.concept.startswith("month")
        }

    def folded(self, at: int) -> str:
        return self.words[at].folded if 0 <= at < len(self.words) else ""

    def month(self, at: int) -> int | None:
        return self.months.get(self.words[at].start) if 0 <= at < len(self.words) else None

    def number(self, at: int, low: int, high: int) -> int | None:
        """Return the whole number between two bounds that stands at a word in plain digits."""
        if not 0 <= at < len(self.words) or not self.words[at].is_number:
            return None
        written = self.words[at].folded
        if not written.isdecimal() or len(written) > 4:
            return None
        return int(written) if low <= int(written) <= high else None

    def day(self, at: int) -> tuple[int, int] | None:
        """Return a day of the month and the word after it."""
        day = self.number(at, 1, 31)
        if day is None:
            return None
        following = self.words[at + 1] if at + 1 < len(self.words) else None
        is_ordinal = ordinal_value(self.words[at], following) is not None
        return day, at + 2 if is_ordinal else at + 1

    def year(self, at: int) -> int | None:
        year = self.number(at, 1, 2099)
        return year if year is not None and len(self.folded(at)) in (3, 4) else None


@lru_cache(maxsize=4_096)
def dates(text: str) -> tuple[DateEntity, ...]:
    """Return the dates that ``text`` says, in order, not overlapping.

    Relative ones ("hier", "last year", a weekday alone) have a place and no day. About a third of
    a millisecond for a paragraph; the same text is read once.
    """
    reader = _Reader(text)
    numeric = _numeric_dates(text)
    atoms: list[_Atom] = []
    at = 0
    while at < len(reader.words):
        atom = _atom_at(reader, at)
        if atom is None:
            at += 1
            continue
        atoms.append(_with_part(reader, _with_era(reader, atom), atoms))
        at = atom.end
    found = _joined(reader, atoms)
    if not numeric:
        return tuple(found)
    kept = [d for d in found if not any(d.span.overlaps(other.span) for other in numeric)]
    return tuple(sorted([*kept, *numeric], key=lambda entity: entity.span))


def _numeric_dates(text: str) -> list[DateEntity]:
    found: list[DateEntity] = []
    for match in _NUMERIC.finditer(text):
        first, month, last = int(match[1]), int(match[3]), int(match[4])
        year, day = (first, last) if len(match[1]) == 4 else (last, first)
        if month > 12 and day <= 12 and len(match[1]) != 4:
            day, month = month, day  # month first, as Americans write
        date = PartialDate(year, month, day)
        is_whole = len(match[1]) == 4 or len(match[4]) == 4
        if is_whole and 1 <= month <= 12 and date.first_day() is not None:
            found.append(DateEntity(Span(*match.span()), date, date, DatePrecision.DAY))
    return found


def _atom_at(reader: _Reader, at: int) -> _Atom | None:
    word = reader.words[at]
    if word.is_number:
        return (
            _day_first(reader, at)
            or _century(reader, at)
            or _decade(reader, at)
            or _year(reader, at)
        )
    if not word.is_word:
        return None
    if word.start in reader.months:
        return _month_first(reader, at)
    folded = word.folded
    if folded in WEEKDAYS:
        return _weekday(reader, at)
    if folded in ("annees", "decennie", "decade") or folded in _ENGLISH_DECADES:
        return _decade_words(reader, at)
    if folded in _SEASONS:
        return _season(reader, at)
    return _century(reader, at) or _relative(reader, at)


def _weekday(reader: _Reader, at: int) -> _Atom:
    follows = at + 1
    if reader.folded(follows) == ",":
        follows += 1
    if follows < len(reader.words):
        atom = _day_first(reader, follows) or (
            _month_first(reader, follows) if reader.month(follows) else None
        )
        if atom is not None and atom.precision is DatePrecision.DAY:
            return atom._replace(first=at)
    return _Atom(at, at + 1, PartialDate(), DatePrecision.RELATIVE)


def _day_first(reader: _Reader, at: int) -> _Atom | None:
    """Return "13 septembre 2023", "1er mai", "the 3rd of May"."""
    found = reader.day(at)
    if found is None:
        return None
    day, follows = found
    if reader.folded(follows) in ("of", "de", "d"):
        follows += 1
    month = reader.month(follows)
    if month is None or reader.words[follows].gap not in (" ", "-", "'"):
        return None
    end, year = _year_after(reader, follows + 1)
    return _Atom(at, end, PartialDate(year, month, day), DatePrecision.DAY)


def _month_first(reader: _Reader, at: int) -> _Atom:
    """Return "septembre 2023", "May 3, 2023", "May 3rd", "avril"."""
    month = reader.months[reader.words[at].start]
    follows = at + 1
    if reader.folded(follows) == "." and reader.words[follows].gap == "":
        follows += 1  # "Sept. 12"
    found = reader.day(follows)
    if found is not None and reader.words[follows].gap in (" ", "-"):
        day, end = found
        after = reader.folded(end)
        if end >= len(reader.words) or after not in ("h", "heures", "ans", "%"):
            end, year = _year_after(reader, end)
            return _Atom(at, end, PartialDate(year, month, day), DatePrecision.DAY)
    end, year = _year_after(reader, follows)
    if year is None:
        end = at + 1
    return _Atom(at, end, PartialDate(year, month), DatePrecision.MONTH)


def _year_after(reader: _Reader, at: int) -> tuple[int, int | None]:
    """Return where a day or month ends with the year behind it, and the year."""
    follows = at
    if reader.folded(follows) in (",", "de", "of", "del"):
        follows += 1
    year = reader.year(follows)
    if year is None or reader.words[follows].gap not in (" ", "-"):
        return at, None
    return follows + 1, year


def _year(reader: _Reader, at: int) -> _Atom | None:
    year = reader.year(at)
    if year is None and _is_before_era(reader, at + 1):
        year = reader.number(at, 1, 99)
    if year is None or (reader.words[at].gap == "" and reader.folded(at - 1) in ("$", "€", "£")):
        return None
    before = reader.folded(at - 1)
    is_after_range = at > 1 and reader.words[at].gap in ("-", "–") and reader.year(at - 1)
    strong = before in _BEFORE_YEARS
    is_dated = before in ("an", "annee", "year") or (
        before in ("en", "in") and _is_free(reader, at + 1)
    )
    if year < 1000 and not is_dated and not _is_before_era(reader, at + 1):
        return None
    if not strong and not is_after_range and not _is_free(reader, at + 1):
        return None
    if reader.words[at].gap == "" and before not in ("(", "[", "«", "“", '"', ""):
        return None
    return _Atom(at, at + 1, PartialDate(year), DatePrecision.YEAR)


def _is_before_era(reader: _Reader, at: int) -> bool:
    if reader.folded(at) in ("bc", "bce"):
        return True
    following = (reader.folded(at + 1), reader.folded(at + 2))
    return reader.folded(at) in ("av", "avant") and "j" in following


def _is_free(reader: _Reader, at: int) -> bool:
    """Whether the word there is not one that a number before it would count or measure."""
    if at >= len(reader.words):
        return True
    word = reader.words[at]
    if word.kind == "sign":
        return word.folded not in "%€$£°"
    if word.is_number:
        return word.gap in ("-", "–")
    if word.gap == "":
        return False
    return (
        word.is_capital
        or word.folded in ("av", "bc", "ad", "apr")
        or (is_stop_word(word.folded, None) and word.folded not in ("d", "de"))
        or word.start in reader.months
    )


def _decade(reader: _Reader, at: int) -> _Atom | None:
    """Return "1960s", "the 60s"."""
    follows = at + 1
    if reader.folded(follows) != "s" or reader.words[follows].gap not in ("", "'"):
        return None
    year = reader.number(at, 0, 2090)
    if year is None or year % 10 or len(reader.folded(at)) not in (2, 4):
        return None
    return _Atom(at, at + 2, _decade_of(year), DatePrecision.DECADE)


def _decade_of(year: int) -> PartialDate:
    return PartialDate(1900 + year if year < 100 else year, years=10)


def _decade_words(reader: _Reader, at: int) -> _Atom | None:
    word = reader.folded(at)
    if word in _ENGLISH_DECADES:
        if reader.folded(at - 1) not in ("the", "early", "late", "mid"):
            return None
        return _Atom(at, at + 1, _decade_of(_ENGLISH_DECADES[word]), DatePrecision.DECADE)
    if word != "annees":
        return None
    year = reader.number(at + 1, 10, 2090)
    if year is not None and year % 10 == 0 and len(reader.folded(at + 1)) in (2, 4):
        return _Atom(at, at + 2, _decade_of(year), DatePrecision.DECADE)
    if at + 1 >= len(reader.words):
        return None
    numeral = numeral_at(reader.words, at + 1)
    value = 0 if numeral is None else int(numeral.value or 0)
    if numeral is None or value not in range(10, 100, 10):
        return None
    return _Atom(at, numeral.end, _decade_of(value), DatePrecision.DECADE)


def _century(reader: _Reader, at: int) -> _Atom | None:
    """Return "XIXe siècle", "19th century", "nineteenth-century", "dix-neuvième siècle"."""
    for size in (1, 2, 3):
        if reader.folded(at + size) not in ("siecle", "siecles", "century", "centuries"):
            continue
        number = _century_number(reader, at, size)
        if number is not None and 0 < number <= 30:
            first = PartialDate(100 * (number - 1) + 1, years=100)
            return _Atom(at, at + size + 1, first, DatePrecision.CENTURY)
    return None


def _century_number(reader: _Reader, at: int, size: int) -> int | None:
    word = reader.words[at]
    if word.is_number:
        if size == 2:
            return ordinal_value(word, reader.words[at + 1])
        return None
    if size == 1:
        return _roman(word.folded) or ordinal_value(word, None)
    last = ordinal_value(reader.words[at + size - 1], None)
    first = numeral_at(reader.words, at)
    if size == 2 and last is not None and first is not None and first.value is not None:
        return int(first.value) + last if first.end == at + 1 else None
    if size == 2 and last is None and reader.folded(at + 1) in ("e", "eme"):
        return _roman(word.folded)
    return None


def _roman(word: str) -> int | None:
    match = _ROMAN.fullmatch(word)
    if match is None or not match[1]:
        return None
    total = previous = 0
    for letter in reversed(match[1]):
        value = _ROMAN_VALUES[letter]
        total += value if value >= previous else -value
        previous = max(previous, value)
    return total


def _season(reader: _Reader, at: int) -> _Atom | None:
    follows = at + 1
    if reader.folded(follows) in ("de", "of"):
        follows += 1
    year = reader.year(follows)
    if year is None or year < 1000 or reader.words[follows].gap != " ":
        return None
    month = _SEASONS[reader.folded(at)]
    return _Atom(at, follows + 1, PartialDate(year, month), DatePrecision.SEASON)


def _relative(reader: _Reader, at: int) -> _Atom | None:
    word, following = reader.folded(at), reader.folded(at + 1)
    if word in _RELATIVE_WORDS:
        size = 2 if word == "aujourd" and following == "hui" else 1
    elif (
        (word in ("last", "next", "this") and following in _PERIODS | WEEKDAYS)
        or (word in _PERIODS and following in _LAST)
        or (word == "cette" and following in ("annee", "semaine"))
    ):
        size = 2
    else:
        return None
    return _Atom(at, at + size, PartialDate(), DatePrecision.RELATIVE)


def _with_era(reader: _Reader, atom: _Atom) -> _Atom:
    """Take "av. J.-C.", "BC" in: the year lies before our era."""
    at = atom.end
    written = [reader.folded(at + i) for i in range(6)]
    size = 0
    if written[0] in ("bc", "bce"):
        size = 1
    elif written[0] in ("ad", "ce") and reader.words[at].end - reader.words[at].start == 2:
        return atom._replace(end=at + 1) if reader.words[at].is_capital else atom
    elif written[0] in ("av", "avant", "apr", "apres"):
        letters = [word for word in written[1:] if word not in (".", "-")]
        if letters[:2] == ["j", "c"]:
            size = next(i for i, word in enumerate(written) if word == "c") + 1
            size += written[size : size + 1] == ["."]
        if written[0].startswith("ap") and size:
            return atom._replace(end=at + size)
    if not size or atom.date.year is None:
        return atom
    year = 1 - atom.date.year
    if atom.date.years > 1:
        year -= atom.date.years - 1
    return atom._replace(end=at + size, date=replace(atom.date, year=year))


def _with_part(reader: _Reader, atom: _Atom, earlier: Sequence[_Atom]) -> _Atom:
    """Take "début", "mi-", "late" in, and "au début de l'année"."""
    bound = earlier[-1].end if earlier else 0
    if atom.precision in (DatePrecision.DAY, DatePrecision.RELATIVE):
        return atom
    at = atom.first - 1
    while at >= bound and reader.folded(at) in _OF and atom.first - at <= 4:
        at -= 1
    if at < bound or reader.folded(at) not in _PARTS or reader.words[at].kind != "word":
        return atom
    return atom._replace(first=at, date=replace(atom.date, part=_PARTS[reader.folded(at)]))


def _joined(reader: _Reader, atoms: Sequence[_Atom]) -> list[DateEntity]:
    found: list[DateEntity] = []
    position = 0
    while position < len(atoms):
        atom = atoms[position]
        position += 1
        first, last, end = atom.date, atom.date, atom.end
        start = atom.first
        if position < len(atoms) and _is_range(reader, atom, atoms[position]):
            following = atoms[position]
            position += 1
            last, end = following.date, following.end
            first = _completed(first, last)
        else:
            start, first = _days_before(reader, atom, found)
            end, last = _rest_after(reader, atom)
            first = _completed(first, last)
            while position < len(atoms) and atoms[position].first < end:
                position += 1
        if last.month is not None and atom.precision is DatePrecision.SEASON:
            last = _season_end(last)
        span = Span(reader.words[start].start, reader.words[end - 1].end)
        found.append(DateEntity(span, first, last, atom.precision))
    return found


def _season_end(season: PartialDate) -> PartialDate:
    """Return the last month of a season, a winter's in the next year."""
    month = (season.month or 0) + 2
    if month > 12 and season.year is not None:
        return replace(season, year=season.year + 1, month=month - 12)
    return replace(season, month=month)


def _completed(first: PartialDate, last: PartialDate) -> PartialDate:
    """Give the first date of a range the year that only the last one has."""
    if first.year is None and first.month is not None and last.year is not None:
        return replace(first, year=last.year)
    return first


def _is_range(reader: _Reader, atom: _Atom, following: _Atom) -> bool:
    relative = DatePrecision.RELATIVE
    if atom.precision is relative or following.precision is relative:
        return False
    between = [reader.folded(i) for i in range(atom.end, following.first)]
    if not between:
        return reader.words[following.first].gap in ("-", "–")
    between = [word for word in between if word not in ("l", "le", "la", "the", "en", "annee")]
    if len(between) == 1 and between[0] in ("-", "–", "—", *_TO):
        return True
    if between == ["jusqu", "a"] or between == ["jusqu", "au"]:
        return True
    if len(between) == 1 and between[0] in _AND:
        before = {reader.folded(atom.first - i) for i in (1, 2)}
        return bool(before & {"entre", "between"})
    return False


def _days_before(
    reader: _Reader, atom: _Atom, earlier: Sequence[DateEntity]
) -> tuple[int, PartialDate]:
    """Take the first day of "du 3 au 5 mai" in."""
    at = atom.first
    if atom.precision is not DatePrecision.DAY or atom.date.day is None:
        return at, atom.date
    if reader.folded(at - 1) in ("le", "the"):
        at -= 1
    is_tight = reader.words[at].gap in ("-", "–")
    size = 0 if is_tight else 1
    if not is_tight and reader.folded(at - 1) not in (*_TO, *_AND, "-", "–"):
        return atom.first, atom.date
    day = reader.number(at - 1 - size, 1, 31)
    if day is None or (earlier and reader.words[at - 1 - size].start < earlier[-1].span.end):
        return atom.first, atom.date
    if not is_tight and reader.folded(at - 1) in _AND:
        before = {reader.folded(at - 3), reader.folded(at - 4)}
        if not before & {"entre", "between", "les"}:
            return atom.first, atom.date
    return at - 1 - size, replace(atom.date, day=day)


def _rest_after(reader: _Reader, atom: _Atom) -> tuple[int, PartialDate]:
    """Take the rest of "1939-45" and "May 3-5" in."""
    at = atom.end
    if at < len(reader.words) and reader.words[at].gap in ("-", "–"):
        if atom.precision is DatePrecision.YEAR and atom.date.year is not None:
            rest = reader.number(at, 1, 99)
            if rest is not None and len(reader.folded(at)) == 2 and rest > atom.date.year % 100:
                year = atom.date.year - atom.date.year % 100 + rest
                return at + 1, replace(atom.date, year=year)
        elif atom.precision is DatePrecision.DAY and atom.date.year is None:
            day = reader.number(at, 1, 31)
            if day is not None and atom.date.day is not None and day > atom.date.day:
                end, year = _year_after(reader, at + 1)
                return end, replace(atom.date, day=day, year=year)
    return at, atom.date
