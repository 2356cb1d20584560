"""What the gazetteer's names stand for."""

from __future__ import annotations

from functools import cache

from knowledge.entities.gazetteer.inflection import adjective_forms
from knowledge.entities.gazetteer.lexicon import read_table
from knowledge.entities.values import NameKind
from knowledge.languages import ruled_languages
from knowledge.text.tokens import fold

__all__ = ["demonyms", "kind_of_concept"]

_ORGANISATIONS = frozenset(
    """
    un eu nato imf iaea who wto unsc opec worldbank unicef unesco redcross fed ecb africanunion
    oecd ecommission brics arableague sco interpol g7 g20 cia wfp asean
    """.split()
)
_NOT_NAMED = frozenset("covid aids ww1 ww2".split())


def kind_of_concept(concept: str) -> NameKind | None:
    """Return what a concept of the gazetteer is; ``None``: a month, a disease, a war."""
    if concept in _ORGANISATIONS:
        return NameKind.ORGANISATION
    if concept in _NOT_NAMED or concept.startswith("month"):
        return None
    return NameKind.PLACE


@cache
def demonyms() -> frozenset[str]:
    """Return the folded adjectives and demonyms ("russe", "greek") of languages with rules."""
    (_, *languages), *rows = read_table("adjectives.tsv")
    found: set[str] = set()
    for _, *cells in rows:
        for language, cell in zip(languages, cells, strict=False):
            if language in ruled_languages() and cell:
                for name in cell.split("|"):
                    found.update(fold(form) for form in (name, *adjective_forms(name, language)))
    _, *territories = read_table("territories.tsv")
    found.difference_update(fold(cell) for row in territories for cell in row[1:3])
    return frozenset(found)
