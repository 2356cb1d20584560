"""The sentences of a chat message, freed of what people say around a question.

Where it is not plain that words are chatter they stay: a word too many costs a question less than
one that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.model import Span
from knowledge.questions.content_words import content_words, folded, has_name
from knowledge.questions.phrases import (
    APOLOGIES,
    COMPLAINTS,
    CONNECTIVES,
    COURTESIES,
    GREETINGS,
    IDLE,
    INSTRUCTIONS,
    QUESTION_WORDS,
    REQUESTS,
    TAILS,
    TOPICS,
    UNSPACED,
    Phrases,
)
from knowledge.text.tokens import Token, tokenize

__all__ = ["ChatSegment", "gives_order", "segments_of", "sentences_of"]

_WINDOW = 16
"""Words that are looked at for a phrase at an edge."""

_BOUNDARY = re.compile(
    rf"""
    (?P<mark>[.!?…]+)[\u00a0\u202f ]?[»”"')\]]*(?=\s|$)
    | [。！？]+ | \n+
    | [\U0001f000-\U0001faff\u2600-\u27bf][\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]*
    | (?<!\S)(?:[:;=]-?['’]?[()DPpOo3/|*]+|<3+|\^_*\^)(?=\s|$)
    | {UNSPACED}
    """,
    re.VERBOSE,
)
_CLAUSE = re.compile(r"[,;:—–()，；：]|\s-+\s")
_QUESTION_MARK = re.compile(r"[?？]")
_SHORTENED = frozenset("etc prof univ trad incl chap dept mme mlle ste".split())
_FIRST_PERSON = frozenset(
    "je j i me m moi mon ma mes my mine yo mi ich mein meine io mio eu meu".split()
)
_LEADING = frozenset(
    """
    et and mais but y und e so en de d a avec pour par depuis jusqu dans sur contre chez vers
    in of for with by from to at on since until por con mit von per di com
    """.split()
)
"""What may stand before a question word: "depuis quand", "and to whom"."""
_ASKING = frozenset(
    """
    combien pourquoi quel quelle quels quelles lequel laquelle lesquels lesquelles
    why warum weshalb wieviel wieviele cuanto cuanta cuantos cuantas quanti quante quantos quantas
    """.split()
)
"""Words that ask wherever they stand: "et je voulais voir combien de barils"."""
_CONJUNCTIONS = frozenset(
    "et and mais but car because so donc alors und aber y pero e ma mas".split()
)
_LEFT_OUT_AT_START = (GREETINGS, COURTESIES, APOLOGIES, CONNECTIVES)
_IDLE_PHRASES = (IDLE, GREETINGS, COURTESIES, APOLOGIES, CONNECTIVES, TAILS)


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


def _moved(token: Token, offset: int) -> Token:
    return replace(token, span=Span(token.span.start + offset, token.span.end + offset))


def sentences_of(text: str) -> Iterator[tuple[tuple[Token, ...], int]]:
    """Yield the words of each sentence that has any, and where the sentence ends.

    People end them in a chat also by a new line, an emoji or a smiley.
    """
    for span in _sentences(text):
        tokens = tuple(_moved(token, span.start) for token in tokenize(span.of(text)))
        if tokens:
            yield tokens, span.end


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for match in _BOUNDARY.finditer(text):
        if match["mark"] is not None and _ends_nothing(text, match):
            continue
        # The mark belongs to the sentence, anything else stands between two.
        is_mark = match["mark"] is not None or match.group()[0] in "。！？"
        yield Span(start, match.end() if is_mark else match.start())
        start = match.end()
    yield Span(start, len(text))


def _ends_nothing(text: str, match: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation, an initial or a number of order."""
    if match["mark"] != "." or match.end() == len(text):
        return False
    word = re.search(r"\w+$", text[max(0, match.start() - 20) : match.start()])
    if word is None:
        return False
    written = word.group()
    is_next_lower = text[match.end() :].lstrip()[:1].islower()
    if written.isdigit() or written.lower() in _SHORTENED or len(written) == 1:
        return True
    return len(written) < 3 if not is_next_lower else len(written) < 4


def gives_order(tokens: Sequence[Token]) -> bool:
    """Whether a sentence, after its greeting, tells the bot what to be or to do."""
    words = folded(tokens)
    while words:
        if INSTRUCTIONS.at_start(words[: 2 * _WINDOW]):
            return True
        taken = max(p.at_start(words[:_WINDOW]) for p in (*_LEFT_OUT_AT_START, REQUESTS))
        if not taken:
            return False
        words = words[taken:]
    return False


def _is_idle(tokens: Sequence[Token]) -> bool:
    """Whether a sentence holds nothing but phrases of small talk and function words."""
    words = folded(tokens)
    position, phrases = 0, 0
    while position < len(words):
        window = words[position : position + _WINDOW]
        taken = max(phrase.at_start(window) for phrase in _IDLE_PHRASES)
        if not taken and (window[0] in QUESTION_WORDS or content_words([tokens[position]])):
            return False
        phrases += taken > 0
        position += taken or 1
    return phrases > 0


def segments_of(text: str, tokens: tuple[Token, ...], end: int) -> Iterator[ChatSegment]:
    """Yield what remains of a sentence: nothing where it is idle, two parts around a request."""
    if _is_idle(tokens):
        return
    tokens, asks, is_aside = _opened(text, tokens)
    is_quoting = bool(tokens) and "«" in text[tokens[0].span.start : end]
    found = None if is_quoting else REQUESTS.within(folded(tokens))
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
    is_joined = last.folded in _CONJUNCTIONS
    return is_apart or is_joined or not _FIRST_PERSON.isdisjoint(folded(tokens[:begin]))


def _opened(text: str, tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], bool, bool]:
    """Take the phrases off the start; tell whether one asks, and whether one was a courtesy."""
    asks, is_aside = False, False
    low = 0
    while low < len(tokens):
        words = folded(tokens[low : low + _WINDOW])
        taken, phrases = _longest_at_start((*_LEFT_OUT_AT_START, REQUESTS, TOPICS), words)
        if not taken or (phrases is not REQUESTS and _goes_on(text, tokens, low + taken)):
            break
        asks = asks or phrases is REQUESTS
        is_aside = is_aside or phrases in (GREETINGS, COURTESIES, APOLOGIES)
        low += taken
    return tokens[low:], asks, is_aside


def _closed(
    text: str, tokens: tuple[Token, ...], end: int, *, asks: bool, is_aside: bool
) -> Iterator[ChatSegment]:
    """Take the phrases off the end and yield what is left, if anything is."""
    high = len(tokens)
    while high:
        words = folded(tokens[max(0, high - _WINDOW) : high])
        taken = max(phrases.at_end(words) for phrases in (COURTESIES, TAILS, APOLOGIES))
        if not taken or _is_capital_inside(text, tokens, high - taken):
            break
        high -= taken
    if not high:
        return
    rest = tokens[:high]
    asks = asks or _has_question_form(text, rest, end) or not _ASKING.isdisjoint(folded(rest))
    rest = _without_asides(text, rest) if asks else rest
    is_aside = is_aside or not _FIRST_PERSON.isdisjoint(folded(rest))
    yield ChatSegment(text, rest, _end_of(text, rest, tokens, end), asks, is_aside)


def _longest_at_start(sets: Sequence[Phrases], words: Sequence[str]) -> tuple[int, Phrases | None]:
    taken, found = 0, None
    for phrases in sets:
        count = phrases.at_start(words)
        if count > taken:
            taken, found = count, phrases
    return taken, found


def _goes_on(text: str, tokens: Sequence[Token], following: int) -> bool:
    """Whether a phrase is the beginning of a name: "Hello Kitty", "Bon Jovi"."""
    if following >= len(tokens):
        return False
    before, after = tokens[following - 1].span.end, tokens[following].span.start
    word = tokens[following].span.of(text)
    is_name = word[0].isupper() and not word.isupper() and text[before:after] in (" ", "-")
    return is_name and tokens[following].folded not in QUESTION_WORDS


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
    words = folded(tokens[:4])
    first = next((i for i, word in enumerate(words) if word not in _LEADING), 0)
    return words[first] in QUESTION_WORDS or " ".join(words).startswith("est ce qu")


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
    words = folded(clause)
    is_personal = not _FIRST_PERSON.isdisjoint(words) or any(
        phrases.at_start(words[:_WINDOW]) for phrases in (GREETINGS, COURTESIES, APOLOGIES)
    )
    if COMPLAINTS.within(words) is not None:
        return True
    return is_personal and QUESTION_WORDS.isdisjoint(words) and not has_name(text, clause)
