"""What the words beside a name say of its bearer: “président russe”, “, the chief executive”."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.entities.cues import is_adjective
from knowledge.entities.known_names import demonyms
from knowledge.entities.words import Word
from knowledge.languages import vocabulary
from knowledge.model import Span
from knowledge.text.tokens import is_stop_word

__all__ = ["role_after", "role_before", "role_before_comma"]

_MAX_ROLE_WORDS = 6
_MAX_ROLE_CHARACTERS = 140


def role_before(words: Sequence[Word], first: int) -> Span | None:
    """Return "président russe", "commandant de la marine" right before a name."""
    say = vocabulary().names
    at = first - 1
    needs_particle = False
    if at >= 0 and words[at].folded in say.of | say.articles:
        return None  # "le gouverneur de la Nouvelle-Galles"
    for _ in range(_MAX_ROLE_WORDS):
        if at < 0 or not words[at].is_word or words[at + 1].gap not in (" ", "-", "'"):
            return None
        word = words[at]
        if word.folded in say.roles:
            while (
                at > 0
                and words[at].gap in (" ", "-")
                and (words[at - 1].folded in say.before_roles or words[at - 1].folded in say.roles)
            ):
                at -= 1
            return Span(words[at].start, words[first - 1].end)
        if word.folded in say.of or word.folded in ("la", "l", "le", "les"):
            needs_particle = False
        elif needs_particle or is_stop_word(word.folded, None, lower=word.lower):
            return None
        elif not (is_adjective(word.folded) or word.folded in demonyms()):
            needs_particle = True
        at -= 1
    return None


def role_before_comma(words: Sequence[Word], first: int, end: int) -> Span | None:
    """Return "directeur général" of "Son directeur général, Guillaume Faury, vise"."""
    is_apposition = (
        first > 1
        and words[first - 1].folded == ","
        and (end >= len(words) or words[end].folded in (",", "."))
    )
    if not is_apposition:
        return None
    noun = first - 1
    role = role_before([*words[:noun], words[first]], noun)
    return None if role is None else Span(role.start, words[noun - 1].end)


def role_after(words: Sequence[Word], end: int) -> Span | None:
    """Return "président du comité" of "Pak Thae Song, président du comité, qui"."""
    say = vocabulary().names
    if end + 1 >= len(words) or words[end].folded != ",":
        return None
    start = end + 1
    if words[start].folded in say.articles:
        start += 1
    if start + 2 < len(words) and words[start + 1].folded == "s" and words[start + 1].gap == "'":
        start += 2  # "the company's chief executive"
    heads = [words[i].folded for i in range(start, min(start + 2, len(words)))]
    if not any(word in say.roles for word in heads):
        return None
    if is_stop_word(heads[0], None) or heads[0] == "alors":
        start += 1
    at = start
    while (
        at < len(words)
        and words[at].is_word
        and words[at].end - words[start].start < (_MAX_ROLE_CHARACTERS)
    ):
        if words[at].lower in ("qui", "who", "dont", "whose", "a", "est", "was", "is", "has"):
            break
        at += 1
    while at > start and words[at - 1].folded in say.of | say.articles | {"in", "en", "from"}:
        at -= 1
    return Span(words[start].start, words[at - 1].end) if at > start else None
