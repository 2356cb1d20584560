"""Example questions: made of what the facts say, and each of them answered."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice, zip_longest
from typing import TypeAlias
from weakref import WeakKeyDictionary

from bot.i18n.localisation import Catalogue, Language
from bot.services.examples.phrases import PHRASES
from bot.services.threads import EXAMPLES, LOOK_UPS
from bot.ui.custom_ids.examples import MAX_LABEL
from bot.ui.custom_ids.reasons import units
from knowledge import (
    Fact,
    FactKind,
    KnowledgeBase,
    Strictness,
    Verdict,
    fold,
    is_stop_word,
    tokenize,
)

__all__ = ["SHOWN", "Examples", "choose_examples"]

_log = logging.getLogger(__name__)

SHOWN = 3
"""Examples that are shown."""


_LOOKED_AT = 300
"""Facts that examples are made of."""

_TRIED = 60
"""Questions that are tried: a few milliseconds each, with models some thirty."""

_ELIDING = frozenset("aeiouh")

_Form: TypeAlias = Callable[[Fact, Language, str | None], str | None]
_Key: TypeAlias = "tuple[str, Strictness]"
_Kept: TypeAlias = "tuple[int, asyncio.Task[tuple[str, ...]]]"


class Examples:
    """Examples by knowledge base, language and strictness, found once an index version."""

    def __init__(self) -> None:
        self._found: WeakKeyDictionary[KnowledgeBase, dict[_Key, _Kept]] = WeakKeyDictionary()
        self._given_up = threading.Event()

    async def of(
        self,
        knowledge: KnowledgeBase,
        language: Language,
        catalogue: Catalogue,
        strictness: Strictness = Strictness.BALANCED,
    ) -> tuple[str, ...]:
        """Return examples in a language, from memory where the index has not changed since.

        Raises IndexUnavailable.
        """
        version = (await LOOK_UPS.run(knowledge.status)).index_version
        found, key = self._found.setdefault(knowledge, {}), (language.code, strictness)
        known = found.get(key)
        is_stale = known is None or known[0] != version or _has_failed(known[1])
        if known is None or is_stale:
            others = [one for one in catalogue.languages.values() if one is not language]
            choosing = EXAMPLES.run(
                choose_examples, knowledge, [language, *others], self._given_up, strictness
            )
            known = version, asyncio.create_task(choosing, name="examples")
            found[key] = known
        return await asyncio.shield(known[1])

    def give_up(self) -> None:
        """Look for no further examples: the knowledge bases are about to be closed."""
        self._given_up.set()


def _has_failed(choosing: asyncio.Task[tuple[str, ...]]) -> bool:
    return choosing.done() and (choosing.cancelled() or choosing.exception() is not None)


def choose_examples(
    knowledge: KnowledgeBase,
    languages: Sequence[Language],
    given_up: threading.Event | None = None,
    strictness: Strictness = Strictness.BALANCED,
) -> tuple[str, ...]:
    """Return at most ``SHOWN`` questions whose answers are sure, each from another paragraph.

    A question that turns out to be answered with another passage than its fact's, or not for
    sure, is not one. They are in the first of ``languages``; where that does not give enough of
    them, in the next one in which there are articles. Raises IndexUnavailable.
    """
    written_in = {one.slug: one.language for one in knowledge.articles()}
    spoken = [one for one in languages[1:] if one.code in written_in.values()]
    facts = knowledge.facts(limit=_LOOKED_AT).facts
    chosen: list[str] = []
    used: set[str] = set()
    every = chain.from_iterable(
        islice(_questions(facts, language, written_in), _TRIED)
        for language in [*languages[:1], *spoken]
    )
    for fact, question in every:
        if len(chosen) == SHOWN or (given_up is not None and given_up.is_set()):
            break
        if fact.passage in used:
            continue
        answer = knowledge.ask(question, strictness=strictness)
        is_sure = answer.verdict is Verdict.ANSWERED
        if is_sure and answer.citations and answer.citations[0].passage == fact.passage:
            chosen.append(question)
            used.add(fact.passage)
    return tuple(chosen)


def _questions(
    facts: Sequence[Fact], language: Language, written_in: Mapping[str, str]
) -> Iterator[tuple[Fact, str]]:
    """Yield questions that facts answer, of different forms in turn, so that examples differ.

    ``written_in``: the language of each article, by slug.
    """
    seen: set[tuple[str, str]] = set()

    def of_form(form: _Form) -> Iterator[tuple[Fact, str]]:
        for fact in facts:
            question = form(fact, language, written_in.get(fact.article))
            if question is None or units(question) > MAX_LABEL:
                continue
            if (fact.passage, question) not in seen:
                seen.add((fact.passage, question))
                yield fact, question

    for row in zip_longest(*map(of_form, _FORMS)):
        yield from (one for one in row if one is not None)


def _how_many(fact: Fact, language: Language, article_in: str | None) -> str | None:
    """Ask for a number of what it counts, in the article's own words."""
    parts = list(dict.fromkeys(part for part in (fact.unit, fact.counted) if part))
    if fact.kind is not FactKind.QUANTITY or article_in != language.code or len(parts) < 2:
        return None  # a unit or a noun alone asks for nothing in particular
    if not all(_is_noun(part, language) for part in parts):
        return None
    words = PHRASES.of(language)
    unit, counted = parts
    of = words.example_of_elided if _elides(counted) else words.example_of
    template = words.example_count_elided if _elides(unit) else words.example_count
    return template.format(what=of.format(unit=unit, counted=counted))


def _is_noun(text: str, language: Language) -> bool:
    """Whether text begins with a word of its own, such as a noun, and not with an article."""
    token = next(tokenize(text), None)
    if token is None or not text[0].isalpha():
        return False
    return not is_stop_word(token.folded, language.code, lower=token.lower)


def _elides(text: str) -> bool:
    """Whether French “de” and “que” lose their vowel before text, as nearly always before an h."""
    return fold(text)[:1] in _ELIDING


def _is_it_true(fact: Fact, language: Language, article_in: str | None) -> str | None:  # noqa: ARG001
    """Ask whether a statement holds that was written by hand in the language."""
    statement = fact.statements.get(language.code)
    first = None if statement is None else next(tokenize(statement), None)
    if statement is None or first is None:
        return None
    if is_stop_word(first.folded, language.code, lower=first.lower):
        statement = statement[0].lower() + statement[1:]
    words = PHRASES.of(language)
    template = words.example_true_elided if _elides(statement) else words.example_true
    return template.format(statement=statement.rstrip("."))


def _who(fact: Fact, language: Language, article_in: str | None) -> str | None:  # noqa: ARG001
    is_known = fact.kind is FactKind.PERSON and fact.role
    name = _proper_name(fact.value) if is_known else None
    return None if name is None else PHRASES.of(language).example_person.format(name=name)


def _reported(fact: Fact, language: Language, article_in: str | None) -> str | None:  # noqa: ARG001
    name = _proper_name(fact.value) if fact.kind is FactKind.SOURCE else None
    return None if name is None else PHRASES.of(language).example_source.format(name=name)


def _said(fact: Fact, language: Language, article_in: str | None) -> str | None:  # noqa: ARG001
    name = _proper_name(fact.speaker) if fact.kind is FactKind.QUOTE else None
    return None if name is None else PHRASES.of(language).example_quote.format(name=name)


def _proper_name(name: object) -> str | None:
    """Return a name whose every word has a capital, so that it needs no article in a question."""
    if not isinstance(name, str) or not name.split():
        return None
    return name if all(word[0].isupper() for word in name.split()) else None


def _what_happened(fact: Fact, language: Language, article_in: str | None) -> str | None:  # noqa: ARG001
    """Ask what happened on a day, with the year where the text gives it."""
    if fact.kind is not FactKind.DATE or fact.precision != "day" or fact.date_start is None:
        return None
    if fact.date_end not in (None, fact.date_start):
        return None
    day = date.fromisoformat(fact.date_start)
    written = language.day_of_year(day) if fact.is_year_inferred else language.day(day)
    return PHRASES.of(language).example_day.format(day=written)


_FORMS: tuple[_Form, ...] = (_how_many, _is_it_true, _who, _what_happened, _reported, _said)
"""A form makes a question in a language of a fact, whose article is in ``article_in``, or none."""
