"""Facts, and the names in them, offered to a member who is typing."""

from __future__ import annotations

from discord.app_commands import Choice

from bot.features.lookups.findings import named
from bot.features.lookups.list_layout import statement_in
from bot.i18n.localisation import Language
from bot.interactions.autocomplete import MAX_UNITS, choice_name
from bot.ui.custom_ids.reasons import units
from knowledge import Fact, FactKind, KnowledgeBase, deduplicated, fold

__all__ = ["fact_choices", "name_choices"]

_LOOKED_AT = 200
"""Facts from which names or distinct facts are taken."""


def fact_choices(
    knowledge: KnowledgeBase, text: str, kind: FactKind | None, language: Language
) -> list[Choice[str]]:
    """Return facts by their statements, in the language where they have one, with their ids."""
    found = deduplicated(knowledge.suggest(text, kind, _LOOKED_AT))
    return [Choice(name=choice_name(statement_in(fact, language)), value=fact.id) for fact in found]


def name_choices(knowledge: KnowledgeBase, text: str, kind: FactKind) -> list[Choice[str]]:
    """Return the names of a kind of facts, each once: of people, speakers, sources.

    A name that is too long for a choice stands for its fact.
    """
    choices: dict[str, Choice[str]] = {}
    for fact in deduplicated(knowledge.suggest(text, kind, _LOOKED_AT)):
        name = named(fact)
        if name and fold(name) not in choices:
            label = choice_name(_described(name, fact))
            choices[fold(name)] = Choice(name=label, value=_value(name, fact))
    return list(choices.values())


def _described(name: str, fact: Fact) -> str:
    return f"{name} · {fact.role}" if fact.role else name


def _value(name: str, fact: Fact) -> str:
    return name if units(name) <= MAX_UNITS else fact.id
