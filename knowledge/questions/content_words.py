"""Which words carry a text: its content words, its names and its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from knowledge.entities.gazetteer import find_names
from knowledge.model import Span
from knowledge.text.tokens import Token, has_digit, is_stop_word

__all__ = ["content_words", "folded", "has_name", "names", "runs"]


def folded(tokens: Sequence[Token]) -> list[str]:
    """Return words as they are compared."""
    return [token.folded for token in tokens]


def content_words(tokens: Sequence[Token]) -> list[Token]:
    """Return the words that are no function words of French or English."""
    return [t for t in tokens if not is_stop_word(t.folded, None, lower=t.lower)]


def has_name(text: str, tokens: Sequence[Token]) -> bool:
    """Whether the words of ``text`` hold a name (by its capital or by the gazetteer) or number."""
    return any(True for _ in names(text, tokens))


def names(text: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield those of the words of ``text`` that are numbers or names, or parts of names.

    A capital shows a name except at the start of ``tokens``, as does the gazetteer anywhere.
    """
    if not tokens:
        return
    start, end = tokens[0].span.start, tokens[-1].span.end
    known = [
        Span(name.span.start + start, name.span.end + start) for name in find_names(text[start:end])
    ]
    is_name = False
    for position, token in enumerate(tokens):
        written = token.span.of(text)
        is_capital = position > 0 and written[0].isupper() and len(written) > 1
        # A function word with a capital goes on with a name: "Kim Jong Un".
        is_function = is_stop_word(token.folded, None, lower=token.lower)
        is_name = is_capital and (is_name or not is_function)
        if is_name or has_digit(token.folded) or any(n.contains(token.span) for n in known):
            yield token


def runs(text: str, tokens: Iterable[Token]) -> Iterator[Span]:
    """Yield the spans of words that overlap, or that nothing but a space or a hyphen parts."""
    run: Span | None = None
    for token in tokens:
        if run is not None and text[run.end : token.span.start] in ("", " ", "-"):
            run = Span(run.start, max(run.end, token.span.end))
            continue
        if run is not None:
            yield run
        run = token.span
    if run is not None:
        yield run
