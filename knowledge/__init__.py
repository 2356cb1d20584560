"""The engine: articles in, cited answers out. Knows nothing of Discord.

What is exported here is all that a face uses. A name is loaded when it is first asked for, so that
a program that needs little of the engine starts at once and stays small.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.answers.fact_citations import cite_fact
    from knowledge.base import BUNDLED_ARTICLES, MAX_FOUND, READING_SECONDS, KnowledgeBase
    from knowledge.corpus.conversion import EXTRA_SUFFIXES as CONVERTED_SUFFIXES
    from knowledge.corpus.conversion import SUFFIXES as UPLOAD_SUFFIXES
    from knowledge.corpus.conversion import (
        ArchiveReading,
        ConversionRefused,
        Passage,
        Refusal,
        describe_apart,
        describe_archive_apart,
    )
    from knowledge.corpus.conversion import as_markdown as article_markdown
    from knowledge.corpus.conversion import words_of as article_words
    from knowledge.corpus.conversion.archive import FACTS as FACTS_SUFFIX
    from knowledge.corpus.conversion.archive import QUESTIONS as QUESTIONS_SUFFIX
    from knowledge.corpus.conversion.limits import (
        MAX_ARCHIVE_FILES,
        MAX_BESIDE_BYTES,
        MAX_FILE_BYTES,
        MAX_UNPACKED_BYTES,
    )
    from knowledge.corpus.conversion.limits import MEMORY_BYTES as UPLOAD_MEMORY_BYTES
    from knowledge.corpus.conversion.limits import PROCESSOR_SECONDS as UPLOAD_PROCESSOR_SECONDS
    from knowledge.corpus.finding import find_files
    from knowledge.entities import dates as find_dates
    from knowledge.evaluation.question_sets import RANKS as EVALUATED_RANKS
    from knowledge.evaluation.question_sets import Report as EvaluationReport
    from knowledge.evaluation.question_sets import evaluate as evaluate_questions
    from knowledge.evaluation.question_sets import golden_sets, read_questions
    from knowledge.facts.deduplication import deduplicated
    from knowledge.facts.periods import days_of
    from knowledge.files.beside import beside, give_name, remove_left_over
    from knowledge.files.identity import INDEX_ID, STATE_ID, FileKind, identify
    from knowledge.files.permissions import (
        make_directory,
        make_file,
        narrow,
        narrow_database,
        remove_side_files,
        side_files,
    )
    from knowledge.model import (
        CITATIONS_SHOWN,
        Answer,
        Article,
        ArticleChange,
        ArticleError,
        ArticleNotFound,
        ArticleProblem,
        ArticleSummary,
        ChangeCounts,
        ChangeKind,
        Citation,
        Comparison,
        Difference,
        Evidence,
        Fact,
        FactKind,
        Factor,
        FactOrigin,
        FactPage,
        GoldenQuestion,
        IndexLocked,
        IndexPart,
        IndexSize,
        IndexStatus,
        IndexUnavailable,
        KnowledgeError,
        MeasuredBy,
        Miss,
        Nearby,
        Paragraph,
        QuestionWord,
        ReaderUse,
        ReindexInProgress,
        ReindexProgress,
        ReindexReport,
        ReindexStage,
        ReindexWorse,
        SearchPage,
        Section,
        SelfTest,
        Span,
        Strictness,
        Support,
        Trial,
        Verdict,
    )
    from knowledge.model.notes import ArticleNote, NoteKind, by_message
    from knowledge.neural import (
        Encoder,
        load_encoder,
        load_reader,
        problem_with_encoder,
        problem_with_reader,
    )
    from knowledge.neural.reader import Reader, SpanPrediction
    from knowledge.processes.pool import AnsweringProcesses, ProcessUse
    from knowledge.processes.process import AnsweringFailed
    from knowledge.questions.follow_ups import in_full, is_follow_up
    from knowledge.questions.message import question_in
    from knowledge.text.detection import detect_language
    from knowledge.text.spelling import allowed_typos
    from knowledge.text.tokens import fold, is_stop_word, tokenize
    from knowledge.thread_priority import lower_thread_priority

__all__ = [
    "BUNDLED_ARTICLES",
    "CITATIONS_SHOWN",
    "CONVERTED_SUFFIXES",
    "EVALUATED_RANKS",
    "FACTS_SUFFIX",
    "INDEX_ID",
    "MAX_ARCHIVE_FILES",
    "MAX_BESIDE_BYTES",
    "MAX_FILE_BYTES",
    "MAX_FOUND",
    "MAX_UNPACKED_BYTES",
    "QUESTIONS_SUFFIX",
    "READING_SECONDS",
    "STATE_ID",
    "UPLOAD_MEMORY_BYTES",
    "UPLOAD_PROCESSOR_SECONDS",
    "UPLOAD_SUFFIXES",
    "Answer",
    "AnsweringFailed",
    "AnsweringProcesses",
    "ArchiveReading",
    "Article",
    "ArticleChange",
    "ArticleError",
    "ArticleNotFound",
    "ArticleNote",
    "ArticleProblem",
    "ArticleSummary",
    "ChangeCounts",
    "ChangeKind",
    "Citation",
    "Comparison",
    "ConversionRefused",
    "Difference",
    "Encoder",
    "EvaluationReport",
    "Evidence",
    "Fact",
    "FactKind",
    "FactOrigin",
    "FactPage",
    "Factor",
    "FileKind",
    "GoldenQuestion",
    "IndexLocked",
    "IndexPart",
    "IndexSize",
    "IndexStatus",
    "IndexUnavailable",
    "KnowledgeBase",
    "KnowledgeError",
    "MeasuredBy",
    "Miss",
    "Nearby",
    "NoteKind",
    "Paragraph",
    "Passage",
    "ProcessUse",
    "QuestionWord",
    "Reader",
    "ReaderUse",
    "Refusal",
    "ReindexInProgress",
    "ReindexProgress",
    "ReindexReport",
    "ReindexStage",
    "ReindexWorse",
    "SearchPage",
    "Section",
    "SelfTest",
    "Span",
    "SpanPrediction",
    "Strictness",
    "Support",
    "Trial",
    "Verdict",
    "allowed_typos",
    "article_markdown",
    "article_words",
    "beside",
    "by_message",
    "cite_fact",
    "days_of",
    "deduplicated",
    "describe_apart",
    "describe_archive_apart",
    "detect_language",
    "evaluate_questions",
    "find_dates",
    "find_files",
    "fold",
    "give_name",
    "golden_sets",
    "identify",
    "in_full",
    "is_follow_up",
    "is_stop_word",
    "load_encoder",
    "load_reader",
    "lower_thread_priority",
    "make_directory",
    "make_file",
    "narrow",
    "narrow_database",
    "problem_with_encoder",
    "problem_with_reader",
    "question_in",
    "read_questions",
    "remove_left_over",
    "remove_side_files",
    "side_files",
    "tokenize",
]

_EXPORTS = {
    "knowledge.answers.fact_citations": "cite_fact",
    "knowledge.base": "BUNDLED_ARTICLES KnowledgeBase MAX_FOUND READING_SECONDS",
    "knowledge.corpus.conversion": """
        ArchiveReading ConversionRefused EXTRA_SUFFIXES:CONVERTED_SUFFIXES Passage Refusal
        SUFFIXES:UPLOAD_SUFFIXES as_markdown:article_markdown describe_apart
        describe_archive_apart words_of:article_words
    """,
    "knowledge.corpus.conversion.archive": "FACTS:FACTS_SUFFIX QUESTIONS:QUESTIONS_SUFFIX",
    "knowledge.corpus.conversion.limits": """
        MAX_ARCHIVE_FILES MAX_BESIDE_BYTES MAX_FILE_BYTES MAX_UNPACKED_BYTES
        MEMORY_BYTES:UPLOAD_MEMORY_BYTES PROCESSOR_SECONDS:UPLOAD_PROCESSOR_SECONDS
    """,
    "knowledge.corpus.finding": "find_files",
    "knowledge.entities": "dates:find_dates",
    "knowledge.evaluation.question_sets": """
        RANKS:EVALUATED_RANKS Report:EvaluationReport evaluate:evaluate_questions
        golden_sets read_questions
    """,
    "knowledge.facts.deduplication": "deduplicated",
    "knowledge.facts.periods": "days_of",
    "knowledge.files.beside": "beside give_name remove_left_over",
    "knowledge.files.identity": "FileKind INDEX_ID STATE_ID identify",
    "knowledge.files.permissions": """
        make_directory make_file narrow narrow_database remove_side_files side_files
    """,
    "knowledge.model": """
        CITATIONS_SHOWN Answer Article ArticleChange ArticleError ArticleNotFound ArticleProblem
        ArticleSummary ChangeCounts ChangeKind Citation Comparison Difference Evidence
        Fact FactKind FactOrigin FactPage Factor GoldenQuestion IndexLocked IndexPart
        IndexSize IndexStatus IndexUnavailable KnowledgeError MeasuredBy Miss Nearby
        Paragraph QuestionWord ReaderUse ReindexInProgress ReindexProgress ReindexReport
        ReindexStage ReindexWorse SearchPage Section SelfTest Span Strictness Support Trial
        Verdict
    """,
    "knowledge.model.notes": "ArticleNote NoteKind by_message",
    "knowledge.neural": (
        "Encoder load_encoder load_reader problem_with_encoder problem_with_reader"
    ),
    "knowledge.neural.reader": "Reader SpanPrediction",
    "knowledge.processes.pool": "AnsweringProcesses ProcessUse",
    "knowledge.processes.process": "AnsweringFailed",
    "knowledge.questions.follow_ups": "in_full is_follow_up",
    "knowledge.questions.message": "question_in",
    "knowledge.text.detection": "detect_language",
    "knowledge.text.spelling": "allowed_typos",
    "knowledge.text.tokens": "fold is_stop_word tokenize",
    "knowledge.thread_priority": "lower_thread_priority",
}
"""By module, what is exported of it; after a colon, under which name."""

_MODULE_OF = {
    entry.rpartition(":")[2]: (module, entry.partition(":")[0])
    for module, entries in _EXPORTS.items()
    for entry in entries.split()
}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _MODULE_OF[name]
    value = globals()[name] = getattr(import_module(module), attribute)
    return value
