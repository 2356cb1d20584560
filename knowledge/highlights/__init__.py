"""Which words of a snippet to mark: the answer, or the words looked for.

Offsets into the snippet, in order, not overlapping: never new text.
"""

from __future__ import annotations

from knowledge.highlights.choice import ChosenAnswer, choose_answer
from knowledge.highlights.counts import says_count
from knowledge.highlights.matched import matched_words

__all__ = ["ChosenAnswer", "choose_answer", "matched_words", "says_count"]
