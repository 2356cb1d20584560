"""Follow-ups: a question that leans on the one before it is read together with that, if it helps.

The rules look at words only, so that one can see why a question was taken for a follow-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum, auto

from knowledge.entities import analysed
from knowledge.languages import vocabulary
from knowledge.model import Answer, QuestionWord, Span, Support, Verdict
from knowledge.questions.answer_type import answer_types
from knowledge.questions.content_words import content_words, has_name, names
from knowledge.questions.contrast import Answering, Contrast
from knowledge.questions.coordination import opens_question
from knowledge.questions.ellipsis import filled_in, is_elliptic
from knowledge.questions.marks import marks_of
from knowledge.questions.message import questions_in
from knowledge.text.tokens import Token, fold, tokenize

__all__ = [
    "FollowUp",
    "answer_follow_up",
    "combined_texts",
    "detect_follow_up",
    "in_full",
    "is_follow_up",
]

_EXPLETIVES = re.compile(r"\b(?:il y (?:a|avait|aura|eut)|y (?:a|avait|aura|eut) (?:t )?il|y a)\b")
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
    """It has next to no content: no name and one word, or two that ask nothing ("avril ?"); or it
    begins with "and", but asks something of its own ("et combien coûte un billet ?")."""


def detect_follow_up(question: str) -> FollowUp | None:
    """Return how a question leans on the one before it, ``None`` where it stands alone."""
    tokens = analysed(question).tokens
    if not tokens:
        return None
    content = len(_own_words(question))
    asks = any(opens_question(token) for token in tokens)
    is_named = has_name(question, tokens) or _opens_with_name(question, tokens)
    words = _EXPLETIVES.sub(" ", " ".join(token.folded for token in tokens)).split()
    if not content and not asks:
        return None
    chat = vocabulary().chat
    is_opened = tokens[0].folded in chat.follow_up_openers
    is_whole = asks and content > 1
    is_joined = is_opened and content <= _BRIEF and not is_whole
    is_anaphoric = (
        not chat.follow_up_pronouns.isdisjoint(words) and not is_named and content <= _SHORT
    )
    if is_joined or is_anaphoric:
        return FollowUp.OPENLY
    is_brief = content <= 1 and not is_named if asks else content <= _ELLIPTIC
    is_brief = is_brief or (is_opened and is_whole and content <= _BRIEF)
    return FollowUp.BRIEFLY if is_brief else None


def is_follow_up(message: str) -> bool:
    """Whether what a message asks, if anything, leans on the question before it."""
    questions = questions_in(message)
    return bool(questions) and detect_follow_up(questions[0]) is not None


def combined_texts(previous: str, question: str) -> tuple[str, ...]:
    """Return what ``question`` may mean after ``previous``, as full texts, the likeliest first.

    Where its words have their like in the previous question they stand in its place. Else both are
    put side by side, without words of the same sort in the previous question: a month, a year, a
    number, a name of a state, of an organisation or of anything else; nor its question word, where
    there is a new one. Where it has several names, each reading leaves out other ones.
    """
    if readings := filled_in(previous, question):
        return readings
    tokens = analysed(previous).tokens
    new = {mark.sort for mark in marks_of(question)}
    old = [mark for mark in marks_of(previous) if mark.sort in new]
    counts = {sort: sum(mark.sort == sort for mark in old) for sort in new}
    single = [m.span for m in old if not m.is_name or counts[m.sort] == 1]
    asks = any(opens_question(token) for token in analysed(question).tokens)
    asking = [t.span for t in tokens if asks and opens_question(t)]
    first = _without(previous, [*single, *asking])
    texts = [first]
    if len(single) < len(old):
        texts.append(_without(previous, [*(mark.span for mark in old), *asking]))
    if not asks:
        texts.append(_opening(first))
    return tuple(dict.fromkeys(f"{text}\n{question}" for text in texts if text))


def _opening(question: str) -> str:
    """Return the words that say what sort of thing a question asks for, "" where none do."""
    tokens = analysed(question).tokens
    start = next((i for i, t in enumerate(tokens) if opens_question(t)), None)
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
        asked = questions_in(message)
        for question in asked:
            if full is not None and detect_follow_up(question) is not None:
                question = next(iter(combined_texts(full, question)), question)
            full = question
        full = full if asked else None
    return full


def answer_follow_up(question: str, follows: str, answer: Answering) -> Answer:
    """Answer ``question`` after ``follows``, the whole message before it, by way of ``answer``.

    Alone where it stands alone, or is only brief and answered as it is. Else as it is understood
    best: together only where that is surer and its passage has more of the new question's own
    words, or as many and at least one. Where it has next to none ("pourquoi ?", "et en 2022 ?") or
    asks nothing without the question before ("and the south barn?"), how sure it is alone does not
    count, and it makes no answer sure either. Its own words decide: no passage that lacks one of
    them answers for sure; where it has none at all, and asks for nothing that its form would tell
    in a passage, none does.
    """
    best = answer(question)
    previous = in_full([follows])
    how = detect_follow_up(question)
    own = _own_words(question)
    is_answered = own and best.verdict is Verdict.ANSWERED and how is FollowUp.BRIEFLY
    if previous is None or how is None or is_answered:
        return best
    openly = how is FollowUp.OPENLY
    needs_frame = openly and is_elliptic(question)
    says_little = needs_frame or len(own) <= (1 if openly else 0)
    surest = -1.0 if says_little else best.confidence
    in_place = bool(filled_in(previous, question))
    for text in combined_texts(previous, question):
        together = answer(text, Contrast.between(previous, text))
        enough = max(_supported(best, own), 1 if own else 0)
        keeps_frame = in_place or _says_more(together, own)
        is_heard = keeps_frame and _supported(together, own) >= enough
        if is_heard and together.confidence > surest:
            best, surest, needs_frame = together, together.confidence, False
    is_unheard = _lacks(best, own) if own else not answer_types(question)
    if (needs_frame or is_unheard) and best.verdict is Verdict.ANSWERED:
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
    return sum(one.support is not Support.MISSING for one in _own_evidence(answer, own))


def _lacks(answer: Answer, own: frozenset[str]) -> bool:
    """Return whether the answer's first passage lacks one of the question's own words."""
    return any(one.support is Support.MISSING for one in _own_evidence(answer, own))


def _own_evidence(answer: Answer, own: frozenset[str]) -> list[QuestionWord]:
    words = () if answer.evidence is None else answer.evidence.words
    return [w for w in words if not own.isdisjoint(token.folded for token in tokenize(w.word))]


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
