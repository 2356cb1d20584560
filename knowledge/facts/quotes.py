"""Quotations and who is quoted: by verbs of saying beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.entities import AnalysedText
from knowledge.entities.words import Word, words_of
from knowledge.facts.entities import Entities, Entity
from knowledge.facts.found import Found
from knowledge.languages import vocabulary
from knowledge.model import FactKind, Span
from knowledge.text.tokens import fold

__all__ = ["find_quotes"]

_MARKS = re.compile(r"«\s*([^«»]+?)\s*»|“\s*([^“”]+?)\s*”|(?<!\w)\"\s*([^\"]+?)\s*\"(?!\w)")
_MIN_WORDS = 3
_MIN_WORDS_UNATTRIBUTED = 7
_NEAR = 12
"""Words between a quotation and the verb and name that attribute it."""
_STOPS = frozenset('.!?;:«“"')


def find_quotes(
    text: AnalysedText, entities: Sequence[Entity], article: Entities
) -> Iterator[Found]:
    """Yield the quotations of a paragraph.

    Short ones in quotation marks that nobody is quoted with are titles and words at a distance,
    and left out. A quotation that opens the sentence after an attributed one goes on with it.
    """
    previous: tuple[int, str] | None = None
    for mark in _MARKS.finditer(text.text):
        group = next(number for number in (1, 2, 3) if mark[number] is not None)
        span = Span(mark.start(group), mark.end(group))
        quoted = span.of(text.text)
        size = sum(word.is_word for word in words_of(quoted))
        if size < _MIN_WORDS:
            continue
        whole = Span(mark.start(), mark.end())
        speaker = _speaker(text, whole, entities, article)
        if speaker is None and previous is not None:
            sentence = text.sentence_at(whole)
            between = text.text[previous[0] : whole.start]
            if sentence.start == whole.start and len(between) < 120 and "\n" not in between:
                speaker = previous[1]
        if speaker is None and size < _MIN_WORDS_UNATTRIBUTED and not _is_sentence(quoted):
            continue
        if speaker is not None:
            previous = (whole.end, speaker)
        yield Found(
            kind=FactKind.QUOTE,
            span=span,
            label=speaker or "",
            speaker=speaker,
        )


def _is_sentence(quoted: str) -> bool:
    return quoted[0].isupper() and quoted[-1] in ".!?…" and len(quoted.split()) > _MIN_WORDS


def _speaker(
    text: AnalysedText, quotation: Span, entities: Sequence[Entity], article: Entities
) -> str | None:
    words = text.words
    after = [w for w in words if quotation.end <= w.start][:_NEAR]
    before = [w for w in words if w.end <= quotation.start][-2 * _NEAR :]
    return _said_after(after, entities, article) or _said_before(
        text, quotation, before, entities, article
    )


def _said_after(words: Sequence[Word], entities: Sequence[Entity], article: Entities) -> str | None:
    """Return whom “, a déclaré Kim”, “, Kim said”, “, écrit-il” or “, selon Kim” quotes."""
    say = vocabulary().reporting
    clause = list(_until_stop(words))
    for at, word in enumerate(clause[:6]):
        if word.folded in say.according:
            return _named(_first_from(entities, word.end, 3, clause[at:]), article)
        if word.folded not in say.sayings:
            continue
        following = clause[at + 1 : at + 4]
        if any(w.folded in say.pronouns and w.gap in ("-", " ") for w in following[:2]) or (
            at and clause[at - 1].folded in say.pronouns
        ):
            return _named(_last_person(entities, words[0].start, article), article)
        if at and (subject := _ending_at(entities, clause[0].start, word.start)) is not None:
            return _named(subject, article)
        return _named(_first_from(entities, word.end, 5, clause[at + 1 :]), article)
    return None


def _until_stop(words: Sequence[Word]) -> Iterator[Word]:
    """Yield the words of the clause that follows a quotation: a comma may open it."""
    for position, word in enumerate(words):
        if word.kind == "sign" and (word.folded in _STOPS or (word.folded == "," and position > 1)):
            return
        if word.kind != "sign":
            yield word


def _said_before(
    text: AnalysedText,
    quotation: Span,
    words: Sequence[Word],
    entities: Sequence[Entity],
    article: Entities,
) -> str | None:
    """Return whom “Kim a déclaré que”, “Kim : ” or “selon Kim, ” quotes before a quotation."""
    say = vocabulary().reporting
    start = text.sentence_at(quotation).start
    clause = [w for w in words if w.start >= start]
    for at in range(len(clause) - 1, max(-1, len(clause) - 7), -1):
        word = clause[at]
        if word.kind == "sign" and word.folded in '»”"':
            return None
        if word.folded in say.according and at >= len(clause) - 6:
            return _named(_first_from(entities, word.end, 3, clause[at:]), article)
        if word.folded in say.sayings and word.is_word:
            return _named(_subject(clause[:at], entities, article, start), article)
    return None


def _subject(
    before: Sequence[Word],
    entities: Sequence[Entity],
    article: Entities,
    start: int,
) -> Entity | None:
    """Return the subject of a verb of saying that precedes its quotation."""
    say, rest = vocabulary().reporting, list(before)
    while rest and rest[-1].folded in say.auxiliaries:
        rest.pop()
    if not rest:
        return None
    last = rest[-1]
    if last.folded in say.pronouns:
        return _last_person(entities, last.start, article)
    if last.folded in ("et", "and"):  # “Kim a rencontré Zhang et a déclaré”: the first one said it
        named = [b for b in entities if start <= b.span.start < last.start and article.is_person(b)]
        return named[0] if named else None
    return _ending_at(entities, max(start, last.start - 40), last.end)


def _ending_at(entities: Sequence[Entity], start: int, end: int) -> Entity | None:
    near = [b for b in entities if start <= b.span.start and end - 3 <= b.span.end <= end]
    return near[-1] if near else None


def _first_from(
    entities: Sequence[Entity], start: int, words: int, clause: Sequence[Word]
) -> Entity | None:
    """Return the first name after ``start``, if it stands in the clause and near."""
    if not clause:
        return None
    end = clause[-1].end
    for entity in entities:
        if start <= entity.span.start < end:
            role = entity.span if entity.role is None else entity.role
            first = min(entity.span.start, role.start)
            between = [w for w in clause if start <= w.start < first]
            return entity if len(between) <= words else None
    return None


def _last_person(entities: Sequence[Entity], before: int, article: Entities) -> Entity | None:
    people = [b for b in entities if b.span.end <= before and article.is_person(b)]
    return people[-1] if people else None


def _named(entity: Entity | None, article: Entities) -> str | None:
    if entity is None:
        return None
    speaks = entity.kind is not FactKind.PLACE or (
        fold(entity.name) in vocabulary().reporting.speaking
    )
    return article.full_name(entity) if speaks else None
