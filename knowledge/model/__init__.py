"""The engine's vocabulary: frozen values that every other package passes around, and errors.

Text is never copied into a shape of its own: a sentence, a snippet or a highlight is a pair of
character offsets into a stored paragraph (Python string indices, end exclusive), and what is
shown is that slice.
"""

from knowledge.model.answers import (
    CITATIONS_SHOWN,
    MAX_QUESTIONS,
    Answer,
    Citation,
    Evidence,
    Factor,
    Nearby,
    QuestionWord,
    ReaderUse,
    SearchPage,
    Strictness,
    Support,
    Verdict,
)
from knowledge.model.articles import (
    Article,
    ArticleProblem,
    ArticleSummary,
    Paragraph,
    Section,
    heading_path,
    question_above,
)
from knowledge.model.errors import (
    ArticleError,
    ArticleNotFound,
    IndexLocked,
    IndexUnavailable,
    KnowledgeError,
    ReindexInProgress,
    ReindexWorse,
)
from knowledge.model.facts import Fact, FactKind, FactOrigin, FactPage
from knowledge.model.reindexing import (
    ArticleChange,
    ChangeCounts,
    ChangeKind,
    Difference,
    IndexStatus,
    ReindexProgress,
    ReindexReport,
    ReindexStage,
)
from knowledge.model.sizes import IndexPart, IndexSize, MeasuredBy
from knowledge.model.spans import Span
from knowledge.model.trials import (
    Comparison,
    GoldenQuestion,
    Miss,
    SelfTest,
    Trial,
)

__all__ = [
    "CITATIONS_SHOWN",
    "MAX_QUESTIONS",
    "Answer",
    "Article",
    "ArticleChange",
    "ArticleError",
    "ArticleNotFound",
    "ArticleProblem",
    "ArticleSummary",
    "ChangeCounts",
    "ChangeKind",
    "Citation",
    "Comparison",
    "Difference",
    "Evidence",
    "Fact",
    "FactKind",
    "FactOrigin",
    "FactPage",
    "Factor",
    "GoldenQuestion",
    "IndexLocked",
    "IndexPart",
    "IndexSize",
    "IndexStatus",
    "IndexUnavailable",
    "KnowledgeError",
    "MeasuredBy",
    "Miss",
    "Nearby",
    "Paragraph",
    "QuestionWord",
    "ReaderUse",
    "ReindexInProgress",
    "ReindexProgress",
    "ReindexReport",
    "ReindexStage",
    "ReindexWorse",
    "SearchPage",
    "Section",
    "SelfTest",
    "Span",
    "Strictness",
    "Support",
    "Trial",
    "Verdict",
    "heading_path",
    "question_above",
]
