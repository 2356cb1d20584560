"""The sentences of a chat message, freed of what people say around a question.

Where it is not plain that words are chatter they stay: a word too many costs a question less than
one that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.languages import vocabulary
from knowledge.model import Span
from knowledge.questions.content_words import content_words, folded, has_name
from knowledge.questions.phrases import PhraseSet, chat_phrases
from knowledge.text.sentences import chat_sentences
from knowledge.text.tokens import Token, tokenize

__all__ = ["ChatSegment", "gives_order", "segments_of", "sentences_of"]

_WINDOW = 16
"""Words that are looked at for a phrase at an edge."""

_CLAUSE = re.compile(r"[,;:—–()，；：]|\s-+\s")
_QUESTION_MARK = re.compile(r"[?？]")


@dataclass(frozen=True, slots=True)
class ChatSegment:
    """A sentence, or a part of one before or after a request, without what was left out.

    ``asks``: it has the form of a question, or follows a request for an answer. ``is_aside``: it
    opened with thanks or an excuse, or speaks of its writer.
    """

    text: str
    tokens: tuple[Token, ...]
    end: int
    asks: bool
    is_aside: bool = False

    @property
    def span(self) -> Span:
        """Where it stands in the message."""
        return Span(self.tokens[0].span.start, self.end)

    @property
    def content(self) -> int:
        """How many content words it has."""
        return len(content_words(self.tokens))

    @property
    def has_name(self) -> bool:
        """Whether it names something or has a number."""
        return has_name(self.text, self.tokens)


@lru_cache(maxsize=64)
def sentences_of(text: str) -> tuple[tuple[tuple[Token, ...], int], ...]:
    """Return the words of each sentence of a message that has any, and where the sentence ends."""
    found: list[tuple[tuple[Token, ...], int]] = []
    for span in chat_sentences(text):
        tokens = tuple(_moved(token, span.start) for token in tokenize(span.of(text)))
        if tokens:
            found.append((tokens, span.end))
    return tuple(found)


def _moved(token: Token, offset: int) -> Token:
    return token._replace(start=token.start + offset, end=token.end + offset)


def gives_order(tokens: Sequence[Token]) -> bool:
    """Whether a sentence, after its greeting, tells the bot what to be or to do."""
    phrases = chat_phrases()
    words = folded(tokens)
    while words:
        if phrases.instructions.at_start(words[: 2 * _WINDOW]):
            return True
        taken = max(p.at_start(words[:_WINDOW]) for p in (*phrases.opening, phrases.requests))
        if not taken:
            return False
        words = words[taken:]
    return False


def _is_idle(tokens: Sequence[Token]) -> bool:
    """Whether a sentence holds nothing but phrases of small talk and function words."""
    phrases = chat_phrases()
    idle = (*phrases.opening, phrases.idle, phrases.tails)
    openers = vocabulary().questions.openers
    words = folded(tokens)
    position, found = 0, 0
    while position < len(words):
        window = words[position : position + _WINDOW]
        taken = max(one.at_start(window) for one in idle)
        if not taken and (window[0] in openers or content_words([tokens[position]])):
            return False
        found += taken > 0
        position += taken or 1
    return found > 0


def segments_of(text: str, tokens: tuple[Token, ...], end: int) -> Iterator[ChatSegment]:
    """Yield what remains of a sentence: nothing where it is idle, two parts around a request."""
    if _is_idle(tokens):
        return
    tokens, asks, is_aside = _opened(text, tokens)
    is_quoting = bool(tokens) and "«" in text[tokens[0].span.start : end]
    found = None if is_quoting else chat_phrases().requests.within(folded(tokens))
    if found is None or not _begins_anew(text, tokens, *found):
        yield from _closed(text, tokens, end, asks=asks, is_aside=is_aside)
        return
    before, after = tokens[: found[0]], tokens[found[1] :]
    if not _is_idle(before):
        yield from _closed(text, before, before[-1].span.end, asks=asks, is_aside=is_aside)
    after, _, _ = _opened(text, after)
    yield from _closed(text, after, end, asks=True, is_aside=False)


def _begins_anew(text: str, tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether a request within a sentence begins what is asked, and is no part of it itself.

    What comes before it speaks of the writer, or ends in a sign or a conjunction.
    """
    if not begin or not content_words(tokens[end:]):
        return False
    last = tokens[begin - 1]
    is_apart = _CLAUSE.search(text, last.span.end, tokens[begin].span.start) is not None
    is_joined = last.folded in vocabulary().chat.conjunctions
    return is_apart or is_joined or _speaks_of_writer(tokens[:begin])


def _opened(text: str, tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], bool, bool]:
    """Take the phrases off the start; tell whether one asks, and whether one was a courtesy."""
    phrases = chat_phrases()
    sets = (*phrases.opening, phrases.requests, phrases.topics)
    asks, is_aside = False, False
    low = 0
    while low < len(tokens):
        words = folded(tokens[low : low + _WINDOW])
        taken, found = _longest_at_start(sets, words)
        if not taken or (found is not phrases.requests and _goes_on(text, tokens, low + taken)):
            break
        asks = asks or found is phrases.requests
        is_aside = is_aside or found in phrases.polite
        low += taken
    return tokens[low:], asks, is_aside


def _closed(
    text: str, tokens: tuple[Token, ...], end: int, *, asks: bool, is_aside: bool
) -> Iterator[ChatSegment]:
    """Take the phrases off the end and yield what is left, if anything is."""
    phrases = chat_phrases()
    ending = (phrases.courtesies, phrases.tails, phrases.apologies)
    high = len(tokens)
    while high:
        words = folded(tokens[max(0, high - _WINDOW) : high])
        taken = max(one.at_end(words) for one in ending)
        if not taken or _is_capital_inside(text, tokens, high - taken):
            break
        high -= taken
    if not high:
        return
    rest = tokens[:high]
    asking = vocabulary().chat.asking
    asks = asks or _has_question_form(text, rest, end) or not asking.isdisjoint(folded(rest))
    rest = _without_asides(text, rest) if asks else rest
    is_aside = is_aside or _speaks_of_writer(rest)
    yield ChatSegment(text, rest, _end_of(text, rest, tokens, end), asks, is_aside)


def _longest_at_start(
    sets: Sequence[PhraseSet], words: Sequence[str]
) -> tuple[int, PhraseSet | None]:
    taken, found = 0, None
    for one in sets:
        count = one.at_start(words)
        if count > taken:
            taken, found = count, one
    return taken, found


def _speaks_of_writer(tokens: Sequence[Token]) -> bool:
    return not vocabulary().chat.first_person.isdisjoint(folded(tokens))


def _goes_on(text: str, tokens: Sequence[Token], following: int) -> bool:
    """Whether a phrase is the beginning of a name: "Hello Kitty", "Bon Jovi"."""
    if following >= len(tokens):
        return False
    before, after = tokens[following - 1].span.end, tokens[following].span.start
    word = tokens[following].span.of(text)
    is_name = word[0].isupper() and not word.isupper() and text[before:after] in (" ", "-")
    return is_name and tokens[following].folded not in vocabulary().questions.openers


def _is_capital_inside(text: str, tokens: Sequence[Token], position: int) -> bool:
    """Whether a phrase at the end may be a name: it has a capital and no sign before it."""
    if position == 0 or not tokens[position].span.of(text)[0].isupper() or text.isupper():
        return False
    return text[tokens[position - 1].span.end : tokens[position].span.start].isspace()


def _end_of(text: str, rest: Sequence[Token], tokens: Sequence[Token], end: int) -> int:
    """Return where a part ends: with its sentence's mark where its last word is there still."""
    if rest[-1] is not tokens[-1]:
        last = rest[-1].span.end
        mark = re.match(r"[\s\u00a0\u202f]*\?+", text[last:end])
        return last if mark is None else last + mark.end()
    return rest[-1].span.end + len(text[rest[-1].span.end : end].rstrip())


def _has_question_form(text: str, tokens: Sequence[Token], end: int) -> bool:
    if _QUESTION_MARK.search(text, tokens[-1].span.end, end):
        return True
    words, leading = folded(tokens[:4]), vocabulary().chat.leading
    first = next((word for word in words if word not in leading), words[0])
    return first in vocabulary().questions.openers or " ".join(words).startswith("est ce qu")


def _without_asides(text: str, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Leave out clauses at the edges that speak of their writer and name nothing.

    Only where what remains has content of its own: "j'ai pas tout lu, combien de barils ?".
    """
    clauses: list[tuple[Token, ...]] = []
    for token in tokens:
        if clauses and not _CLAUSE.search(text, clauses[-1][-1].span.end, token.span.start):
            clauses[-1] = (*clauses[-1], token)
        else:
            clauses.append((token,))
    while len(clauses) > 1 and _is_aside(text, clauses[0]) and _tells(clauses[1:]):
        clauses.pop(0)
    while len(clauses) > 1 and _is_aside(text, clauses[-1]) and _tells(clauses[:-1]):
        clauses.pop()
    return tuple(token for clause in clauses for token in clause)


def _tells(clauses: Sequence[Sequence[Token]]) -> bool:
    return sum(len(content_words(clause)) for clause in clauses) > 1


def _is_aside(text: str, clause: Sequence[Token]) -> bool:
    phrases, words = chat_phrases(), folded(clause)
    if phrases.complaints.within(words) is not None:
        return True
    is_personal = _speaks_of_writer(clause) or any(
        one.at_start(words[:_WINDOW]) for one in phrases.polite
    )
    asks = not vocabulary().questions.openers.isdisjoint(words)
    return is_personal and not asks and not has_name(text, clause)
