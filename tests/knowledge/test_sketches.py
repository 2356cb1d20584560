"""Passages that may be near a vector, by two bits for each number."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.retrieval.sketches import Sketches

DIMENSION = 384


def some_vectors(count: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(0.1, 1, (count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def sketched(vectors: np.ndarray, at_once: int = 100) -> Sketches:
    rowids = np.arange(1, len(vectors) + 1, dtype=np.int64)
    starts = range(0, len(vectors), at_once)
    return Sketches.of((rowids[at : at + at_once], vectors[at : at + at_once]) for at in starts)


@given(st.integers(1, 300), st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_so_many_passages_are_given_each_once(count: int, limit: int, seed: int) -> None:
    found = sketched(some_vectors(count, seed)).nearest(some_vectors(1, seed + 1)[0], limit)
    assert len(found) == len(set(found)) == min(count, limit)
    assert set(found) <= set(range(1, count + 1))


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_a_passage_is_nearest_to_its_own_vector(count: int, seed: int) -> None:
    vectors = some_vectors(count, seed)
    place = seed % count
    assert sketched(vectors).nearest(vectors[place], 1) == [place + 1]


def test_nearly_all_of_the_fifty_nearest_are_among_three_hundred() -> None:
    """Of vectors that lie as those of texts do: spread over few directions, off the middle."""
    rng = np.random.default_rng(0)
    directions = rng.normal(0, 1, (60, DIMENSION)) * np.linspace(1, 0.1, 60)[:, None]
    drawn = rng.normal(0, 1, (20_000, 60)) @ directions + 3
    vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    sketches = sketched(vectors, at_once=5_000)
    found = 0
    for asked in vectors[::500] + rng.normal(0, 0.02, (40, DIMENSION)).astype(np.float32):
        nearest = np.argsort(-(vectors @ asked))[:50] + 1
        found += len({*nearest.tolist()} & {*sketches.nearest(asked, 300)})
    assert found / (40 * 50) > 0.95


def test_what_is_near_by_cosine_is_among_the_nearest_by_bits() -> None:
    vectors = some_vectors(5_000, 0)
    sketches = sketched(vectors)
    rng = np.random.default_rng(1)
    for place in range(0, 5_000, 100):
        asked = vectors[place] + rng.normal(0, 1 / 20, DIMENSION).astype(np.float32)
        assert int(np.argmax(vectors @ asked)) + 1 in sketches.nearest(asked, 50)


def test_without_passages_nothing_is_near() -> None:
    empty = Sketches.of(iter(()))
    assert empty.nearest(np.ones(DIMENSION, dtype=np.float32), 5) == []


def test_a_vector_needs_no_whole_words_of_bits() -> None:
    vectors = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)
    assert sketched(vectors).nearest(vectors[1], 2)[0] == 2
