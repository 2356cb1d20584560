"""Questions that a text answers itself: each stands above its answer, as a heading does.

So a question is what an answer is found by, and never what is quoted of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.corpus.block import QUESTION_LEVEL, Block
from knowledge.model.articles import QUESTION_MARKS

__all__ = ["with_questions_above"]

_ASKS = re.compile(
    r"(?:Q\s?\d*\s?[.)]|(?:Q|Question|F|Frage|P|Pregunta|D|Domanda|В|問)\s?\d*\s?[:：])\s*(?=\S)",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"(?:A|R|Answer|Réponse|Antwort|Respuesta|Risposta|О|答)\s?\d*\s?[:：]\s*(?=\S)",
    re.IGNORECASE,
)
_ANSWER_AFTER = re.compile(rf"\s(?={_ANSWERS.pattern})", re.IGNORECASE)
_LONGEST = 300
"""Characters of a question; a longer paragraph is text."""
_FEWEST = 2
"""Questions that stand by themselves from which on they are taken for those of a list of them."""


def with_questions_above(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks; a paragraph that asks what the next one answers is a heading of its own.

    It is marked ("Q:"), or it is in bold; or it stands by itself as others do in the same text.
    The marks of questions and answers are left out.
    """
    parts = [part for block in blocks for part in _parts(block)]
    alone = [at for at in range(len(parts)) if _stands_alone(parts, at)]
    is_list = len(alone) >= _FEWEST or (alone and any(p.level == QUESTION_LEVEL for p in parts))
    chosen = set(alone if is_list else ())
    after_question = False
    for at, part in enumerate(parts):
        if at in chosen:
            part = Block(part.text, part.line, QUESTION_LEVEL)
        if part.is_heading:
            yield part
        elif text := _without(_ANSWERS, part.text) if after_question else part.text:
            yield replace(part, text=text)
        after_question = part.is_heading and part.text.endswith(QUESTION_MARKS)


def _parts(block: Block) -> Iterator[Block]:
    """Yield a block, in two where it is a question with its answer."""
    if block.is_heading:
        is_question = block.text.endswith(QUESTION_MARKS)
        yield replace(block, text=_without(_ASKS, block.text)) if is_question else block
        return
    question = _question_of(block)
    if not question:
        yield block
        return
    yield Block(_without(_ASKS, question), block.line, QUESTION_LEVEL)
    answer = _without(_ANSWERS, block.text[len(question) :].lstrip())
    if answer:
        yield Block(answer, block.line)


def _question_of(block: Block) -> str:
    """Return the words that a paragraph begins with where they are a question, else nothing."""
    text = block.text
    bold = block.bold.rstrip()
    if bold.endswith(QUESTION_MARKS) and len(bold) <= _LONGEST and text.startswith(bold):
        return bold
    if not _ASKS.match(text):
        return ""
    answer = _ANSWER_AFTER.search(text)
    first = text[: answer.start()] if answer else text.split("\n", 1)[0]
    mark = max((first.find(mark) for mark in QUESTION_MARKS), default=-1)
    if answer is None and mark >= 0:
        first = first[: mark + 1]
    elif answer is None:
        return ""
    return first.rstrip() if len(first) <= _LONGEST else ""


def _stands_alone(parts: Sequence[Block], at: int) -> bool:
    """Whether a paragraph is one question, and the next block a paragraph that is none."""
    text = parts[at].text
    following = parts[at + 1] if at + 1 < len(parts) else None
    return (
        not parts[at].is_heading
        and following is not None
        and not following.is_heading
        and text.endswith(QUESTION_MARKS)
        and not following.text.endswith(QUESTION_MARKS)
        and len(text) <= _LONGEST
        and "\n" not in text
        and sum(text.count(mark) for mark in (*QUESTION_MARKS, ". ", "! ")) == 1
    )


def _without(mark: re.Pattern[str], text: str) -> str:
    found = mark.match(text)
    return text if found is None else text[found.end() :]
