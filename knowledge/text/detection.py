"""Which language a text is written in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import overload

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from knowledge.languages import known_languages, ruled_languages, vocabulary
from knowledge.text.tokens import fold, tokenize

__all__ = ["detect_language"]

# Low-accuracy models (trigrams) load in a tenth of a second; among few languages they suffice.
_LANGUAGES = (
    Language.ARABIC, Language.CHINESE, Language.DUTCH, Language.ENGLISH, Language.FRENCH,
    Language.GERMAN, Language.ITALIAN, Language.JAPANESE, Language.KOREAN, Language.POLISH,
    Language.PORTUGUESE, Language.RUSSIAN, Language.SPANISH, Language.TURKISH,
    Language.UKRAINIAN, Language.VIETNAMESE,
)  # fmt: skip
_MIN_MARGIN = 0.15
_SHARE = 0.5  # of function words, which languages close to one do not reach
_TELLING_ONE_IN = 40  # words of a text that one tells the language of
_CLEAR = 2  # function words more of one language than of any other
_READ_CHARACTERS = 5_000
_FEW, _TWO = 6, 2
"""Words of a text whose letters tell little of its language, and next to nothing."""
_SURE, _FAIR = 0.9, 0.8
_SPANISH_MARKS = "¿¡"


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    builder = LanguageDetectorBuilder.from_languages(*_LANGUAGES).with_low_accuracy_mode()
    return builder.with_preloaded_language_models().build()


@overload
def detect_language(text: str, *, likely: Sequence[str] = ()) -> str | None: ...
@overload
def detect_language(text: str, *, default: str, likely: Sequence[str] = ()) -> str: ...
def detect_language(
    text: str, *, default: str | None = None, likely: Sequence[str] = ()
) -> str | None:
    """Return the ISO 639-1 code of the language of ``text``, ``default`` where it cannot be told.

    A question word of a language that there are rules for, or two function words more of one than
    of any other, settle it: statistics of letters go astray on short questions full of names. In
    a text of few words one function word does, and a language that is neither ``likely`` (those
    of the articles) nor has rules is told by clear statistics only.
    """
    text = text[:_READ_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    words = [token.lower for token in tokenize(text)]
    counts = {code: _count(words, code) for code in ruled_languages()}
    first, second = sorted(counts, key=lambda code: -counts[code])[:2]
    lead = counts[first] - counts[second]
    telling = vocabulary().function_words.telltale
    is_telling = sum(word in telling for word in words) * _TELLING_ONE_IN >= len(words)
    is_spanish = any(mark in text for mark in _SPANISH_MARKS)
    if lead >= _CLEAR and is_telling and not is_spanish:
        return first  # the letters, which take a while, cannot change that
    scores = _detector().compute_language_confidence_values(text)
    if not words or not scores:
        return default
    if is_spanish:
        return "es"
    best, runner_up = scores[0], scores[1]
    likeliest = best.language.iso_code_639_1.name.lower()
    is_shared = not is_telling and any(
        likeliest in known_languages()[code].function_words.close_to and count < _SHARE * len(words)
        for code, count in counts.items()
    )
    if lead >= _CLEAR and not is_shared:
        return first
    if likely and len(words) <= _FEW and lead and best.value < _SURE:
        return first
    if likely and len(words) <= _FEW and likeliest not in likely:
        values = {one.language.iso_code_639_1.name.lower(): one.value for one in scores}
        expected = max((*likely, *ruled_languages()), key=lambda code: values.get(code, 0.0))
        is_chance = len(words) == _TWO or best.value < _FAIR
        if len(words) > 1 and is_chance and values.get(expected, 0.0) > 0.0:  # its letters fit
            return expected
    if best.value - runner_up.value < _MIN_MARGIN:
        return first if lead else default
    return likeliest


def _count(words: Sequence[str], code: str) -> int:
    """Return how many of ``words`` (in lower case) speak for a language: function words that no
    other has, and twice the ones that tell it."""
    own = known_languages()[code].function_words
    others = [one.function_words.words for key, one in known_languages().items() if key != code]
    total = 0
    for word in words:
        folded = fold(word)
        if word in own.telltale:
            total += _CLEAR
        elif folded in own.words and not any(folded in other for other in others):
            total += 1
    return total
