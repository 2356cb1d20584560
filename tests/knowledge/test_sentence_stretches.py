"""A sentence with its neighbours: what is quoted of a passage, and what is read of it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Span
from knowledge.text.stretches import with_neighbours

SENTENCES = (Span(0, 10), Span(11, 20), Span(21, 30), Span(31, 40))


def test_the_better_neighbour_comes_first_and_of_equal_ones_the_one_after() -> None:
    assert with_neighbours(SENTENCES, (3, 9, 1, 0), 1, 20) == Span(0, 20)
    assert with_neighbours(SENTENCES, (2, 9, 2, 0), 1, 20) == Span(11, 30)


def test_a_neighbour_that_is_too_long_leaves_room_for_the_other() -> None:
    sentences = (Span(0, 5), Span(6, 12), Span(13, 99))
    assert with_neighbours(sentences, (0, 1, 5), 1, 20) == Span(0, 12)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.data())
def test_a_stretch_has_its_sentence_and_is_as_long_as_may_be(
    lengths: list[int], data: st.DataObject
) -> None:
    ends = [sum(lengths[: i + 1]) for i in range(len(lengths))]
    sentences = [Span(start, end) for start, end in pairwise([0, *ends])]
    values = data.draw(st.lists(st.floats(0, 9), min_size=len(ends), max_size=len(ends)))
    start = data.draw(st.integers(0, len(ends) - 1))
    most = data.draw(st.integers(1, 200))
    found = with_neighbours(sentences, values, start, most)
    assert found.contains(sentences[start])
    assert found == sentences[start] or found.end - found.start <= most
    beside = [s for s in sentences if s.start == found.end or s.end == found.start]
    assert all(s.end - s.start + found.end - found.start > most for s in beside)
