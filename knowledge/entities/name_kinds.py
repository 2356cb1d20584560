"""What bears a name, by the words in it and beside it."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.entities.cues import ADJECTIVE, load_cues
from knowledge.entities.grammar import ARTICLES, OF, opens_sentence
from knowledge.entities.known_names import demonyms
from knowledge.entities.values import NameKind
from knowledge.entities.words import Word

__all__ = ["acts", "kind_by_apposition", "kind_by_form", "kind_by_neighbours"]

_PLACE_BEFORE = frozenset("in dans near".split())


_DIRECTIONS = frozenset(
    """
    nord sud est ouest centre north south east west northern southern eastern western central
    """.split()
)


_AFTER_HEADS = frozenset(", . ; ) de d du des of in on near that which qui dont ou en a".split())


_BORN = frozenset("ne nee born mort morte died".split())


# What stands right before a name that is not the subject of a verb after it.
_NO_SUBJECT_AFTER = (
    ARTICLES
    | OF
    | frozenset(
        """
        a au aux en dans vers depuis via par pour avec sans contre entre chez sur hors pres
        in at from to near into through around outside inside across by for with against between
        towards toward via on over than as
        """.split()
    )
)
_BEING = frozenset("is are was were be been".split())
_BEFORE_VERBS = _BEING | frozenset(
    """
    a ont avait avaient n ne pas plus l le la les lui leur egalement aussi alors deja encore
    have has had not also later recently now still again already
    """.split()
)
_MAX_BEFORE_VERB = 4


def kind_by_form(words: Sequence[Word], first: int, end: int) -> NameKind | None:
    """Return what the words of a name say: a first name, "Comité", "Inc.", "Vallée"."""
    cues = load_cues()
    opening, closing = words[first].folded, words[end - 1].folded
    if end - first > 1:
        if opening in cues.first_names and closing not in cues.organisations:
            return NameKind.PERSON
        if closing in cues.businesses:
            return NameKind.ORGANISATION
        if any(words[i].folded in cues.organisations for i in range(first, end)):
            return NameKind.ORGANISATION
        if closing in cues.places:
            return NameKind.PLACE
    if opening in cues.organisations:
        return NameKind.ORGANISATION
    return NameKind.PLACE if opening in cues.places else None


def kind_by_neighbours(words: Sequence[Word], first: int, end: int) -> NameKind | None:
    """Return what the words right before and after a name say: "la ville de", "Mme", "à"."""
    cues = load_cues()
    before = _noun_before(words, first)
    if before in cues.organisations:
        return NameKind.ORGANISATION
    if before in cues.places:
        return NameKind.PLACE
    previous = words[first - 1] if first else None
    title = words[first - 2] if first > 1 and words[first - 1].folded == "." else previous
    if title is not None and title.is_word and title.folded in cues.titles:
        return NameKind.PERSON
    following = {words[i].folded for i in range(end, min(end + 3, len(words)))}
    if following & _BORN and "(" in following:
        return NameKind.PERSON
    is_owner = end < len(words) and words[end].folded == "s" and words[end].gap == "'"
    if previous is None or is_owner or words[first].folded in cues.fields:
        return None
    if previous.is_capital:  # "À Bakhmout" opens a sentence
        opens = opens_sentence(words, first - 1)
        is_placed = opens and (previous.folded in _PLACE_BEFORE or previous.lower == "à")
    else:
        is_placed = previous.folded in _PLACE_BEFORE or previous.lower in ("à", "en")
    return NameKind.PLACE if is_placed else None


def acts(words: Sequence[Word], first: int, end: int) -> bool:
    """Whether what bears a name does here what only people and organisations do.

    "Brussels has proposed", "selon Bruxelles", "…, a annoncé Bruxelles."; not "trains to Brussels".
    """
    cues = load_cues()
    before = words[first - 1] if first else None
    is_closed = end == len(words) or words[end].kind == "sign"
    if before is not None and before.is_word:
        earlier = words[first - 2].folded if first > 1 else ""
        if (earlier, before.folded) in (("according", "to"), ("d", "apres")):
            return True
        if before.folded == "selon":
            return True
        if before.folded in cues.sayings and is_closed:
            return True
        if before.folded in _NO_SUBJECT_AFTER:
            return False
    is_being = False
    for word in words[end : end + _MAX_BEFORE_VERB + 1]:
        if word.folded in cues.sayings or word.folded in cues.decisions:
            return not is_being or word.folded.endswith("ing")  # "is considered" acts on nothing
        if word.folded not in _BEFORE_VERBS:
            return False
        is_being = is_being or word.folded in _BEING
    return False


def kind_by_apposition(words: Sequence[Word], end: int) -> NameKind | None:
    """Return what "…, région de l'est", "…, dans l'est de" or "…, the bank," says of a name."""
    if end + 2 >= len(words) or words[end].folded != ",":
        return None
    cues, at = load_cues(), end + 1
    is_in = words[at].folded in _PLACE_BEFORE
    at += is_in
    at += words[at].folded in ARTICLES
    if at + 1 >= len(words) or words[at].is_capital:
        return None
    head, following = words[at].folded, words[at + 1]
    if is_in:
        is_placed = head in _DIRECTIONS and (following.folded in OF or following.is_capital)
        return NameKind.PLACE if is_placed else None
    is_head = following.folded in _AFTER_HEADS or (
        following.gap == " "
        and (ADJECTIVE.fullmatch(following.folded) or following.folded in demonyms())
    )
    if not is_head:
        return None
    if head in cues.areas:
        return NameKind.PLACE
    return NameKind.ORGANISATION if head in cues.bodies else None


def _noun_before(words: Sequence[Word], first: int) -> str:
    """Return the common noun right before a name: of "la ville de", "le groupe"."""
    at = first - 1
    for _ in range(2):
        if at >= 0 and words[at].folded in (*OF, "l", "la", "le", "the") and words[at].is_word:
            at -= 1
    if at < 0 or not words[at].is_word or words[at].is_capital:
        return ""
    if words[first].gap not in (" ", "'"):
        return ""
    return words[at].folded
