"""What people say around a question: the phrases of all languages, looked for in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property

from knowledge.languages import vocabulary
from knowledge.text.tokens import fold

__all__ = ["ChatPhrases", "PhraseSet", "chat_phrases"]


class PhraseSet:
    """A set of phrases, looked for among the folded words of a text. Compiled when first used."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [fold(pattern) for pattern in patterns]

    @cached_property
    def _starts(self) -> list[re.Pattern[str]]:
        return [re.compile(rf"(?:{pattern})(?= |$)") for pattern in self._patterns]

    @cached_property
    def _any_start(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{'|'.join(self._patterns)})(?= |$)")

    @cached_property
    def _end(self) -> re.Pattern[str]:
        return re.compile(rf"(?:^|(?<= ))(?:{'|'.join(self._patterns)})$")

    @cached_property
    def _within(self) -> re.Pattern[str]:
        return re.compile(rf"(?:^|(?<= ))(?:{'|'.join(self._patterns)})(?= |$)")

    def at_start(self, words: Sequence[str]) -> int:
        """Return how many of the first words the longest phrase there takes, 0 without any."""
        text = " ".join(words)
        if self._any_start.match(text) is None:
            return 0
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


@dataclass(frozen=True, slots=True)
class ChatPhrases:
    """The phrases by what they do, see ``knowledge.languages.language.Chat``."""

    greetings: PhraseSet
    courtesies: PhraseSet
    apologies: PhraseSet
    connectives: PhraseSet
    requests: PhraseSet
    topics: PhraseSet
    tails: PhraseSet
    idle: PhraseSet
    instructions: PhraseSet
    complaints: PhraseSet
    ellipses: PhraseSet

    @property
    def polite(self) -> tuple[PhraseSet, ...]:
        """Those that speak to the reader, and of nothing."""
        return self.greetings, self.courtesies, self.apologies

    @property
    def opening(self) -> tuple[PhraseSet, ...]:
        """Those that are left out at the start of a sentence."""
        return *self.polite, self.connectives


@cache
def chat_phrases() -> ChatPhrases:
    """Return the phrases of all languages."""
    chat = vocabulary().chat
    names = [field.name for field in fields(ChatPhrases)]
    return ChatPhrases(**{name: PhraseSet(getattr(chat, name)) for name in names})
