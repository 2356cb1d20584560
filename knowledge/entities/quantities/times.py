"""Times of day."""

from __future__ import annotations

from knowledge.entities.quantities.words import QuantityWords
from knowledge.entities.values import QuantityEntity, QuantitySort
from knowledge.model import Span

__all__ = ["time_of_day"]


def time_of_day(words: QuantityWords, at: int) -> tuple[QuantityEntity, int] | None:
    """Return the time of day at a word and where it ends: "midi", "14 h 30", "2 pm"."""
    word = words.all[at]
    if word.folded in words.say.noons:
        is_dated = words.folded(at - 1) in words.say.before_noon
        return _clock(words, at, at + 1, words.say.noons[word.folded]) if is_dated else None
    if not word.is_number or not word.folded.isdecimal() or len(word.folded) > 2:
        return None
    hour = int(word.folded)
    if hour > 24:
        return None
    end, minutes = _hour_end(words, at)
    mark = end or at + 1
    after, half_end = _half_of_day(words, mark)
    if after and words.all[mark].gap in ("", " "):
        hour = hour % 12 + 12 * (after == "pm")
        return _clock(words, at, half_end, 60.0 * hour + minutes)
    return _clock(words, at, end, 60.0 * hour + minutes) if end else None


def _half_of_day(words: QuantityWords, at: int) -> tuple[str, int]:
    """Return "am" or "pm" and where it ends, where it stands at a word; "" elsewhere."""
    if words.folded(at) in ("am", "pm"):
        return words.folded(at), at + 1
    letters = [words.folded(at + i) for i in range(4)]
    is_tight = all(not word.gap for word in words.all[at + 1 : at + 4])
    if letters[0] in ("a", "p") and letters[1:] == [".", "m", "."] and is_tight:
        return f"{letters[0]}m", at + 4
    return "", at


def _hour_end(words: QuantityWords, at: int) -> tuple[int, int]:
    """Return where "14 h 30", "14:30", "à 14 heures" end, and the minutes; 0: not there."""
    following = [words.folded(at + i) for i in range(1, 4)]
    if following[:2] == ["h", "."] and not words.all[at + 2].gap:  # "8 h. 30"
        minute = following[2]
        is_minute = minute.isdecimal() and len(minute) == 2 and int(minute) < 60
        return (at + 4, int(minute)) if is_minute else (at + 2, 0)
    if following[0] not in ("h", "heures", "heure", ":"):
        return 0, 0
    minute = following[1]
    if minute.isdecimal() and len(minute) == 2 and int(minute) < 60:
        is_tight = not (words.all[at + 1].gap or words.all[at + 2].gap)
        return (at + 3, int(minute)) if is_tight or following[0] != ":" else (0, 0)
    if following[0] == "h":
        return at + 2, 0
    is_of_day = following[1] == "du" and following[2] in ("matin", "soir")
    is_time = following[0] != ":" and (words.folded(at - 1) in ("a", "vers") or is_of_day)
    return (at + 2, 0) if is_time else (0, 0)


def _clock(words: QuantityWords, at: int, end: int, value: float) -> tuple[QuantityEntity, int]:
    span = Span(words.all[at].start, words.all[end - 1].end)
    return QuantityEntity(span, span, span, float(value), QuantitySort.TIME, "minute of day"), end
