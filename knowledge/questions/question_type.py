"""What a question asks for: its form (who, when, how many, which city) by its question words.

French and English in full, with what members write for short; of other languages the commonest
question words, where they are unambiguous.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from knowledge.entities import QuantitySort, analysed
from knowledge.languages import vocabulary
from knowledge.questions.question_words import QuestionType, question_words
from knowledge.text.tokens import Token, is_stop_word

__all__ = ["ClassifiedQuestion", "QuestionType", "classify_question", "counted_word"]


@dataclass(frozen=True, slots=True)
class ClassifiedQuestion:
    """The expected answer: its form, the sort of number, and the noun that is asked about.

    ``focus`` is folded: "ville" of "quelle ville", "soldats" of "combien de soldats".
    """

    question_type: QuestionType
    focus: str | None = None
    sort: QuantitySort | None = None


_WHO, _WHEN, _WHERE = QuestionType.WHO, QuestionType.WHEN, QuestionType.WHERE
_HOW_MANY, _WHY, _WHAT = QuestionType.HOW_MANY, QuestionType.WHY, QuestionType.WHAT


@lru_cache(maxsize=2_048)
def classify_question(question: str) -> ClassifiedQuestion:
    """Return what ``question`` asks for, in any language that is known; often nothing certain."""
    if (asking := question_words().characters.search(question)) is not None:
        return ClassifiedQuestion(QuestionType(asking.lastgroup or "other"))
    tokens = analysed(question).tokens
    folded = [token.folded for token in tokens]
    weak: ClassifiedQuestion | None = None
    for at, token in enumerate(tokens):
        found = _at(tokens, folded, at)
        if found is None:
            continue
        if _is_strong(folded, at, token):
            return found
        if token.folded not in question_words().words.relative:
            weak = weak or found
    if weak is not None:
        return weak
    return ClassifiedQuestion(QuestionType.OTHER)


def _is_strong(folded: Sequence[str], at: int, token: Token) -> bool:
    word, say = folded[at], question_words().words
    if at == 0 or word not in say.weak or token.lower == "où":
        return True
    if word == "qui":
        return folded[at - 1] in say.before_who or at == len(folded) - 1
    if word in ("que", "qu"):
        return folded[at + 1 : at + 3] in (["est", "ce"], ["es", "ce"])
    if word == "what":
        return True
    return at == len(folded) - 1


def _at(tokens: Sequence[Token], folded: Sequence[str], at: int) -> ClassifiedQuestion | None:
    """Return what the word at a place asks for, ``None`` where it is no question word."""
    say, word = question_words(), folded[at]
    if word in say.words.which:
        return _which(folded, at)
    question_type = say.types.get(word)
    if question_type is None:
        phrase = say.types.get(" ".join(folded[at : at + 2]))
        return None if phrase is None else ClassifiedQuestion(phrase)
    if (
        question_type is _WHERE
        and word == "ou"
        and tokens[at].lower != "où"
        and not _asks_where(folded, at)
    ):
        return None
    if question_type is QuestionType.HOW:
        return _how(word, folded[at + 1 : at + 4])
    if question_type is _HOW_MANY:
        return _how_many(folded, at)
    if question_type is _WHAT:
        return _what(folded, at)
    if question_type is _WHO and word == "qui" and folded[max(0, at - 1) : at] == ["ce"]:
        return ClassifiedQuestion(_WHAT)  # "qu'est-ce qui"
    if question_type is _WHO and _asks_identity(folded, at):
        return ClassifiedQuestion(QuestionType.DEFINITION)
    return ClassifiedQuestion(question_type)


def _asks_identity(folded: Sequence[str], at: int) -> bool:
    """Whether "qui est X", "c'est qui X", "who was X" asks about a name, and not for one."""
    if folded[at - 1 : at] in (["est"], ["c"]):
        rest = folded[at + 1 :]
    elif folded[at + 1 : at + 2] and folded[at + 1] in ("est", "etait", "is", "was", "s"):
        rest = folded[at + 2 :]
    else:
        return False
    return 0 < len(rest) <= 4 and not any(is_stop_word(word, None) for word in rest)


def _asks_where(folded: Sequence[str], at: int) -> bool:
    """Whether "ou" without its accent is a question: first, last, or "d'ou", and no "or"."""
    return at in (0, len(folded) - 1) or folded[at - 1] == "d"


def _which(folded: Sequence[str], at: int) -> ClassifiedQuestion:
    """Return what "quel", "which", "what" with a noun asks for."""
    say = question_words()
    position = at + 1
    has_copula = False
    while position < len(folded) and position < at + 5:
        if folded[position] in say.words.copulas:
            has_copula = True
        elif not (has_copula and folded[position] in say.words.articles):
            break
        position += 1
    nouns = folded[position : position + 2]
    if (
        folded[at] == "what"
        and has_copula
        and folded[position - 1] in say.words.copulas
        and (nouns and nouns[0] not in say.number_nouns)
    ):
        return ClassifiedQuestion(_WHAT)
    for noun in nouns:
        found = _by_noun(noun)
        if found is not None:
            return found
    if not nouns:
        return ClassifiedQuestion(_WHAT)
    is_verb = nouns[0].endswith("ed") and nouns[0] not in ("bed", "seed", "breed", "speed")
    if folded[at] == "what" and is_verb:
        return ClassifiedQuestion(_WHAT)
    if folded[at] == "what" and (has_copula or nouns[0] in ("did", "does", "do", "can", "has")):
        is_definition = has_copula and position + 2 >= len(folded)
        question_type = QuestionType.DEFINITION if is_definition else _WHAT
        return ClassifiedQuestion(question_type, nouns[0] if has_copula else None)
    return ClassifiedQuestion(QuestionType.WHICH, nouns[0])


def _by_noun(noun: str) -> ClassifiedQuestion | None:
    say, cues = question_words(), vocabulary().names
    singular = noun.removesuffix("s")
    if noun in say.words.dates:
        return ClassifiedQuestion(_WHEN, noun)
    if noun in say.number_nouns:
        return ClassifiedQuestion(_HOW_MANY, noun, say.number_nouns[noun])
    if noun in say.words.names:
        return ClassifiedQuestion(QuestionType.NAME, noun)
    if noun in say.words.reasons:
        return ClassifiedQuestion(_WHY, noun)
    if noun in say.words.places or noun in cues.places or singular in cues.places:
        return ClassifiedQuestion(_WHERE, noun)
    if noun in say.words.people or noun in cues.roles or singular in cues.roles:
        return ClassifiedQuestion(_WHO, noun)
    return None


def _how(word: str, following: Sequence[str]) -> ClassifiedQuestion:
    say, first = question_words(), following[0] if following else ""
    if word in say.words.degree and first in say.numbers:
        focus = following[1] if first == "many" and len(following) > 1 else None
        return ClassifiedQuestion(_HOW_MANY, focus, say.numbers[first])
    if word == "comment" and any(part.startswith("appel") for part in following):
        return ClassifiedQuestion(QuestionType.NAME)
    if word == "comment" and any(part.startswith("nomm") for part in following):
        return ClassifiedQuestion(QuestionType.NAME)
    return ClassifiedQuestion(QuestionType.HOW)


def _how_many(folded: Sequence[str], at: int) -> ClassifiedQuestion:
    following = folded[at + 1 : at + 3]
    if not following or following[0] not in ("de", "d"):
        return ClassifiedQuestion(_HOW_MANY, following[0] if following else None, _measured(folded))
    focus = following[1] if len(following) > 1 else None
    if focus in ("temps", "tps"):
        return ClassifiedQuestion(_HOW_MANY, focus, QuantitySort.DURATION)
    return ClassifiedQuestion(_HOW_MANY, focus, QuantitySort.COUNT)


def _measured(folded: Sequence[str]) -> QuantitySort | None:
    """Return what the verb of "combien coûte" asks to measure."""
    measuring = question_words().measuring
    return next((measuring[word] for word in folded if word in measuring), None)


def _what(folded: Sequence[str], at: int) -> ClassifiedQuestion:
    """Return what "qu'est-ce que", "c'est quoi", "que" asks for."""
    before, after = list(folded[max(0, at - 2) : at]), list(folded[at + 1 : at + 6])
    if folded[at] == "quoi" and before[-1:] == ["pour"]:
        return ClassifiedQuestion(_WHY)
    if folded[at] in ("quoi", "koi") and before and before[-1] in ("c", "est"):
        return ClassifiedQuestion(QuestionType.DEFINITION)
    if after[:4] in (["est", "ce", "que", "c"], ["est", "ce", "qu", "un"]):
        return ClassifiedQuestion(QuestionType.DEFINITION)
    if after[:4] in (
        ["est", "ce", "que", "la"],
        ["est", "ce", "que", "le"],
        ["est", "ce", "que", "l"],
    ):
        is_short = len(folded) - at <= 8
        return ClassifiedQuestion(QuestionType.DEFINITION if is_short else _WHAT)
    return ClassifiedQuestion(_WHAT)


def counted_word(question: str) -> str | None:
    """Return the folded word that "combien de" or "how many" counts, ``None`` where there is none.

    "how much", "how long" and "how far" count nothing that has a name.
    """
    folded = [token.folded for token in analysed(question).tokens]
    for before, word in pairwise(folded):
        if before == "many" and word not in ("of", "are", "were", "is"):
            return word
        if before == "how" and word == "long":
            return word
    for position, word in enumerate(folded[:-2]):
        if word in ("combien", "cb") and folded[position + 1] in ("de", "d"):
            return folded[position + 2]
    return None
