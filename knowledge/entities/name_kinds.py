"""What bears a name, by the words in it and beside it."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.entities.cues import first_names, is_adjective
from knowledge.entities.grammar import opens_sentence
from knowledge.entities.known_names import demonyms
from knowledge.entities.values import NameKind
from knowledge.entities.words import Word
from knowledge.languages import vocabulary

__all__ = ["acts", "kind_by_apposition", "kind_by_form", "kind_by_neighbours"]

_MAX_BEFORE_VERB = 4


def kind_by_form(words: Sequence[Word], first: int, end: int) -> NameKind | None:
    """Return what the words of a name say: a first name, "Comité", "Inc.", "Vallée"."""
    say = vocabulary().names
    opening, closing = words[first].folded, words[end - 1].folded
    if end - first > 1:
        if opening in first_names() and closing not in say.organisations:
            return NameKind.PERSON
        if closing in say.businesses:
            return NameKind.ORGANISATION
        if any(words[i].folded in say.organisations for i in range(first, end)):
            return NameKind.ORGANISATION
        if closing in say.places:
            return NameKind.PLACE
    if opening in say.organisations:
        return NameKind.ORGANISATION
    return NameKind.PLACE if opening in say.places else None


def kind_by_neighbours(words: Sequence[Word], first: int, end: int) -> NameKind | None:
    """Return what the words right before and after a name say: "la ville de", "Mme", "à"."""
    say = vocabulary().names
    before = _noun_before(words, first)
    if before in say.organisations:
        return NameKind.ORGANISATION
    if before in say.places:
        return NameKind.PLACE
    previous = words[first - 1] if first else None
    title = words[first - 2] if first > 1 and words[first - 1].folded == "." else previous
    if title is not None and title.is_word and title.folded in say.titles:
        return NameKind.PERSON
    following = {words[i].folded for i in range(end, min(end + 3, len(words)))}
    if not say.born.isdisjoint(following) and "(" in following:
        return NameKind.PERSON
    is_owner = end < len(words) and words[end].folded == "s" and words[end].gap == "'"
    if previous is None or is_owner or words[first].folded in say.fields:
        return None
    if previous.is_capital:  # "À Bakhmout" opens a sentence
        opens = opens_sentence(words, first - 1)
        is_placed = opens and (previous.folded in say.place_before or previous.lower == "à")
    else:
        is_placed = previous.folded in say.place_before or previous.lower in ("à", "en")
    return NameKind.PLACE if is_placed else None


def acts(words: Sequence[Word], first: int, end: int) -> bool:
    """Whether what bears a name does here what only people and organisations do.

    "Brussels has proposed", "selon Bruxelles", "…, a annoncé Bruxelles."; not "trains to Brussels".
    """
    say = vocabulary().names
    before = words[first - 1] if first else None
    is_closed = end == len(words) or words[end].kind == "sign"
    if before is not None and before.is_word:
        earlier = words[first - 2].folded if first > 1 else ""
        if (earlier, before.folded) in (("according", "to"), ("d", "apres")):
            return True
        if before.folded == "selon":
            return True
        if before.folded in say.sayings and is_closed:
            return True
        no_subject = (say.not_before_subjects, say.articles, say.of)
        if any(before.folded in words for words in no_subject):
            return False
    is_being = False
    for word in words[end : end + _MAX_BEFORE_VERB + 1]:
        if word.folded in say.sayings or word.folded in say.decisions:
            return not is_being or word.folded.endswith("ing")  # "is considered" acts on nothing
        if word.folded not in say.before_verbs and word.folded not in say.being:
            return False
        is_being = is_being or word.folded in say.being
    return False


def kind_by_apposition(words: Sequence[Word], end: int) -> NameKind | None:
    """Return what "…, région de l'est", "…, dans l'est de" or "…, the bank," says of a name."""
    if end + 2 >= len(words) or words[end].folded != ",":
        return None
    say, at = vocabulary().names, end + 1
    is_in = words[at].folded in say.place_before
    at += is_in
    at += words[at].folded in say.articles
    if at + 1 >= len(words) or words[at].is_capital:
        return None
    head, following = words[at].folded, words[at + 1]
    if is_in:
        is_placed = head in say.directions and (following.folded in say.of or following.is_capital)
        return NameKind.PLACE if is_placed else None
    if not _follows_head(following):
        return None
    if head in say.areas:
        return NameKind.PLACE
    return NameKind.ORGANISATION if head in say.bodies else None


def _follows_head(word: Word) -> bool:
    """Whether a word may stand after the noun of an apposition, and is no part of another word."""
    if word.folded in vocabulary().names.after_heads or word.folded in (",", ".", ";", ")"):
        return True
    return word.gap == " " and (is_adjective(word.folded) or word.folded in demonyms())


def _noun_before(words: Sequence[Word], first: int) -> str:
    """Return the common noun right before a name: of "la ville de", "le groupe"."""
    say, at = vocabulary().names, first - 1
    for _ in range(2):
        if at >= 0 and words[at].is_word and words[at].folded in say.of | {"l", "la", "le", "the"}:
            at -= 1
    if at < 0 or not words[at].is_word or words[at].is_capital:
        return ""
    if words[first].gap not in (" ", "'"):
        return ""
    return words[at].folded
