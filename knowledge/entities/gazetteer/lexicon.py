"""The tables of the gazetteer, read once into dictionaries of folded names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from knowledge.entities.gazetteer.inflection import DECLINING_LANGUAGES, adjective_forms, name_forms
from knowledge.text.tokens import fold

__all__ = [
    "FIRST_NON_LATIN",
    "Lexicon",
    "Name",
    "Rule",
    "bare_arabic",
    "load_lexicon",
    "read_table",
]

_HERE = Path(__file__).parent
FIRST_NON_LATIN = "\u0370"
"""The first character after the Latin script, whose later ones fold to earlier ones."""
_NON_LATIN = frozenset({"ru", "uk", "ar", "ko", "ja", "zh"})
_UNSPACED_LANGUAGES = frozenset({"ko", "ja", "zh"})
# Their demonyms have capitals, and look like other languages' words.
_CAPITALISING = frozenset({"de", "nl", "pl", "tr"})
_MIDDLING = 8  # letters: no longer word needs rules of its own
_SHORT = 4  # letters: a shorter word needs its capital, and its accents where it has any


class Rule:
    """What must hold of a name's spelling and neighbours for it to be that name: bits of a set."""

    CAPITAL: Final = 1
    """Its last word starts with a capital."""
    APART: Final = 2
    """No capitalised word stands beside it: of "Michael Jordan" the country is no part."""
    INSIDE: Final = 4
    """It does not start the sentence: French "Seul" is no capital of Korea."""
    DATED: Final = 8
    """A day or year stands beside it, or a preposition that months take before it."""
    NUMBERED: Final = 16
    """A day or year stands beside it: "12 sept."."""
    EXACT: Final = 32
    """Its accents are as in the table: Vietnamese "Đức" is a country, French "duc" is none."""
    ABBREVIATION: Final = 64
    """All capitals, or behind an article; four letters and more also as "Otan"."""
    UPPER: Final = 128
    """All capitals."""
    DOTTED: Final = 256
    """All capitals with a full stop after each: "U.S."."""
    PREFIX: Final = 512
    """The first part of a compound: "sino-"."""
    PAIR: Final = 1024
    """Each of its characters names one of the concepts: "米中"."""
    LOWER: Final = 2048
    """No capital: Spanish "francés" is an adjective, English "Frances" is a first name."""
    NEVER: Final = 4096
    """No name, however spelled."""


class Name(NamedTuple):
    """What a folded name stands for; an empty ``concept`` only keeps shorter names from firing."""

    concept: str
    is_metonym: bool
    rules: int
    spelling: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``words``: names by folded words joined by spaces; ``longest``: the number of words of the
    longest name by its first word; ``beginnings``: the first two words of those that have several.
    ``runs`` and ``longest_run``: the same by characters, for
    scripts without spaces."""

    words: dict[str, Name]
    longest: dict[str, int]
    beginnings: set[str]
    runs: dict[str, Name]
    longest_run: dict[str, int]


class _Source(NamedTuple):
    """What all forms of one cell of a table have in common."""

    language: str
    plain: Name
    """The name without further rules."""
    is_particular: bool
    """Whether its forms are more than looked up: Arabic ones, and those with rules."""


_NARROW = Rule.EXACT | Rule.PREFIX
_RULES = {
    "any": 0,
    "capital": Rule.CAPITAL,
    "apart": Rule.CAPITAL | Rule.APART,
    "inside": Rule.CAPITAL | Rule.INSIDE,
    "lower": Rule.LOWER,
    "exact": Rule.CAPITAL | Rule.EXACT,
    "upper": Rule.UPPER,
    "abbreviation": Rule.ABBREVIATION,
    "dated": Rule.DATED,
    "numbered": Rule.NUMBERED,
    "never": Rule.NEVER,
}


def read_table(table: str) -> list[list[str]]:
    """Return the lines of one of the gazetteer's files, without its comments, cut at tabs."""
    lines = (_HERE / table).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and line[0] != "#"]


class _Forms:
    """Forms in the order of the tables, each with its source: of equal ones the first wins."""

    def __init__(self, *, is_latin: bool) -> None:
        self._is_latin = is_latin
        self.sources: dict[str, _Source] = {}
        self.runs: dict[str, Name] = {}

    def add(
        self, concept: str, language: str, cell: str, inflect: _Inflection | None, kind: str = ""
    ) -> None:
        """Add the forms of the names in one cell, where they are in the script that is wanted."""
        names = cell.split("|")
        if language == "*":
            names = [name for name in names if (name[0] < FIRST_NON_LATIN) is self._is_latin]
        elif (language in _NON_LATIN) is self._is_latin:
            return
        rules = _KIND_RULES.get(kind, 0)
        plain = Name(concept, kind == "metonym", rules, "")
        is_particular = bool(rules) or language in {"ar", "*"}
        source = _Source(language, plain, is_particular)
        if language in _UNSPACED_LANGUAGES:
            for name in names:
                self.runs.setdefault(name, source.plain)
                self.runs.setdefault(name.replace(" ", ""), source.plain)
            return
        if inflect is None or (inflect is name_forms and language not in DECLINING_LANGUAGES):
            for name in names:
                self.sources.setdefault(name, source)
            return
        for name in names:
            for form in inflect(name, language):
                self.sources.setdefault(form, source)

    def add_columns(self, table: str, inflect: _Inflection | None, kind: str = "") -> None:
        """Add a table with one column a language."""
        (_, *languages), *rows = read_table(table)
        for concept, *cells in rows:
            for language, cell in zip(languages, cells, strict=False):
                if cell:
                    self.add(concept, language, cell, inflect, kind)


_Inflection = Callable[[str, str], Sequence[str]]
_INFLECTIONS: dict[str, _Inflection] = {
    "name": name_forms,
    "metonym": name_forms,
    "adjective": adjective_forms,
}
_KIND_RULES = {"prefix": Rule.PREFIX, "pair": Rule.PAIR, "short month": Rule.NUMBERED}


def _read_forms(*, is_latin: bool) -> _Forms:
    forms = _Forms(is_latin=is_latin)
    for concept, kind, language, cell in read_table("names.tsv"):
        forms.add(concept.strip("-"), language, cell, _INFLECTIONS.get(kind), kind)
    forms.add_columns("territories.tsv", name_forms)
    forms.add_columns("months.tsv", None)
    forms.add_columns("adjectives.tsv", adjective_forms)
    forms.add_columns("capitals.tsv", name_forms, "metonym")
    forms.add_columns("months_short.tsv", None, "short month")
    return forms


class _FoldTable(dict[int, str]):
    """What ``str.translate`` folds each character to: a space where it is part of no word."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        is_part = character.isalnum() and character != "\u02bc"
        self[code] = fold(character) if is_part else " "
        return self[code]


def _fold_all(forms: Iterable[str]) -> list[str]:
    """Fold names in one go: accents off, words apart by one space, as the matcher reads words."""
    folded = "\n".join(forms).translate(_FoldTable({ord("\n"): "\n"}))
    return [" ".join(line.split()) if " " in line else line for line in folded.split("\n")]


def bare_arabic(word: str) -> str:
    """Return an Arabic word without its article."""
    return word[2:] if word.startswith("ال") and len(word) > _SHORT else word


def _rules_of(form: str, language: str, key: str) -> int:
    """Return the rules of a name that ambiguous.tsv does not list."""
    if " " in key or key >= FIRST_NON_LATIN:
        return 0
    if form.isupper():
        return Rule.ABBREVIATION
    size = len(key)
    if size <= _SHORT + (language in {"vi", "tr"}) and not form.isascii():
        return Rule.EXACT | (Rule.CAPITAL if form[0].isupper() else 0)
    is_short = size <= _SHORT + 2 * (language in _CAPITALISING)
    return Rule.CAPITAL if is_short and form[0].isupper() else 0


@cache
def load_lexicon(*, is_latin: bool) -> Lexicon:
    """Read the tables' names in the Latin script, or those in all others: about 35 ms each, once.

    Returns the same object every time. Most texts need but the first.
    """
    lexicon = Lexicon({}, {}, set(), {}, {})
    rows = read_table("ambiguous.tsv")
    listed = {
        key: sum({_RULES[rule] for rule in row[1].split()})
        for key, row in zip(_fold_all(row[0] for row in rows), rows, strict=True)
    }
    forms = _read_forms(is_latin=is_latin)
    for run, name in forms.runs.items():
        lexicon.runs[run] = name
        lexicon.longest_run[run[0]] = max(lexicon.longest_run.get(run[0], 0), len(run))
    keys = _fold_all(forms.sources)
    for key, (form, source) in zip(keys, forms.sources.items(), strict=True):
        if len(key) <= _MIDDLING or source.is_particular or key in listed:
            _add_words(lexicon, key, form, source, listed)
        elif key not in lexicon.words:
            _put(lexicon, key, source.plain)
    return lexicon


def _add_words(
    lexicon: Lexicon, key: str, form: str, source: _Source, listed: dict[str, int]
) -> None:
    name = source.plain
    if "\u0600" <= key[:1] <= "\u06ff":
        key = " ".join(bare_arabic(word) for word in key.split(" "))
    if name.rules != Rule.PREFIX:
        rules = listed.get(key)
        if rules is None:
            is_clear = name.rules or len(key) > _MIDDLING or name.concept.startswith("month")
            rules = 0 if is_clear else _rules_of(form, source.language, key)
        if rules & Rule.NEVER:
            return
        if rules:
            spelling = form.lower() if rules & Rule.EXACT else ""
            name = name._replace(rules=name.rules | rules, spelling=spelling)
    known = lexicon.words.get(key)
    if known is None or _gives_way(known, name):
        _put(lexicon, key, name)
    if name.rules & Rule.ABBREVIATION and form.isalpha():
        letters = " ".join(key)
        if letters not in lexicon.words:
            _put(lexicon, letters, name._replace(rules=Rule.DOTTED))


def _gives_way(known: Name, name: Name) -> bool:
    """Whether a later name, which fires more often, takes an earlier one's key."""
    if known.concept == name.concept and known.rules and not name.rules:
        return True
    return bool(known.rules & _NARROW) and not name.rules & _NARROW


def _put(lexicon: Lexicon, key: str, name: Name) -> None:
    lexicon.words[key] = name
    first, count = key, 1
    if " " in key:
        first, second, *_ = key.split(" ", 2)
        count = key.count(" ") + 1
        lexicon.beginnings.add(f"{first} {second}")
    if lexicon.longest.get(first, 0) < count:
        lexicon.longest[first] = count
