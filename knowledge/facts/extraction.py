"""Facts of any article, French or English, by rules: right more often than complete."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge.entities import AnalysedText, analysed
from knowledge.facts.entities import Entities, Entity
from knowledge.facts.found import Found, words_around
from knowledge.facts.identity import Identities
from knowledge.facts.measures import find_dates, find_quantities
from knowledge.facts.quotes import find_quotes
from knowledge.facts.sources import find_sources
from knowledge.languages import ruled_languages
from knowledge.model import Article, Fact, FactKind, FactOrigin, Paragraph, Span

__all__ = ["extract"]

_CLOSING_QUOTES = ("»", "”", "“", "’", '"')


def extract(article: Article) -> tuple[Fact, ...]:
    """Return the facts that rules find in an article, in the order of the text.

    None where it is in a language that the rules do not know.
    """
    if article.language not in ruled_languages():
        return ()
    language = article.language
    entities = Entities(analysed(paragraph.text, language) for paragraph in article.paragraphs)
    reference = article.reference_date or article.published
    named: dict[int, list[Entity]] = {}
    for position, entity in entities.distinct():
        named.setdefault(position, []).append(entity)
    identities = Identities(article.slug)
    facts: list[Fact] = []
    for position, paragraph in enumerate(article.paragraphs):
        text = analysed(paragraph.text, language)
        found = list(_in_paragraph(text, position, entities, reference))
        found += [_named(paragraph.text, entity) for entity in named.get(position, ())]
        end = _signature(text)
        found = [one for one in found if one.span.start < end]
        found.sort(key=lambda one: (one.span, one.kind))
        facts += [_fact(article, paragraph, text, one, identities) for one in found]
    return tuple(facts)


def _signature(text: AnalysedText) -> int:
    """Return where the last line begins that says who wrote a paragraph, and when (“— Zoé, 3 May
    2021”), else the end of the text. Below a quotation it says whose that is."""
    whole = text.text.rstrip()
    above, dash, line = whole.rpartition("\n— ")
    if not dash or "\n" in line or above.rstrip().endswith(_CLOSING_QUOTES):
        return len(text.text)
    is_dated = any(one.span.start > len(above) and one.span.end == len(whole) for one in text.dates)
    return len(above) if is_dated else len(text.text)


def _in_paragraph(
    text: AnalysedText, position: int, entities: Entities, reference: date | None
) -> Iterator[Found]:
    here = entities.by_paragraph[position]
    yield from find_dates(text, reference)
    yield from find_quantities(text)
    yield from find_quotes(text, here, entities)
    yield from find_sources(text, here, entities, reference)


def _named(text: str, entity: Entity) -> Found:
    assert entity.kind is not None  # noqa: S101 - ``Entities.distinct`` gives those with a kind
    span, role = entity.span, entity.role
    if role is not None:
        span = Span(min(span.start, role.start), max(span.end, role.end))
    said = None if role is None else " ".join(role.of(text).split())
    is_person = entity.kind is FactKind.PERSON
    label = f"{entity.name}, {said}" if is_person and said else entity.name
    return Found(
        kind=entity.kind,
        span=span if is_person else entity.span,
        label=label,
        value=entity.name,
        role=said if is_person else None,
    )


def _fact(
    article: Article,
    paragraph: Paragraph,
    text: AnalysedText,
    found: Found,
    identities: Identities,
) -> Fact:
    words = found.span.of(text.text)
    sentence = text.sentence_at(found.span).of(text.text)
    said = words_around(text, found.span)
    if found.kind is FactKind.QUOTE:
        said = f"« {' '.join(words.split())} »"
    statement = f"{found.label}: {said}" if found.label else said
    return Fact(
        id=identities.of(found.kind, FactOrigin.EXTRACTED, words, sentence),
        kind=found.kind,
        origin=FactOrigin.EXTRACTED,
        article=article.slug,
        passage=paragraph.id,
        paragraph=paragraph.number,
        span=found.span,
        text=words,
        statement=statement,
        value=found.value,
        unit=found.unit,
        counted=found.counted,
        approx=found.approx,
        date_start=found.date_start,
        date_end=found.date_end,
        precision=found.precision,
        is_year_inferred=found.is_year_inferred,
        role=found.role,
        speaker=found.speaker,
    )
