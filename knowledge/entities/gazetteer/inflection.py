"""The forms that a name or an adjective takes: tables of endings, language by language.

Snowball stems were left aside: they need the text's language, which a question of two words does
not show, and they throw unlike names together ("Niger" and "nigérian"). Too many forms do no
harm, since forms that are no words do not occur.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

__all__ = ["DECLINING_LANGUAGES", "adjective_forms", "name_forms"]

_Endings = Sequence[tuple[str, str]]

# The first ending that fits is replaced by each of the alternatives; "-" stands for nothing.
_ADJECTIVES: dict[str, _Endings] = {
    "fr": (
        ("en", "en ens enne ennes"), ("on", "on ons onne onnes"), ("e", "e es"),
        ("s", "s se ses"), ("", "- s e es"),
    ),
    "en": (("ese", "ese"), ("sh", "sh"), ("ch", "ch"), ("s", "s"), ("man", "man men"), ("", "- s")),
    "es": (
        ("o", "o a os as"), ("és", "és esa eses esas"), ("án", "án ana anes anas"),
        ("í", "í íes ís"), ("l", "l la les las"), ("n", "n na nes nas"), ("", "- s"),
    ),
    "it": (
        ("co", "co ca ci che chi"), ("o", "o a i e"), ("ese", "ese esi"), ("e", "e i"),
        ("a", "a i e"), ("", "-"),
    ),
    "pt": (
        ("o", "o a os as"), ("ês", "ês esa eses esas"), ("ão", "ão ã ães ãos ãs"),
        ("eu", "eu eia eus eias"), ("l", "l la is las"), ("", "- s"),
    ),
    "de": (
        ("isch", "isch ische ischer ischen isches ischem"), ("sch", "sch sche scher schen sches"),
        ("er", "er ers ern erin erinnen"), ("e", "e en in innen"), ("", "- e en s"),
    ),
    "nl": (("s", "s se sen"), ("er", "er ers"), ("", "- e en s")),
    "pl": (
        ("ki", "ki ka kie kiego kiej kiemu kim kich kimi ką"),
        ("in", "in ina inowi inem inie ie om ami ach"),
        ("", "- a owi em ie y ów om ami ach"),
    ),
    "ru": (
        ("ий", "ий ая ое ие ого ему ому им ом ой ую их ими"),
        ("ец", "ец ца цу цем це цы цев цам цами цах"),
        ("анин", "анин анина анину анином анине ане ан анам анами анах"),
        ("ин", "ин ина ину ином ине ины ины инам инами инах"),
    ),
    "uk": (
        ("ий", "ий а е і ого ому им ій ої у ою их ими"),
        ("ець", "ець ця цю цем ці ців цям цями цях"),
        ("анин", "анин анина анину анином ани анам анами анах"),
    ),
    "tr": (("", "- ler lar"),),
    "ar": (("ي", "ي ية يون يين"),),
}  # fmt: skip

# Nominative, genitive, dative, accusative, instrumental, locative: the words of a name agree.
_CASES: dict[str, _Endings] = {
    "ru": (
        ("ия", "ия ии ии ию ией ии"), ("ая", "ая ой ой ую ой ой"), ("ея", "ея еи ее ею еей ее"),
        ("я", "я и е ю ей е"), ("га", "га ги ге гу гой ге"), ("ка", "ка ки ке ку кой ке"),
        ("а", "а ы е у ой е"), ("ое", "ое ого ому ое ым ом"), ("ие", "ие их им ие ими их"),
        ("ые", "ые ых ым ые ыми ых"), ("ий", "ий ия ию ий ием ии"), ("й", "й я ю й ем е"),
        ("ль", "ль ля лю ль лем ле"), ("нь", "нь ня ню нь нем не"), ("ы", "ы - ам ы ами ах"),
        ("ин", "ин ина ину ин ином ине"), ("", "- а у - ом е"),
    ),
    "uk": (
        ("ія", "ія ії ії ію ією ії"), ("ея", "ея еї еї ею еєю еї"), ("я", "я і і ю ею і"),
        ("ка", "ка ки ці ку кою ці"), ("а", "а и і у ою і"), ("ий", "ий ого ому ий им ому"),
        ("ів", "їв єва єву їв євом єві"), ("и", "и - ам и ами ах"), ("ь", "ь я ю ь ем і"),
        ("й", "й ю ю й єм ї"), ("", "- у ові - ом і"),
    ),
    "pl": (
        ("ja", "ja ji ji ję ją ji"), ("ia", "ia ii ii ię ią ii"), ("ea", "ea ei ei eę eą ei"),
        ("ka", "ka ki ce kę ką ce"), ("wa", "wa wy wie wę wą wie"), ("a", "a y ie ę ą ie"),
        ("y", "y - om y ami ach"), ("o", "o"), ("in", "in ina inowi in inem inie"),
        ("", "- u owi - em ie"),
    ),
}  # fmt: skip
_ADJECTIVE_CASES: dict[str, _Endings] = {
    "ru": (
        ("ая", "ая ой ой ую ой ой"), ("ий", "ий ого ому ий им ом"), ("ый", "ый ого ому ый ым ом"),
    ),
    "uk": (("а", "а ої ій у ою ій"), ("я", "я ьої ій ю ьою ій")),
    "pl": (("a", "a ej ej ą ą ej"), ("e", "e ych ym e ymi ych"), ("i", "i iego iemu i im im")),
}  # fmt: skip


DECLINING_LANGUAGES = frozenset({"de", "nl", *_CASES})
"""Those whose names take endings; in all others ``name_forms`` returns the name alone."""


def _endings(word: str, endings: _Endings) -> list[str]:
    for ending, alternatives in endings:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            return [stem + other for other in _split(alternatives)]
    return [word]


@cache
def _split(alternatives: str) -> tuple[str, ...]:
    return tuple("" if other == "-" else other for other in alternatives.split(" "))


def adjective_forms(phrase: str, language: str) -> list[str]:
    """Return the forms of an adjective or demonym: its last word in all genders and numbers."""
    endings = _ADJECTIVES.get(language, ())
    head, space, last = phrase.rpartition(" ")
    forms = _endings(last, endings)
    return [f"{head} {form}" for form in forms] if space else forms


def name_forms(name: str, language: str) -> list[str]:
    """Return the cases of a name: German and Dutch genitives, and the Slavic declensions.

    The words of a Slavic name are declined together, each by its own ending; of a name with more
    than two words nothing is declined.
    """
    if language in {"de", "nl"}:
        is_final = " " in name or name.endswith("s") or name.isupper()
        return [name] if is_final else [name, f"{name}s"]
    cases = _CASES.get(language)
    words = name.split(" ")
    if cases is None or len(words) > 2 or name.isupper():
        return [name]
    if len(words) == 1:
        return _endings(name, cases)
    # The adjective stands before the noun in Russian and Ukrainian, and behind it in Polish.
    adjective, noun = (1, 0) if language == "pl" else (0, 1)
    adjectives = _endings(words[adjective], _ADJECTIVE_CASES[language])
    nouns = _endings(words[noun], cases)
    if len(adjectives) != len(nouns):
        return [name]
    pairs = zip(nouns, adjectives, strict=True)
    return [f"{n} {a}" if language == "pl" else f"{a} {n}" for n, a in pairs]
