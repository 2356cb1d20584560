"""What a question asks for: its form (who, when, how many, which city) by its question words.

French and English in full, with what members write for short; of other languages the commonest
question words, where they are unambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import lru_cache
from itertools import pairwise

from knowledge.entities import QuantitySort, dates, names, quantities
from knowledge.entities.cues import load_cues
from knowledge.entities.values import DatePrecision, NameKind
from knowledge.model import Span
from knowledge.text.tokens import Token, is_stop_word, tokenize

__all__ = [
    "ANSWER_TYPE_NOUNS",
    "AnswerType",
    "ClassifiedQuestion",
    "QuestionType",
    "answer_types",
    "classify_question",
    "counted_word",
    "find_answer_type",
]


class AnswerType(Enum):
    """A kind of answer that can be told by its form."""

    DATE = auto()
    NUMBER = auto()
    PERSON = auto()
    PLACE = auto()


class QuestionType(StrEnum):
    """What a question's words ask for. ``OTHER``: nothing that they tell (yes or no, keywords)."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    WHY = "why"
    DEFINITION = "definition"
    NAME = "name"
    WHICH = "which"
    HOW = "how"
    WHAT = "what"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ClassifiedQuestion:
    """The expected answer: its form, the sort of number, and the noun that is asked about.

    ``focus`` is folded: "ville" of "quelle ville", "soldats" of "combien de soldats".
    """

    question_type: QuestionType
    focus: str | None = None
    sort: QuantitySort | None = None


_DATE_NOUNS = frozenset(
    "an annee annees ans date dates jour jours mois moment siecle epoque periode decennie "
    "century date day days decade month months year years time".split()
)
_PLACE_NOUNS = frozenset(
    """
    capitale continent endroit lieu pays region ville localite
    capital city country place town location
    """.split()
)
_NUMBER_NOUNS = {
    "age": QuantitySort.AGE, "altitude": QuantitySort.LENGTH, "distance": QuantitySort.LENGTH,
    "duree": QuantitySort.DURATION, "hauteur": QuantitySort.LENGTH,
    "longueur": QuantitySort.LENGTH, "nombre": QuantitySort.COUNT,
    "pourcentage": QuantitySort.SHARE, "part": QuantitySort.SHARE,
    "proportion": QuantitySort.SHARE, "prix": QuantitySort.MONEY, "quantite": None,
    "superficie": QuantitySort.AREA, "surface": QuantitySort.AREA, "taux": QuantitySort.SHARE,
    "population": QuantitySort.COUNT, "vitesse": QuantitySort.SPEED, "cout": QuantitySort.MONEY,
    "montant": QuantitySort.MONEY, "somme": QuantitySort.MONEY, "budget": QuantitySort.MONEY,
    "salaire": QuantitySort.MONEY, "poids": QuantitySort.MASS, "masse": QuantitySort.MASS,
    "temperature": QuantitySort.TEMPERATURE, "profondeur": QuantitySort.LENGTH,
    "heure": QuantitySort.TIME, "heures": QuantitySort.TIME, "score": None, "tonnage": None,
    "amount": None, "height": QuantitySort.LENGTH, "length": QuantitySort.LENGTH,
    "number": QuantitySort.COUNT, "percentage": QuantitySort.SHARE, "percent": QuantitySort.SHARE,
    "fraction": QuantitySort.SHARE, "price": QuantitySort.MONEY, "cost": QuantitySort.MONEY,
    "quantity": None, "rate": QuantitySort.SHARE, "speed": QuantitySort.SPEED,
    "weight": QuantitySort.MASS, "area": None, "depth": QuantitySort.LENGTH,
    "width": QuantitySort.LENGTH, "largeur": QuantitySort.LENGTH, "salary": QuantitySort.MONEY,
}  # fmt: skip
_PERSON_NOUNS = frozenset("personne personnage person".split())
ANSWER_TYPE_NOUNS = (
    _DATE_NOUNS
    | _PLACE_NOUNS
    | _PERSON_NOUNS
    | frozenset("heure when altitude".split())
    | frozenset(
        "age altitude distance duree hauteur longueur nombre pourcentage prix quantite superficie "
        "taux amount distance height length number percentage price quantity rate".split()
    )
)
"""Nouns that name a kind of answer ("quelle année", "what city"): the answer rarely says them."""
_NAME_NOUNS = frozenset("nom noms name names surnom nickname pseudonyme titre title".split())
_REASON_NOUNS = frozenset(
    "raison raisons cause causes motif but objectif reason reasons purpose goal".split()
)

_WHICH = frozenset(
    "quel quelle quels quelles which what lequel laquelle lesquels lesquelles kel kelle".split()
)
_COPULAS = frozenset(
    "est sont etait etaient fut furent sera is are was were s etre a ont ete".split()
)
_ARTICLES = frozenset("le la les l un une des du de d the a an his her its their son sa".split())

_WHO, _WHEN, _WHERE = QuestionType.WHO, QuestionType.WHEN, QuestionType.WHERE
_HOW_MANY, _WHY, _WHAT = QuestionType.HOW_MANY, QuestionType.WHY, QuestionType.WHAT
_BY_WORD: dict[str, QuestionType] = {
    **dict.fromkeys("who whom whose ki quien quienes wer wen wem quem kto kogo".split(), _WHO),
    **dict.fromkeys("кто кого кому кем хто кого".split(), _WHO),
    **dict.fromkeys("quand kan kand cuando wann wanneer kiedy когда коли متى".split(), _WHEN),
    **dict.fromkeys("ou donde adonde onde gdzie waar где куда откуда де أين اين".split(), _WHERE),
    **dict.fromkeys(
        "combien cb cmb cbien combientieme cuanto cuanta cuantos cuantas quanto quanta quanti "
        "quante quantos quantas wieviel wieviele hoeveel ile kac сколько скільки كم".split(),
        _HOW_MANY,
    ),
    **dict.fromkeys(
        "pourquoi why pk pkoi pq pourkoi warum wieso weshalb waarom dlaczego neden nicin niye "
        "почему зачем чому لماذا".split(),
        _WHY,
    ),
    **dict.fromkeys("comment koman wie como jak как".split(), QuestionType.HOW),
    **dict.fromkeys("quoi koi que qu what was cosa что ماذا".split(), _WHAT),
    "where": _WHERE, "when": _WHEN, "how": QuestionType.HOW, "wo": _WHERE, "chi": _WHO,
    "dove": _WHERE, "nerede": _WHERE, "nereye": _WHERE, "qui": _WHO,
}  # fmt: skip
_WEAK = frozenset("que qu qui ou when where quand was como wie jak как de what que ile".split())
"""Question words that are also relative pronouns or conjunctions, unless they come first."""
_RELATIVE = frozenset("que qu qui ou de ile".split())
_BEFORE_WHO = frozenset("a avec c chez contre de est par pour sur d".split())
_HOW_NUMBER: dict[str, QuantitySort | None] = {
    "many": QuantitySort.COUNT, "much": None, "long": QuantitySort.DURATION,
    "far": QuantitySort.LENGTH, "old": QuantitySort.AGE, "big": None, "large": None,
    "tall": QuantitySort.LENGTH, "deep": QuantitySort.LENGTH, "high": QuantitySort.LENGTH,
    "fast": QuantitySort.SPEED, "often": None, "viele": QuantitySort.COUNT, "viel": None,
    "lange": QuantitySort.DURATION, "alt": QuantitySort.AGE,
}  # fmt: skip
_UNSPACED = re.compile(
    "(?P<who>誰|谁|누구|누가|どなた)|(?P<when>いつ|什么时候|何时|何時|언제|哪年|哪一年|몇 ?년)"
    "|(?P<where>どこ|哪里|哪儿|在哪|何处|어디)|(?P<why>なぜ|どうして|为什么|為什麼|为何|왜)"
    "|(?P<how_many>いくつ|いくら|何人|何回|多少|几|幾|몇|얼마)|(?P<what>何|什么|什麼|무엇|뭐|무슨)"
)


@lru_cache(maxsize=2_048)
def classify_question(question: str) -> ClassifiedQuestion:
    """Return what ``question`` asks for, in any language that is known; often nothing certain."""
    if (unspaced := _UNSPACED.search(question)) is not None:
        return ClassifiedQuestion(QuestionType(unspaced.lastgroup or "other"))
    tokens = list(tokenize(question))
    folded = [token.folded for token in tokens]
    weak: ClassifiedQuestion | None = None
    for at, token in enumerate(tokens):
        found = _at(tokens, folded, at)
        if found is None:
            continue
        if _is_strong(folded, at, token):
            return found
        if token.folded not in _RELATIVE:
            weak = weak or found
    if weak is not None:
        return weak
    return ClassifiedQuestion(QuestionType.OTHER)


def _is_strong(folded: Sequence[str], at: int, token: Token) -> bool:
    word = folded[at]
    if at == 0 or word not in _WEAK or token.lower == "où":
        return True
    if word == "qui":
        return folded[at - 1] in _BEFORE_WHO or at == len(folded) - 1
    if word in ("que", "qu"):
        return folded[at + 1 : at + 3] in (["est", "ce"], ["es", "ce"])
    if word == "what":
        return True
    return at == len(folded) - 1


def _at(tokens: Sequence[Token], folded: Sequence[str], at: int) -> ClassifiedQuestion | None:
    """Return what the word at a place asks for, ``None`` where it is no question word."""
    word = folded[at]
    following = folded[at + 1 : at + 4]
    if word in _WHICH:
        return _which(folded, at)
    question_type = _BY_WORD.get(word)
    if question_type is None:
        return _phrase(folded, at)
    if (
        question_type is _WHERE
        and word == "ou"
        and tokens[at].lower != "où"
        and not _asks_where(folded, at)
    ):
        return None
    if question_type is QuestionType.HOW:
        return _how(word, following)
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


def _phrase(folded: Sequence[str], at: int) -> ClassifiedQuestion | None:
    following = folded[at + 1 : at + 2]
    if folded[at] == "depuis" and following and following[0] in ("longtemps", "quan"):
        return ClassifiedQuestion(_WHEN)
    if folded[at] == "por" and following == ["que"]:
        return ClassifiedQuestion(_WHY)
    if folded[at] == "dou":
        return ClassifiedQuestion(_WHERE)
    if folded[at] == "ne" and following == ["zaman"]:
        return ClassifiedQuestion(_WHEN)
    return None


def _which(folded: Sequence[str], at: int) -> ClassifiedQuestion:
    """Return what "quel", "which", "what" with a noun asks for."""
    position = at + 1
    has_copula = False
    while position < len(folded) and position < at + 5:
        if folded[position] in _COPULAS:
            has_copula = True
        elif not (has_copula and folded[position] in _ARTICLES):
            break
        position += 1
    nouns = folded[position : position + 2]
    if (
        folded[at] == "what"
        and has_copula
        and folded[position - 1] in _COPULAS
        and (nouns and nouns[0] not in _NUMBER_NOUNS)
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
    cues = load_cues()
    singular = noun.removesuffix("s")
    if noun in _DATE_NOUNS:
        return ClassifiedQuestion(_WHEN, noun)
    if noun in _NUMBER_NOUNS:
        return ClassifiedQuestion(_HOW_MANY, noun, _NUMBER_NOUNS[noun])
    if noun in _NAME_NOUNS:
        return ClassifiedQuestion(QuestionType.NAME, noun)
    if noun in _REASON_NOUNS:
        return ClassifiedQuestion(_WHY, noun)
    if noun in _PLACE_NOUNS or noun in cues.places or singular in cues.places:
        return ClassifiedQuestion(_WHERE, noun)
    if noun in _PERSON_NOUNS or noun in cues.roles or singular in cues.roles:
        return ClassifiedQuestion(_WHO, noun)
    return None


def _how(word: str, following: Sequence[str]) -> ClassifiedQuestion:
    first = following[0] if following else ""
    if word in ("how", "wie") and first in _HOW_NUMBER:
        focus = following[1] if first == "many" and len(following) > 1 else None
        return ClassifiedQuestion(_HOW_MANY, focus, _HOW_NUMBER[first])
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


_MEASURING = {
    **dict.fromkeys(
        "coute coutent coutait couter coutera vaut valent valait".split(), QuantitySort.MONEY
    ),
    **dict.fromkeys("gagne gagnent paie paient paye payent cost costs".split(), QuantitySort.MONEY),
    **dict.fromkeys("pese pesent pesait weigh weighs".split(), QuantitySort.MASS),
    **dict.fromkeys("mesure mesurent".split(), QuantitySort.LENGTH),
    **dict.fromkeys("dure durent durait dura".split(), QuantitySort.DURATION),
}


def _measured(folded: Sequence[str]) -> QuantitySort | None:
    """Return what the verb of "combien coûte" asks to measure."""
    return next((_MEASURING[word] for word in folded if word in _MEASURING), None)


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


_KINDS = {
    _WHO: AnswerType.PERSON,
    _WHEN: AnswerType.DATE,
    _WHERE: AnswerType.PLACE,
    _HOW_MANY: AnswerType.NUMBER,
}


def answer_types(question: str) -> frozenset[AnswerType]:
    """Return the kinds of answer that ``question`` asks for and that have a form; often none."""
    kind = _KINDS.get(classify_question(question).question_type)
    return frozenset() if kind is None else frozenset({kind})


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
        if word in ("combien", "cb") and folded[position + 1] in ("de", "d"):
            return folded[position + 2]
    return None


@lru_cache(maxsize=8_192)
def find_answer_type(text: str, kind: AnswerType) -> tuple[Span, ...]:
    """Return the stretches of ``text`` that have the form of ``kind``, in order.

    A person may be any name that is known to be no place, a place any that is no person.
    """
    if kind is AnswerType.DATE:
        return tuple(d.span for d in dates(text) if d.precision is not DatePrecision.RELATIVE)
    if kind is AnswerType.NUMBER:
        return tuple(quantity.measure for quantity in quantities(text))
    unfit = NameKind.PLACE if kind is AnswerType.PERSON else NameKind.PERSON
    return tuple(name.span for name in names(text) if name.kind is not unfit)
