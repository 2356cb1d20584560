"""Whether what a question asks for is there at all, where the reader has found an answer.

The reader takes what stands in the place of an answer for one: soup for a wine, the first toast for
the second. These checks ask for the thing itself. Each was kept only if, on questions that nothing
was fitted to, it held back next to no right answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from knowledge.answers.confidence import highest_unsure
from knowledge.answers.outright import ConfidenceBound
from knowledge.entities import QuantitySort, analysed
from knowledge.languages import known_languages, vocabulary
from knowledge.model import Span, question_above
from knowledge.questions.content_words import content_words
from knowledge.questions.query import Query, QueryTerm
from knowledge.questions.question_type import QuestionType, classify_question
from knowledge.questions.question_words import answer_type_nouns
from knowledge.retrieval.lexical import ScoredPassage, supporting_forms
from knowledge.text.tokens import Token, tokenize

__all__ = ["Nearness", "missing_thing"]

Nearness = Callable[[str, Sequence[str]], float]
"""Takes a word and texts; gives the cosine of the nearest of them in meaning."""

_NEAR_KIND = 0.41
"""A cosine from which on an answer may be of a kind: "faubourg" has .42 with "quartier", dumplings
have .28 with "wine"."""

_NEAR_WORD = 0.62
"""A cosine from which on a word may be said otherwise: "car" has .71 with "vehicle"."""

_MAX_WORDS = 80


def missing_thing(
    query: Query, found: Sequence[ScoredPassage], nearness: Nearness
) -> ConfidenceBound | None:
    """Return why the first of ranked passages, which was read, may not be shown as the answer,
    ``None`` for no reason.

    Only within a language: across them words tell nothing.
    """
    best = found[0]
    answer = None if best.prediction is None else best.prediction.span
    if answer is None or query.language not in (None, best.passage.language):
        return None
    telling = _telling(query)
    missing = [term for term in telling if not supporting_forms(term, best)]
    checks = (
        ("ordinal_missing", lambda: _lacks_ordinal(query, best, answer)),
        ("money_missing", lambda: _lacks_money(query, best, answer)),
        ("said_elsewhere", lambda: _is_named_elsewhere(missing, found)),
        ("other_question", lambda: _answers_other_question(query, best, nearness)),
        ("title_alone", lambda: _is_said_by_title_alone(query, telling, best)),
        ("task_missing", lambda: _lacks_task(query, telling, missing)),
        ("thing_missing", lambda: _lacks_named_thing(query, missing, best, nearness)),
        (
            "kind_missing",
            lambda: _lacks_kind(query, telling, missing, answer.of(best.passage.text), nearness),
        ),
    )
    name = next((name for name, is_missing in checks if is_missing()), None)
    return None if name is None else ConfidenceBound(name, highest=highest_unsure())


def _sentences_of(best: ScoredPassage, answer: Span) -> str:
    """Return the sentences that an answer stands in."""
    inside = [span for span in best.passage.sentences if span.overlaps(answer)]
    whole = Span(inside[0].start, inside[-1].end) if inside else answer
    return whole.of(best.passage.text)


def _lacks_ordinal(query: Query, best: ScoredPassage, answer: Span) -> bool:
    """Whether the question asks for the second, or the last, and neither the answer's sentence nor
    the one before says of any that it is."""
    asked, passage = _ordinals(query.text), best.passage
    before = [span for span in passage.sentences if span.end <= answer.start][-1:]
    beside = [_sentences_of(best, answer), *(span.of(passage.text) for span in before)]
    return bool(asked) and all(asked.isdisjoint(_ordinals(text)) for text in beside)


def _ordinals(text: str) -> frozenset[int]:
    """Return the ordinals of a text; -1 is the last."""
    read, last = analysed(text), vocabulary().lists.last
    determiners = vocabulary().function_words.determiners
    found = {read.numerals.ordinal(at) for at in range(len(read.words))}
    # "last night", "how long did it last" ask for no last one.
    found |= {
        -1
        for before, word in pairwise(read.words)
        if word.folded in last and before.folded in determiners
    }
    return frozenset(value for value in found if value is not None)


def _lacks_money(query: Query, best: ScoredPassage, answer: Span) -> bool:
    """Whether a price is asked for, and the answer's sentence has none."""
    if classify_question(query.text).sort is not QuantitySort.MONEY:
        return False
    text = analysed(_sentences_of(best, answer), best.passage.language)
    sorts = {quantity.sort for quantity in text.quantities}
    return bool(sorts) and QuantitySort.MONEY not in sorts


def _is_said_by_title_alone(
    query: Query, telling: Sequence[QueryTerm], best: ScoredPassage
) -> bool:
    """Whether all words of the question that a passage has are its title's: they chose the
    article, and nothing in it."""
    if best.passage.headings:
        return False
    matched = {match.term.word for match in best.matches}
    context = frozenset(best.passage.context)
    return (
        len(telling) > 1
        and not any(term.word in matched for term in telling)
        and any(form.term in context for term in query.terms for form in term.forms)
    )


def _lacks_task(query: Query, telling: Sequence[QueryTerm], missing: Sequence[QueryTerm]) -> bool:
    """Whether it is asked how to do what no passage has a word of, though the rest is there:
    "Comment restaurer une sauvegarde ?" where it is said how to make one."""
    if classify_question(query.text).question_type is not QuestionType.HOW or len(telling) < 2:
        return False
    return not telling[0].forms and len(missing) == 1


def _lacks_named_thing(
    query: Query, missing: Sequence[QueryTerm], best: ScoredPassage, nearness: Nearness
) -> bool:
    """Whether the one thing of the question that no passage has a word of is a noun with an
    article: "the treasurer", and nothing near it in meaning stands in the passage, its headings or
    its title."""
    if len(missing) != 1 or missing[0].forms:
        return False
    if not _is_noun_or_its_modifier(query.text, missing[0].word, query.language):
        return False
    passage = best.passage
    said = analysed("\n".join((passage.text, *passage.headings, passage.title)), passage.language)
    words = [token.span.of(said.text) for token in said.content_words]
    return nearness(missing[0].written, words[:_MAX_WORDS]) < _NEAR_WORD


def _is_named_elsewhere(missing: Sequence[QueryTerm], found: Sequence[ScoredPassage]) -> bool:
    """Whether a word of the question that the passage lacks stands in the title or the headings of
    another one that was found: it is asked of that, "the desktop client", and not of "the server".
    """
    elsewhere = {term for one in found[1:] for term in one.passage.context}
    return any(form.term in elsewhere for term in missing for form in term.forms)


def _answers_other_question(query: Query, best: ScoredPassage, nearness: Nearness) -> bool:
    """Whether the question that the passage answers is another one: all words but one are the
    same, and the one that is asked for is not near in meaning to the one in its place."""
    written = question_above(best.passage.headings)
    if written is None:
        return False
    ours, theirs = tuple(tokenize(query.text)), tuple(tokenize(written))
    asked, other = _folded(content_words(ours)), _folded(content_words(theirs))
    is_alike = bool(asked & other) or _folded(ours) - asked == _folded(theirs) - other
    instead, in_its_place = set(asked - other), set(other - asked)
    if not is_alike or len(instead) != 1 or len(in_its_place) != 1:
        return False
    return nearness(instead.pop(), [*in_its_place]) < _NEAR_WORD


def _folded(tokens: Iterable[Token]) -> frozenset[str]:
    return frozenset(token.folded for token in tokens)


def _is_noun_or_its_modifier(question: str, word: str, language: str | None) -> bool:
    """Whether a word stands right after a determiner or a genitive; or in French, where adjectives
    follow their noun, after a determiner and a noun."""
    known = known_languages().get(language or "")
    if known is None:
        return False
    tokens = list(tokenize(question))
    at = next((at for at, token in enumerate(tokens) if token.folded == word), 0)
    determiners = known.function_words.determiners
    before = [token.folded for token in tokens[max(0, at - 2) : at]]
    if before and before[-1] in determiners:
        return True
    if at and question[: tokens[at - 1].span.end].endswith(("'s", "’s")):
        return language != "fr"
    after = tokens[at + 1].folded if at + 1 < len(tokens) else None
    is_closed = after is None or after in vocabulary().function_words.prepositions
    return language == "fr" and len(before) == 2 and before[0] in determiners and is_closed


def _lacks_kind(
    query: Query,
    telling: Sequence[QueryTerm],
    missing: Sequence[QueryTerm],
    answer: str,
    nearness: Nearness,
) -> bool:
    """Whether "which wine was served" is answered by what is far from any wine, where no wine is
    named and all else is there."""
    asked = classify_question(query.text)
    if asked.question_type is not QuestionType.WHICH:
        return False
    if len(missing) != 1 or missing[0].word != asked.focus or len(telling) < 2:
        return False
    return nearness(missing[0].written, [answer]) < _NEAR_KIND


def _telling(query: Query) -> list[QueryTerm]:
    """Return the words of the question that an answer could say."""
    unsaid = answer_type_nouns() | vocabulary().questions.abstract
    return [term for term in query.terms if term.word not in unsaid]
