"""What kind of thing a question asks for, and where a text has things of that kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from knowledge.language import Token, fold, tokenize
from knowledge.model import Span

__all__ = ["KIND_NOUNS", "AnswerKind", "counted_word", "expected_kinds", "find_kind"]


class AnswerKind(Enum):
    """A kind of answer that can be told by its form."""

    DATE = auto()
    NUMBER = auto()
    PERSON = auto()
    PLACE = auto()


_DATE_NOUNS = frozenset(
    "an annee annees ans date dates heure jour jours mois moment siecle epoque periode "
    "century date day month time year years when".split()
)
_PLACE_NOUNS = frozenset(
    """
    capitale continent endroit lieu pays region ville
    capital city country place town
    """.split()
)
_NUMBER_NOUNS = frozenset(
    "age altitude distance duree hauteur longueur nombre pourcentage prix quantite superficie taux "
    "amount distance height length number percentage price quantity rate".split()
)
_PERSON_NOUNS = frozenset("personne personnage person".split())
KIND_NOUNS = _DATE_NOUNS | _PLACE_NOUNS | _NUMBER_NOUNS | _PERSON_NOUNS
"""Nouns that name a kind of answer ("quelle année", "what city"): the answer rarely says them."""

_WHICH = frozenset("quel quelle quels quelles which what".split())


def expected_kinds(question: str) -> frozenset[AnswerKind]:
    """Return the kinds of answer that ``question`` (French or English) asks for; often none."""
    tokens = list(tokenize(question))
    kinds: set[AnswerKind] = set()
    for position, token in enumerate(tokens):
        following = [t.folded for t in tokens[position + 1 : position + 3]]
        previous = tokens[position - 1].folded if position else ""
        kinds.update(_kinds_at(token, previous, following))
    return frozenset(kinds)


def counted_word(question: str) -> str | None:
    """Return the folded word that "combien de" or "how many" counts, ``None`` where there is none.

    "how much", "how long" and "how far" count nothing that has a name.
    """
    folded = [token.folded for token in tokenize(question)]
    for before, word in pairwise(folded):
        if before == "many" and word not in ("of", "are", "were", "is"):
            return word
        if before == "how" and word == "long":
            return word
    for position, word in enumerate(folded[:-2]):
        if word == "combien" and folded[position + 1] in ("de", "d"):
            return folded[position + 2]
    return None


def _kinds_at(token: Token, previous: str, following: list[str]) -> Iterator[AnswerKind]:
    word = token.folded
    if word in ("quand", "when") or (word == "depuis" and "longtemps" in following):
        yield AnswerKind.DATE
    elif word == "combien" or (word == "how" and not _HOW_NUMBER.isdisjoint(following[:1])):
        yield AnswerKind.NUMBER
    elif word in ("who", "whom", "whose") or (word == "qui" and previous in _BEFORE_WHO):
        yield AnswerKind.PERSON
    elif word == "where" or token.lower == "où":
        yield AnswerKind.PLACE
    elif word in _WHICH:
        for noun in following:
            yield from _kinds_of_noun(noun)


_BEFORE_WHO = frozenset(["", "a", "avec", "c", "chez", "contre", "de", "est", "par", "pour"])
_HOW_NUMBER = frozenset("many much long far old big large tall deep high fast often".split())


def _kinds_of_noun(noun: str) -> Iterator[AnswerKind]:
    if noun in _DATE_NOUNS:
        yield AnswerKind.DATE
    elif noun in _PLACE_NOUNS:
        yield AnswerKind.PLACE
    elif noun in _NUMBER_NOUNS:
        yield AnswerKind.NUMBER
    elif noun in _PERSON_NOUNS:
        yield AnswerKind.PERSON


_MONTHS = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|"
    "january|february|march|april|may|june|july|august|september|october|november|december"
)
_DATE = re.compile(
    rf"""
    \b(?:(?:debut|fin|mi|early|late|mid)[ -])?
    (?:
        (?:\d{{1,2}}(?:er|st|nd|rd|th)?\ (?:of\ )?)?(?:{_MONTHS})\b
        (?:\ \d{{1,2}}(?:st|nd|rd|th)?\b)?
        (?:,?\ \d{{3,4}}\b)?
        | (?:1\d|20)\d\d\b(?![.,]?\d)
        | [ivx]+e\ siecle\b
        | \d{{1,2}}(?:st|nd|rd|th)\ century\b
    )
    """,
    re.VERBOSE,
)
_NUMBER_WORDS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|"
    "trente|quarante|cinquante|soixante|cent|cents|mille|million|millions|milliard|milliards|"
    "dizaine|dizaines|douzaine|vingtaine|centaine|centaines|millier|milliers|moitie|tiers|quart|"
    "quarts|premier|premiere|deuxieme|troisieme|quatrieme|"
    "two|three|four|five|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|hundreds|thousand|thousands|"
    "billion|billions|dozen|half|third|second|first"
)
_NUMBER = re.compile(
    rf"""
    (?<![\w-])
    (?:\d+(?:[ .,'’]\d+)*|{_NUMBER_WORDS})
    (?:
        (?:[ -]|\ (?:et|and|a|ou|or|to)\ )
        (?:\d+(?:[ .,'’]\d{{3}})*|{_NUMBER_WORDS})\b
    )*
    \ ?(?:%|\b)
    """,
    re.VERBOSE,
)
_NAME = re.compile(
    r"(?<!\w)[^\W\d_a-z][\w’'-]+"
    r"(?:[ -](?:(?:de|du|des|of|the|la|le)[ -])?[A-ZÀ-Þ][\w’'-]+)*"
)


@lru_cache(maxsize=8_192)
def find_kind(text: str, kind: AnswerKind) -> tuple[Span, ...]:
    """Return the stretches of ``text`` that have the form of ``kind``, in order.

    A person or a place is any capitalised name that does not open a sentence.
    """
    if kind in (AnswerKind.PERSON, AnswerKind.PLACE):
        return tuple(
            Span(*match.span())
            for match in _NAME.finditer(text)
            if match.group()[0].isupper() and _is_inside_sentence(text, match.start())
        )
    folded = text.translate(_FOLD_IN_PLACE)
    pattern = _DATE if kind is AnswerKind.DATE else _NUMBER
    return tuple(
        Span(match.start(), match.start() + len(match.group().rstrip()))
        for match in pattern.finditer(folded)
    )


def _is_inside_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return bool(before) and before[-1] not in ".!?…«"


class _FoldInPlace(dict[int, str]):
    """Folds letter by letter, so that offsets stay; white space of all sorts becomes a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = " " if character.isspace() else fold(character)
        self[code] = kept = folded if len(folded) == 1 else character
        return kept


_FOLD_IN_PLACE = _FoldInPlace()
