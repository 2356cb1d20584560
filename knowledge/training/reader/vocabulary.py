"""Which of e5's 250,000 pieces of words the reader keeps."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from knowledge.neural.reader.vocabulary import END, START, UNKNOWN, Vocabulary
from knowledge.training.reader.pack import Pack

__all__ = ["chosen", "words_of"]

# The most probable pieces of the scripts that members' languages use; others are left unknown.
_KEPT = {
    "LATIN": 48_000, "CYRILLIC": 5_000, "CJK": 6_000, "HANGUL": 2_500, "HIRAGANA": 1_500,
    "KATAKANA": 719, "ARABIC": 2_000, "GREEK": 500, "": 2_500,
}  # fmt: skip


def words_of(pack: Pack, numbers: Sequence[int]) -> Vocabulary:
    """Return the words of the pieces with ``numbers``, which are numbered from 0."""
    kept = np.asarray(numbers)
    pieces = [pack.pieces[number] for number in numbers]
    return Vocabulary(pieces, pack.scores[kept], pack.replaced, pack.words[kept])


def chosen(pack: Pack, texts: Iterable[str]) -> list[int]:
    """Return the numbers of the pieces kept, in order: those that ``texts`` are cut into by the
    whole vocabulary, and the most probable ones of each script."""
    whole = words_of(pack, range(len(pack.pieces))).tokenizer()
    kept = {START, 1, END, UNKNOWN}
    for text in texts:
        kept.update(whole(text)[0])
    taken: Counter[str] = Counter()
    for number in sorted(range(4, len(pack.pieces)), key=lambda n: -pack.scores[n]):
        script = _script(pack.pieces[number])
        if pack.pieces[number] != "<mask>" and taken[script] < _KEPT.get(script, 0):
            taken[script] += 1
            kept.add(number)
    return sorted(kept)


def _script(piece: str) -> str:
    letter = next((c for c in piece if c.isalpha()), None)
    return "" if letter is None else unicodedata.name(letter, "?").split()[0].split("-")[0]
