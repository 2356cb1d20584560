"""The engine's vocabulary: frozen values that every other module passes around.

Text is never copied into a shape of its own: a sentence, a snippet or a highlight is a pair of
character offsets into a stored paragraph (Python string indices, end exclusive), and what is
shown is that slice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from knowledge.model.notes import ArticleNote
from knowledge.model.trials import Comparison, GoldenQuestion

__all__ = [
    "Answer",
    "Article",
    "ArticleChange",
    "ArticleProblem",
    "ArticleSummary",
    "ChangeCounts",
    "ChangeKind",
    "Citation",
    "Difference",
    "Evidence",
    "Fact",
    "FactKind",
    "FactOrigin",
    "FactPage",
    "Factor",
    "IndexStatus",
    "Paragraph",
    "QuestionWord",
    "ReaderUse",
    "ReindexProgress",
    "ReindexReport",
    "ReindexStage",
    "SearchPage",
    "Section",
    "Span",
    "Support",
    "Verdict",
]


def _nothing_by_language() -> Mapping[str, str]:
    return MappingProxyType({})


class Verdict(StrEnum):
    """What an answer claims: that the articles say it, may say it, or do not say it."""

    ANSWERED = "answered"
    UNCERTAIN = "uncertain"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A slice of some text: character offsets, ``end`` exclusive, never empty."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the slice of ``text`` that this span stands for."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def overlaps_any(self, others: Iterable[Span]) -> bool:
        """Whether at least one of ``others`` shares a character."""
        return any(self.overlaps(other) for other in others)

    def contains_any(self, others: Iterable[Span]) -> bool:
        """Whether at least one of ``others`` lies wholly inside."""
        return any(self.contains(other) for other in others)


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
    statements: Mapping[str, str] = field(default_factory=_nothing_by_language)
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


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of an article; ``position`` counts from 0."""

    position: int
    title: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as read from its file.

    ``language`` is an ISO 639-1 code. ``titles`` holds the title in other languages by code.
    ``reference_date`` resolves dates that the text gives without a year. ``facts`` are those that
    were written by hand beside the text, ``questions`` the golden ones. ``content_hash`` changes
    whenever anything that is indexed changes.
    """

    slug: str
    title: str
    language: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    content_hash: str
    titles: Mapping[str, str] = field(default_factory=_nothing_by_language)
    source: str | None = None
    url: str | None = None
    published: date | None = None
    reference_date: date | None = None
    facts: tuple[Fact, ...] = ()
    questions: tuple[GoldenQuestion, ...] = ()

    def section_of(self, paragraph: Paragraph) -> str | None:
        """Return the heading that ``paragraph`` stands under, ``None`` before the first."""
        return None if paragraph.section is None else self.sections[paragraph.section].title


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """What a list of articles shows of one; ``titles``: in other languages, by code."""

    slug: str
    title: str
    language: str
    paragraphs: int
    titles: Mapping[str, str] = field(default_factory=_nothing_by_language)


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage shown as evidence: a snippet of one paragraph and where it stands.

    ``snippet`` is ``text[span.start:span.end]``, at most 300 characters. ``highlights`` are
    offsets into the snippet, in order, not overlapping. ``passage`` is the paragraph's stable id;
    ``paragraph`` its number; ``article`` the article's slug. ``score`` orders citations of one
    answer and means nothing across questions.
    """

    passage: str
    article: str
    title: str
    section: str | None
    paragraph: int
    text: str
    span: Span
    highlights: tuple[Span, ...]
    score: float
    url: str | None = None

    @property
    def snippet(self) -> str:
        """The words that are quoted: a slice of the paragraph's text."""
        return self.span.of(self.text)


class Support(StrEnum):
    """How a passage supports a word of the question: it has the word, in any inflection; another
    name of the same thing; a word that is spelled nearly so; one of like meaning; or nothing of
    the sort."""

    SAID = "said"
    OTHER_NAME = "other_name"
    CORRECTED = "corrected"
    SIMILAR = "similar"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A content word of the question (or a name of several), as its asker wrote it."""

    word: str
    support: Support


@dataclass(frozen=True, slots=True)
class Factor:
    """A feature of the evidence: its value, and what it adds to the log-odds of the confidence."""

    name: str
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the confidence in an answer rests on.

    ``words``: the question's content words, in order, and whether the first citation's passage
    supports them. ``factors`` by the size of their contribution, the largest first; with
    ``intercept`` they sum to the log-odds of the confidence.
    """

    words: tuple[QuestionWord, ...]
    factors: tuple[Factor, ...]
    intercept: float


class ReaderUse(StrEnum):
    """Whether the reader read the first passage, or left it since there was no time for it."""

    READ = "read"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Answer:
    """The engine's whole reply to a question.

    ``language`` is the question's (ISO 639-1, ``None`` where it cannot be told). ``confidence``
    is the probability, from 0 to 1, that the first citation answers. ``citations`` are best
    first, at most five, and are there for every verdict: a face decides what it shows.
    ``evidence`` is ``None`` where nothing was found, ``reader`` also where there is no reader.
    """

    question: str
    language: str | None
    verdict: Verdict
    confidence: float
    citations: tuple[Citation, ...]
    elapsed_ms: float
    evidence: Evidence | None = None
    reader: ReaderUse | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a full-text search: ``total`` passages were found (a bounded count)."""

    citations: tuple[Citation, ...]
    offset: int
    total: int


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


class ReindexStage(StrEnum):
    """What a reindex is at: reading and analysing articles, computing their vectors, or asking
    the golden questions of the index as it was and as it would be."""

    READING = "reading"
    ENCODING = "encoding"
    TESTING = "testing"


@dataclass(frozen=True, slots=True)
class ReindexProgress:
    """A moment of a running reindex: ``done`` of ``total`` articles, ``article`` the last one;
    at TESTING ``done`` and ``total`` count questions, asked of both indexes. At ENCODING ``part``
    of ``article``, from 0 up to less than 1, is done beyond those.

    Vectors are computed before an index that answers already is changed, and after the first one
    is built, so that each stage may come first.
    """

    done: int
    total: int
    article: str
    stage: ReindexStage = ReindexStage.READING
    part: float = 0.0


class ChangeKind(StrEnum):
    """What became of an article, a paragraph or a fact. ``REREAD``: an article whose text is the
    same and in which other facts are found, by a newer version of the engine."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    REREAD = "reread"


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """How many paragraphs or facts were added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: ChangeCounts) -> ChangeCounts:
        return ChangeCounts(
            self.added + other.added, self.changed + other.changed, self.removed + other.removed
        )

    @property
    def total(self) -> int:
        """All of them."""
        return self.added + self.changed + self.removed


@dataclass(frozen=True, slots=True)
class Difference:
    """A paragraph, or a fact of kind ``fact``, that was added, changed or removed.

    ``paragraph`` is the number of its paragraph, the old one where it was removed. ``before`` and
    ``after`` are its words then and now, those that differ at least (at most 160 characters, “…”
    for what was left out); ``None`` where there were or are none.
    """

    kind: ChangeKind
    paragraph: int
    fact: FactKind | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """What a reindex did to one article; ``differences`` are the first ones inside one that was
    there before, paragraphs and then facts, each in the order of the text."""

    slug: str
    title: str
    kind: ChangeKind
    paragraphs: ChangeCounts
    facts: ChangeCounts
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a reindex did. Articles are named by slug; a problem's article is in none of the lists
    unless its previous version was kept. ``changes`` tells of the first articles, in the order in
    which they were read, and of all where there are not very many. ``golden``: the golden questions
    before and after, ``None`` where there are none, nothing changed, or no index was there before.
    ``notes``: what was passed over, whether or not anything changed, the most telling first;
    ``further_notes``: how many more there are.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    problems: tuple[ArticleProblem, ...]
    paragraphs: ChangeCounts
    facts: ChangeCounts
    index_version: int
    elapsed_ms: float
    changes: tuple[ArticleChange, ...] = ()
    golden: Comparison | None = None
    notes: tuple[ArticleNote, ...] = ()
    further_notes: int = 0


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What the database holds. ``questions``: golden ones. ``index_version`` counts the reindexes
    that changed something; ``built_at`` is ISO 8601 in UTC, ``None`` while nothing has been
    indexed; ``embedded`` is the model whose vectors the whole index has, ``None`` where there are
    none."""

    articles: int
    paragraphs: int
    facts: int
    questions: int
    index_version: int
    engine_version: int
    built_at: str | None
    embedded: str | None
    sqlite_version: str
