"""Articles as they are read from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from knowledge.model.facts import Fact, nothing_by_language
from knowledge.model.notes import Reading
from knowledge.model.trials import GoldenQuestion

__all__ = [
    "QUESTION_MARKS",
    "Article",
    "ArticleProblem",
    "ArticleSummary",
    "Paragraph",
    "Section",
    "heading_path",
    "question_above",
]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, numbered from 1 through the whole article.

    ``section`` is the position of its section in ``Article.sections``, or ``None`` before the
    first heading. ``id`` comes from the article's slug and the text alone, so that it survives a
    reindex for as long as the paragraph is unchanged.
    """

    id: str
    number: int
    section: int | None
    text: str


QUESTION_MARKS = ("?", "？", "؟")
"""Signs that end a question, in any script that has one of its own."""


def heading_path(headings: Sequence[str]) -> str | None:
    """Return headings, the outermost first, as one text ("Install › Linux"); ``None`` for none."""
    return " › ".join(headings) or None


def question_above(headings: Sequence[str]) -> str | None:
    """Return the question that what stands under these headings answers, ``None`` for none."""
    return headings[-1] if headings and headings[-1].endswith(QUESTION_MARKS) else None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of an article; ``position`` counts from 0. ``above``: the headings that it stands
    under, the outermost first."""

    position: int
    title: str
    above: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """Its whole path: the headings above it, and its own."""
        return (*self.above, self.title)


@dataclass(frozen=True, slots=True)
class Article:
    """An article as read from its file.

    ``language`` is an ISO 639-1 code. ``titles`` holds the title in other languages by code.
    ``reference_date`` resolves dates that the text gives without a year. ``facts`` are those that
    were written by hand beside the text, ``questions`` the golden ones. ``content_hash`` changes
    whenever anything that is indexed changes. ``reading`` is there where the article was just read
    from bytes that need not be parsed again while they are the same.
    """

    slug: str
    title: str
    language: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    content_hash: str
    titles: Mapping[str, str] = field(default_factory=nothing_by_language)
    source: str | None = None
    url: str | None = None
    published: date | None = None
    reference_date: date | None = None
    facts: tuple[Fact, ...] = ()
    questions: tuple[GoldenQuestion, ...] = ()
    reading: Reading | None = field(default=None, repr=False, compare=False)

    def headings_of(self, paragraph: Paragraph) -> tuple[str, ...]:
        """Return the headings that ``paragraph`` stands under, the outermost first."""
        return () if paragraph.section is None else self.sections[paragraph.section].headings

    def section_of(self, paragraph: Paragraph) -> str | None:
        """Return these headings as one text, ``None`` before the first."""
        return heading_path(self.headings_of(paragraph))


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """What a list of articles shows of one; ``titles``: in other languages, by code."""

    slug: str
    title: str
    language: str
    paragraphs: int
    titles: Mapping[str, str] = field(default_factory=nothing_by_language)


@dataclass(frozen=True, slots=True)
class ArticleProblem:
    """Why a file, or a line of one, was not indexed, in words for whoever keeps it.

    ``rest``: the article all the same, without what is wrong beside it. ``article``: the short
    name of the article, where the file's own name does not say it and a line of it does.
    """

    path: Path
    line: int | None
    message: str
    rest: Article | None = field(default=None, repr=False, compare=False)
    article: str | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        place = str(self.path) if self.line is None else f"{self.path}, line {self.line}"
        return f"{place}: {self.message}"
