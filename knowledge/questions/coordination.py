"""Two questions that one sentence joins: "who opened the bakery and when did it burn down?"

Told by structure: behind a conjunction or a comma stands a question word again, and what is before
it asks, too, and says about what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from knowledge.languages import known_languages, ruled_languages, vocabulary
from knowledge.model import Span
from knowledge.questions.chat_segmentation import ChatSegment
from knowledge.questions.content_words import content_words, folded
from knowledge.questions.question_words import QuestionType, question_words
from knowledge.text.tokens import Token

__all__ = ["goes_on", "is_topic", "opens_question", "parts_of"]

_COMMA = re.compile(r"[,;:]")
_TOPIC = 2
"""Content words of a topic at most."""


def opens_question(token: Token) -> bool:
    """Whether a word is one that a question begins with."""
    return token.folded in vocabulary().questions.openers


def parts_of(segment: ChatSegment) -> Iterator[Span]:
    """Yield each question of a sentence that asks, in order; one, where it joins none."""
    text, tokens = segment.text, segment.tokens
    if "«" in segment.span.of(text):
        yield segment.span
        return
    first = 0
    for at in range(1, len(tokens)):
        start = _second_question(text, tokens, first, at)
        if start is not None:
            yield Span(tokens[first].span.start, tokens[at - 1].span.end)
            first = start
    yield Span(tokens[first].span.start, segment.end)


def _second_question(text: str, tokens: Sequence[Token], first: int, at: int) -> int | None:
    """Return the word that a second question begins with, where it is joined to a first one, of
    the words from ``first``, before the word ``at``; else ``None``."""
    chat = vocabulary().chat
    is_joined = tokens[at].folded in chat.conjunctions
    has_comma = _COMMA.search(text, tokens[at - 1].span.end, tokens[at].span.start) is not None
    if not (is_joined or has_comma):
        return None
    start = at + is_joined
    opener = start
    while opener < len(tokens) and tokens[opener].folded in chat.leading:
        opener += 1
    if opener >= len(tokens) or tokens[opener].folded not in _openers():
        return None
    if text[tokens[opener].span.start].isupper() and not text.isupper():
        return None  # the title of something
    word, before = tokens[opener].folded, tokens[first:at]
    if not _asks_about_something(before) or word in _behind_opener(before):
        return None  # "quand il pleut et quand il neige" are clauses of one question
    relative = vocabulary().questions.relative | vocabulary().questions.weak
    if not is_joined and (word in relative or _is_clause(before)):
        return None
    return start


def _asks_about_something(tokens: Sequence[Token]) -> bool:
    """Whether words ask, with more than the noun that their question word stands before."""
    say = question_words().words
    opener = _opener(tokens)
    if opener is None:
        first = tokens[0].lower  # as written: "à" is no verb, nor is "s'"
        is_inverted = first in say.copulas and len(first) > 1
        return is_inverted and len(content_words(tokens)) > 1
    rest = content_words(tokens[opener + 1 :])
    kind = question_words().types.get(tokens[opener].folded)
    takes_noun = tokens[opener].folded in say.which or kind is QuestionType.HOW_MANY
    return len(rest) > (1 if takes_noun else 0)


def _behind_opener(tokens: Sequence[Token]) -> list[str]:
    return folded(tokens[(_opener(tokens) or 0) + 1 :])


def _opener(tokens: Sequence[Token]) -> int | None:
    """Return the word that asks; one that may be a relative pronoun asks at the start only."""
    weak, leading = vocabulary().questions.weak, vocabulary().chat.leading
    is_start = True
    for at, token in enumerate(tokens):
        if token.folded in _openers() and (is_start or token.folded not in weak):
            return at
        is_start = is_start and token.folded in leading
    return None


@cache
def _openers() -> frozenset[str]:
    """Return the question words of languages that there are rules for: others have other ways to
    join questions, and their words may be verbs here ("was")."""
    known = known_languages()
    return frozenset(word for code in ruled_languages() for word in known[code].questions.openers)


def _is_clause(tokens: Sequence[Token]) -> bool:
    """Whether words before a comma may be a clause of the question behind it: "quand il pleut,"."""
    types = question_words().types
    return types.get(tokens[0].folded) in (QuestionType.WHEN, QuestionType.WHERE, QuestionType.HOW)


def is_topic(segment: ChatSegment) -> bool:
    """Whether what has the mark of a question only names what the next one is about."""
    words = folded(segment.tokens)
    say, chat = vocabulary().questions, vocabulary().chat
    leans = words[0] in chat.follow_up_openers or not chat.follow_up_pronouns.isdisjoint(words)
    asks = any(map(opens_question, segment.tokens)) or words[0] in say.copulas
    return not (leans or asks) and segment.content <= _TOPIC


def goes_on(before: ChatSegment, segment: ChatSegment) -> bool:
    """Whether a part that asks goes on with the one before, which a full stop or a closing quote
    had parted from it: "In what year did Rev. Prioleau arrive?"."""
    is_ended = before.text[before.end - 1] in "?？"
    return not is_ended and not any(map(opens_question, segment.tokens))
