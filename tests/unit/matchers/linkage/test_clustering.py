from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchers.linkage.clustering import Conflicts, Edges, cluster


def clusters(
    count: int, edges: list[tuple[int, int, float]], threshold: float = 0.0, **conflicts: list[int]
) -> list[int]:
    left, right, weight = (np.array(part) for part in zip(*edges, strict=True)) if edges else (np.zeros(0, int),) * 3
    free = Conflicts(
        np.array(conflicts.get("exclusive", [-1] * count), np.int64),
        np.array(conflicts.get("ids", [0] * count), np.int64),
    )
    found = Edges(left.astype(np.int32), right.astype(np.int32), weight.astype(float))
    labels: list[int] = cluster(count, found, (free, threshold)).tolist()
    return labels


def test_records_without_a_pair_stand_alone() -> None:
    assert clusters(3, []) == [0, 1, 2]


def test_a_cluster_is_named_after_its_smallest_row() -> None:
    assert clusters(4, [(1, 2, 5.0), (2, 3, 5.0), (1, 3, 5.0)]) == [0, 1, 1, 1]


def test_one_bridge_does_not_chain_two_persons() -> None:
    strong = [(0, 1, 9.0), (0, 2, 9.0), (1, 2, 9.0), (3, 4, 9.0), (3, 5, 9.0), (4, 5, 9.0)]
    assert clusters(6, [*strong, (2, 3, 2.0)]) == [0, 0, 0, 3, 3, 3]


def test_two_rows_of_a_source_that_holds_a_person_once_stay_apart() -> None:
    assert clusters(3, [(0, 2, 9.0), (1, 2, 5.0), (0, 1, 9.0)], exclusive=[7, 7, -1]) == [0, 1, 0]


def test_two_certain_numbers_stay_apart_even_through_a_third_record() -> None:
    assert clusters(3, [(0, 2, 5.0), (1, 2, 9.0)], ids=[11, 12, 0]) == [0, 1, 1]


def test_a_no_outweighs_a_weak_yes() -> None:
    assert clusters(3, [(0, 1, 6.0), (1, 2, 1.0), (0, 2, -8.0)]) == [0, 0, 2]


def test_below_even_odds_a_chain_of_weak_links_is_no_person_either() -> None:
    chain = [(row, row + 1, -1.0) for row in range(99)]
    for threshold in (-1.2, -1.6, -5.0):
        links = clusters(100, chain, threshold)
        assert 1 < max(links.count(row) for row in links) < 12
    assert clusters(100, chain, -0.9) == list(range(100))


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(-9, 14)), max_size=25), st.randoms())
def test_the_order_of_pairs_changes_nothing(drawn: list[tuple[int, int, int]], shuffler: object) -> None:
    edges = {(min(a, b), max(a, b)): float(w) for a, b, w in drawn if a != b}
    listed = [(a, b, w) for (a, b), w in sorted(edges.items())]
    shuffled = list(listed)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert clusters(8, listed) == clusters(8, shuffled)
