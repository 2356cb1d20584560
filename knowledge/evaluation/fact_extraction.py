"""Extracted facts against facts by hand: precision and recall by kind.

``python -m knowledge.evaluation.fact_extraction ARTICLES GOLD.jsonl [--all]``: prints a line a
kind, and with ``--all`` each fact that was wrong or missed. The format of the gold:
``tests/data/facts``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from knowledge.corpus.article_files import read_articles
from knowledge.corpus.finding import find_files
from knowledge.facts.extraction import extract
from knowledge.model import Article, Fact, FactKind
from knowledge.text.tokens import fold

__all__ = ["GoldFact", "KindScore", "Measured", "measure", "read_gold"]


class GoldFact(BaseModel):
    """A fact by hand; ``within`` begins the ISO date where the text is vague."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    article: str
    paragraph: int
    kind: FactKind
    start: int
    end: int
    text: str
    optional: bool = False
    date_start: str | None = None
    date_end: str | None = None
    within: str | None = None
    value: float | tuple[float, float] | None = None
    unit: str | None = None
    approx: str | None = None
    role: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class KindScore:
    """Facts of one kind: extracted, of these right, and of those by hand (``wanted``) found."""

    kind: FactKind
    extracted: int
    right: int
    wanted: int
    found: int

    @property
    def precision(self) -> float:
        """Share of the extracted ones that is right (1 where none was)."""
        return self.right / self.extracted if self.extracted else 1.0

    @property
    def recall(self) -> float:
        """Share of the wanted ones that was found (1 where none is)."""
        return self.found / self.wanted if self.wanted else 1.0


@dataclass(frozen=True, slots=True)
class Measured:
    """Scores by kind, and which facts were wrong or missed."""

    scores: tuple[KindScore, ...]
    wrong: tuple[Fact, ...]
    missed: tuple[GoldFact, ...]

    @property
    def precision(self) -> float:
        """Precision over all kinds."""
        extracted = sum(score.extracted for score in self.scores)
        return sum(score.right for score in self.scores) / extracted if extracted else 1.0

    @property
    def recall(self) -> float:
        """Recall over all kinds."""
        wanted = sum(score.wanted for score in self.scores)
        return sum(score.found for score in self.scores) / wanted if wanted else 1.0


def read_gold(path: Path) -> list[GoldFact]:
    """Read facts by hand, one JSON object a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [GoldFact.model_validate_json(line) for line in lines if line.strip()]


def measure(articles: Iterable[Article], gold: Sequence[GoldFact]) -> Measured:
    """Extract the facts of ``articles`` and hold them against ``gold``.

    Dates and quantities are matched where they stand, each once; names once an article, by the
    name. What is right of them: the days, the number, the name and the kind. A quotation: the
    words, and the speaker where the gold has one.
    """
    extracted: Counter[FactKind] = Counter()
    right: Counter[FactKind] = Counter()
    hit: set[int] = set()
    wrong: list[Fact] = []
    for article in articles:
        mine = [(i, one) for i, one in enumerate(gold) if one.article == article.slug]
        for fact in extract(article):
            extracted[fact.kind] += 1
            free = [i for i, one in mine if i not in hit and _is_same(fact, one)]
            again = [i for i, one in mine if _is_name(fact) and _is_same(fact, one)]
            match = (free or again)[:1]
            hit.update(match)
            right[fact.kind] += bool(match)
            if not match:
                wrong.append(fact)
    wanted = Counter(one.kind for one in gold if not one.optional)
    found = Counter(gold[i].kind for i in hit if not gold[i].optional)
    missed = [one for i, one in enumerate(gold) if i not in hit and not one.optional]
    return Measured(
        tuple(
            KindScore(kind, extracted[kind], right[kind], wanted[kind], found[kind])
            for kind in FactKind
            if extracted[kind] or wanted[kind]
        ),
        tuple(wrong),
        tuple(missed),
    )


def _is_name(fact: Fact) -> bool:
    return fact.kind in (FactKind.PERSON, FactKind.ORGANISATION, FactKind.PLACE)


def _is_same(fact: Fact, gold: GoldFact) -> bool:
    if fact.kind is not gold.kind:
        return False
    if _is_name(fact):
        one, other = _words(str(fact.value)), _words(gold.text)
        return one <= other or other <= one
    if fact.paragraph != gold.paragraph:
        return False
    overlap = min(fact.span.end, gold.end) - max(fact.span.start, gold.start)
    if fact.kind is FactKind.SOURCE:
        one, other = _words(str(fact.value)), _words(gold.text)
        return one <= other or other <= one
    if overlap <= 0:
        return False
    if fact.kind is FactKind.QUOTE:
        is_speaker = gold.speaker is None or fact.speaker == gold.speaker
        shorter = min(fact.span.end - fact.span.start, gold.end - gold.start)
        return is_speaker and overlap >= 0.9 * shorter
    if fact.kind is FactKind.DATE:
        return _is_same_period(fact, gold)
    return gold.value is None or fact.value == gold.value


def _is_same_period(fact: Fact, gold: GoldFact) -> bool:
    if gold.within is not None:
        return (fact.date_start or "").startswith(gold.within)
    if gold.date_start is None:
        return True
    return (fact.date_start, fact.date_end) == (gold.date_start, gold.date_end)


def _words(name: str) -> frozenset[str]:
    return frozenset(fold(name).replace("’", " ").replace("'", " ").replace("-", " ").split())


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of one gold."""
    parser = argparse.ArgumentParser(description="Measure the extraction of facts.")
    parser.add_argument("articles", type=Path, help="the texts")
    parser.add_argument("gold", type=Path, help="their facts by hand, .jsonl")
    parser.add_argument("--all", action="store_true", help="name what is wrong and missed")
    options = parser.parse_args(arguments)
    files = find_files([options.articles]).files
    articles = [item for _, item in read_articles(files) if isinstance(item, Article)]
    measured = measure(articles, read_gold(options.gold))
    out = sys.stdout.write
    for score in measured.scores:
        out(
            f"{score.kind.value:13} precision {score.precision:.2f} "
            f"({score.right}/{score.extracted})  recall {score.recall:.2f} "
            f"({score.found}/{score.wanted})\n"
        )
    out(f"{'all':13} precision {measured.precision:.2f}  recall {measured.recall:.2f}\n")
    if options.all:
        for fact in measured.wrong:
            place = f"{fact.article} ¶ {fact.paragraph}"
            said = f"{fact.value} {fact.date_end or ''} {fact.speaker or ''}".rstrip()
            out(f"wrong   {fact.kind.value:12} {place} {fact.text!r}: {said}\n")
        for one in measured.missed:
            out(f"missed  {one.kind.value:12} {one.article} ¶ {one.paragraph} {one.text!r}\n")


if __name__ == "__main__":
    main()
