from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchers.linkage.clustering import UNPROPOSED_BITS, Conflicts, held_bits
from matchers.linkage.small_groups import agglomerate_small
from tests.unit.matchers.linkage.plain_agglomeration import PlainAgglomeration

ROWS = 7
EDGES = st.dictionaries(
    st.tuples(st.integers(0, ROWS - 1), st.integers(0, ROWS - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(-9, 16, allow_nan=False).map(lambda bits: round(bits, 3)),
    min_size=1,
)


@given(EDGES, st.lists(st.sampled_from([-1, 3, 4]), min_size=ROWS, max_size=ROWS), st.lists(st.sampled_from([0, 11, 12]), min_size=ROWS, max_size=ROWS))  # fmt: skip
def test_a_table_of_all_pairs_and_a_heap_of_neighbours_find_the_same_persons(
    edges: dict[tuple[int, int], float], exclusive: list[int], ids: list[int]
) -> None:
    conflicts = Conflicts(np.array(exclusive), np.array(ids))
    pairs = sorted(edges)
    left, right = (np.array([pair[side] for pair in pairs]) for side in (0, 1))
    held = held_bits(np.array([edges[pair] for pair in pairs]))
    if len(np.unique(held)) < len(held):
        return  # equal weights may be joined in either order
    by_neighbours = PlainAgglomeration(conflicts, 0.0)
    by_neighbours.read(left.tolist(), right.tolist(), held.tolist())
    expected = np.arange(ROWS)
    for row, root in by_neighbours.run().items():
        expected[row] = root
    label = np.arange(ROWS)
    edges_of_all = (left, right, held, np.array([0, len(left)]))
    agglomerate_small(label, edges_of_all, (conflicts.exclusive, conflicts.certain_id), (0.0, UNPROPOSED_BITS))
    assert label.tolist() == expected.tolist()
