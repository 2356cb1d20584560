"""Other people's files to Markdown articles: text, Markdown, HTML and PDF.

HTML and PDF need the extra “convert”. A file may be hostile, so that faces convert it in a process
of its own (``python -m knowledge.corpus.conversion``), which is given 512 MiB of memory and 20
seconds.
"""

from __future__ import annotations

from knowledge.corpus.conversion.apart import (
    ArchiveReading,
    convert_apart,
    describe_apart,
    describe_archive_apart,
)
from knowledge.corpus.conversion.converting import EXTRA_SUFFIXES, SUFFIXES, convert
from knowledge.corpus.conversion.draft import (
    MAX_CHARACTERS,
    ConversionRefused,
    Passage,
    Refusal,
    as_markdown,
    words_of,
)

__all__ = [
    "EXTRA_SUFFIXES",
    "MAX_CHARACTERS",
    "SUFFIXES",
    "ArchiveReading",
    "ConversionRefused",
    "Passage",
    "Refusal",
    "as_markdown",
    "convert",
    "convert_apart",
    "describe_apart",
    "describe_archive_apart",
    "words_of",
]
