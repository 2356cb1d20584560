"""Words in and beside names that tell what bears them: ``cues.tsv`` and ``first_names.txt``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["ADJECTIVE", "Cues", "load_cues"]

_HERE = Path(__file__).parent

ADJECTIVE = re.compile(
    r"\w{2,}(?:al|ale|ales|aux|ique|iques|ien|ienne|iens|iennes|ais|aise|aises|ain|aine|ains|aines"
    r"|if|ive|ifs|ives|aire|aires|eux|euse|euses|een|eenne|eens|eennes|iste|istes|el|elle|els"
    r"|elles|ois|oise|oises|ic|ian|ish|ese)|nord|sud|supreme|federal|deputy"
)
"""A folded word that ends like a French or English adjective."""


@dataclass(frozen=True, slots=True)
class Cues:
    """Folded words by what they tell; see the tables."""

    roles: frozenset[str]
    titles: frozenset[str]
    organisations: frozenset[str]
    businesses: frozenset[str]
    places: frozenset[str]
    sayings: frozenset[str]
    decisions: frozenset[str]
    areas: frozenset[str]
    bodies: frozenset[str]
    fields: frozenset[str]
    first_names: frozenset[str]


def _lines(table: str) -> list[str]:
    lines = (_HERE / table).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def load_cues() -> Cues:
    """Return the cues of the package."""
    by_cue = dict(line.split("\t") for line in _lines("cues.tsv"))
    words = {cue: frozenset(cell.split()) for cue, cell in by_cue.items()}
    return Cues(
        roles=words["role"],
        titles=words["title"],
        organisations=words["organisation"],
        businesses=words["business"],
        places=words["place"],
        sayings=words["saying"],
        decisions=words["deciding"],
        areas=words["area"],
        bodies=words["body"],
        fields=words["field"],
        first_names=frozenset(_lines("first_names.txt")),
    )
