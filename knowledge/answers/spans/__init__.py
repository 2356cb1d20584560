"""Which words of a snippet to mark: the answer, or the words looked for.

Offsets into the snippet, in order, not overlapping: never new text.
"""

from __future__ import annotations

from knowledge.answers.spans.counts import says_count
from knowledge.answers.spans.matched_words import matched_words
from knowledge.answers.spans.selection import AnswerSpan, select_answer_span

__all__ = ["AnswerSpan", "matched_words", "says_count", "select_answer_span"]
