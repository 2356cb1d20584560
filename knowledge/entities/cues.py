"""Words that tell adjectives and first names."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from knowledge.languages import vocabulary

__all__ = ["first_names", "is_adjective"]


@cache
def _adjective() -> re.Pattern[str]:
    names = vocabulary().names
    endings, adjectives = "|".join(names.adjective_endings), "|".join(names.adjectives)
    return re.compile(rf"\w{{2,}}(?:{endings})|{adjectives}")


def is_adjective(folded: str) -> bool:
    """Whether a word is an adjective, or ends like one."""
    return _adjective().fullmatch(folded) is not None


@cache
def first_names() -> frozenset[str]:
    """Return the folded first names of ``first_names.txt``, of people of a dozen countries."""
    lines = Path(__file__).with_name("first_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
