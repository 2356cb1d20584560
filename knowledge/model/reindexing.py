"""A reindex while it runs, and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.model.articles import ArticleProblem
from knowledge.model.facts import FactKind
from knowledge.model.notes import ArticleNote
from knowledge.model.trials import Comparison

__all__ = [
    "ArticleChange",
    "ChangeCounts",
    "ChangeKind",
    "Difference",
    "IndexStatus",
    "ReindexProgress",
    "ReindexReport",
    "ReindexStage",
]


class ReindexStage(StrEnum):
    """What a reindex is at: giving an index of an older version the tables of today, reading and
    analysing articles, finding facts in them, computing their vectors, or asking the golden
    questions of the index as it was and as it would be."""

    MIGRATING = "migrating"
    READING = "reading"
    FACTS = "facts"
    ENCODING = "encoding"
    TESTING = "testing"


@dataclass(frozen=True, slots=True)
class ReindexProgress:
    """A moment of a running reindex: ``done`` of ``total`` articles, ``article`` the last one;
    at TESTING ``done`` and ``total`` count questions, asked of both indexes; at MIGRATING steps,
    and ``article`` names the next one. At ENCODING ``part`` of ``article``, from 0 up to less than
    1, is done beyond those, and ``rate`` texts a second have been encoded; at that pace the stage
    ends in ``seconds_left``.

    Vectors are computed before an index that answers already is changed, and after the first one
    is built, so that each stage may come first. Facts have a stage of their own where there are
    very many articles.
    """

    done: int
    total: int
    article: str
    stage: ReindexStage = ReindexStage.READING
    part: float = 0.0
    rate: float = 0.0
    seconds_left: float | None = None


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
    """What the database holds. ``lacking_facts``: articles whose facts are yet to be found;
    ``questions``: golden ones. ``index_version`` counts the reindexes that changed something;
    ``built_at`` is ISO 8601 in UTC, ``None`` while nothing has been indexed; ``embedded`` is the
    model whose vectors the whole index has, ``None`` where there are none."""

    articles: int
    paragraphs: int
    facts: int
    lacking_facts: int
    questions: int
    index_version: int
    engine_version: int
    built_at: str | None
    embedded: str | None
    sqlite_version: str
