"""Where sentences and clauses stand in a text, in prose and in a chat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from knowledge.languages import vocabulary
from knowledge.model import Span
from knowledge.text.layout import CELL_BAR
from knowledge.text.tokens import fold

__all__ = ["chat_sentences", "clauses", "sentences"]

# A mark belongs to its sentence, with the quotes and brackets that close on it, and may end none;
# what is no mark stands between two sentences.
_PROSE = re.compile(
    r"""
    (?<![.!?…])(?P<mark>[.!?…]+)[\u00a0\u202f ]?[»”’"')\]]*(?=\s)
    | (?P<end>[。！？]+[」』）]*)
    | \n(?=[^\S\n]*(?:[-*+•‣◦–]|\d{1,9}[.)])[^\S\n])  # an item of a list
    | [ ][|][ ]                                      # a cell of a table's row
    """,
    re.VERBOSE,
)
_PROSE_SIGN = re.compile(r"[.!?…。！？\n]")
"""What all of these begin with, but for a cell."""
_ITEM_NUMBER = re.compile(r"(?:^|\n)[^\S\n]*\d{1,9}$")
_CHAT = r"""
    (?P<mark>[.!?…]+)[\u00a0\u202f ]?[»”"')\]]*(?=\s|$)
    | (?P<end>[。！？]+)
    | \n+
    | [\U0001f000-\U0001faff\u2600-\u27bf][\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]*
    | (?<!\S)(?:[:;=]-?['’]?[()DPpOo3/|*]+|<3+|\^_*\^)(?=\s|$)
    """
_CLAUSE = re.compile(r"(?P<end>[,;:][»”\"')\]]*(?=\s)|[、，；：])|\s(?=[—–]\s)")
_OPENERS = "«“‘\"'([—–-¿¡"
_LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+$")
_SHORT = 2
"""Letters of a word whose full stop ends no sentence in a chat; three before lower case."""


def sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of ``text`` as spans, in order, without surrounding white space.

    A full stop after an abbreviation, an initial or the number of an item ends nothing, and
    neither does any mark that lower-case text follows ("sa sécurité… contre"). An item of a list
    and a cell of a row begin one. Every character that is not white space, nor the bar between two
    cells, lies in exactly one sentence.
    """
    return tuple(_parts(text, Span(0, len(text)), _prose_boundaries(text), _ends_prose))


def chat_sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of a message, as ``sentences`` does.

    People end them in a chat also by a new line, an emoji or a smiley, and write no capitals. What
    stands between two sentences lies in none.
    """
    return tuple(_parts(text, Span(0, len(text)), _chat().finditer(text), _ends_chat))


def clauses(text: str, sentence: Span) -> tuple[Span, ...]:
    """Return the clauses of one sentence of ``text``: parts between commas, colons, dashes.

    Together they cover the sentence but for the white space between them.
    """
    boundaries = _CLAUSE.finditer(text, sentence.start, sentence.end)
    return tuple(_parts(text, sentence, boundaries, None))


@cache
def _chat() -> re.Pattern[str]:
    unspaced = "|".join(vocabulary().chat.unspaced)
    return re.compile(f"{_CHAT} | {unspaced}", re.VERBOSE)


def _prose_boundaries(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of ``_PROSE``, looked for where one may begin, which is in few places."""
    if CELL_BAR in text:
        yield from _PROSE.finditer(text)
        return
    end = 0
    for sign in _PROSE_SIGN.finditer(text):
        at = sign.start()
        if at >= end and (match := _PROSE.match(text, at)) is not None:
            end = match.end()
            yield match


def _parts(
    text: str,
    whole: Span,
    boundaries: Iterable[re.Match[str]],
    ends: Callable[[str, re.Match[str]], bool] | None,
) -> Iterator[Span]:
    """Yield the parts of a slice between boundaries, trimmed, but for those of white space alone.

    ``ends``: whether a mark ends a part.
    """
    start = whole.start
    for match in boundaries:
        if match.lastgroup == "mark" and ends is not None and not ends(text, match):
            continue
        yield from _trimmed(text, start, match.start() if match.lastgroup is None else match.end())
        start = match.end()
    yield from _trimmed(text, start, whole.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    if part := part.strip():
        yield Span(start, start + len(part))


def _ends_prose(text: str, match: re.Match[str]) -> bool:
    start = match.start()
    before = text[start - 1 : start]
    may_be_item = before.isdecimal() or before == "\n"
    if may_be_item and _ITEM_NUMBER.search(text, max(0, start - 20), start):
        return False
    rest = text[match.end() : match.end() + 20].lstrip().lstrip(_OPENERS).lstrip()
    if rest[:1].islower():
        return False
    if match["mark"] != ".":
        return True
    word = _LAST_WORD.search(text[max(0, start - 12) : start])
    if word is None:
        return True
    is_initial = len(word.group()) == 1 and word.group().isupper()
    return not is_initial and fold(word.group()) not in vocabulary().abbreviations.prose


def _ends_chat(text: str, match: re.Match[str]) -> bool:
    """Whether a mark is no full stop of an abbreviation, an initial or a number of order."""
    if match["mark"] != "." or match.end() == len(text):
        return True
    word = re.search(r"\w+$", text[max(0, match.start() - 20) : match.start()])
    if word is None:
        return True
    written = word.group()
    if written.isdigit() or written.lower() in vocabulary().abbreviations.chat:
        return False
    is_lower = text[match.end() :].lstrip()[:1].islower()
    return len(written) > _SHORT + is_lower
