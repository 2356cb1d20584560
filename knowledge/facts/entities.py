"""Persons, organisations and places: each once an article, where its role is told if it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from knowledge.entities import AnalysedText, NamedEntity, NameKind
from knowledge.entities.gazetteer import find_names
from knowledge.languages import vocabulary
from knowledge.model import FactKind, Span
from knowledge.text.tokens import fold

__all__ = ["Entities", "Entity", "entities_of"]

_KINDS = {
    NameKind.PERSON: FactKind.PERSON,
    NameKind.ORGANISATION: FactKind.ORGANISATION,
    NameKind.PLACE: FactKind.PLACE,
}
_ARTICLE = re.compile(r"\b(?:Les? |La |The |L['’])$")
_LEADING = re.compile(r"^(?:Les? |La |The |L['’])")
_OPENERS = ("", *'.!?…:;«“"(')
_BEFORE_PLACE = re.compile(r"\s(?:de|du|des|of|in)\s$|\s(?:d|de l)['’]$")


@dataclass(frozen=True, slots=True)
class Entity:
    """A name in a paragraph and what bears it; ``kind`` is ``None`` where that is unknown."""

    span: Span
    name: str
    kind: FactKind | None
    role: Span | None = None


def entities_of(text: AnalysedText) -> tuple[Entity, ...]:
    """Return the names of a paragraph, in order; agencies also where only a capital tells them."""
    found = [_entity(text.text, mention) for mention in text.names]
    agencies = vocabulary().reporting.agencies
    for word in text.words:
        if (
            word.is_capital
            and word.folded in agencies
            and not any(one.span.overlaps(word.span) for one in found)
        ):
            found.append(Entity(word.span, word.span.of(text.text), FactKind.ORGANISATION))
    return tuple(sorted(found, key=lambda one: one.span))


def _entity(text: str, mention: NamedEntity) -> Entity:
    say = vocabulary().reporting
    span = mention.span
    kind = None if mention.kind is None else _KINDS[mention.kind]
    short = _with_article(text, _without_place(text, span)) if kind is None else span
    words = [fold(word) for word in re.findall(r"[^\W_]+", short.of(text))]
    is_agency = len(words) == 1 and words[0] in say.agencies
    is_medium = kind is None and len(words) > 1 and not say.media.isdisjoint(words)
    if is_agency or is_medium or " ".join(words) in say.seats:
        return Entity(short, short.of(text), FactKind.ORGANISATION)
    span = short if short.start < span.start else span
    return Entity(span, span.of(text), kind, mention.role)


def _without_place(text: str, span: Span) -> Span:
    """Return a name without the place after it: “JoongAng Ilbo de Corée du Sud”."""
    written = span.of(text)
    for match in find_names(written):
        before = _BEFORE_PLACE.search(written[: match.span.start])
        if match.span.end == len(written) and before is not None and before.start() > 0:
            return Span(span.start, span.start + before.start())
    return span


def _with_article(text: str, span: Span) -> Span:
    """Return a name with the article that belongs to it: “La Dépêche”, “Le Monde”.

    Where it opens a sentence, its capital tells nothing, and only a medium's name takes it in.
    """
    article = _ARTICLE.search(text, max(0, span.start - len("Les ")), span.start)
    if article is None:
        return span
    opens = text[: article.start()].rstrip()[-1:] in _OPENERS
    if opens and fold(span.of(text)) not in vocabulary().reporting.media:
        return span
    return Span(article.start(), span.end)


class Entities:
    """The names of an article: which paragraph says what of them, and which short name means whom.

    A single word that is part of a person's full name is that person.
    """

    def __init__(self, paragraphs: Iterable[AnalysedText]) -> None:
        self.by_paragraph = [entities_of(text) for text in paragraphs]
        self._people: dict[str, str] = {}
        for entity in self._all():
            if entity.kind is FactKind.PERSON and len(entity.name.split()) > 1:
                for word in re.findall(r"[^\W_]+", entity.name):
                    if len(word) > 1:
                        self._people.setdefault(fold(word), entity.name)

    def _all(self) -> Iterator[Entity]:
        for entities in self.by_paragraph:
            yield from entities

    def full_name(self, entity: Entity) -> str:
        """Return the person's full name where the article gives it, else the name as it stands."""
        short = _LEADING.sub("", entity.name)  # “Le Pen”
        if entity.kind in (None, FactKind.PERSON) and len(short.split()) == 1:
            return self._people.get(fold(short), entity.name)
        return entity.name

    def is_person(self, entity: Entity) -> bool:
        """Whether the name is a person's."""
        return entity.kind is FactKind.PERSON or self.full_name(entity) != entity.name

    def distinct(self) -> list[tuple[int, Entity]]:
        """Return each person, organisation and place once, with the position of its paragraph.

        Where it is first named, or first named with a role.
        """
        kept: dict[tuple[FactKind, str], tuple[int, Entity]] = {}
        kinds = self._settled_kinds()
        for position, entities in enumerate(self.by_paragraph):
            for entity in entities:
                kind = kinds.get(fold(entity.name), entity.kind)
                if kind is None:
                    continue
                name = self.full_name(entity)
                is_short = name != entity.name
                key = (FactKind.PERSON if is_short else kind, fold(name))
                known = kept.get(key)
                if is_short or not _is_telling(entity, kind):
                    continue
                if known is None or (known[1].role is None and entity.role is not None):
                    kept[key] = (position, replace(entity, kind=kind))
        return sorted(kept.values(), key=lambda one: (one[0], one[1].span))

    def _settled_kinds(self) -> dict[str, FactKind]:
        """Return the kind of each name that has one: that of most of its mentions, else none."""
        votes: dict[str, list[FactKind]] = {}
        for entity in self._all():
            if entity.kind is not None:
                votes.setdefault(fold(entity.name), []).append(entity.kind)
        return {name: _most(kinds) for name, kinds in votes.items()}


def _most(kinds: Iterable[FactKind]) -> FactKind:
    counted = list(kinds)
    return max(dict.fromkeys(counted), key=counted.count)


def _is_telling(entity: Entity, kind: FactKind) -> bool:
    """Whether a name is worth a fact: no initials of a person, no bare “État” or “République”."""
    names, directions = vocabulary().names, vocabulary().reporting.directions
    if all(
        word in names.places or word in names.organisations or word in directions
        for word in re.findall(r"[^\W_]+", fold(entity.name))
    ):
        return False
    letters = [c for c in entity.name if c.isalpha()]
    return len(letters) > (2 if kind is FactKind.PERSON else 1)
