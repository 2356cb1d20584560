"""Who reported what: “selon Reuters”, “a rapporté le New York Times”, “told Reuters”."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from knowledge.entities import AnalysedText
from knowledge.entities.words import Word
from knowledge.facts.entities import Entities, Entity
from knowledge.facts.found import Found
from knowledge.facts.measures import dated
from knowledge.languages import vocabulary
from knowledge.model import FactKind, Span
from knowledge.text.tokens import fold

__all__ = ["find_sources"]

_MAX_WORDS_TO_NAME = 12
_MAX_WORDS_TO_VERB = 9
_DATE_REACH = 40
"""Characters between a verb of reporting and the date that it was reported on."""


def find_sources(
    text: AnalysedText, entities: Sequence[Entity], article: Entities, reference: date | None
) -> Iterator[Found]:
    """Yield who is named as the source of what a paragraph says, each once a sentence."""
    seen: set[tuple[int, str]] = set()
    candidates = [*_according(text, entities), *_reporting(text, entities, article)]
    for entity, cue in sorted(candidates, key=lambda one: one[0].span):
        name = article.full_name(entity)
        key = (text.sentence_at(entity.span).start, name)
        if key in seen:
            continue
        seen.add(key)
        start, end, precision, is_inferred = _reported_on(text, entity.span, cue, reference)
        yield Found(
            kind=FactKind.SOURCE,
            span=Span(min(cue.start, entity.span.start), max(cue.end, entity.span.end)),
            label=name,
            value=name,
            date_start=start,
            date_end=end,
            precision=precision,
            is_year_inferred=is_inferred,
            role=None if entity.role is None else entity.role.of(text.text),
        )


def _according(text: AnalysedText, entities: Sequence[Entity]) -> Iterator[tuple[Entity, Span]]:
    """Yield the names after “selon”, “d'après” and “according to”, with the cue."""
    say, words = vocabulary().reporting, text.words
    for at, word in enumerate(words):
        cue = _according_cue(words, at)
        if cue is None:
            continue
        limit = min(len(words), at + _MAX_WORDS_TO_NAME)
        for entity in entities:
            if entity.span.start < word.end or fold(entity.name) in say.documents:
                continue
            first = entity.span.start if entity.role is None else entity.role.start
            between = [w for w in words[at + 1 : limit] if w.start < min(first, entity.span.start)]
            near = limit == len(words) or entity.span.start < words[limit - 1].end
            if near and all(w.is_word and w.folded in say.documents for w in between):
                yield entity, cue
            break


def _according_cue(words: Sequence[Word], at: int) -> Span | None:
    word = words[at]
    if word.folded not in vocabulary().reporting.according:
        return None
    if word.folded == "apres":
        is_cue = at > 0 and words[at - 1].folded == "d" and word.gap == "'"
        return Span(words[at - 1].start, word.end) if is_cue else None
    if word.folded == "according":
        is_cue = at + 1 < len(words) and words[at + 1].folded == "to"
        return Span(word.start, words[at + 1].end) if is_cue else None
    return word.span


def _reporting(
    text: AnalysedText, entities: Sequence[Entity], article: Entities
) -> Iterator[tuple[Entity, Span]]:
    """Yield the organisations that a verb of reporting follows, with the verb.

    “Reuters, citant …, a rapporté”, “un sondage Metroscopia … montre que”, “told Reuters”.
    """
    say, words = vocabulary().reporting, text.words
    for at, word in enumerate(words):
        if word.folded == "told":
            for entity in entities:
                role = entity.span if entity.role is None else entity.role
                is_next = word.end < min(entity.span.start, role.start) <= word.end + 5
                if is_next and entity.kind is FactKind.ORGANISATION:
                    yield entity, word.span
            continue
        if word.folded not in say.reports or not word.is_word:
            continue
        subject = _subject(text, at, entities)
        if subject is not None and _reports_something(words, at, subject, article):
            yield subject, word.span


def _subject(text: AnalysedText, at: int, entities: Sequence[Entity]) -> Entity | None:
    """Return the name that a verb has for its subject: the nearest before it in the sentence.

    Between both stand an auxiliary, adverbs, or a parenthesis between commas.
    """
    words, verb = text.words, text.words[at]
    sentence = text.sentence_at(verb.span)
    near = [b for b in entities if sentence.start <= b.span.start and b.span.end <= verb.start]
    for entity in reversed(near):
        between = [w for w in words[:at] if w.start >= entity.span.end]
        if len(between) > _MAX_WORDS_TO_VERB:
            return None
        core = _without_parenthesis(between)
        if core is not None and all(_is_filler(w) for w in core):
            return entity
    return None


def _without_parenthesis(words: Sequence[Word]) -> Sequence[Word] | None:
    """Return the words but for what stands between two commas; ``None`` for another sign."""
    signs = [i for i, w in enumerate(words) if w.kind == "sign"]
    if not signs:
        return words
    if len(signs) == 2 and all(words[i].folded == "," for i in signs):
        return [*words[: signs[0]], *words[signs[1] + 1 :]]
    return None


def _is_filler(word: Word) -> bool:
    return word.folded in vocabulary().reporting.before_verbs


def _reports_something(words: Sequence[Word], at: int, subject: Entity, article: Entities) -> bool:
    """Whether a clause or a day follows the verb: organisations report, others do much else."""
    if article.is_person(subject) or subject.kind is FactKind.PLACE:
        return False
    following = [w.folded for w in words[at + 1 : at + 10]]
    has_clause = any(w in ("que", "qu", "that") for w in following)
    return has_clause or subject.kind is FactKind.ORGANISATION


def _reported_on(
    text: AnalysedText, name: Span, cue: Span, reference: date | None
) -> tuple[str | None, str | None, str | None, bool]:
    """Return when it was reported: a date right after the verb, or one that opens the sentence."""
    sentence = text.sentence_at(name)
    last = max(name.end, cue.end)
    first = min(name.start, cue.start)
    for mention in text.dates:
        is_after = last <= mention.span.start <= last + 6
        is_opening = (
            sentence.start <= mention.span.start
            and mention.span.start - sentence.start < _DATE_REACH
            and mention.span.end <= first
            and first - mention.span.end < _DATE_REACH
        )
        if is_after or is_opening:
            resolved = dated(mention, reference)
            if resolved is not None:
                return (*resolved[:2], mention.precision.value, resolved[2])
    return None, None, None, False
