"""What an elliptic question ("and of corn?", "et selon qui ?") leaves out, put back.

Its words take the place of their like in the question before it, where they stand: a question word
that of the question word, a month that of the month, "of corn" that of "of wheat". What stands for
what is told by structure: by sort, by a noun that both have, by the word that introduces it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from knowledge.entities import analysed
from knowledge.languages import vocabulary
from knowledge.model import Span
from knowledge.questions.content_words import content_words, folded
from knowledge.questions.coordination import opens_question
from knowledge.questions.marks import Mark, marks_of
from knowledge.questions.phrases import chat_phrases
from knowledge.questions.question_words import question_words
from knowledge.text.tokens import Token

__all__ = ["filled_in", "is_elliptic"]

_READINGS = 2
_PLAIN = 2
"""How alike phrases are that the same word introduces."""


def filled_in(previous: str, question: str) -> tuple[str, ...]:
    """Return ``question`` with what it leaves out, as far as ``previous`` tells: the likeliest
    first, two at most; none where its words have no like there, or a pronoun leans on it."""
    fragment = _fragment(question)
    if not fragment or not vocabulary().chat.follow_up_pronouns.isdisjoint(folded(fragment)):
        return ()
    if any(map(opens_question, fragment)):
        readings = _with_question_word(previous, question, fragment)
    else:
        readings = _with_marks(previous, question, fragment)
        readings = readings or _with_phrase(previous, question, fragment, least=_PLAIN)
        readings = readings or _with_counted(previous, question, fragment)
        readings = readings or _with_phrase(previous, question, fragment, least=1)
    return tuple(dict.fromkeys(readings))[:_READINGS]


def is_elliptic(question: str) -> bool:
    """Whether a question asks nothing itself: no question word, and nothing that a pronoun is."""
    fragment = _fragment(question)
    leans = not vocabulary().chat.follow_up_pronouns.isdisjoint(folded(fragment))
    return not leans and not any(map(opens_question, fragment))


def _fragment(question: str) -> Sequence[Token]:
    """Return the words of a question without those that only join it to the one before."""
    tokens = analysed(question).tokens
    while tokens:
        taken = chat_phrases().ellipses.at_start(folded(tokens[:4]))
        if not taken and tokens[0].folded in vocabulary().chat.follow_up_openers:
            taken = 1
        if not taken:
            break
        tokens = tokens[taken:]
    return tokens


def _replaced(text: str, place: Span, words: str) -> str:
    return f"{text[: place.start]}{words}{text[place.end :]}"


def _of(text: str, tokens: Sequence[Token]) -> str:
    return text[tokens[0].span.start : tokens[-1].span.end]


def _asking(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Return where the words that ask begin and end: "à quelle", "combien de", "how many"."""
    at = next((i for i, token in enumerate(tokens) if opens_question(token)), None)
    if at is None:
        return None
    first, last = at, at + 1
    while first and tokens[first - 1].folded in vocabulary().chat.leading:
        first -= 1
    words, counts = question_words(), vocabulary().quantities.of_the
    if last < len(tokens) and (
        tokens[last].folded in counts or tokens[last].folded in words.numbers
    ):
        last += 1
    return first, last


def _with_question_word(previous: str, question: str, fragment: Sequence[Token]) -> list[str]:
    """Ask for something else of the same: "Combien de barils a-t-il vendus ?", "Et quand ?"."""
    tokens = analysed(previous).tokens
    asking = _asking(tokens)
    if asking is None or content_words(fragment):
        return []
    place = Span(tokens[asking[0]].span.start, tokens[asking[1] - 1].span.end)
    return [_replaced(previous, place, _of(question, fragment))]


def _with_marks(previous: str, question: str, fragment: Sequence[Token]) -> list[str]:
    """Put months, years, numbers and names in the place of those of the same sort."""
    new, old = marks_of(question), marks_of(previous)
    rest = [t for t in content_words(fragment) if not any(m.span.overlaps(t.span) for m in new)]
    if not new or not set(folded(rest)) <= set(folded(analysed(previous).tokens)):
        return []
    if rest and len(new) == 1:
        return _with_titled_name(previous, question, fragment, new[0])
    texts = [previous]
    for mark in reversed(new):  # from the end, so that places before stay where they are
        places = list(_joined(one.span for one in old if one.sort == mark.sort))
        if not places:
            return []
        words = mark.span.of(question)
        texts = [_replaced(text, place, words) for text in texts for place in reversed(places)]
        if len(new) > 1:
            old = [one for one in old if one.span.end <= places[-1].start]
            texts = texts[:1]
    return texts


def _with_titled_name(
    previous: str, question: str, fragment: Sequence[Token], name: Mark
) -> list[str]:
    """Put a name with its title ("la ministre Sonia Keel") in the place of another of the sort,
    with its title, where that has one."""
    old = [mark.span for mark in marks_of(previous) if mark.sort == name.sort]
    if len(old) != 1:
        return []
    titled = (p for p in _phrases(analysed(previous).tokens) if p.words[-1].span.end == old[0].end)
    place, words = old[0], name.span.of(question)
    if (phrase := next(titled, None)) is not None and phrase.words[0].span.start < place.start:
        place, words = Span(phrase.opening.span.start, place.end), _of(question, fragment)
    return [_replaced(previous, place, words)]


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans, those that stand side by side as one: a day and its month."""
    last: Span | None = None
    for span in spans:
        if last is not None and span.start - last.end > 1:
            yield last
            last = None
        last = span if last is None else Span(last.start, span.end)
    if last is not None:
        yield last


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Content words in a row, and the word that introduces them."""

    opening: Token
    words: Sequence[Token]


def _phrases(tokens: Sequence[Token]) -> Iterator[_Phrase]:
    """Yield the phrases that function words introduce; "de farine de blé" is one."""
    joining = vocabulary().quantities.of_the
    at = 0
    while at < len(tokens):
        opening, at = tokens[at], at + 1
        if content_words([opening]):
            continue
        words: list[Token] = []
        while at < len(tokens):
            if content_words([tokens[at]]):
                words.append(tokens[at])
            elif not (
                words
                and tokens[at].folded == opening.folded
                and opening.folded in joining
                and at + 1 < len(tokens)
                and content_words([tokens[at + 1]])
            ):
                break
            at += 1
        if words:
            yield _Phrase(opening, words)


def _with_counted(previous: str, question: str, fragment: Sequence[Token]) -> list[str]:
    """Count something else: "How many penguins does it keep?", "And seals?"."""
    tokens, joining = analysed(previous).tokens, vocabulary().quantities.of_the
    asking = _asking(tokens)
    own = list(dropwhile(lambda token: token.folded in joining, fragment))
    if asking is None or not own or len(content_words(own)) < len(own):
        return []
    counting = joining | question_words().numbers.keys()
    counted = list(takewhile(lambda token: content_words([token]), tokens[asking[1] :]))
    if not counted or tokens[asking[1] - 1].folded not in counting:
        return []
    place = Span(counted[0].span.start, counted[-1].span.end)
    return [_replaced(previous, place, _of(question, own))]


def _with_phrase(
    previous: str, question: str, fragment: Sequence[Token], *, least: int
) -> list[str]:
    """Put a phrase in the place of its likes: of one with a noun in common, of one that the same
    word introduces, of one with an article where it has an article. ``least``: how alike."""
    own = next(_phrases(fragment), None)
    if own is None:
        return []
    tokens = analysed(previous).tokens
    asking = _asking(tokens)
    if asking is not None:  # what is counted stays: "combien de tonnes", "how many crates"
        tokens = tokens[asking[1] + (asking[1] - asking[0] > 1) :]
    say, nouns = vocabulary().questions, set(folded(own.words))

    def likeness(one: _Phrase) -> int:
        openings = {own.opening.folded, one.opening.folded}
        is_same = len(openings) == 1 or openings <= vocabulary().quantities.of_the
        shared = not nouns.isdisjoint(folded(one.words))
        return 4 * shared + 2 * is_same + (openings <= say.articles)

    found: list[tuple[int, int, str]] = []
    for number, one in enumerate(_phrases(tokens)):
        if (value := likeness(one)) >= least:
            start, size = one.opening.span.start, _size(one, own)
            place = Span(start, one.words[size - 1].span.end)
            words = question[own.opening.span.start : fragment[-1].span.end]
            found.append((-value, -number, _replaced(previous, place, words)))
    likest = min((value for value, *_ in found), default=0)
    return [text for value, _, text in sorted(found) if value == likest]


def _size(one: _Phrase, own: _Phrase) -> int:
    """Return how many words of a phrase make way for another: up to a noun that both have; where
    an article introduces it, as many as come, since a verb may follow; else all."""
    nouns = set(folded(own.words))
    shared = [i for i, token in enumerate(one.words, start=1) if token.folded in nouns]
    if shared:
        return shared[-1]
    is_preposition = one.opening.folded not in vocabulary().questions.articles
    if is_preposition or one.opening.folded in vocabulary().quantities.of_the:
        return len(one.words)
    return min(len(own.words), len(one.words))
