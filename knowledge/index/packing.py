"""Spans in few bytes: variable-length integers, as Protocol Buffers write them."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.model import Span

__all__ = ["pack_spans", "unpack_spans"]


def pack_spans(spans: Iterable[Span]) -> bytes:
    """Return spans, in order and not overlapping, as the gap before each and its length."""
    packed = bytearray()
    end = 0
    for span in spans:
        for number in (span.start - end, span.end - span.start):
            while number > 0x7F:
                packed.append(number & 0x7F | 0x80)
                number >>= 7
            packed.append(number)
        end = span.end
    return bytes(packed)


def unpack_spans(packed: bytes) -> tuple[Span, ...]:
    """Return what ``pack_spans`` packed."""
    numbers: list[int] = []
    number = shift = 0
    for byte in packed:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(number)
            number = shift = 0
    spans: list[Span] = []
    end = 0
    for gap, length in zip(numbers[::2], numbers[1::2], strict=True):
        start = end + gap
        end = start + length
        spans.append(Span(start, end))
    return tuple(spans)
