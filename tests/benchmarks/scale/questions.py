"""Questions of several kinds, each about one paragraph of the corpus."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.text.tokens import fold, is_stop_word, tokenize
from scale.corpus import DATA, SEED, Passage, read, word_counts

KINDS = ("five", "typos", "rare", "frequent", "ten", "none", "real")
"""Five words of a paragraph; the same with typos in two of them; its three rarest words; the four
that the language has most often; ten words; five that no paragraph has; questions that people wrote
(PIAF)."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the paragraph that it is about; ``None`` where there is none."""

    kind: str
    text: str
    article: str | None
    number: int | None


def questions(folder: Path, paragraphs: int, each: int) -> list[Question]:
    """Return ``each`` questions of every kind about the corpus in a folder, always the same."""
    chance = random.Random(SEED)
    places = set(chance.sample(range(paragraphs), min(each, paragraphs)))
    chosen: list[Passage] = []
    real: set[str] = set()
    for position, passage in enumerate(read(folder)):
        if position in places:
            chosen.append(passage)
        if passage.article.startswith("p"):
            real.add(passage.article)
    counts = Counter[str]()
    for word, count in word_counts().items():
        counts[fold(word)] += count
    found: list[Question] = []
    for passage in chosen:
        words = _content_words(passage.text)
        if len(words) >= 10:
            found += _about(passage, words, counts, chance)
    return found + _real(real, each, chance)


def _about(
    passage: Passage, words: Sequence[str], counts: Counter[str], chance: random.Random
) -> list[Question]:
    five = chance.sample(words, 5)
    by_frequency = sorted(words, key=lambda word: (counts[fold(word)], word))
    texts = {
        "five": five,
        "typos": _misspelt(five, chance),
        "rare": by_frequency[:3],
        "frequent": by_frequency[-4:],
        "ten": chance.sample(words, 10),
    }
    found = [
        Question(kind, " ".join(text), passage.article, passage.number)
        for kind, text in texts.items()
    ]
    unknown = " ".join("".join(chance.choices("jkqwxz", k=9)) for _ in range(5))
    return [*found, Question("none", unknown, None, None)]


def _misspelt(words: Sequence[str], chance: random.Random) -> list[str]:
    longest = sorted(range(len(words)), key=lambda at: len(words[at]))[-2:]
    return [_with_typo(word, chance) if at in longest else word for at, word in enumerate(words)]


def _with_typo(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    if chance.random() < 0.5:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chance.choice(_LETTERS) + word[at + 1 :]


def _content_words(text: str) -> list[str]:
    found = {
        token.span.of(text): None
        for token in tokenize(text)
        if len(token.folded) > 3
        and token.folded.isalpha()
        and not is_stop_word(token.folded, None, lower=token.lower)
    }
    return list(found)


def _real(articles: set[str], each: int, chance: random.Random) -> list[Question]:
    lines = (DATA / "piaf_fr" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [one for one in map(json.loads, lines) if one["gold_ids"][0] in articles]
    return [
        Question("real", one["question"], one["gold_ids"][0], 1)
        for one in chance.sample(asked, min(each, len(asked)))
    ]
