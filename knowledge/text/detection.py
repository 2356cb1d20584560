"""Which language a text is written in."""

from __future__ import annotations

from functools import lru_cache
from typing import overload

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from knowledge.languages import stopwords
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
_SHARE = 0.5  # of function words, which Spanish, Portuguese and Italian do not reach
_READ_CHARACTERS = 5_000


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    builder = LanguageDetectorBuilder.from_languages(*_LANGUAGES).with_low_accuracy_mode()
    return builder.with_preloaded_language_models().build()


@overload
def detect_language(text: str) -> str | None: ...
@overload
def detect_language(text: str, *, default: str) -> str: ...
def detect_language(text: str, *, default: str | None = None) -> str | None:
    """Return the ISO 639-1 code of the language of ``text``, ``default`` where it cannot be told.

    A question word of French or English, or two function words more of one than of the other,
    settle it: statistics of letters go astray on short questions full of names.
    """
    text = text[:_READ_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    words = [token.lower for token in tokenize(text)]
    french = sum(_weight(w, stopwords.FRENCH, stopwords.ENGLISH, _FRENCH_ONLY) for w in words)
    english = sum(_weight(w, stopwords.ENGLISH, stopwords.FRENCH, _ENGLISH_ONLY) for w in words)
    scores = _detector().compute_language_confidence_values(text)
    if not words or not scores:
        return default
    best, second = scores[0], scores[1]
    is_shared = best.language in _SHARING_WORDS and (
        (_FRENCH_ONLY | _ENGLISH_ONLY).isdisjoint(words) and french < _SHARE * len(words)
    )
    if abs(french - english) >= 2 and not is_shared:
        return "fr" if french > english else "en"
    if best.value - second.value < _MIN_MARGIN:
        return ("fr" if french > english else "en") if french != english else default
    return best.language.iso_code_639_1.name.lower()


_FRENCH_ONLY = frozenset(
    "combien comment lequel laquelle lesquels où pourquoi quand quel quelle quelles quels".split()
)
_ENGLISH_ONLY = frozenset("how what when where which who whose why".split())


def _weight(word: str, own: frozenset[str], other: frozenset[str], decisive: frozenset[str]) -> int:
    folded = fold(word)
    if word in decisive:
        return 2
    return int(folded in own and folded not in other)


# Languages close enough to share function words with French ("de", "la", "que", "en").
_SHARING_WORDS = frozenset({Language.SPANISH, Language.PORTUGUESE, Language.ITALIAN})
