"""What a reindex changed inside an article: paragraphs and facts added, changed and removed."""

from __future__ import annotations

from knowledge.indexing.diff.articles import MAX_DIFFS, Version, diff_article

__all__ = ["MAX_DIFFS", "Version", "diff_article"]
