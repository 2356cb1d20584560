"""Messages that ask for a whole article in brief: "résume l'article", "what is it about?"

Told by their words: some ask for the gist of a text, and all others name a text, count, or say
nothing of their own. With words besides these it is a question like any other, unless they name
the article.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.languages import vocabulary
from knowledge.questions.chat_segmentation import sentences_of
from knowledge.questions.content_words import content_words, folded
from knowledge.questions.limits import MAX_QUESTION_CHARACTERS
from knowledge.questions.phrases import chat_phrases
from knowledge.questions.question_type import QuestionType, classify_question
from knowledge.text.tokens import Token

__all__ = ["OutlineRequest", "outline_request"]

_OTHER_FORMS = frozenset(
    {
        QuestionType.HOW_MANY,
        QuestionType.WHEN,
        QuestionType.WHERE,
        QuestionType.WHO,
        QuestionType.WHY,
    }
)
_WINDOW, _DIGITS = 16, 2
_LONGEST = 24
"""Words of such a message at most."""


@dataclass(frozen=True, slots=True)
class OutlineRequest:
    """A wish for the outline of an article; ``named`` are the folded words that say of which."""

    named: tuple[str, ...]


def outline_request(message: str) -> OutlineRequest | None:
    """Return what outline a message asks for, ``None`` where it asks for none."""
    text = message[:MAX_QUESTION_CHARACTERS]
    tokens = [token for found, _ in sentences_of(text) for token in found]
    if not tokens or len(tokens) > _LONGEST:
        return None
    rest = _without_courtesies(tokens)
    words, chat = folded(rest), vocabulary().chat
    if words and chat_phrases().topics.at_start(words[:_WINDOW]) == len(words):
        return OutlineRequest(())  # "what does the article say?"
    if chat.gist.isdisjoint(words) or classify_question(message).question_type in _OTHER_FORMS:
        return None
    own = [t for t in content_words(rest) if not _is_general(t)]
    if own and chat.texts.isdisjoint(words):
        return None
    return OutlineRequest(tuple(folded(own)))


def _is_general(token: Token) -> bool:
    """Whether a word asks for the gist, names a text as such, or is a number."""
    known, word = vocabulary(), token.folded
    general = known.chat.gist | known.chat.salient | known.chat.texts | known.numbers.small.keys()
    return word in general or (word.isdecimal() and len(word) <= _DIGITS)


def _without_courtesies(tokens: list[Token]) -> list[Token]:
    """Leave out greetings, thanks, and "can you tell me"."""
    phrases = chat_phrases()
    polite = (*phrases.opening, phrases.requests, phrases.tails)
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        window = folded(tokens[at : at + _WINDOW])
        taken = max(one.at_start(window) for one in polite)
        if not taken:
            kept.append(tokens[at])
        at += taken or 1
    return kept
