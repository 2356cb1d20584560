"""What a Why? button carries: how sure an answer is, and which words of the question count.

Written into its ``custom_id`` like everything else that a button needs:

    wy/VPPN!word~word=word+word/REFERENCE

``V`` is the verdict and what reading the passage said of it, ``PP`` the confidence in percent,
``N`` how many words did not fit, each of them in base 64. A word has its support before it: ``!``
missing, ``~`` corrected, ``=`` another name, ``+`` said. REFERENCE is the
runner-up's, without highlights, empty where there is none. Missing words come first, since they
tell most and room is short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.ui.custom_ids.encoding import MAX_CUSTOM_ID, MalformedReference, read_number, write_number
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.references import Reference, decode, encode
from knowledge import Answer, Evidence, QuestionWord, Support, Verdict

__all__ = ["Reasons", "decode_reasons", "units", "why_id"]

_SIGNS = {
    Support.MISSING: "!",
    Support.CORRECTED: "~",
    Support.OTHER_NAME: "=",
    Support.SAID: "+",
}
_SUPPORTS = {sign: support for support, sign in _SIGNS.items()}
_SUPPORTS["*"] = Support.MISSING  # in older messages: for a word there was one of like meaning
_ORDER = tuple(_SIGNS)
_VERDICTS = tuple(Verdict)
_READS = (None, True, False)

_KIND = len(f"{Prefix.WHY}/")
_LONGEST_WORD = 24
_MAX_LEFT_OUT = 63
_PERCENT_DIGITS = 2
_PAIR, _FIRST_UNSPACED = 2, "\u0e00"

_PAYLOAD = re.compile(
    r"(?P<verdict>[A-Za-z0-9_-])(?P<percent>[A-Za-z0-9_-]{2})(?P<left_out>[A-Za-z0-9_-])"
    r"(?P<words>(?:[!*~=+][^!*~=+\n]+)*)/(?P<runner_up>[^/\n]*)"
)
_NOT_IN_A_WORD = re.compile(r"[!*~=+/\s]+")


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why an answer is as sure as it is.

    ``percent``: the confidence, from 0 to 100. ``words``: the question's, the missing ones first,
    long ones cut with “…”; ``left_out`` how many more there were (63 at most). ``runner_up``: the
    second passage, ``None`` where there is none. ``reads``: whether the first passage reads like
    an answer, ``None`` where it was not read.
    """

    verdict: Verdict
    percent: int
    words: tuple[QuestionWord, ...] = ()
    left_out: int = 0
    runner_up: Reference | None = None
    reads: bool | None = None

    @classmethod
    def of(cls, answer: Answer) -> Reasons | None:
        """Return the reasons of an answer with all its words; ``None`` where nothing was found."""
        if answer.evidence is None:
            return None
        rest = answer.citations[1:2]
        runner_up = replace(Reference.to(rest[0]), highlights=(), place=None) if rest else None
        words = tuple(_joined(answer.evidence.words))
        percent, reads = round(100 * answer.confidence), _reads(answer.evidence)
        return cls(answer.verdict, percent, words, 0, runner_up, reads)

    def supported(self, support: Support) -> tuple[str, ...]:
        """Return the words that the passage supports in this way."""
        return tuple(one.word for one in self.words if one.support is support)


def _reads(evidence: Evidence) -> bool | None:
    said = (factor.value for factor in evidence.factors if factor.name == "read_answerable")
    return next((logit > 0 for logit in said), None)


def _joined(words: Iterable[QuestionWord]) -> Iterator[QuestionWord]:
    """Put together again what was read in overlapping pairs of characters.

    Scripts that write no space between words are read so.
    """
    previous: QuestionWord | None = None
    for word in words:
        if previous is not None and _overlap(previous, word):
            previous = replace(previous, word=previous.word + word.word[1])
            continue
        if previous is not None:
            yield previous
        previous = word
    if previous is not None:
        yield previous


def _overlap(one: QuestionWord, two: QuestionWord) -> bool:
    is_pair = len(two.word) == _PAIR <= len(one.word) and one.support is two.support
    return is_pair and one.word[-1] == two.word[0] >= _FIRST_UNSPACED


def units(text: str) -> int:
    """Return the length of ``text`` in UTF-16 code units.

    Discord counts a ``custom_id`` in characters (code points), its clients in these, of which
    there are as many or more: what fits in these fits in both.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def why_id(reasons: Reasons) -> str:
    """Return the ``custom_id`` of a Why? button, with as many of the words as fit, whole."""
    runner_up = "" if reasons.runner_up is None else encode([reasons.runner_up], MAX_CUSTOM_ID)
    fixed = _KIND + 1 + _PERCENT_DIGITS + 1 + len("/") + len(runner_up)
    room = MAX_CUSTOM_ID - fixed
    written: list[str] = []
    for word in sorted(reasons.words, key=lambda one: _ORDER.index(one.support)):
        text = _SIGNS[word.support] + _plain(word.word)
        if len(text) > 1 and units(text) <= room:
            written.append(text)
            room -= units(text)
    left_out = min(reasons.left_out + len(reasons.words) - len(written), _MAX_LEFT_OUT)
    reads = len(_VERDICTS) * _READS.index(reasons.reads)
    verdict = write_number(_VERDICTS.index(reasons.verdict) + reads, 1)
    percent = write_number(min(max(reasons.percent, 0), 100), _PERCENT_DIGITS)
    words = "".join(written)
    return f"{Prefix.WHY}/{verdict}{percent}{write_number(left_out, 1)}{words}/{runner_up}"


def _plain(word: str) -> str:
    """Return a word on one line, without our own signs and what no text can hold, cut if long."""
    word = word.encode("utf-8", "replace").decode("utf-8")
    word = _NOT_IN_A_WORD.sub(" ", word).strip()
    return word if len(word) <= _LONGEST_WORD else f"{word[: _LONGEST_WORD - 1]}…"


def decode_reasons(payload: str) -> Reasons:
    """Read what follows ``wy/``. Raises MalformedReference."""
    match = _PAYLOAD.fullmatch(payload)
    code = None if match is None else read_number(match["verdict"])
    if match is None or code is None or code >= len(_VERDICTS) * len(_READS):
        raise MalformedReference(f"not the reasons of an answer: {payload!r}")
    percent = read_number(match["percent"])
    if percent > 100:
        raise MalformedReference(f"not a percentage: {payload!r}")
    runner_up = decode(match["runner_up"])[0] if match["runner_up"] else None
    return Reasons(
        verdict=_VERDICTS[code % len(_VERDICTS)],
        percent=percent,
        words=tuple(_words(match["words"])),
        left_out=read_number(match["left_out"]),
        runner_up=runner_up,
        reads=_READS[code // len(_VERDICTS)],
    )


def _words(text: str) -> Iterator[QuestionWord]:
    for sign, word in re.findall(r"([!*~=+])([^!*~=+]+)", text):
        yield QuestionWord(word, _SUPPORTS[sign])
