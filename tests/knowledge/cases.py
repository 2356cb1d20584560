"""Cases: invented articles of many shapes, questions, and what must come out of each.

The form of a case is in ``tests/data/cases/README.md``.
"""

import json
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.base import KnowledgeBase
from knowledge.model import Answer, Citation

CASES = Path(__file__).parents[1] / "data" / "cases"
_SHOWN = ("answered", "uncertain")
_ALL = (*_SHOWN, "unanswered")
_ALIKE = str.maketrans({
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "", "\u2060": "",
    "’": "'", "ʼ": "'", "‑": "-", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl",
    "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
})  # fmt: skip


class Case(NamedTuple):
    """A question of a kind, on one of its folders of articles, and what must come out."""

    id: str
    question: str
    follows: str | None
    articles: str
    expect: dict[str, Any]


def cases_of(kind: str) -> list[Case]:
    """Return the cases of a kind that ask something."""
    lines = (CASES / kind / "cases.jsonl").read_text("utf-8").splitlines()
    return [
        Case(
            one["id"],
            one["question"],
            one.get("follows"),
            one.get("articles", "articles"),
            one["expect"],
        )
        for one in map(json.loads, filter(str.strip, lines))
        if one.get("question")
    ]


def lay_out(kind: str, name: str, target: Path) -> Path:
    """Copy a folder of articles, with what its ``setup.json`` says to make."""
    source = CASES / kind / name
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("setup.json"))
    setup = source / "setup.json"
    made = json.loads(setup.read_text("utf-8")) if setup.is_file() else {}
    for link, to in made.get("symlinks", {}).items():
        (target / link).symlink_to(to)
    for file, one in made.get("files", {}).items():
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        text = one["text"].replace("{fill}", one.get("fill", "") * one.get("times", 1))
        (target / file).write_text(text, encoding="utf-8", newline="\n")
    return target


def misses(case: Case, base: KnowledgeBase) -> list[str]:
    """Return what a case expects and does not get, in words."""
    answer = base.ask(case.question, follows=case.follows)
    return [f"{case.id}: {case.question} | {missed}" for missed in _misses(case.expect, answer)]


def _misses(expect: dict[str, Any], answer: Answer) -> Iterator[str]:
    quotes = {"contains", "bold", "section", "cited", "shown"} & expect.keys()
    allowed = _listed(expect.get("verdict", _SHOWN if quotes else _ALL))
    if answer.verdict not in allowed:
        yield f"{answer.verdict} instead of {' or '.join(allowed)}"
    if "language" in expect and answer.language not in _listed(expect["language"]):
        yield f"taken for {answer.language}"
    if len(answer.citations) > expect.get("max_citations", 5):
        yield f"{len(answer.citations)} passages"
    if answer.verdict != "unanswered" and answer.citations:
        cited = expect.get("cited", ())
        snippets = [citation.snippet for citation in answer.citations[: len(cited)]]
        yield from _missing("does not cite", cited, snippets)
        yield from _misses_of_first(expect, answer.citations[0])


def _misses_of_first(expect: dict[str, Any], first: Citation) -> Iterator[str]:
    yield from _missing("does not quote", expect.get("contains", ()), [first.snippet])
    bold = [span.of(first.snippet) for span in first.highlights]
    for words in expect.get("not_contains", ()):
        if _within(words, [first.snippet]):
            yield f"quotes “{words}”"
    if "bold" in expect and not any(_within(one, bold) for one in _listed(expect["bold"])):
        yield f"marks {bold} instead of {expect['bold']}"
    for words in expect.get("not_bold", ()):
        if _within(words, bold):
            yield f"marks {bold}"
    shown = _plain(first.section or "").lower()
    for words in _listed(expect.get("section", ())):
        if _plain(words).lower() not in shown:
            yield f"section “{shown}” instead of “{words}”"


def _missing(what: str, wanted: Sequence[Any], texts: Sequence[str]) -> Iterator[str]:
    for words in wanted:
        if not any(_within(one, texts) for one in _listed(words)):
            yield f"{what} “{words}”: {list(texts)}"


def _listed(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, str) or value is None else value


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).translate(_ALIKE).split())


def _within(wanted: str, texts: Sequence[str]) -> bool:
    """Whether one of some texts has the words, not as a piece of a longer number or word."""
    words = _plain(wanted)
    before = r"(?<!\w)" if words[:1].isalnum() else ""
    after = r"(?!\w)" if words[-1:].isalnum() else ""
    pattern = re.compile(before + re.escape(words) + after, re.IGNORECASE)
    return any(pattern.search(_plain(text)) for text in texts)
