from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from matchers.linkage.clustering import TOLD_APART, Conflicts, Edges, cluster
from matchers.linkage.comparison import Comparer
from matchers.linkage.fields import Field
from matchers.linkage.frequencies import rarity
from matchers.linkage.model import FieldModel, LinkModel
from matchers.linkage.scoring import Scorer
from matchers.linkage.silence import neighbours, open_pairs, with_silent
from tests.unit.matchers.linkage.drawn_columns import coded

HALF = np.array([0.5, 0.5])
FIELDS = (
    FieldModel(Field("middle_name", "exact"), np.array([0.1, 0.9]), np.array([0.9, 0.1]), np.array([0.9, 0.1])),
    FieldModel(Field("sex", "exact"), np.array([0.4, 0.6]), HALF, HALF),
    FieldModel(Field("area", "exact", is_shared=True), np.array([0.1, 0.9]), np.array([0.01, 0.99]), np.array([0.99, 0.01])),
)  # fmt: skip
# Row 1 goes with all others; what rows say of name, sex and home decides what the others are to each other.
ROWS = [("ann", "", ""), ("ann", "1", ""), ("", "1", "q"), ("ann", "2", ""), ("bob", "", "")]


def scorer_of(rows: Sequence[tuple[str, ...]], housemates: float = 0.0) -> Scorer:
    columns = {part.field.name: coded(*(row[place] for row in rows)) for place, part in enumerate(FIELDS)}
    model, comparer = LinkModel(FIELDS, 0.01, housemates, 1_000.0, 1), Comparer(columns)
    return Scorer(model, comparer, [0.0 * rare for rare in rarity(model, comparer)])


def edges_of(*pairs: tuple[int, int, float]) -> Edges:
    left, right, weight = zip(*pairs, strict=True)
    return Edges(np.array(left, np.int32), np.array(right, np.int32), np.array(weight, float))


def weights(edges: Edges) -> dict[tuple[int, int], float]:
    ends = zip(edges.left.tolist(), edges.right.tolist(), strict=True)
    return dict(zip(ends, edges.weight.tolist(), strict=True))


@drawn(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1])))
def test_open_pairs_have_a_neighbour_in_common_and_are_none(pairs: set[tuple[int, int]]) -> None:
    packed = np.array(sorted((one << 32) | other for one, other in pairs), np.int64)
    found = {(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in open_pairs(*neighbours(packed))}
    beside = {row: {sum(pair) - row for pair in pairs if row in pair} for row in range(8)}
    apart = set(combinations(range(8), 2)) - pairs
    assert found == {(one, other) for one, other in apart if beside[one] & beside[other]}


def test_a_pair_nobody_proposed_says_nothing_where_its_fields_speak_for_one_person() -> None:
    found = weights(with_silent(edges_of((0, 1, 3.0), (1, 2, 9.0), (1, 3, 9.0), (1, 4, 9.0)), 0.5, scorer_of(ROWS)))
    # Nothing in common is no evidence; one name outweighs another sex; another name and another sex are doubted as before.
    assert {pair for pair, weight in found.items() if weight == 0.5} == {(0, 2), (0, 3), (2, 4)}


def test_a_pair_that_was_weighed_says_nothing_only_where_no_field_differs() -> None:
    weighed = edges_of((0, 1, 3.0), (0, 2, -4.0), (1, 2, 9.0), (1, 3, 9.0), (2, 3, -4.0), (0, 3, TOLD_APART))
    found = weights(with_silent(weighed, 0.0, scorer_of(ROWS)))
    assert found == {**weights(weighed), (0, 2): 0.0}


def test_housemates_are_held_against_housemates() -> None:
    rows = [("ann", "", "q"), ("", "", "q"), ("bob", "", "q")]
    edges = edges_of((0, 1, 3.0), (1, 2, 3.0))
    # One home in common makes up for two names among strangers; among people who share one it does not.
    assert (0, 2) in weights(with_silent(edges, 0.0, scorer_of(rows)))
    assert (0, 2) not in weights(with_silent(edges, 0.0, scorer_of(rows, housemates=0.1)))


@pytest.mark.parametrize("threshold", [0.0, 3.0])
def test_a_row_joins_a_cluster_by_the_pair_that_says_something(threshold: float) -> None:
    free = Conflicts(np.full(3, -1), np.zeros(3, np.int64))
    edges = edges_of((0, 1, threshold + 1.0), (1, 2, threshold + 9.0))
    scorer = scorer_of(ROWS)
    together = cluster(3, edges, (free, threshold), lambda found, at: with_silent(found, at, scorer))
    assert together.tolist() == [0, 0, 0]
    assert cluster(3, edges, (free, threshold)).tolist() == [0, 1, 1]


def test_without_open_pairs_nothing_changes() -> None:
    edges = edges_of((0, 1, 3.0), (0, 2, 1.0), (1, 2, 2.0))
    assert with_silent(edges, 0.0, scorer_of(ROWS)) is edges
