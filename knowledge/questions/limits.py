"""What is looked at of a question and of an index, whoever reads them."""

__all__ = ["MAX_INDEX_LANGUAGES", "MAX_QUESTION_CHARACTERS"]

MAX_QUESTION_CHARACTERS = 4_000
"""What is read of a question: Discord's longest message (with Nitro)."""

MAX_INDEX_LANGUAGES = 6
"""Languages of an index, the most frequent, whose stems a word is looked up by."""
