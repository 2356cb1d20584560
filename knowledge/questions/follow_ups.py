"""Follow-ups: a question that leans on the one before it is read together with that, if it helps.

The rules look at words only, so that one can see why a question was taken for a follow-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from knowledge.entities import analysed
from knowledge.languages import vocabulary
from knowledge.model import Answer, Span, Support, Verdict
from knowledge.questions.answer_type import answer_types
from knowledge.questions.content_words import content_words, has_name, names, runs
from knowledge.questions.message import question_in
from knowledge.text.tokens import Token, fold, has_digit, tokenize

__all__ = [
    "FollowUp",
    "answer_follow_up",
    "combined_texts",
    "detect_follow_up",
    "in_full",
    "is_follow_up",
]

_EXPLETIVES = re.compile(r"\b(?:il y (?:a|avait|aura|eut)|y (?:a|avait|aura|eut) (?:t )?il|y a)\b")
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_BRIEF, _SHORT = 3, 4
"""Content words at most after "and", and with a pronoun for a name."""
_ELLIPTIC = 2
_OPENING = 3
"""Words of a question that say what sort of thing it asks for: "combien de barils"."""


class FollowUp(Enum):
    """How a question shows that it needs the one before it."""

    OPENLY = auto()
    """It begins with "and" or "but" and says little more, or has a pronoun and no name."""
    BRIEFLY = auto()
    """It has next to no content: no name and one word, or two that ask nothing ("avril ?")."""


def detect_follow_up(question: str) -> FollowUp | None:
    """Return how a question leans on the one before it, ``None`` where it stands alone."""
    tokens = analysed(question).tokens
    if not tokens:
        return None
    content = len(_own_words(question))
    asks = any(_opens_question(token) for token in tokens)
    is_named = has_name(question, tokens) or _opens_with_name(question, tokens)
    words = _EXPLETIVES.sub(" ", " ".join(token.folded for token in tokens)).split()
    if not content and not asks:
        return None
    chat = vocabulary().chat
    is_joined = tokens[0].folded in chat.follow_up_openers and content <= _BRIEF
    is_anaphoric = (
        not chat.follow_up_pronouns.isdisjoint(words) and not is_named and content <= _SHORT
    )
    if is_joined or is_anaphoric:
        return FollowUp.OPENLY
    is_brief = content <= 1 and not is_named if asks else content <= _ELLIPTIC
    return FollowUp.BRIEFLY if is_brief else None


def is_follow_up(message: str) -> bool:
    """Whether what a message asks, if anything, leans on the question before it."""
    question = question_in(message)
    return question is not None and detect_follow_up(question) is not None


def combined_texts(previous: str, question: str) -> tuple[str, ...]:
    """Return what ``question`` may mean after ``previous``, as full texts, the likeliest first.

    Its words win over those of the same sort in the previous question: a month, a year, a number,
    a name of a state, of an organisation or of anything else; a question word over all of them.
    Where the previous question has several names, each reading leaves out other ones.
    """
    tokens = analysed(previous).tokens
    new = {mark.sort for mark in _marks(question)}
    old = [mark for mark in _marks(previous) if mark.sort in new]
    counts = {sort: sum(mark.sort == sort for mark in old) for sort in new}
    single = [m.span for m in old if not m.is_name or counts[m.sort] == 1]
    asks = any(_opens_question(token) for token in analysed(question).tokens)
    asking = [t.span for t in tokens if asks and _opens_question(t)]
    first = _without(previous, [*single, *asking])
    texts = [first]
    if len(single) < len(old):
        texts.append(_without(previous, [*(mark.span for mark in old), *asking]))
    if not asks:
        texts.append(_opening(first))
    return tuple(dict.fromkeys(f"{text}\n{question}" for text in texts if text))


def _opens_question(token: Token) -> bool:
    return token.folded in vocabulary().questions.openers


def _opening(question: str) -> str:
    """Return the words that say what sort of thing a question asks for, "" where none do."""
    tokens = analysed(question).tokens
    start = next((i for i, t in enumerate(tokens) if _opens_question(t)), None)
    if start is None:
        return ""
    last = tokens[min(start + _OPENING, len(tokens)) - 1]
    return question[tokens[start].span.start : last.span.end]


def in_full(questions: Sequence[str]) -> str | None:
    """Return the last of some messages, each a reply to the one before, so that it stands alone.

    ``None`` where it asks nothing. For the ``follows`` of a further question.
    """
    full: str | None = None
    for message in questions:
        question = question_in(message)
        if question is not None and full is not None and detect_follow_up(question) is not None:
            question = next(iter(combined_texts(full, question)), question)
        full = question
    return full


def answer_follow_up(question: str, follows: str, answer: Callable[[str], Answer]) -> Answer:
    """Answer ``question`` after ``follows``, the whole message before it, by way of ``answer``.

    Alone where it stands alone, or is only brief and answered as it is. Else as it is understood
    best: together only where that is surer and its passage has more of the new question's own
    words, or as many and at least one. Where it has next to none ("pourquoi ?", "et en 2022 ?"),
    how sure it is alone does not count; where it has none at all, and asks for nothing that its
    form would tell in a passage, the words of the previous question alone make no answer sure.
    """
    best = answer(question)
    previous = question_in(follows)
    how = detect_follow_up(question)
    own = _own_words(question)
    is_answered = own and best.verdict is Verdict.ANSWERED and how is FollowUp.BRIEFLY
    if previous is None or how is None or is_answered:
        return best
    says_little = len(own) <= (1 if how is FollowUp.OPENLY else 0)
    surest = -1.0 if says_little else best.confidence
    for text in combined_texts(previous, question):
        together = answer(text)
        enough = max(_supported(best, own), 1 if own else 0)
        is_heard = _says_more(together, own) and _supported(together, own) >= enough
        if is_heard and together.confidence > surest:
            best, surest = together, together.confidence
    if not own and best.verdict is Verdict.ANSWERED and not answer_types(question):
        return replace(best, verdict=Verdict.UNCERTAIN)
    return best


def _own_words(question: str) -> frozenset[str]:
    """Return the folded words that a question is about: its content words and parts of names."""
    tokens = analysed(question).tokens
    return frozenset(t.folded for t in (*content_words(tokens), *names(question, tokens)))


def _says_more(answer: Answer, own: frozenset[str]) -> bool:
    """Return whether what was answered has a word besides the question's own."""
    words = () if answer.evidence is None else answer.evidence.words
    return any(own.isdisjoint(token.folded for token in tokenize(one.word)) for one in words)


def _supported(answer: Answer, own: frozenset[str]) -> int:
    """Return how many of the question's own words the answer's first passage supports."""
    words = () if answer.evidence is None else answer.evidence.words
    return sum(
        one.support is not Support.MISSING
        for one in words
        if not own.isdisjoint(token.folded for token in tokenize(one.word))
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """A word, or the words of a name, that another of the same ``sort`` takes the place of."""

    span: Span
    sort: str

    @property
    def is_name(self) -> bool:
        return self.sort in ("state", "organisation", "name")


def _marks(text: str) -> list[_Mark]:
    """Return the months (with their days), years, numbers and names of ``text``, in order."""
    names = analysed(text).known_names
    marks = [_Mark(name.span, _sort(name.concept)) for name in names]
    months = [mark for mark in marks if mark.sort == "month"]
    others = [t for t in analysed(text).tokens if not any(n.span.contains(t.span) for n in names)]
    numbers = [token for token in others if has_digit(token.folded)]
    for token in numbers:
        is_day = any(0 < month.span.start - token.span.end < _SHORT for month in months)
        sort = "year" if _YEAR.fullmatch(token.folded) else "month" if is_day else "number"
        marks.append(_Mark(token.span, sort))
    words = [token for token in others if not has_digit(token.folded)]
    marks += (_Mark(span, "name") for span in runs(text, _capitalised(text, words)))
    return sorted(marks, key=lambda mark: mark.span)


def _sort(concept: str) -> str:
    if concept.startswith("month"):
        return "month"
    is_state = concept != "un" and concept != "eu" and all(len(c) == 2 for c in concept.split("+"))
    return "state" if is_state else "organisation"


def _capitalised(text: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the content words that a capital shows to be names: not one that opens the text."""
    for token in content_words(tokens):
        if token.span.start > 0 and token.span.of(text)[0].isupper() and not text.isupper():
            yield token


def _opens_with_name(text: str, tokens: Sequence[Token]) -> bool:
    """Whether the first word may be a name: it has a capital, and is no function word."""
    first = tokens[0]
    is_capital = first.span.of(text)[0].isupper() and len(tokens) > 1 and not text.isupper()
    return is_capital and bool(content_words([first])) and fold(text[:1]) != text[:1]


def _without(text: str, spans: Iterable[Span]) -> str:
    """Return ``text`` without some slices; white space is closed up."""
    parts: list[str] = []
    position = 0
    for span in sorted(spans):
        parts.append(text[position : span.start])
        position = max(position, span.end)
    return " ".join("".join([*parts, text[position:]]).split())
