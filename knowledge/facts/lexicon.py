"""The words of reporting: ``reporting.tsv``, written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

__all__ = ["Lexicon", "load_lexicon"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded words by what they are cues of; see the head of the table."""

    saying: frozenset[str]
    reporting: frozenset[str]
    according: frozenset[str]
    document: frozenset[str]
    media: frozenset[str]
    agency: frozenset[str]
    seat: frozenset[str]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return the table, read once."""
    table = files("knowledge.facts").joinpath("reporting.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and line[0] != "#")
    return Lexicon(**{cue: frozenset(words.split()) for cue, words in rows})
