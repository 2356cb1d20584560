"""Answers to questions, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.model.spans import Span

__all__ = [
    "CITATIONS_SHOWN",
    "Answer",
    "Citation",
    "Evidence",
    "Factor",
    "Nearby",
    "QuestionWord",
    "ReaderUse",
    "SearchPage",
    "Strictness",
    "Support",
    "Verdict",
]


class Verdict(StrEnum):
    """What an answer claims: that the articles say it, may say it, or do not say it."""

    ANSWERED = "answered"
    UNCERTAIN = "uncertain"
    UNANSWERED = "unanswered"


CITATIONS_SHOWN = {Verdict.ANSWERED: 1, Verdict.UNCERTAIN: 1, Verdict.UNANSWERED: 0}
"""Citations of an answer that are shown with it, by verdict."""


class Strictness(StrEnum):
    """How sure an answer has to be that is claimed: see ``knowledge.answers.confidence``."""

    STRICT = "strict"
    BALANCED = "balanced"
    GENEROUS = "generous"


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage shown as evidence: a snippet of one paragraph and where it stands.

    ``snippet`` is ``text[span.start:span.end]``, at most 300 characters. ``highlights`` are
    offsets into the snippet, in order, not overlapping. ``passage`` is the paragraph's stable id;
    ``paragraph`` its number; ``article`` the article's slug; ``section`` the path of its headings.
    ``score`` orders citations of one answer and means nothing across questions. ``items_left``: of
    a list that the snippet begins, how many items come after it.
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
    items_left: int = 0

    @property
    def snippet(self) -> str:
        """The words that are quoted: a slice of the paragraph's text."""
        return self.span.of(self.text)


class Support(StrEnum):
    """How a passage supports a word of the question: it has the word, in any inflection; another
    name of the same thing; a word that is spelled nearly so; or nothing of the sort."""

    SAID = "said"
    OTHER_NAME = "other_name"
    CORRECTED = "corrected"
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


@dataclass(frozen=True, slots=True)
class Nearby:
    """What the articles say about ``word``, a word of the question as its asker wrote it:
    the citation is of a line or two that have it, nothing marked."""

    word: str
    citation: Citation


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
    ``is_sure_of_words``: whether the reader is sure of what is marked in the first citation (see
    ``knowledge.answers.answerer``). ``nearby``: where the verdict is
    that they do not say it, what the articles do say about a word of the question, if anything.
    ``elapsed_ms``: how long it took, ``reading_ms`` of which the reader did.

    ``is_question``: whether the message asks anything; it is false of greetings, thanks, links and
    orders, which get no citation. ``outline``: where the message asks what an article is about, the
    first sentence of each of its sections, in order; without one article that is meant, of each
    article. ``parts``: where the message asks several questions, the answer to each, in order,
    at most ``MAX_QUESTIONS``, and ``left_out`` the questions behind those. The answer as a whole
    then cites the best of each part that is shown, in order, before what else was found; it claims
    no more than all of its parts do, and its confidence is that of the least sure one.
    """

    question: str
    language: str | None
    verdict: Verdict
    confidence: float
    citations: tuple[Citation, ...]
    elapsed_ms: float
    evidence: Evidence | None = None
    reader: ReaderUse | None = None
    is_sure_of_words: bool = False
    nearby: Nearby | None = None
    is_question: bool = True
    outline: tuple[Citation, ...] = ()
    parts: tuple[Answer, ...] = ()
    left_out: tuple[str, ...] = ()
    reading_ms: float = 0.0

    @property
    def each(self) -> tuple[Answer, ...]:
        """The answers to each of the message's questions: its parts, or itself alone."""
        return self.parts or (self,)


MAX_QUESTIONS = 3
"""Questions of one message that are answered."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a full-text search: ``total`` passages were found (a bounded count)."""

    citations: tuple[Citation, ...]
    offset: int
    total: int
