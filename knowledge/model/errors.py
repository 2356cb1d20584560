"""What can go wrong in the engine, in words that a face may show as they are."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.model.trials import Comparison

__all__ = [
    "ArticleError",
    "ArticleNotFound",
    "IndexLocked",
    "IndexLost",
    "IndexUnavailable",
    "KnowledgeError",
    "ReindexInProgress",
    "ReindexWorse",
    "raise_together",
]


class KnowledgeError(Exception):
    """Base of the engine's errors. ``str(error)`` says what was wrong and what to do.

    KnowledgeError
    ├── ArticleError         a file that cannot be read as an article
    ├── ArticleNotFound      no article has that slug
    ├── IndexUnavailable     the database cannot be used: newer than the program, no index, …
    │   └── IndexLost        it is missing or damaged; a reindex makes it again
    ├── ReindexInProgress    another reindex is running
    │   └── IndexLocked      another program holds the file
    └── ReindexWorse         a reindex would have answered fewer golden questions rightly
    """


class ArticleError(KnowledgeError):
    """A file cannot be read as an article. ``line`` counts from 1 where it is known.

    ``further``: what else is wrong with it, so that all of it can be put right at once.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.further: tuple[ArticleError, ...] = ()

    @property
    def all(self) -> tuple[ArticleError, ...]:
        """This one and what else is wrong."""
        return (self, *self.further)


def raise_together(errors: Sequence[ArticleError]) -> None:
    """Raise the first of several errors of a file with the others; nothing where there is none.

    Of very many the first are named, and the others counted.
    """
    if not errors:
        return
    first, *others = errors
    if (more := len(others) - _NAMED) > 0:
        others = [*others[:_NAMED], ArticleError(f"has {more:,} more problems of this kind.")]
    first.further = tuple(others)
    raise first


class ArticleNotFound(KnowledgeError):
    """No indexed article has the slug that was asked for."""


class IndexUnavailable(KnowledgeError):
    """The index cannot be used. ``lasts``: until somebody does what the message says."""

    def __init__(self, message: str, *, lasts: bool = False) -> None:
        super().__init__(message)
        self.lasts = lasts


class IndexLost(IndexUnavailable):
    """The index is missing or damaged: the next reindex makes it again from the articles."""


class ReindexInProgress(KnowledgeError):
    """A reindex was asked for while another one was running."""


class IndexLocked(ReindexInProgress):
    """The index was to be read or written while another program held the file."""


class ReindexWorse(KnowledgeError):
    """A reindex was rolled back: fewer golden questions would be answered rightly than before."""

    def __init__(self, comparison: Comparison) -> None:
        before, after = comparison.before.hits, comparison.after.hits
        listed = "; ".join(
            f"“{trial.question.question}” ({trial.question.article}, {trial.question.id})"
            for trial in comparison.worse[:_LISTED]
        )
        more = len(comparison.worse) - _LISTED
        super().__init__(
            f"The index was left as it is: of {len(comparison.after.trials)} golden questions, "
            f"{before} are answered rightly, and {after} would have been. Worse: {listed}"
            f"{f' and {more} more' if more > 0 else ''}."
        )
        self.comparison = comparison


_LISTED = 5
_NAMED = 49
