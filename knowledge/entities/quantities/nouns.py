"""The noun that a number counts, and what a measure is of."""

from __future__ import annotations

from knowledge.entities.quantities.words import Number, QuantityWords
from knowledge.text.tokens import is_stop_word

__all__ = ["noun_end", "what_is_counted"]

_MAX_NOUNS = 3


def what_is_counted(
    words: QuantityWords, number: Number, end: int, *, is_measure: bool
) -> tuple[int, int, int]:
    """Return where the noun starts that is counted, where the measure and where its noun ends.

    ``end``: where number and unit end.
    """
    if is_measure or number.is_fraction:
        return end + 1, end, _of_what(words, end)
    first = end + 1 if words.folded(end) in words.say.of and _may_follow(words, end) else end
    last = noun_end(words, first, is_plural=True)
    if last == first:
        return end, end, end
    return first, last, _of_what(words, last)


def _may_follow(words: QuantityWords, at: int) -> bool:
    following = words.all[at + 1] if at + 1 < len(words.all) else None
    return following is not None and following.is_word and following.gap in (" ", "'", "-")


def _is_noun(words: QuantityWords, at: int) -> bool:
    """Whether a word may be the noun that a number counts, or part of its phrase."""
    if at >= len(words.all):
        return False
    word = words.all[at]
    if not word.is_word or word.gap not in (" ", "-", "'") or word.folded in words.say.about_after:
        return False
    return not is_stop_word(word.folded, None, lower=word.lower)


def noun_end(words: QuantityWords, at: int, *, is_plural: bool) -> int:
    """Return the end of the noun phrase without complement that starts at a word; ``at``: none."""
    if not _is_noun(words, at):
        return at + 2 if words.folded(at) == "autres" and _is_noun(words, at + 1) else at
    end = at + 1
    if not is_plural:
        return end
    if words.folded(at) in words.say.prenominal and _is_noun(words, end):
        end += 1
    while end - at < _MAX_NOUNS and _is_noun(words, end):
        is_head = words.folded(end - 1)[-1:] in "sx"
        is_also = words.folded(end)[-1:] in "sx" and not words.all[end].is_capital
        if is_head and not is_also:
            break
        if not is_head and not any(
            _is_noun(words, i) and words.folded(i)[-1:] == "s"
            for i in range(end, min(at + _MAX_NOUNS, len(words.all)))
            if all(_is_noun(words, k) for k in range(end, i))
        ):
            break
        end += 1
    return end


def _of_what(words: QuantityWords, at: int) -> int:
    """Return the end of "de farine de blé", "of the world's oil" behind a measure; ``at``: none."""
    end = at
    for _ in range(2):
        if words.folded(end) not in words.say.of_the or words.all[end].gap != " ":
            break
        noun = end + 1
        if words.folded(noun) in words.say.articles:
            noun += 1
        if not _is_noun(words, noun) and words.folded(noun) not in ("plus", "moins"):
            break
        if words.all[noun].gap == ".":
            break
        end = noun + 1
    return end
