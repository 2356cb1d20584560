"""What people say around a question: the phrases of ``phrases.toml``, looked for in words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files

from knowledge.text.tokens import fold

__all__ = [
    "APOLOGIES",
    "COMPLAINTS",
    "CONNECTIVES",
    "COURTESIES",
    "GREETINGS",
    "IDLE",
    "INSTRUCTIONS",
    "QUESTION_WORDS",
    "REQUESTS",
    "TAILS",
    "TOPICS",
    "UNSPACED",
    "Phrases",
]


class Phrases:
    """A set of phrases, looked for among the folded words of a text. Compiled when first used."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [fold(pattern) for pattern in patterns]

    @cached_property
    def _starts(self) -> list[re.Pattern[str]]:
        return [re.compile(rf"(?:{pattern})(?= |$)") for pattern in self._patterns]

    @cached_property
    def _end(self) -> re.Pattern[str]:
        return re.compile(rf"(?:^|(?<= ))(?:{'|'.join(self._patterns)})$")

    @cached_property
    def _within(self) -> re.Pattern[str]:
        return re.compile(rf"(?:^|(?<= ))(?:{'|'.join(self._patterns)})(?= |$)")

    def at_start(self, words: Sequence[str]) -> int:
        """Return how many of the first words the longest phrase there takes, 0 without any."""
        text = " ".join(words)
        return max(_count(start.match(text)) for start in self._starts)

    def at_end(self, words: Sequence[str]) -> int:
        """Return how many of the last words the longest phrase there takes, 0 without any."""
        return _count(self._end.search(" ".join(words)))

    def within(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Return where the first phrase begins and ends, counted in words."""
        text = " ".join(words)
        match = self._within.search(text)
        if match is None:
            return None
        begin = text[: match.start()].count(" ")
        return begin, begin + _count(match)


def _count(match: re.Match[str] | None) -> int:
    return 0 if match is None else match.group().count(" ") + 1


def _read() -> Mapping[str, list[str]]:
    return tomllib.loads(files("knowledge.languages").joinpath("phrases.toml").read_text("utf-8"))


_TABLES = _read()
GREETINGS = Phrases(_TABLES["greetings"])
COURTESIES = Phrases(_TABLES["courtesies"])
APOLOGIES = Phrases(_TABLES["apologies"])
CONNECTIVES = Phrases(_TABLES["connectives"])
REQUESTS = Phrases(_TABLES["requests"])
TOPICS = Phrases(_TABLES["topics"])
TAILS = Phrases(_TABLES["tails"])
COMPLAINTS = Phrases(_TABLES["complaints"])
IDLE = Phrases(_TABLES["idle"])
INSTRUCTIONS = Phrases(_TABLES["instructions"])
UNSPACED = "|".join(_TABLES["unspaced"])
"""For scripts that write no space between words: a regular expression on plain text."""
QUESTION_WORDS = frozenset(
    fold(word) for words in _TABLES["question_words"] for word in words.split()
)
"""Words that a question begins with."""
