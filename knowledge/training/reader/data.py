"""Questions with passages that answer them or do not, from public sets: what is trained on, and
what is kept back to measure.

The sets lie in one folder as the evaluation has them (see ``prepare``). Kept back, by article:
a fifth of the French ones (CRC-32 of the title divisible by five) and three English ones.
"""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from knowledge.model import Span
from knowledge.text.tokens import fold, is_stop_word, stems, tokenize

__all__ = [
    "Example", "is_kept_back", "kept_back_questions", "prepare", "read_examples", "write_examples",
]  # fmt: skip

_EVERY = 5
_KEPT_BACK_EN = frozenset({"1973_oil_crisis", "French_and_Indian_War", "Harvard_University"})
_NEIGHBOURS = 3  # candidates of the right article that a question is put to, at most


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage. ``answer``: where the passage answers, ``None`` where it does not;
    ``source``: the set and how the pair came about; ``article`` groups examples."""

    question: str
    passage: str
    answer: Span | None
    language: str
    source: str
    article: str


def is_kept_back(title: str) -> bool:
    """Whether no paragraph and no question of the French article is trained on."""
    return zlib.crc32(title.encode()) % _EVERY == 0


def prepare(folder: Path) -> Iterator[tuple[bool, Example]]:
    """Yield examples from ``near_miss.fr.jsonl`` and ``public/{piaf_fr,squad2_en,xquad_en2es}`` of
    ``folder``, each with whether it is kept back."""
    public = folder / "public"
    yield from _french(public / "piaf_fr", folder / "near_miss.fr.jsonl")
    yield from _english(public / "squad2_en")
    yield from _spanish(public / "xquad_en2es", public / "squad2_en")


def _french(folder: Path, near_misses: Path) -> Iterator[tuple[bool, Example]]:
    texts, titles, finder = _corpus(folder)
    for line in _lines(folder / "queries.jsonl"):
        place = line["gold_ids"][0]
        title = titles[place]
        kept_back = is_kept_back(title)
        answer = _located(line["question"], texts[place], line["answer"])
        if answer is None:
            continue
        yield kept_back, Example(line["question"], texts[place], answer, "fr", "piaf", title)
        for other in finder.nearest(line["question"], title, place, line["answer"]):
            if is_kept_back(titles[other]) == kept_back:
                source = "piaf-neighbour" if titles[other] == title else "piaf-stranger"
                yield kept_back, Example(line["question"], texts[other], None, "fr", source, title)
    for line in _lines(near_misses):
        text, answer = texts[line["paragraph"]], None
        if line["gold"]:
            clause = text.find(line["gold"][0])
            within = line["gold"][0].find(line["answer"] or "\0")
            if clause < 0:
                continue
            if within >= 0:
                answer = Span(clause + within, clause + within + len(line["answer"]))
            else:
                answer = _located(line["question"], text, line["answer"])
            if answer is None:
                continue
        yield (
            is_kept_back(line["article"]),
            Example(line["question"], text, answer, "fr", line["kind"], line["article"]),
        )


def _english(folder: Path) -> Iterator[tuple[bool, Example]]:
    texts, titles, finder = _corpus(folder)
    for line in _lines(folder / "queries.jsonl"):
        place, answer = line["paragraph"], None
        title = titles[place]
        kept_back = title in _KEPT_BACK_EN
        if line["gold_ids"]:
            answer = _located(line["question"], texts[place], line["answer"])
            if answer is None:
                continue
        source = "squad" if answer else "squad-adversarial"
        yield kept_back, Example(line["question"], texts[place], answer, "en", source, title)
        if answer:
            for other in finder.nearest(line["question"], title, place, line["answer"])[:1]:
                if titles[other] != title:
                    continue
                yield (
                    kept_back,
                    Example(line["question"], texts[other], None, "en", "squad-neighbour", title),
                )


def kept_back_questions(public: Path) -> frozenset[str]:
    """Return the questions on articles that are kept back, of the sets in ``public``, with those
    in ``near_misses.jsonl`` beside their queries."""
    found: set[str] = set()
    for name in ("piaf_fr", "squad2_en"):
        titles = {line["id"]: line["title"] for line in _lines(public / name / "corpus.jsonl")}
        kept = {
            place for place, title in titles.items()
            if (is_kept_back(title) if name == "piaf_fr" else title in _KEPT_BACK_EN)
        }  # fmt: skip
        found |= _questions_on(kept, public / name)
    hidden = _hidden(public / "xquad_en2es", public / "squad2_en")
    return frozenset(found | _questions_on(hidden, public / "xquad_en2es"))


def _questions_on(paragraphs: Collection[str], folder: Path) -> set[str]:
    paths = (folder / "queries.jsonl", folder / "near_misses.jsonl")
    lines = [line for path in paths if path.exists() for line in _lines(path)]
    return {
        line["question"]
        for line in lines
        if not {*(line.get("gold_ids") or ()), line.get("paragraph")}.isdisjoint(paragraphs)
    }


def _translated(folder: Path, english: Path) -> dict[str, str]:
    """Return the Spanish paragraphs by the English ones, as far as a question of both sets tells
    which is which."""
    original = {
        line["question"].strip(): line["paragraph"] for line in _lines(english / "queries.jsonl")
    }
    return {
        original[line["question"].strip()]: line["gold_ids"][0]
        for line in _lines(folder / "queries.jsonl")
        if line["question"].strip() in original
    }


def _hidden(folder: Path, english: Path) -> set[str]:
    """Return the Spanish paragraphs whose English ones are kept back."""
    titles = {line["id"]: line["title"] for line in _lines(english / "corpus.jsonl")}
    return {es for en, es in _translated(folder, english).items() if titles[en] in _KEPT_BACK_EN}


def _spanish(folder: Path, english: Path) -> Iterator[tuple[bool, Example]]:
    """English questions on Spanish paragraphs; adversarial ones by way of the questions that both
    sets have: they tell which Spanish paragraph is which English one."""
    texts, _, _ = _corpus(folder)
    paragraphs = _translated(folder, english)
    hidden = _hidden(folder, english)
    for line in _lines(folder / "queries.jsonl"):
        place = line["gold_ids"][0]
        answer = _located(line["question"], texts[place], line["answer"])
        if answer is None:
            continue
        yield place in hidden, Example(line["question"], texts[place], answer, "es", "xquad", place)
        first = int(place.split(":")[1]) // 5 * 5  # five paragraphs of each article follow
        near = [f"es:{n}" for n in range(first, first + 5)]
        free = [
            p for p in near if p in texts and p != place and (p in hidden) == (place in hidden)
            and fold(line["answer"]) not in fold(texts[p])
        ]  # fmt: skip
        if free:
            other = free[zlib.crc32(line["question"].encode()) % len(free)]
            yield (
                place in hidden,
                Example(line["question"], texts[other], None, "es", "xquad-neighbour", place),
            )
    for line in _lines(english / "queries.jsonl"):
        place = paragraphs.get(line["paragraph"])
        if place is not None and not line["gold_ids"]:
            yield (
                place in hidden,
                Example(line["question"], texts[place], None, "es", "xquad-adversarial", place),
            )


class _Finder:
    """Finds paragraphs that share words with a question and do not hold its answer."""

    def __init__(self, texts: dict[str, str], titles: dict[str, str], language: str) -> None:
        self._texts, self._titles, self._language = texts, titles, language
        self._words = {place: set(self._stems(text)) for place, text in texts.items()}
        counts = Counter(word for words in self._words.values() for word in words)
        self._worth = {word: math.log(len(texts) / count) for word, count in counts.items()}
        self._of: dict[str, list[str]] = defaultdict(list)
        for place, title in titles.items():
            self._of[title].append(place)

    def nearest(self, question: str, title: str, right: str, answer: str) -> list[str]:
        """Return paragraphs of the same article, best first; without any, the best stranger."""
        words = set(self._stems(question))
        folded = fold(answer)
        pools = (self._of[title], self._texts)
        for pool in pools:
            free = [p for p in pool if p != right and folded not in fold(self._texts[p])]
            if free:
                ranked = sorted(
                    free,
                    key=lambda p: -sum(self._worth[word] for word in words & self._words[p]),
                )
                return ranked[: _NEIGHBOURS if pool is not self._texts else 1]
        return []

    def _stems(self, text: str) -> Iterator[str]:
        for token in tokenize(text):
            if not is_stop_word(token.folded, self._language, lower=token.lower):
                yield stems(token, self._language)[0]


def _corpus(folder: Path) -> tuple[dict[str, str], dict[str, str], _Finder]:
    lines = list(_lines(folder / "corpus.jsonl"))
    texts = {line["id"]: line["text"].lstrip("\ufeff") for line in lines}
    titles = {line["id"]: line["title"] for line in lines}
    return texts, titles, _Finder(texts, titles, lines[0]["lang"])


def _located(question: str, text: str, answer: str | None) -> Span | None:
    """Return where ``answer`` stands in ``text``; of several places the one among the most words
    of the question."""
    if not answer:
        return None
    asked = {token.folded for token in tokenize(question) if len(token.folded) > 2}
    best, most = None, -1
    at = text.find(answer)
    while at >= 0:
        around = text[max(0, at - 120) : at + len(answer) + 120]
        shared = len(asked & {token.folded for token in tokenize(around)})
        if shared > most:
            best, most = Span(at, at + len(answer)), shared
        at = text.find(answer, at + 1)
    return best


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Write examples, a JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")


def read_examples(path: Path) -> Sequence[Example]:
    """Read what ``write_examples`` wrote."""
    found: list[Example] = []
    for line in _lines(path):
        answer = line.pop("answer")
        found.append(Example(answer=answer and Span(**answer), **line))
    return found
