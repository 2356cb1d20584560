"""Examples out of examples, by rule: questions as members write them, and what no longer holds."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from knowledge.model import Span
from knowledge.text.tokens import fold, is_stop_word, sentences, tokenize
from knowledge.training.reader.data import Example

__all__ = [
    "Stock", "chatter", "heading", "misheard", "mixed", "noisy", "shifted", "surrounded",
    "without_answer",
]  # fmt: skip

_CAPITALS = "A-ZÀÂÇÉÈÊÎÔ"
_NAME = re.compile(  # not at the start of a sentence, where anything has a capital
    rf"(?<=[\w,;:)»-] )[{_CAPITALS}][\w’-]{{2,}}(?: [{_CAPITALS}][\w’-]+)*"
    rf"|(?<=['’])[{_CAPITALS}][\w-]{{2,}}(?: [{_CAPITALS}][\w-]+)*"
)
_NUMBER = re.compile(r"\b\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?\b")
_KEYS = {  # neighbours on the two layouts that French and English use
    "a": "qzs", "b": "vnh", "c": "xvd", "d": "sfe", "e": "rzd", "f": "dgr", "g": "fht", "h": "gjy",
    "i": "uok", "j": "hku", "k": "jli", "l": "kmo", "m": "lnp", "n": "bmh", "o": "ipl", "p": "oml",
    "q": "awz", "r": "etf", "s": "dqz", "t": "ryg", "u": "yij", "v": "cbg", "w": "xqe", "x": "wcs",
    "y": "tuh", "z": "aes",
}  # fmt: skip
_MIXED = (  # question words that begin questions in both languages
    ("combien de", "how many"), ("pourquoi", "why"), ("quand", "when"), ("où", "where"),
    ("qui", "who"), ("comment", "how"), ("quel est", "what is"), ("quelle est", "what is"),
    ("en quelle année", "in which year"), ("dans quelle ville", "in which city"),
    ("à quelle date", "on which date"), ("qu'est-ce que", "what is"),
)  # fmt: skip

# What members write around a question, and instead of one.
_BEFORE = {
    "fr": ("bonjour, ", "salut ! ", "dites, ", "petite question : ", "excusez-moi, ", "svp ",
           "coucou les amis, je cherche une info : ", "je prépare un exposé, ", "alors, ", "euh "),
    "en": ("hi, ", "hello! ", "hey, quick question: ", "excuse me, ", "please, ", "so, ", "um ",
           "good morning all, I need a fact: ", "I have to give a talk, ", "one more: "),
}  # fmt: skip
_AFTER = {
    "fr": (" merci d'avance !", " svp", " merci", " ? je ne retrouve plus le passage", " :)"),
    "en": (" thanks!", " pls", " many thanks in advance", "? I can't find it", " :)"),
}
_CHATTER = {
    "fr": ("merci", "bonjour", "d'accord", "haha", "super", "quel temps fait-il demain",
           "raconte une blague", "tu as quel âge", "bonne journée", "j'ai faim", "à plus tard",
           "combien font 7 fois 8", "on se retrouve où ce week-end ?", "je n'ai pas compris"),
    "en": ("thank you", "hello", "okay", "haha", "nice", "what's the weather tomorrow",
           "tell me a joke", "how old are you", "have a nice day", "I'm hungry", "see you later",
           "what is 7 times 8", "where do we meet this weekend?", "I don't get it"),
}  # fmt: skip


class Stock:
    """Names and numbers of each article and of all, to put in the place of others."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        self._numbers: dict[str, set[str]] = defaultdict(set)
        for example in examples:
            self._names[example.article].update(_NAME.findall(example.passage))
            self._numbers[example.article].update(_NUMBER.findall(example.passage))
        self._any_name = sorted({name for names in self._names.values() for name in names})
        self._sorted: dict[tuple[str, bool], list[str]] = {}

    def swapped(self, example: Example, rng: random.Random) -> Example | None:
        """Return the question with one name or number of the passage put in another's place,
        which the passage then does not answer; ``None`` where it has neither."""
        passage = fold(example.passage)
        found = [
            (match, is_number)
            for pattern, is_number in ((_NAME, False), (_NUMBER, True))
            for match in pattern.finditer(example.question)
            if fold(match.group()) in passage
        ]
        if not found:
            return None
        match, is_number = rng.choice(found)
        for _ in range(8):
            other = self._other(match.group(), example.article, rng, is_number=is_number)
            if other and fold(other) not in passage:
                question = (
                    example.question[: match.start()] + other + example.question[match.end() :]
                )
                return Example(
                    question, example.passage, None, example.language, "swapped", example.article
                )
        return None

    def _other(self, old: str, article: str, rng: random.Random, *, is_number: bool) -> str:
        if is_number and rng.random() < 0.6:  # a number like it: one digit changed
            at = rng.choice([i for i, c in enumerate(old) if c.isdigit()])
            low = "1" if at == 0 else "0"
            digits = [d for d in "0123456789" if d >= low and d != old[at]]
            return old[:at] + rng.choice(digits) + old[at + 1 :]
        key = (article, is_number)
        if key not in self._sorted:
            self._sorted[key] = sorted((self._numbers if is_number else self._names)[article])
        pool: Sequence[str] = self._sorted[key]
        if not is_number and (len(pool) < 4 or rng.random() < 0.3):
            pool = self._any_name
        return rng.choice(pool) if pool else ""


def without_answer(example: Example) -> Example | None:
    """Return the passage without the sentences that hold the answer's words; ``None`` where
    nothing is left of it, or of them."""
    if example.answer is None:
        return None
    answer = fold(example.answer.of(example.passage))
    spans = sentences(example.passage)
    kept = [
        span for span in spans
        if answer not in fold(span.of(example.passage))
        and not (span.start < example.answer.end and example.answer.start < span.end)
    ]  # fmt: skip
    if not kept:
        return None
    passage = " ".join(span.of(example.passage) for span in kept)
    return Example(example.question, passage, None, example.language, "cut", example.article)


def misheard(word: str, rng: random.Random) -> str:
    """Return a word with one typing error: a letter changed, lost, doubled or swapped."""
    if len(word) < 4:
        return word
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        near = _KEYS.get(word[at], "e")
        return word[:at] + rng.choice(near) + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def noisy(question: str, language: str, rng: random.Random) -> str:
    """Return a question as members may write it: in lower case, without accents or signs, with
    typing errors, or by its content words alone; about half of them stay as they are."""
    if rng.random() < 0.45:
        return question
    if rng.random() < 0.08:
        words = [
            token.span.of(question) for token in tokenize(question)
            if not is_stop_word(token.folded, language, lower=token.lower)
        ]  # fmt: skip
        if len(words) > 1:
            question = " ".join(words)
    if rng.random() < 0.6:
        question = question.lower()
    if rng.random() < 0.35:
        decomposed = unicodedata.normalize("NFD", question)
        question = "".join(c for c in decomposed if not unicodedata.combining(c))
    if rng.random() < 0.5:
        question = question.rstrip(" ?!.\u00a0\u202f")
    if rng.random() < 0.25:
        words = question.split(" ")
        for _ in range(rng.randint(1, 2)):
            at = rng.randrange(len(words))
            if not any(c.isdigit() for c in words[at]):
                words[at] = misheard(words[at], rng)
        question = " ".join(words)
    return question


def surrounded(question: str, language: str, rng: random.Random) -> str:
    """Return the question with what members write before or after it, or both."""
    where = rng.randrange(3)
    before = rng.choice(_BEFORE[language]) if where != 1 else ""
    after = rng.choice(_AFTER[language]) if where != 0 else ""
    return before + (question.rstrip(" ?!.\u00a0\u202f") if after else question) + after


def chatter(language: str, rng: random.Random) -> str:
    """Return what members write that asks nothing of any passage."""
    return rng.choice(_CHATTER[language])


def heading(passage: str, rng: random.Random) -> str:
    """Return a few words of the passage, as long as a heading."""
    words = passage.split()
    count = rng.randint(2, 8)
    start = rng.randrange(max(1, len(words) - count))
    return " ".join(words[start : start + count]).strip(" ,;:.")


def mixed(question: str, language: str) -> str:
    """Return a French question that begins in English, or the other way round."""
    pairs: Mapping[str, str] = dict(_MIXED if language == "fr" else [(b, a) for a, b in _MIXED])
    for old, new in pairs.items():
        if question.lower().startswith(f"{old} "):
            return new.capitalize() + question[len(old) :]
    return question


def shifted(answer: Span | None, window: Span) -> Span | None:
    """Return the answer's place in the window, ``None`` where it is not whole in it."""
    if answer is None or answer.start < window.start or answer.end > window.end:
        return None
    return Span(answer.start - window.start, answer.end - window.start)
