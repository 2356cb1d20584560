"""The article that the answers of a server's team make: a heading for each question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge import Passage, article_markdown, fold

__all__ = ["MAX_ANSWER", "MAX_TEXT", "SLUG", "TeamAnswer", "answer_to", "with_answer"]

SLUG = "team-answers.0"
"""By which it is known; no upload has it, whatever its title: theirs are numbered from 1."""

MAX_ANSWER = 2_000
"""Characters of an answer."""

MAX_TEXT = 1_000_000
"""Characters of all of them together: as many as an upload may have."""

_HEADING = re.compile(r"^## +(.+)$", re.MULTILINE)
_BLANK = re.compile(r"\n\s*\n")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TeamAnswer:
    """An answer to a question, with the line below it that says who wrote it, and when."""

    question: str
    text: str
    signature: str


@dataclass(frozen=True, slots=True)
class _Section:
    """Where the answer to a question stands, from its heading on."""

    start: int
    body: int
    end: int


def with_answer(markdown: str | None, title: str, answer: TeamAnswer) -> str:
    """Return the article with an answer, in the place of an earlier one to the same question.

    ``markdown``: as it is; ``None``: there is none yet, so that one of this title is begun. The
    answer reads there character by character, whatever it would mean as Markdown.
    """
    paragraphs = [part.strip() for part in _BLANK.split(answer.text.strip())]
    paragraphs[-1] = f"{paragraphs[-1]}\n{answer.signature}"
    passages = [Passage(answer.question, is_heading=True), *map(Passage, paragraphs)]
    whole = article_markdown(title, passages)
    if markdown is None:
        return whole
    written = _FRONT_MATTER.sub("", whole, count=1).strip()
    section = _find(markdown, answer.question)
    if section is None:
        return f"{markdown.rstrip()}\n\n{written}\n"
    rest = markdown[section.end :].strip()
    parts = (markdown[: section.start].rstrip(), written, rest)
    return "\n\n".join(part for part in parts if part) + "\n"


def answer_to(markdown: str, question: str) -> str | None:
    """Return what the article answers to a question, as it reads; ``None``: nothing."""
    section = _find(markdown, question)
    if section is None:
        return None
    body = markdown[section.body : section.end].strip()
    return re.sub(r"\\(\n|[^\w\s])", r"\1", body)


def _find(markdown: str, question: str) -> _Section | None:
    wanted = _words(question)
    headings = list(_HEADING.finditer(markdown))
    for position, heading in enumerate(headings):
        if _words(heading[1]) == wanted:
            is_last = position + 1 == len(headings)
            end = len(markdown) if is_last else headings[position + 1].start()
            return _Section(heading.start(), heading.end(), end)
    return None


def _words(text: str) -> str:
    """Return what two headings share that ask the same: marks, accents and case do not count.

    Of marks alone, the marks.
    """
    return " ".join(re.findall(r"\w+", fold(text))) or text.replace("\\", "").strip()
