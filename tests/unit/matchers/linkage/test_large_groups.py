from __future__ import annotations

import resource
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchers.linkage.clustering import UNPROPOSED_BITS, Conflicts, held_bits
from matchers.linkage.large_groups import agglomerate_large
from tests.unit.matchers.linkage.plain_agglomeration import PlainAgglomeration

ROWS = 12
# Whole numbers, so that many averages are equal, and others, so that few are.
EDGES = st.dictionaries(
    st.tuples(st.integers(0, ROWS - 1), st.integers(0, ROWS - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.one_of(st.integers(-9, 16), st.floats(-9, 16, allow_nan=False)),
    min_size=1,
    max_size=50,
)
SOURCES = st.lists(st.sampled_from([-1, -1, 3, 4, 200]), min_size=ROWS, max_size=ROWS)
NUMBERS = st.lists(st.sampled_from([0, 0, 0, 11, 12]), min_size=ROWS, max_size=ROWS)
Pairs = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]


def both_ways(edges: Pairs, conflicts: Conflicts, threshold: float) -> tuple[list[int], list[int]]:
    """Return the smallest row of each row's cluster, worked out plainly and by the engine."""
    plain = PlainAgglomeration(conflicts, threshold)
    plain.read(edges[0].tolist(), edges[1].tolist(), edges[2].tolist())
    expected = plain.run()
    told = conflicts.exclusive, conflicts.certain_id
    rows, roots = agglomerate_large(edges, told, (threshold, UNPROPOSED_BITS))
    return [expected[row] for row in rows.tolist()], roots.tolist()


def drawn_world(seed: int, size: int) -> tuple[Pairs, Conflicts]:
    """Return the pairs of one component of persons with several rows each, of whom some are taken for one another."""
    draw = np.random.default_rng(seed)
    person = draw.integers(0, size // 4 + 1, size)
    left, right = (draw.integers(0, size, size * 6) for _ in range(2))
    near = np.arange(size - 1)
    left, right = np.concatenate([left, near]), np.concatenate([right, near + 1])
    pairs = np.unique(np.stack([np.minimum(left, right), np.maximum(left, right)], 1)[left != right], axis=0)
    same = person[pairs[:, 0]] == person[pairs[:, 1]]
    weight = np.where(same, draw.normal(9, 5, len(pairs)), draw.normal(0, 4, len(pairs)))
    held = held_bits(np.round(weight, int(draw.integers(0, 4))).astype(np.float64))
    conflicts = Conflicts(draw.integers(-1, 80, size) // 4, np.where(draw.random(size) < 0.1, person + 1, 0))
    return (pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32), held), conflicts


@given(EDGES, SOURCES, NUMBERS, st.sampled_from([0.0, 1.5, -1.0, -4.0, 9.0]))
def test_what_is_asked_again_only_when_it_must_be_finds_the_same_persons(
    edges: dict[tuple[int, int], float], sources: list[int], numbers: list[int], threshold: float
) -> None:
    pairs = np.array(sorted(edges), np.int32)
    held = held_bits(np.array([edges[one, other] for one, other in sorted(edges)], float))
    plain, found = both_ways(
        (pairs[:, 0], pairs[:, 1], held), Conflicts(np.array(sources), np.array(numbers)), threshold
    )
    assert found == plain


@pytest.mark.parametrize("seed", range(12))
def test_large_components_hold_the_same_persons(seed: int) -> None:
    edges, conflicts = drawn_world(seed, 400)
    for threshold in (0.0, -1.4, 3.0, -5.0):
        plain, found = both_ways(edges, conflicts, threshold)
        assert found == plain
        assert len(set(found)) > 1


def test_a_giant_of_weak_links_ends_soon_in_bounded_memory() -> None:
    size, draw = 100_000, np.random.default_rng(1)
    left, right = np.arange(size - 1), np.arange(1, size)
    more = draw.integers(0, size, (2, size * 5))
    left, right = np.concatenate([left, more.min(0)]), np.concatenate([right, more.max(0)])
    _, at = np.unique(left * size + right, return_index=True)
    kept = at[left[at] < right[at]]
    edges = left[kept].astype(np.int32), right[kept].astype(np.int32), draw.normal(0.0, 2.0, len(kept))
    conflicts = np.full(size, -1), np.zeros(size, np.int64)
    for bounds, is_one in (((0.0, UNPROPOSED_BITS), False), ((-5.6, UNPROPOSED_BITS), True)):
        memory, spent = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        _, roots = agglomerate_large(edges, conflicts, bounds)
        assert time.process_time() - spent < 30
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 600_000  # kilobytes
        assert (int(np.bincount(roots).max()) > size // 2) == is_one
        assert (roots == agglomerate_large(edges, conflicts, bounds)[1]).all()
