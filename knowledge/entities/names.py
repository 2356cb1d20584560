"""Proper names in a text, French and English: where they stand, and what bears them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from knowledge.entities.coreference import with_shared_kinds
from knowledge.entities.cues import first_names, is_adjective
from knowledge.entities.gazetteer import NameMatch
from knowledge.entities.grammar import opens_sentence
from knowledge.entities.known_names import demonyms, kind_of_concept
from knowledge.entities.name_kinds import (
    acts,
    kind_by_apposition,
    kind_by_form,
    kind_by_neighbours,
)
from knowledge.entities.roles import role_after, role_before, role_before_comma
from knowledge.entities.values import NamedEntity, NameKind
from knowledge.entities.words import Word
from knowledge.languages import vocabulary
from knowledge.model import Span
from knowledge.text.tokens import is_stop_word

__all__ = ["read_names"]

_MAX_PARTICLES = 2
_MAX_NAME_WORDS = 6
"""Adjectives and complements that go on with the name of an organisation."""
_ROMAN_ORDINAL = re.compile(r"[ivxlc]+e(?:me)?")


class _Run(NamedTuple):
    """A name, words ``first`` up to ``end``, with the gazetteer's match where it is all of it."""

    first: int
    end: int
    known: NameMatch | None


def read_names(
    text: str, words: Sequence[Word], known_names: Iterable[NameMatch]
) -> tuple[NamedEntity, ...]:
    """Return the proper names in ``text``, in order, not overlapping.

    ``known_names``: those of the gazetteer in it.

    A word with a capital that opens a sentence counts only where something tells that it is a
    name. Kinds are given where the gazetteer, a title, a common noun or a first name tells them.
    About half a millisecond for a paragraph.
    """
    known = {match.span.start: match for match in known_names}
    lower = frozenset(word.folded for word in words if word.is_word and not word.is_capital)
    inside = frozenset(
        word.folded
        for at, word in enumerate(words)
        if word.is_capital and not opens_sentence(words, at)
    )
    found: list[NamedEntity] = []
    at = 0
    while at < len(words):
        run = _run_at(words, at, known) if words[at].is_capital else None
        if run is None:
            at += 1
            continue
        at = run.end
        if run.known is None and _is_chance(words, run, lower, inside):
            continue
        found.append(_mention(words, run))
        while at < len(words) and words[at].start < found[-1].span.end:
            at += 1
    return tuple(with_shared_kinds(text, found))


def _may_start(words: Sequence[Word], at: int) -> bool:
    word = words[at]
    if not (word.is_word and word.is_capital) or word.folded in vocabulary().dates.weekdays:
        return False
    if is_stop_word(word.folded, None, lower=word.lower) or _ROMAN_ORDINAL.fullmatch(word.folded):
        return False
    following = words[at + 1] if at + 1 < len(words) else None
    is_before_role = word.folded in vocabulary().names.before_roles
    if is_before_role and following is not None and not following.is_capital:
        return False  # "Premier ministre"
    is_letter = word.end - word.start == 1
    return not is_letter or (following is not None and following.folded == ".")


def _run_at(words: Sequence[Word], at: int, known: dict[int, NameMatch]) -> _Run | None:
    """Return the name that starts at a word: capitals in a row, with particles between."""
    word = words[at]
    match = known.get(word.start)
    if match is not None:
        if match.concept.startswith("month"):
            return None
        if word.is_capital and match.span.end > word.end:
            end = at
            while end < len(words) and words[end].end <= match.span.end:
                end += 1
            grown = _grown(words, end, known)
            return _Run(at, grown, match if grown == end else None)
    if not _may_start(words, at):
        return None
    end = _grown(words, at + 1, known)
    if end > at + 1 and match is None and opens_sentence(words, at):
        following = known.get(words[at + 1].start)
        is_whole = following is not None and following.span.end == words[end - 1].end
        if is_whole and following is not None and _is_territory(following):
            say = vocabulary().names
            if word.folded not in say.organisations | say.places | say.roles | say.titles:
                return None  # "Regrouper Pékin et Pyongyang"
    is_known = match is not None and end == at + 1
    return _Run(at, end, match if is_known else None)


def _grown(words: Sequence[Word], end: int, known: dict[int, NameMatch]) -> int:
    """Return the end of a name whose words up to ``end`` are known to belong to it."""
    weekdays = vocabulary().dates.weekdays
    while end < len(words):
        if _is_initial_stop(words, end):
            end += 1
            continue
        if words[end].gap not in (" ", "-", "'", "–") or words[end].kind == "sign":
            break
        match = known.get(words[end].start)
        if match is not None and (
            match.concept.startswith("month")
            or (words[end].gap in ("-", "–") and _is_territory(match))  # "Russie-Corée du Nord"
        ):
            break
        word = words[end]
        is_name = word.is_word and word.is_capital and word.folded not in weekdays
        if word.gap == "-" or is_name:
            end += 1
            continue
        following = _past_particles(words, end, known)
        if following == end:
            break
        end = following
    return end


def _is_initial_stop(words: Sequence[Word], at: int) -> bool:
    """Whether this is the full stop after an initial inside a name: "George W. Bush"."""
    if words[at].folded != "." or words[at].gap or at + 1 >= len(words):
        return False
    initial = words[at - 1]
    return initial.is_capital and initial.end - initial.start == 1 and words[at + 1].is_capital


def _past_particles(words: Sequence[Word], at: int, known: dict[int, NameMatch]) -> int:
    """Return the end of "de la Croix" in a name, ``at`` where the name does not go on so."""
    say, following = vocabulary().names, at
    while (
        following < min(at + _MAX_PARTICLES, len(words))
        and words[following].folded in say.particles
        and not words[following].is_capital
    ):
        following += 1
    if following == at or following >= len(words):
        return at
    after = words[following]
    if not (after.is_word and after.is_capital) or after.gap not in (" ", "'", "-"):
        return at
    match = known.get(after.start)
    is_of = words[at].folded in ("de", "d", "of")
    if match is not None and _is_territory(match) and is_of and _closes(words, at):
        return at
    if after.folded in say.organisations and words[at - 1].folded not in say.organisations:
        return at  # "sur Internet du Comité"
    return following + 1


def _closes(words: Sequence[Word], end: int) -> bool:
    """Whether a person's name is whole before "de": of "Vladimir Poutine de Russie"."""
    return end >= 2 and words[end - 2].folded in first_names() and words[end - 1].is_capital


def _is_territory(match: NameMatch) -> bool:
    return kind_of_concept(match.concept) is NameKind.PLACE


def _is_chance(
    words: Sequence[Word], run: _Run, lower: frozenset[str], inside: frozenset[str]
) -> bool:
    """Whether the capital may be the sentence's and not a name's."""
    if run.end - run.first > 1 or not opens_sentence(words, run.first):
        return False
    word = words[run.first]
    if word.folded in inside:
        return False
    if word.folded in lower:
        return True
    following = words[run.end].folded if run.end < len(words) else ""
    is_elided = run.end < len(words) and words[run.end].gap == "'"
    is_followed = is_elided or following in vocabulary().names.after_names
    return not (is_followed or word.folded in first_names())


def _mention(words: Sequence[Word], run: _Run) -> NamedEntity:
    first, end = run.first, run.end
    say = vocabulary().names
    while (
        end - first > 1
        and words[first].folded in demonyms()
        and (words[first + 1].folded in say.roles or words[first + 1].folded in say.titles)
    ):
        first += 1  # "Russian President Vladimir Putin"
    role: Span | None = None
    titled = first
    while end - titled > 1 and (
        words[titled].folded in say.titles
        or words[titled].folded in say.roles
        or (words[titled].folded in say.before_roles and words[titled + 1].folded in say.roles)
    ):
        titled += 1
        if words[titled].folded == "." and end - titled > 1:
            titled += 1
    is_titled = titled > first and words[titled].folded not in say.particles
    if is_titled:
        role = Span(words[run.first].start, words[titled - 1].end)
        first = titled
    kind = _kind(words, run, first, end, is_titled=is_titled)
    end = _organisation_end(words, first, end) if kind is NameKind.ORGANISATION else end
    if kind in (NameKind.PERSON, None) and role is None:
        role = role_before(words, first)
        if role is None and kind is NameKind.PERSON:
            role = role_before_comma(words, first, end)
        has_article = first > 0 and words[first - 1].lower in ("le", "la", "les", "l", "the")
        if role is None and (kind is NameKind.PERSON or not has_article):
            role = role_after(words, end)  # people have no article: "la Zélande, un roi"
        if role is not None:
            kind = NameKind.PERSON
    concept = None if run.known is None else run.known.concept
    span = Span(words[first].start, words[end - 1].end)
    return NamedEntity(span, kind, concept, role)


def _kind(
    words: Sequence[Word], run: _Run, first: int, end: int, *, is_titled: bool
) -> NameKind | None:
    if is_titled:
        return NameKind.PERSON
    if run.known is not None:
        joints = (word.gap + word.folded for word in words[first + 1 : end])
        is_people = words[first].folded + "".join(joints) in demonyms()  # "Nord-Coréens"
        kind = None if is_people else kind_of_concept(run.known.concept)
        # A seat that stands for an organisation ("Brussels") is a city where nothing acts.
        is_seat = kind is NameKind.ORGANISATION and run.known.is_metonym
        return NameKind.PLACE if is_seat and not acts(words, first, end) else kind
    return (
        kind_by_form(words, first, end)
        or kind_by_neighbours(words, first, end)
        or kind_by_apposition(words, end)
    )


def _organisation_end(words: Sequence[Word], first: int, end: int) -> int:
    """Take the rest of a French name in: "Service fédéral russe de surveillance vétérinaire"."""
    say = vocabulary().names
    if words[first].folded not in say.organisations or end - first > 3:
        return end
    for _ in range(_MAX_NAME_WORDS):
        grown = _next_adjective(words, end) or _next_complement(words, end)
        if grown is None:
            break
        end = grown
    return end


def _next_adjective(words: Sequence[Word], at: int) -> int | None:
    """Return the end of "fédéral", "et phytosanitaire" that goes on with a name."""
    if at + 1 < len(words) and words[at].folded == "et":
        at += 1
    if at >= len(words) or not words[at].is_word or words[at].gap not in (" ", "-"):
        return None
    word = words[at]
    if is_stop_word(word.folded, None, lower=word.lower):
        return None
    if word.is_capital or is_adjective(word.folded) or word.folded in demonyms():
        return at + 1
    return None


def _next_complement(words: Sequence[Word], at: int) -> int | None:
    """Return the end of "de surveillance", "des sanctions" that goes on with a name."""
    of = vocabulary().names.of
    if at >= len(words) or words[at].folded not in of or words[at].gap != " ":
        return None
    at += 1
    if at < len(words) and words[at].folded in ("la", "l", "le", "les"):
        at += 1
    if at >= len(words) or not words[at].is_word or words[at].gap not in (" ", "'"):
        return None
    return None if is_stop_word(words[at].folded, None, lower=words[at].lower) else at + 1
