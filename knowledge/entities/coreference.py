"""What names tell of each other: the short of the long one, neighbours of a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.entities.values import NamedEntity, NameKind

__all__ = ["with_shared_kinds"]

_INSIDE_PLACE = re.compile(r"\s\((?:[Ll][ae]s? |[Ll]['’]|the )")


_JOINED = re.compile(r",? (?:et|ou|and|or) (?:de |d['’]|of )?|, (?:de |d['’])?")


def with_shared_kinds(text: str, found: Sequence[NamedEntity]) -> list[NamedEntity]:
    """Give a name alone the kind that its bearer has elsewhere in the text with a longer name."""
    found = _beside_places(text, found)
    kinds: dict[str, NameKind] = {}
    for entity in found:
        if entity.kind is NameKind.PERSON:
            for part in entity.span.of(text).split():
                if part[0].isupper():
                    kinds[part] = entity.kind
        elif entity.kind is not None:
            kinds.setdefault(entity.span.of(text), entity.kind)
    shared: list[NamedEntity] = []
    for entity in found:
        written = entity.span.of(text)
        is_open = entity.kind is None or (
            entity.kind is NameKind.PLACE and entity.concept is None and " " not in written
        )
        kind = kinds.get(written)
        if kind is None and entity.kind is None and " " in written:
            parts = [kinds.get(part) for part in written.split()]
            kind = NameKind.PERSON if NameKind.PERSON in parts else None
        if is_open and kind is not None and (entity.kind is None or kind is NameKind.PERSON):
            entity = replace(entity, kind=kind)
        shared.append(entity)
    return shared


def _beside_places(text: str, found: Sequence[NamedEntity]) -> list[NamedEntity]:
    """Give names the kind of the place that they stand with: "l'Ukraine (le Donbass)", and
    "Donetsk et de Louhansk" where the second is a place by what stands beside it."""
    kept = list(found)
    for at in range(1, len(kept)):
        before, after = kept[at - 1], kept[at]
        between = text[before.span.end : after.span.start]
        is_inside = _INSIDE_PLACE.fullmatch(between) and text[after.span.end :][:1] == ")"
        if after.kind is None and before.kind is NameKind.PLACE and is_inside:
            kept[at] = replace(after, kind=NameKind.PLACE)
    for at in range(len(kept) - 1, 0, -1):
        before, after = kept[at - 1], kept[at]
        between = text[before.span.end : after.span.start]
        is_placed = after.kind is NameKind.PLACE and after.concept is None
        if _is_person_to_be_placed(text, before, after) and _JOINED.fullmatch(between):
            kept[at - 1] = replace(before, kind=None)
        if before.kind is None and is_placed and _JOINED.fullmatch(between):
            kept[at - 1] = replace(before, kind=NameKind.PLACE)
    return kept


def _is_person_to_be_placed(text: str, name: NamedEntity, following: NamedEntity) -> bool:
    """Whether only "à" before two names makes the first a place: "à Rosa Blau et Anna Petit"."""
    return (
        name.kind is NameKind.PLACE
        and name.concept is None
        and " " in name.span.of(text)
        and following.kind is NameKind.PERSON
    )
