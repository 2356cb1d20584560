"""A snippet as the choice of its answer reads it: words, their classes, and where each may stand.

Everything that is looked at is a named feature of a place: of a start (the word before and the
first word), of an end (the last word and the one after), of a word inside, or of the whole span.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.entities import dates, names, quantities
from knowledge.entities.known_names import demonyms
from knowledge.entities.words import Word, words_of
from knowledge.languages import CODES
from knowledge.model import Span
from knowledge.questions.question_type import ClassifiedQuestion
from knowledge.text.tokens import is_stop_word, sentences, stems, tokenize

__all__ = ["Clue", "TaggedSnippet", "tag_snippet"]

_CLASSES = {
    "by": "par by",
    "in": "dans en in à at au aux sur on chez near vers within",
    "of": "de du des d of",
    "for": "pour for afin to",
    "with": "avec with sans without",
    "from": "depuis from since dès",
    "after": "après after avant before pendant during lors until jusqu",
    "as": "comme as like",
    "cause": "car parce because raison cause due grâce puisque owing thanks",
    "be": "est sont était étaient fut furent sera être is are was were be been",
    "have": "a ont avait avaient aura eu had has have",
    "been": "été",
    "modal": "peut peuvent doit doivent can could may might must would will should pourrait",
    "which": "qui que qu dont où which who that whom whose where when quand lequel laquelle",
    "and": "et and & ainsi",
    "or": "ou or",
    "but": "mais but",
    "the": "le la les l the",
    "a": "un une a an",
    "his": "son sa ses leur leurs his her its their",
    "this": "ce cet cette ces this that these those",
    "he": "il elle ils elles on he she it they se s",
    "not": "ne n pas not no non",
    "than": "plus moins more less than très also aussi",
}
_CLASS_OF = {word: name for name, words in _CLASSES.items() for word in words.split()}
_CLASS_OF["a"] = "a/have"  # English article, French verb
_SIGNS = {
    ",": ",", ".": ".", "!": ".", "?": ".", "…": ".", ";": ";", ":": ":", "(": "(", "[": "(",
    ")": ")", "]": ")", "«": '"', "»": '"', '"': '"', "“": '"', "”": '"', "–": "-", "—": "-",
    "-": "-", "'": '"', "’": '"',
}  # fmt: skip
_OPEN_CLASSES = frozenset({"word", "-ing", "-ed", "-er"})


@dataclass(frozen=True, slots=True)
class Clue:
    """Where a word of the question stands in the snippet: the words covered, and its worth.

    ``value``: its share of the best one's idf weight. ``is_focus``: the noun asked about.
    """

    span: Span
    value: float
    term: int


@dataclass(frozen=True, slots=True)
class TaggedSnippet:
    """A snippet read for its answer. Positions count words and signs.

    ``classes``: what each is ("the", ",", "word", "name", "number"); ``matched``: the worth of
    the question's word there, else 0; ``sentences`` and ``clauses``: their numbers.
    """

    text: str
    words: tuple[Word, ...]
    classes: tuple[str, ...]
    matched: tuple[float, ...]
    clauses: tuple[int, ...]
    clause_values: tuple[float, ...]
    focus: frozenset[int]
    entities: Mapping[tuple[int, int], str]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentence_of: tuple[int, ...]
    sentence_values: tuple[float, ...]
    terms: Mapping[int, tuple[float, tuple[int, ...]]]
    endings: tuple[str, ...]


@lru_cache(maxsize=4_096)
def _plain(text: str) -> tuple[tuple[Word, ...], tuple[str, ...], tuple[int, ...], tuple[int, ...]]:
    """Return what a tagged snippet has of the text alone: words, classes, clauses, sentences."""
    words = words_of(text)
    classes = tuple(_class_of(word) for word in words)
    ends = [span.end for span in sentences(text)]
    clause_of: list[int] = []
    sentence_of: list[int] = []
    clause = sentence = 0
    for word, name in zip(words, classes, strict=True):
        while sentence < len(ends) - 1 and word.start >= ends[sentence]:
            sentence += 1
            clause += 1
        clause_of.append(clause)
        sentence_of.append(sentence)
        if name in (",", ";", ":", "-", "(", ")"):
            clause += 1
    return words, classes, tuple(clause_of), tuple(sentence_of)


def _class_of(word: Word) -> str:
    if word.kind == "sign":
        return _SIGNS.get(word.folded, "sign")
    if word.is_number:
        return "number"
    found = _CLASS_OF.get(word.lower)
    if found is not None:
        return found
    if is_stop_word(word.folded, None, lower=word.lower):
        return "stop"
    if word.folded in demonyms():
        return "demonym"
    if word.is_capital:
        return "name"
    if word.folded.endswith(("ant", "ing")):
        return "-ing"
    if word.lower.endswith(("é", "ée", "és", "ées", "ed")):
        return "-ed"
    return "-er" if word.lower.endswith(("er", "ir")) else "word"


def _ending(word: Word, name: str) -> str:
    """Return what tells apart words of one class: the word itself, or how it ends."""
    if name in _OPEN_CLASSES:
        return "-" + word.lower[-3:]
    return word.lower if word.is_word else ""


@lru_cache(maxsize=4_096)
def _entities(text: str) -> Mapping[tuple[int, int], str]:
    """Return the entities by the characters they cover, the narrower readings of each too."""
    found: dict[tuple[int, int], str] = {}
    for name in names(text):
        kind = "name" if name.kind is None else str(name.kind)
        found[name.span.start, name.span.end] = kind
        if name.role is not None:
            first, last = sorted([name.role, name.span])
            found.setdefault((first.start, last.end), f"role+{kind}")
            found.setdefault((name.role.start, name.role.end), "role")
    for quantity in quantities(text):
        found.setdefault((quantity.number.start, quantity.number.end), "bare number")
        found[quantity.measure.start, quantity.measure.end] = f"{quantity.sort}"
        if quantity.span != quantity.measure:
            found[quantity.span.start, quantity.span.end] = f"whole {quantity.sort}"
    for date in dates(text):
        found[date.span.start, date.span.end] = f"date {date.precision}"
    return found


def tag_snippet(text: str, clues: Sequence[Clue], asked: ClassifiedQuestion) -> TaggedSnippet:
    """Read a snippet. ``clues``: where the question's words stand in it, in order."""
    words, classes, clause_of, sentence_of = _plain(text)
    matched = [0.0] * len(words)
    standing: dict[int, list[int]] = {}
    values: dict[int, float] = {}
    clause_terms: dict[int, dict[int, float]] = {}
    sentence_terms: dict[int, dict[int, float]] = {}
    at = 0
    for clue in sorted(clues, key=lambda clue: clue.span):
        while at < len(words) and words[at].end <= clue.span.start:
            at += 1
        here = at
        while here < len(words) and words[here].start < clue.span.end:
            matched[here] = max(matched[here], clue.value)
            standing.setdefault(clue.term, []).append(here)
            values[clue.term] = clue.value
            clause_terms.setdefault(clause_of[here], {})[clue.term] = clue.value
            sentence_terms.setdefault(sentence_of[here], {})[clue.term] = clue.value
            here += 1
    count = clause_of[-1] + 1 if words else 0
    clause_values = [sum(clause_terms.get(i, {}).values()) for i in range(count)]
    best = max(clause_values, default=0.0) or 1.0
    total = sentence_of[-1] + 1 if words else 0
    sentence_values = [sum(sentence_terms.get(i, {}).values()) for i in range(total)]
    most = max(sentence_values, default=0.0) or 1.0
    starts_by_offset = {word.start: i for i, word in enumerate(words)}
    ends_by_offset = {word.end: i + 1 for i, word in enumerate(words)}
    entities = {
        (starts_by_offset[start], ends_by_offset[end]): kind
        for (start, end), kind in _entities(text).items()
        if start in starts_by_offset and end in ends_by_offset
    }
    return TaggedSnippet(
        text=text,
        words=words,
        classes=classes,
        matched=tuple(matched),
        clauses=clause_of,
        clause_values=tuple(value / best for value in clause_values),
        focus=_focus(words, asked.focus),
        entities=entities,
        starts=tuple(i for i in range(len(words)) if _may_start(words, classes, i)),
        ends=tuple(i for i in range(1, len(words) + 1) if _may_end(words, classes, i)),
        sentence_of=sentence_of,
        sentence_values=tuple(value / most for value in sentence_values),
        terms={term: (values[term], tuple(places)) for term, places in standing.items()},
        endings=tuple(_ending(word, name) for word, name in zip(words, classes, strict=True)),
    )


def _focus(words: Sequence[Word], focus: str | None) -> frozenset[int]:
    """Return where the noun that is asked about stands, in any inflection."""
    if focus is None:
        return frozenset()
    wanted = _stems(focus)
    return frozenset(
        i
        for i, word in enumerate(words)
        if word.is_word and (word.folded == focus or not wanted.isdisjoint(_stems(word.folded)))
    )


@lru_cache(maxsize=50_000)
def _stems(word: str) -> frozenset[str]:
    return frozenset(
        stem for token in tokenize(word) for code in CODES for stem in stems(token, code)
    )


_NO_START = frozenset({",", ".", ";", ":", ")", "-", "(", "sign", "of", "and", "or", "but"})
_NO_END = frozenset(
    {",", ".", ";", ":", "(", "-", "of", "in", "for", "by", "with", "from", "and", "or", "the",
     "a", "his", "this", "which", "be", "have", "not", "as"}
)  # fmt: skip


def _may_start(words: Sequence[Word], classes: Sequence[str], at: int) -> bool:
    if classes[at] in _NO_START:
        return False
    return words[at].gap != "-" and (words[at].gap != "'" or classes[at] not in ("stop", "he"))


def _may_end(words: Sequence[Word], classes: Sequence[str], end: int) -> bool:
    if classes[end - 1] in _NO_END:
        return False
    return end == len(words) or words[end].gap not in ("-", "'") or classes[end] == '"'
