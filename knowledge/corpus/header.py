"""What an article's fields mean: its title, language, address and dates, or that it is a draft.

What other tools write is understood ("fr-FR", a time with its zone, ``lang``); what is not is left
out with a note, and costs the article nothing but that.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from pydantic import HttpUrl, TypeAdapter, ValidationError

from knowledge.corpus.front_matter import Field
from knowledge.entities import dates
from knowledge.entities.values import DatePrecision
from knowledge.model.errors import ArticleError
from knowledge.model.notes import NoteKind, Remark

__all__ = ["MAX_TITLE", "Header", "Withheld", "read_header", "require_public"]

MAX_TITLE = 300

_Kept = TypeVar("_Kept")

_SYNONYMS = {
    "title": ("title", "titre"),
    "titles": ("titles",),
    "language": ("language", "lang", "langue", "locale"),
    "source": ("source",),
    "url": ("url", "canonical_url", "canonical", "link"),
    "published": ("published", "publishdate", "publish_date", "pubdate", "published_at", "date"),
    "reference_date": ("reference_date",),
}
"""The names of each field, ours first: the first that is understood counts."""

_DRAFT_IF = (
    "draft", "drafts", "is_draft", "isdraft", "brouillon", "private", "hidden", "unlisted",
)  # fmt: skip
_DRAFT_UNLESS = ("published", "publish", "dg_publish")
_DRAFT_IN_WORDS = ("status", "state", "visibility")
_DRAFT_WORDS = frozenset("draft drafts brouillon private hidden unlisted unpublished".split())
_SAYING_DRAFT = frozenset((*_DRAFT_IF, *_DRAFT_UNLESS, *_DRAFT_IN_WORDS))
_MORE_FIELDS = ("params", "extra")
"""Mappings of what site generators leave to the author."""

_NAMES = (
    *(name for names in _SYNONYMS.values() for name in names),
    *_DRAFT_IF,
    *_DRAFT_UNLESS,
    *_DRAFT_IN_WORDS,
)
_TRUE = frozenset("true yes on 1 y oui vrai x".split())
_FALSE = frozenset("false no off 0 n non faux never jamais".split())

_TITLE_WANTED = (
    "“title” is missing or wrong: write a title of at most 300 characters: “title: …” between two "
    "lines “---”, or “# …” as the first line."
)
_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")

_LOCALE = re.compile(r"([a-zA-Z]{2})(?:[-_][a-zA-Z0-9]{2,8})*(?:\.[a-zA-Z0-9-]+)?")
_LANGUAGES = {
    "ar": "ara arabic arabe العربية",
    "ca": "cat catalan català",
    "cs": "ces cze czech tchèque čeština",
    "da": "dan danish danois dansk",
    "de": "deu ger german allemand deutsch",
    "el": "ell gre greek grec ελληνικά",
    "en": "eng english anglais",
    "es": "spa spanish espagnol español",
    "fi": "fin finnish finnois suomi",
    "fr": "fra fre french français francais",
    "he": "heb hebrew hébreu עברית",
    "hi": "hin hindi हिन्दी",
    "hu": "hun hungarian hongrois magyar",
    "id": "ind indonesian indonésien",
    "it": "ita italian italien italiano",
    "ja": "jpn japanese japonais 日本語",
    "ko": "kor korean coréen 한국어",
    "nl": "nld dut dutch néerlandais nederlands",
    "no": "nor norwegian norvégien norsk",
    "pl": "pol polish polonais polski",
    "pt": "por portuguese portugais português",
    "ro": "ron rum romanian roumain română",
    "ru": "rus russian russe русский",
    "sv": "swe swedish suédois svenska",
    "tr": "tur turkish turc türkçe",
    "uk": "ukr ukrainian ukrainien українська",
    "vi": "vie vietnamese vietnamien",
    "zh": "zho chi chinese chinois 中文",
}
"""What languages are called, in three letters, in English, in French and by themselves."""

_LANGUAGE_NAMES = {name: code for code, names in _LANGUAGES.items() for name in names.split()}

_TIME = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s*[ap]m)?\s*(?:z|utc|gmt|[+-]\d\d?(?::?\d\d)?)?"
_DAY = re.compile(
    rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:[t\s]\s*{_TIME})?(?:\s*[\[(]?[a-z_/]+[\])]?)?",
    re.IGNORECASE | re.ASCII,
)
_DAY_TOGETHER = re.compile(r"(\d{4})()(\d\d)(\d\d)", re.ASCII)
_DAY_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}})(?:\s+{_TIME})?", re.IGNORECASE)
_SEPARATOR = re.compile(r"[-\s]")
_NO_DAY = re.compile(r"\d{4}(?:[-/.]\d{1,2})?", re.ASCII)
_IN_WORDS = re.compile(rf"(?:\w+\.?,?\s+)?|,?(?:\s+(?:at|à)?\s*{_TIME})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """What an article says about itself; ``language`` ``None``: it is to be detected."""

    title: str
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    language: str | None = None
    source: str | None = None
    url: str | None = None
    published: date | None = None
    reference_date: date | None = None


class Withheld(Exception):
    """The article says that it is not for readers: ``str`` says how."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


def require_public(fields: Sequence[Field]) -> None:
    """Raise Withheld for a draft."""
    _Reading(fields).require_public()


def read_header(
    fields: Sequence[Field], fallback: str | None = None
) -> tuple[Header, bool, list[Remark]]:
    """Return what ``fields`` say, whether the title is ``fallback``, and what was left out.

    Raises Withheld for a draft, and ArticleError where there is no title.
    """
    reading = _Reading(fields)
    reading.require_public()
    own = reading.first("title", _title)
    title = own or fallback
    if not title or len(title) > MAX_TITLE:
        raise ArticleError(_TITLE_WANTED, line=reading.line_of("title"))
    header = Header(
        title=title,
        titles=reading.titles(),
        language=reading.first("language", _language),
        source=reading.first("source", _title),
        url=reading.first("url", _address),
        published=reading.first("published", _day),
        reference_date=reading.first("reference_date", _day),
    )
    reading.remark_unused()
    return header, own is None, reading.remarks


class _Reading:
    """Fields by name, what was used of them, and what was left out."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.remarks: list[Remark] = []
        self._fields = fields
        self._named: dict[str, Field] = {}
        self._used: set[str] = set()
        for one in fields:
            if (name := _name(one)) in self._named:
                self._leave_out(one, "stands there twice; the last one counts")
            self._named[name] = one

    def require_public(self) -> None:
        """Raise Withheld if any field says that the article is a draft, or may say so."""
        for one in self._fields:
            name = _name(one)
            self._require_public(one, name)
            if name in _MORE_FIELDS:
                for part in one.parts:
                    self._require_public(part, _name(part))

    def _require_public(self, one: Field, name: str) -> None:
        if name not in _SAYING_DRAFT:
            return
        truths = _truths(one)
        if name in _DRAFT_IF:
            self._used.add(name)
            if True not in truths and None in truths:
                message = f"not read, since it says “{one.shown}”, neither true nor false"
                raise Withheld(message, one.line)
            is_draft = True in truths
        elif name in _DRAFT_UNLESS:
            if None not in truths:
                self._used.add(name)
            is_draft = False in truths or _says_draft(one)
        else:
            self._used.add(name)
            is_draft = _says_draft(one)
        if is_draft:
            raise Withheld(f"not read, since it says “{one.shown}”", one.line)

    def line_of(self, name: str) -> int:
        """Return the line of a field, the first line where there is none."""
        found = self._named.get(name)
        return (found.line if found is not None else None) or 1

    def first(self, name: str, convert: Callable[[str], _Kept]) -> _Kept | None:
        """Return the first of a field's names that ``convert`` understands."""
        for synonym in _SYNONYMS[name]:
            one = self._named.get(synonym)
            if one is None or one.text == "":
                self._used.add(synonym)
                continue
            if name == "published" and _truth(one) is True:
                continue
            self._used.add(synonym)
            try:
                return convert(_text(one))
            except ValueError as error:
                self._leave_out(one, str(error))
        return None

    def titles(self) -> dict[str, str]:
        """Return the titles in other languages."""
        titles: dict[str, str] = {}
        whole = self._named.get("titles")
        self._used.add("titles")
        if whole is None or whole.text == "":
            return titles
        if whole.problem is not None or not whole.parts:
            self._leave_out(whole, whole.problem or "write them as {en: A title}")
            return titles
        for part in whole.parts:
            try:
                titles[_language(part.key)] = _title(_text(part))
            except ValueError as error:
                self._leave_out(part, str(error))
        return titles

    def remark_unused(self) -> None:
        """Note the fields that nothing was done with, and those whose names are misspelt."""
        for name, one in self._named.items():
            if name in self._used:
                continue
            close = difflib.get_close_matches(name[:60], _NAMES, n=1, cutoff=0.8)
            if close and close[0] != name:
                self._leave_out(one, f"not known. Did you mean “{close[0]}”?")
            else:
                message = f"“{one.key[:80]}” is not used"
                self.remarks.append(Remark(NoteKind.UNUSED, one.line, message))

    def _leave_out(self, one: Field, reason: str) -> None:
        message = f"“{one.shown}” is left out: {reason}"
        self.remarks.append(Remark(NoteKind.VALUE, one.line, message))


def _name(one: Field) -> str:
    return _SEPARATOR.sub("_", one.key.strip().casefold())


def _truth(one: Field) -> bool | None:
    if one.text is None or one.problem is not None:
        return None
    return _truth_of(one.text)


def _truth_of(text: str) -> bool | None:
    written = text.strip().casefold()
    return True if written in _TRUE else False if written in _FALSE else None


def _truths(one: Field) -> set[bool | None]:
    """Return what a field says, or what those in its list say; nothing where it is empty."""
    if one.text == "":
        return set()
    if one.problem is not None:
        return {None}
    return {_truth_of(text) for text in one.texts} or {None}


def _says_draft(one: Field) -> bool:
    """Whether a field has a word for drafts, or a list that cannot be read."""
    if one.text is None and one.problem is not None:
        return True
    words = (word for text in one.texts for word in re.split("[,;|]", text))
    return any(word.strip().casefold() in _DRAFT_WORDS for word in words)


def _text(one: Field) -> str:
    if one.problem is not None:
        raise ValueError(one.problem)
    if one.text is None:
        raise ValueError("it is a list or a mapping. Write one value")
    return one.text


def _title(text: str) -> str:
    title = _UNSEEN.sub(" ", text).strip()
    if not title or len(title) > MAX_TITLE:
        raise ValueError(f"write 1 to {MAX_TITLE} characters")
    return title


def _language(text: str) -> str:
    written = text.strip()
    if (locale := _LOCALE.fullmatch(written)) is not None:
        return locale[1].lower()
    try:
        return _LANGUAGE_NAMES[written.casefold()]
    except KeyError:
        raise ValueError("write two letters, such as fr") from None


def _address(text: str) -> str:
    try:
        return str(_URL.validate_python(text.strip()))
    except ValidationError:
        raise ValueError("write an address that starts with http:// or https://") from None


def _day(text: str) -> date:
    written = text.strip()
    if _NO_DAY.fullmatch(written):
        raise ValueError("it says no day. Write one, such as 2024-01-31")
    if (found := _DAY.fullmatch(written) or _DAY_TOGETHER.fullmatch(written)) is not None:
        return _calendar_day(int(found[1]), int(found[3]), int(found[4]))
    if (found := _DAY_LAST.fullmatch(written)) is not None:
        day, month = int(found[1]), int(found[3])
        if day != month and max(day, month) <= 12:
            raise ValueError("which one is the month? Write the year first, such as 2024-01-31")
        return _calendar_day(int(found[4]), min(month, day), max(month, day))
    return _day_in_words(written)


def _calendar_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("there is no such day") from None


def _day_in_words(text: str) -> date:
    text = re.sub(r"(?<=[^\W\d])\.", " ", text)  # "Sept."
    mentioned = dates(text) if len(text) <= 80 else ()
    if len(mentioned) == 1 and mentioned[0].precision is DatePrecision.DAY:
        one = mentioned[0]
        day = one.first.first_day()
        around = text[: one.span.start], text[one.span.end :]
        if day is not None and one.first == one.last and all(map(_IN_WORDS.fullmatch, around)):
            return date.fromisoformat(day)
    raise ValueError("write a day, such as 2024-01-31")
